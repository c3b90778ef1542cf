"""The link of an invitation: made, shown or sent once, and known here by its hash alone."""

import hashlib
import secrets

from django.urls import reverse

from ...models import Invitation


def hash_of(secret: str) -> str:
    """256 random bits need no slow hash: nobody tries them through."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def new_link(invitation: Invitation) -> str:
    """The path of a link; the ones before it are dead. Nothing that is told changes."""
    secret = secrets.token_urlsafe(32)
    # Past the history: which hash there was tells nobody anything.
    Invitation.objects.filter(pk=invitation.pk).update(secret_hash=hash_of(secret))
    return reverse("invitation-link", args=[secret])
