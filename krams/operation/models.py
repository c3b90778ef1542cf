"""What the portal knows of its own operation."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """When a command that a timer starts last came to its end, for whoever watches the portal.

    A command that failed leaves the time of the run before it.
    """

    name = models.CharField(_("command"), max_length=40, primary_key=True)
    ended_at = models.DateTimeField(_("last run"))

    class Meta:
        verbose_name = _("run of a command")
        verbose_name_plural = _("runs of commands")

    def __str__(self) -> str:
        return self.name
