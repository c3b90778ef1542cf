"""What a template is drawn with."""

from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from jinja2 import Template
from jinja2.runtime import Context, new_context


class PortalTemplate(Template):
    """A template that takes the names which all templates know as one dictionary.

    Jinja2 goes through them one by one each time, in case a template has names of its own. A form
    is drawn by two templates a field: there that is a third of the time.
    """

    def new_context(
        self,
        vars: dict[str, Any] | None = None,
        shared: bool = False,
        locals: Mapping[str, Any] | None = None,
    ) -> Context:
        if not isinstance(self.globals, ChainMap) or self.globals.maps[0]:
            return super().new_context(vars, shared, locals)
        known = vars or {}
        if not shared:
            known = {**self.environment.globals, **known}
        # Shared: nobody needs another copy.
        return new_context(self.environment, self.name, self.blocks, known, True, None, locals)
