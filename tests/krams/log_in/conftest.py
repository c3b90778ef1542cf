"""The organisation's own log-in, for the tests that need one."""

from .provider import organisation, person, server, tampering

__all__ = ["organisation", "person", "server", "tampering"]
