"""The same form twice on its way at the same moment."""

import uuid
from functools import partial

import pytest

from initiatives.documents.actions.life_cycle import create_initiative
from initiatives.models import Initiative
from krams.enums import Role
from tests.krams.roles.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("whose", ["the department's", "a facility's"])
def test_one_initiative_is_begun(make_user, department, facility, whose):
    begin = partial(
        create_initiative,
        department=department,
        facility=facility if whose == "a facility's" else None,
        title="Flere ture",
        submission_id=uuid.uuid4(),
        by=make_user(Role.MANAGER, department=department),
    )
    made = at_once(*[begin] * 4)
    assert {one.pk for one in made} == {Initiative.objects.get().pk}
