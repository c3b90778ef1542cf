"""The table of who may give what: nobody gives more than they have, not by a chain either."""

from hypothesis import given
from hypothesis import strategies as st

from krams.enums import SCOPES_OF_ROLE, Role
from krams.people.permissions import (
    COORDINATING,
    EDITING_COLUMNS,
    GRANTING,
    MANAGING,
    READING_FACILITIES,
    REGISTERING,
)
from krams.roles.rules import EVERYTHING, GRANTS, Held, Kind, fitting, may_give

# What lies in what: a right at the first reaches the second.
BELOW = {
    Kind.FACILITY: {Kind.FACILITY},
    Kind.DEPARTMENT: {Kind.DEPARTMENT, Kind.FACILITY},
    Kind.AUTHORITY: {Kind.AUTHORITY, Kind.DEPARTMENT, Kind.FACILITY, Kind.COLUMN},
    Kind.CLUSTER: {Kind.CLUSTER, Kind.COLUMN},
    Kind.COLUMN: {Kind.COLUMN},
}
held = st.sampled_from(sorted(EVERYTHING, key=str))


def rights(one: Held) -> set[str]:
    """What the role lets one do, at the places below its own."""
    kinds = {
        "read": READING_FACILITIES,
        "register": REGISTERING,
        "manage": MANAGING,
        "edit": EDITING_COLUMNS,
        "coordinate": COORDINATING,
    }
    found = {name for name, roles in kinds.items() if one.role in roles}
    # Who coordinates a cluster fills in all its columns that have agreed, and reads all of it.
    return found | {"edit", "read"} if "coordinate" in found and one.kind == Kind.CLUSTER else found


@given(held, st.sampled_from(Kind))
def test_what_is_given_is_below_and_no_more_than_the_giver_has(giver, kind):
    for role in may_give([giver], kind):
        assert kind in BELOW[giver.kind]
        assert Held(role, kind) in EVERYTHING
        assert rights(Held(role, kind)) <= rights(giver)


@given(held, st.sampled_from(Kind), st.sampled_from(Kind))
def test_a_chain_of_people_reaches_no_further_than_its_first(giver, first, second):
    direct = set(may_give([giver], second))
    for role in may_give([giver], first):
        assert set(may_give([Held(role, first)], second)) <= direct


@given(st.lists(held, max_size=4), st.sampled_from(Kind))
def test_several_roles_give_what_each_gives(several, kind):
    each = {role for one in several for role in may_give([one], kind)}
    assert set(may_give(several, kind)) == each


def test_who_only_works_or_reads_gives_nothing():
    for role in (Role.STAFF, Role.VIEWER, Role.EDITOR):
        for scope in SCOPES_OF_ROLE[role]:
            assert not any(may_give([Held(role, Kind(scope))], kind) for kind in Kind)


def test_the_menu_is_offered_to_those_who_can_give_something():
    assert {one.role for one in GRANTS} == set(GRANTING)


def test_everything_fits_the_check_of_the_database():
    assert {(one.role, one.kind) for one in EVERYTHING} == {
        *((role, Kind(scope)) for role, scopes in SCOPES_OF_ROLE.items() for scope in scopes),
        (Role.EDITOR, Kind.COLUMN),
    }
    assert fitting(Kind.COLUMN) == (Role.EDITOR,)
