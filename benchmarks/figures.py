"""Figures out of rounds: medians, percentiles, and ratios with how far they spread."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass
class Rounds:
    """What was measured of one page on one server: a figure of CPU a round, and each latency.

    CPU in milliseconds a request, latencies in milliseconds.
    """

    cpu: list[float] = field(default_factory=list)
    latencies: list[list[float]] = field(default_factory=list)

    def add(self, cpu: float, latencies: list[float]) -> None:
        self.cpu.append(cpu)
        self.latencies.append(latencies)

    def percentiles(self, percent: float) -> list[float]:
        """That of each round."""
        return [percentile(one, percent) for one in self.latencies]


@dataclass(frozen=True)
class Ratio:
    """``value`` is the ratio of the medians; the others are the least and the most of a round."""

    value: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{number(self.value)} ({number(self.least)}–{number(self.most)})"


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Ratio:
    """Of figures measured round by round, the first of one with the first of the other.

    Raises ``ValueError`` where there are not as many of both, or none.
    """
    if not ours:
        raise ValueError("Nothing was measured.")
    each = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    return Ratio(median(ours) / median(theirs), min(each), max(each))


def percentile(values: Sequence[float], percent: float) -> float:
    """The least value that at least ``percent`` of all do not exceed."""
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(int(rank) - 1, 0)]


def number(value: float) -> str:
    """Three digits that say something: 0.0123, 1.23, 12.3, 123."""
    if value >= 99.95:
        return f"{value:.0f}"
    if value >= 9.995:
        return f"{value:.1f}"
    return f"{value:.2f}" if value >= 0.0995 else f"{value:.3f}"
