"""The administration pages, each in the subject that it is about."""

from .letters import admin as letters
from .organisations import admin as organisations
from .people import admin as people

__all__ = ["letters", "organisations", "people"]
