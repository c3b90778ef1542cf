"""An initiative with a criterion that one figure is entered for, and its manager."""

import pytest

from initiatives.enums import IndicatorKind
from krams.enums import Role

from ..making_criteria import make_criterion, make_initiative


@pytest.fixture
def initiative(department, facility):
    return make_initiative(department, facility)


@pytest.fixture
def criterion(initiative):
    return make_criterion(initiative, kind=IndicatorKind.VALUE)


@pytest.fixture
def indicator(criterion):
    return criterion.indicators.get()


@pytest.fixture
def desk(login, make_user, department):
    return login(make_user(Role.MANAGER, department=department))
