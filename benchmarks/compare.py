"""The portal beside the floor, page by page, in alternating rounds."""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from .bench import Bench
from .driver import Browser
from .figures import Ratio, Rounds, ratio
from .recording import Exchange

# A form has to be filled and taken back each time, which takes longer than sending it.
MOST_FORMS = 15
# The floor is quick: more of it takes no longer, and is as exact.
FLOOR_TIMES = 4
WARM_UP = 5
# A turn of a slow page ends sooner, but not before it says something.
SECONDS_A_TURN, FEWEST = 3, 4


@dataclass
class Measured:
    """What one page takes on the portal, and what on the floor."""

    exchange: Exchange
    portal: Rounds = field(default_factory=Rounds)
    floor: Rounds = field(default_factory=Rounds)
    portal_count: int = 0
    floor_count: int = 0
    plain: int | None = None
    gzip: int | None = None
    brotli: int | None = None

    @property
    def cpu(self) -> Ratio:
        return ratio(self.portal.cpu, self.floor.cpu)

    def percentile(self, percent: float) -> Ratio:
        return ratio(self.portal.percentiles(percent), self.floor.percentiles(percent))


@dataclass
class Comparison:
    """All pages, and the resident memory of the workers (MB) after them."""

    pages: list[Measured]
    portal_memory: float
    floor_memory: float
    missing: list[str]


def compare(bench: Bench, rounds: int, requests: int) -> Comparison:
    """Measure every page of the bench. ``requests`` are those to the portal in a round."""
    found = [Measured(exchange) for exchange in bench.exchanges]
    floor = bench.servers["floor"]
    for one in found:
        _warm_up(bench, one, requests)
    for number in range(rounds):
        bench.say(f"round {number + 1} of {rounds}")
        for one in found:
            turns: list[Callable[[], None]] = [
                lambda one=one: one.portal.add(*_ask(bench, one, portal=True)),
                lambda one=one: one.floor.add(*_ask(bench, one, portal=False)),
            ]
            for turn in turns if number % 2 == 0 else reversed(turns):
                turn()
    memory = bench.servers["portal"].memory()
    return Comparison(found, memory, floor.memory(), bench.missing)


def _warm_up(bench: Bench, one: Measured, requests: int) -> None:
    """Fills what is filled once, weighs the page, and finds how many requests a turn has."""
    most = min(requests, MOST_FORMS) if one.exchange.page.write else requests
    one.portal_count = one.floor_count = min(WARM_UP, requests)
    _cpu, latencies = _ask(bench, one, portal=True)
    one.portal_count = _count(latencies, most)
    _cpu, latencies = _ask(bench, one, portal=False)
    one.floor_count = _count(latencies, most * FLOOR_TIMES)
    one.plain, one.gzip, one.brotli = (
        bench.bytes_of(one.exchange, encoding) for encoding in ("identity", "gzip", "br")
    )


def _count(latencies: list[float], most: int) -> int:
    fitting = int(SECONDS_A_TURN * 1000 / median(latencies))
    return min(most, max(fitting, FEWEST))


def _ask(bench: Bench, one: Measured, *, portal: bool) -> tuple[float, list[float]]:
    """CPU a request, and all latencies; the portal gets a form that was filled anew each time."""
    exchange = one.exchange
    browser = Browser(bench.portal_of(exchange.page) if portal else bench.servers["floor"])
    count = one.portal_count if portal else one.floor_count
    if exchange.page.write and portal:
        batch = browser.batch(exchange, count, bench.next_form, bench.take_back)
    else:
        batch = browser.batch(exchange, count)
    browser.connection.close()
    return batch.cpu, batch.latencies
