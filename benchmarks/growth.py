"""What a page costs more where ten times as much has been registered."""

from dataclasses import dataclass

from .bench import Bench
from .figures import Ratio, ratio
from .turns import Side, alternate


@dataclass
class Grown:
    """One page on two databases that were made alike."""

    small: Side
    large: Side

    @property
    def title(self) -> str:
        return self.small.exchange.page.title

    @property
    def is_same_place(self) -> bool:
        """Whether both were asked for the page of one and the same place."""
        return self.small.exchange.page.path == self.large.exchange.page.path

    @property
    def cpu(self) -> Ratio:
        return ratio(self.large.rounds.cpu, self.small.rounds.cpu)

    @property
    def half(self) -> Ratio:
        """Of the latencies that half of the requests do not exceed."""
        return ratio(self.large.rounds.percentiles(50), self.small.rounds.percentiles(50))


def grow(small: Bench, large: Bench, rounds: int, requests: int) -> list[Grown]:
    """Measure every page that both have."""
    there = {exchange.page.key: exchange for exchange in large.exchanges}
    found = []
    for exchange in small.exchanges:
        if other := there.get(exchange.page.key):
            one, two = small.portal_of(exchange.page), large.portal_of(other.page)
            found.append(
                Grown(
                    Side(small, one, exchange, fills_forms=True),
                    Side(large, two, other, fills_forms=True),
                )
            )
    for pair in found:
        pair.small.warm_up(requests)
        pair.large.warm_up(requests)
        # As many of both: what happens once a turn weighs the same.
        pair.small.count = pair.large.count = min(pair.small.count, pair.large.count)
    alternate([(pair.small, pair.large) for pair in found], rounds, small.say)
    return found
