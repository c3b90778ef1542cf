"""How far behind a replica may be, and what becomes of one that does not answer."""

import pytest

from krams.replica.lag import Breaker, Marks


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def marks(clock):
    return Marks(seconds=10, clock=clock)


def see(marks, position):
    marks.see(lambda: position)


def test_a_replica_that_has_what_the_primary_has_is_recent(marks):
    see(marks, 500)
    assert marks.is_recent(500)
    assert not marks.is_late(500)


def test_one_a_little_behind_is_neither_recent_nor_late_before_that_is_known(marks):
    see(marks, 500)
    assert not marks.is_recent(499)
    assert not marks.is_late(499)


def test_within_the_seconds_an_older_mark_is_enough(marks, clock):
    see(marks, 500)
    clock.now += 9
    see(marks, 900)
    assert marks.is_recent(500)
    clock.now += 2
    assert not marks.is_recent(500)


def test_one_that_has_not_come_as_far_as_the_primary_was_is_late(marks, clock):
    see(marks, 500)
    clock.now += 10.5
    see(marks, 900)
    assert marks.is_late(499)
    assert not marks.is_late(500)
    assert not marks.is_recent(500)


def test_after_a_quiet_hour_an_old_mark_makes_nobody_recent(marks, clock):
    see(marks, 500)
    clock.now += 3600
    see(marks, 900)
    assert not marks.is_recent(500)
    assert not marks.is_late(500)
    assert marks.is_recent(900)


def test_of_the_marks_only_those_are_kept_that_say_something(marks, clock):
    for second in range(1000):
        clock.now += 1
        see(marks, second)
        marks.is_recent(second)
    assert len(marks._marks) <= 12


def test_the_primary_is_asked_at_most_once_a_second(marks, clock):
    asked = []
    for _ in range(10):
        marks.see(lambda: asked.append(1) or 1)
        clock.now += 0.3
    assert len(asked) == 3


def test_the_mark_counts_from_before_the_answer(marks, clock):
    """The primary went on meanwhile: what it had when it was asked may be older than it looks."""

    def slowly() -> int:
        clock.now += 8
        return 500

    marks.see(slowly)
    clock.now += 3
    assert not marks.is_recent(500)


@pytest.fixture
def breaker(clock):
    return Breaker(seconds=5, clock=clock)


def test_what_failed_is_left_alone_and_then_tried_by_one(breaker, clock):
    assert breaker.lets_through()
    assert breaker.failed()
    assert not breaker.lets_through()
    clock.now += 5
    assert breaker.lets_through()
    # The others wait for what that one finds.
    assert not breaker.lets_through()
    assert breaker.worked()
    assert breaker.lets_through()


def test_it_is_news_once(breaker):
    assert breaker.failed()
    assert not breaker.failed()
    assert breaker.worked()
    assert not breaker.worked()


def test_one_that_tries_and_never_tells_keeps_nobody_away_for_ever(breaker, clock):
    breaker.failed()
    clock.now += 5
    assert breaker.lets_through()
    clock.now += 5
    assert breaker.lets_through()
