"""The portal beside the floor, page by page, in alternating rounds."""

from dataclasses import dataclass

from .bench import Bench
from .driver import WrongAnswer
from .figures import Ratio, ratio
from .recording import Exchange
from .turns import Side, alternate

# The floor is quick: more of it takes no longer, and is as exact.
FLOOR_TIMES = 4
ENCODINGS = ("identity", "gzip", "br")


@dataclass
class Measured:
    """What one page takes on the portal, and what on the floor; ``weights`` by encoding."""

    exchange: Exchange
    portal: Side
    floor: Side
    weights: dict[str, int | None]

    @property
    def cpu(self) -> Ratio:
        return ratio(self.portal.rounds.cpu, self.floor.rounds.cpu)

    def percentile(self, percent: float) -> Ratio:
        ours, theirs = self.portal.rounds, self.floor.rounds
        return ratio(ours.percentiles(percent), theirs.percentiles(percent))


@dataclass
class Comparison:
    """All pages, and the resident memory of the workers (MB) after them."""

    pages: list[Measured]
    portal_memory: float
    floor_memory: float
    missing: list[str]


def compare(bench: Bench, rounds: int, requests: int) -> Comparison:
    """Measure every page of the bench. ``requests`` are at most those to the portal in a round."""
    found, missing = [], list(bench.missing)
    for exchange in bench.exchanges:
        bench.say(f"warming up {exchange.page.key}")
        try:
            found.append(_ready(bench, exchange, requests))
        except WrongAnswer as error:
            # One page that cannot be measured leaves the others their figures.
            missing.append(str(error))
    alternate([(one.portal, one.floor) for one in found], rounds, bench.say)
    memory = {name: server.memory() for name, server in bench.servers.items()}
    return Comparison(found, memory["portal"], memory["floor"], missing)


def _ready(bench: Bench, exchange: Exchange, requests: int) -> Measured:
    portal = Side(bench, bench.portal_of(exchange.page), exchange, fills_forms=True)
    floor = Side(bench, bench.servers["floor"], exchange, fills_forms=False)
    portal.warm_up(requests)
    floor.warm_up(requests * FLOOR_TIMES)
    weights = {encoding: bench.bytes_of(exchange, encoding) for encoding in ENCODINGS}
    return Measured(exchange, portal, floor, weights)
