"""Two servers that take turns at the same pages, so that whatever the machine does hits both."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from .bench import Bench
from .driver import Batch, Browser
from .figures import Rounds
from .recording import Exchange
from .servers import Server

# A form has to be filled and taken back each time, which takes longer than sending it.
MOST_FORMS = 15
WARM_UP = 5
# A turn of a slow page ends sooner, but not before it says something.
SECONDS_A_TURN, FEWEST = 3, 3


@dataclass
class Side:
    """One server with one page. With ``fills_forms`` each request has a form filled anew."""

    bench: Bench
    server: Server
    exchange: Exchange
    fills_forms: bool
    rounds: Rounds = field(default_factory=Rounds)
    count: int = WARM_UP

    def warm_up(self, most: int) -> None:
        """Fills what is filled once, and finds how many requests a turn has: at most ``most``."""
        [typical] = self._batch(1).latencies
        if typical < SECONDS_A_TURN * 1000:
            typical = median(self._batch(min(WARM_UP, most)).latencies)
        if self._has_form:
            most = min(most, MOST_FORMS)
        self.count = min(most, max(int(SECONDS_A_TURN * 1000 / typical), FEWEST))

    def turn(self) -> None:
        batch = self._batch(self.count)
        self.rounds.add(batch.cpu, batch.latencies)

    @property
    def _has_form(self) -> bool:
        return bool(self.exchange.page.write) and self.fills_forms

    def _batch(self, count: int) -> Batch:
        browser = Browser(self.server)
        try:
            if self._has_form:
                bench = self.bench
                return browser.batch(self.exchange, count, bench.next_form, bench.take_back)
            return browser.batch(self.exchange, count)
        finally:
            browser.connection.close()


def alternate(pairs: Sequence[tuple[Side, Side]], rounds: int, say: Callable[[str], None]) -> None:
    """Every page on both sides in each round; who begins changes from round to round."""
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        for pair in pairs:
            for side in pair if number % 2 == 0 else reversed(pair):
                side.turn()
