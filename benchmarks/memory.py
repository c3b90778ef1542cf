"""Whether a worker grows: its resident memory while it answers all pages in turn."""

from dataclasses import dataclass

from .bench import Bench
from .driver import Browser

READINGS = 20


@dataclass(frozen=True)
class Reading:
    requests: int
    megabytes: float


def watch(bench: Bench, requests: int) -> list[Reading]:
    """Ask for the pages one after another, ``requests`` in all; a reading every twentieth."""
    portal = bench.servers["portal"]
    # Those of the portal itself; what stands beside it for comparison has no goal.
    exchanges = [one for one in bench.exchanges if one.page.goal]
    browser = Browser(portal)
    readings = [Reading(0, portal.memory())]
    for number in range(1, requests + 1):
        exchange = exchanges[number % len(exchanges)]
        if exchange.page.write:
            browser.ask(bench.next_form(exchange))
            bench.take_back(exchange)
        else:
            browser.ask(exchange)
        if number % max(requests // READINGS, 1) == 0:
            readings.append(Reading(number, portal.memory()))
            bench.say(f"{number}: {readings[-1].megabytes:.1f} MB")
    return readings


def growth_of_second_half(readings: list[Reading]) -> float:
    """MB from the middle to the end: what still grows when everything has been asked for."""
    return readings[-1].megabytes - readings[len(readings) // 2].megabytes
