"""The administration pages, each in the subject that it is about."""

from .organisations import admin as organisations
from .people import admin as people

__all__ = ["organisations", "people"]
