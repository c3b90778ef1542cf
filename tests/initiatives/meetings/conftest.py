"""People and meetings that the tests of meetings share."""

import pytest
import time_machine

from krams.enums import Role

from ..planning import NOON
from .making_meetings import make_meeting


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def staff(make_user, facility):
    return make_user(Role.STAFF, facility=facility)


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


@pytest.fixture
def viewer(make_user, facility):
    return make_user(Role.VIEWER, facility=facility)


@pytest.fixture
def stranger(make_user, other_facility):
    return make_user(Role.MANAGER, facility=other_facility)


@pytest.fixture
def meeting(facility):
    return make_meeting(facility)
