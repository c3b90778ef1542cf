"""What Python itself costs while tests run: a third of their time before this."""

import gc

from _pytest import runner

ROOM = 1 << 17


def _with_room(call, *arguments):
    return call(*arguments)


# Python keeps its frames in pieces of 16 kB. A request of a test is some 200 calls deep, and where
# the end of a piece falls into what is called often, each call asks the system for memory and gives
# it back. A frame that asks for a megabyte gets a piece of two: all deeper calls fit into the rest.
_with_room.__code__ = _with_room.__code__.replace(co_stacksize=ROOM)


def run(item, nextitem) -> bool:
    """pytest's own way to run a test, in one piece of memory."""
    return _with_room(runner.pytest_runtest_protocol, item, nextitem)


def collect_garbage_seldom() -> None:
    """All models, forms and tests stay anyway: they need not be looked through again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
