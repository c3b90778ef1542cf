"""Asking editors: who may, who can be asked, what they get, how far they have come."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from clusters.asking.actions.ask import NobodyToAsk
from clusters.enums import AskKind, AskScope
from clusters.models import Ask, AskedColumn, AskedEditor, AskedField, Position, Proposal
from clusters.worklist.queries.sections import sections
from krams.enums import Role
from krams.models import Cluster, ClusterMembership, Letter, Membership, User

from ...inbox import post_letters
from ..conftest import cell_path, told
from .conftest import ask_data, ask_path, column_path, field_data, in_days, person

pytestmark = pytest.mark.django_db
ASKED, OUT = "Du er bedt om", "Anmodninger, du venter svar på"


def text_of(response) -> str:
    return response.content.decode()


def test_only_a_coordinator_of_the_cluster_asks(
    login, cluster, municipality, editor, rows, make_user, other_cluster, facility, ask
):
    one = ask()
    pages = [ask_path(cluster), ask_path(cluster, "asks"), ask_path(cluster, "ask", one.pk)]
    buttons = ("ask-prolong", "ask-withdraw", "ask-remind")
    for who, status in (
        (editor, 403),
        (make_user(Role.VIEWER, cluster=cluster), 403),
        (make_user(Role.STAFF, facility=facility), 404),
        (make_user(Role.COORDINATOR, cluster=other_cluster), 404),
    ):
        client = login(who)
        assert [client.get(path).status_code for path in pages] == [status] * 3
        data = ask_data(person(municipality, editor))
        assert client.post(ask_path(cluster), data).status_code == status
        for name in buttons:
            assert client.post(ask_path(cluster, name, one.pk), {}).status_code == status
    assert Ask.objects.count() == 1
    assert Ask.objects.get().withdrawn_at is None


def test_an_ask_of_another_cluster_is_not_there(
    login, make_user, cluster, other_cluster, ask, coordinator
):
    one = ask()
    Membership.objects.create(user=coordinator, role=Role.COORDINATOR, cluster=other_cluster)
    client = login(coordinator)
    assert client.get(ask_path(other_cluster, "ask", one.pk)).status_code == 404
    assert client.post(ask_path(other_cluster, "ask-withdraw", one.pk)).status_code == 404


def test_the_form_is_filled_in_for_everybody_who_misses_something(
    login, coordinator, cluster, municipality, other_municipality, rows, answer, editor, make_user
):
    done = make_user(Role.EDITOR, authority=other_municipality)
    for row in rows:
        answer(row, "Madklub", authority=other_municipality)
    client = login(coordinator)
    form = client.get(ask_path(cluster)).context["form"]
    assert form["people"].value() == [person(municipality, editor)]
    assert form["deadline"].value() == in_days(14)
    confirm = client.get(f"{ask_path(cluster)}?hvad=bekraeft").context["form"]
    assert confirm["people"].value() == [person(other_municipality, done)]
    both = {str(one) for one, _label in form.fields["people"].choices}
    assert both == {person(municipality, editor), person(other_municipality, done)}


def test_a_form_with_nobody_chosen_says_why(login, coordinator, cluster, editor, rows, answer):
    """Who answered all lacks nothing; the proposals to choose from are not folded away."""
    says = "Ingen af dem, du kan spørge, mangler noget af dette."
    client = login(coordinator)
    assert says not in text_of(client.get(ask_path(cluster)))
    for row in rows:
        answer(row, state="none")
    page = text_of(client.get(ask_path(cluster)))
    assert says in page
    assert f'href="{reverse("clusters:setup-people", args=[cluster.slug])}"' in page
    comment = text_of(client.get(ask_path(cluster) + "?hvad=kommenter"))
    assert says not in comment
    assert (
        "<details"
        not in comment.partition(chr(34) + "askform__proposals")[0].rpartition("<form")[2]
    )


def test_the_letter_names_who_asks_for_what_until_when_and_leads_to_the_fields(
    login, coordinator, cluster, municipality, rows, answer, editor
):
    answer(rows[0], "Madklub")
    data = ask_data(person(municipality, editor), text="Til mødet <b>i maj</b>.")
    client = login(coordinator)
    preview = client.post(ask_path(cluster), data | {"vis": "1"})
    assert preview.status_code == 200
    assert not Ask.objects.exists()
    [part] = preview.context["parts"]
    assert [one.number for one in part.fields] == [2, 3, 4, 5, 6]
    response = client.post(ask_path(cluster), data)
    asked = AskedColumn.objects.get()
    assert response.url == ask_path(cluster, "ask", asked.ask_id)
    [letter] = post_letters()
    assert letter.to == [editor.email]
    assert municipality.official_name in letter.subject
    html = letter.alternatives[0][0]
    for body in (letter.body, html):
        assert str(coordinator) in body
        assert cluster.name in body
        assert f"{in_days(14):%d.%m.%Y}" in body
        assert "2 Forslag nr. 2" in body
        assert "1 Forslag nr. 1" not in body
        assert column_path(cluster, municipality, asked) in body
    assert "<b>i maj</b>" in letter.body
    assert "&lt;b&gt;i maj" in html
    # The link leads to exactly those fields.
    page = login(editor).get(column_path(cluster, municipality, asked))
    assert [one.cell.proposal.number for one in page.context["editors"]] == [2, 3, 4, 5, 6]


def test_sent_twice_it_is_asked_once(login, coordinator, cluster, municipality, rows, editor):
    data = ask_data(person(municipality, editor))
    client = login(coordinator)
    paths = {client.post(ask_path(cluster), data).url for _ in range(2)}
    assert len(paths) == 1
    assert len(post_letters()) == 1


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("deadline", lambda: {"deadline": f"{in_days(-1):%d.%m.%Y}"}),
        ("deadline", lambda: {"deadline": ""}),
        ("kind", lambda: {"kind": "andet"}),
        ("scope", lambda: {"kind": "comment"}),
        ("proposals", lambda: {"scope": "chosen"}),
        ("proposals", lambda: {"scope": "chosen", "proposals": ["999999"]}),
        ("people", lambda: {"people": []}),
        ("people", lambda: {"people": ["1-999999"]}),
        ("people", lambda: {"people": ["x"]}),
        ("text", lambda: {"text": "Spørg 010190-1234"}),
        ("remind_before", lambda: {"remind_before": "31"}),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    login, coordinator, cluster, municipality, rows, editor, field, change
):
    data = ask_data(person(municipality, editor), **change())
    response = login(coordinator).post(ask_path(cluster), data)
    assert response.status_code == 422
    form = response.context["form"]
    assert list(form.errors) == [field]
    if field != "text":
        assert form["text"].value() == data["text"]
    assert not Ask.objects.exists()
    assert not Letter.objects.exists()


def test_nobody_is_asked_without_a_role_or_for_a_column_that_is_closed(
    login, coordinator, cluster, municipality, rows, editor, make_user
):
    today = timezone.localdate()
    viewer = make_user(Role.VIEWER, authority=municipality)
    client = login(coordinator)

    def refused(who) -> bool:
        response = client.post(ask_path(cluster), ask_data(person(municipality, who)))
        return response.status_code == 422 and not Ask.objects.exists()

    assert refused(viewer)
    column = cluster.memberships.get(authority=municipality)
    for change in (
        {"awaits_consent": True},
        {"valid_until": today - dt.timedelta(days=1)},
    ):
        ClusterMembership.objects.filter(pk=column.pk).update(**change)
        assert refused(editor)
        ClusterMembership.objects.filter(pk=column.pk).update(
            awaits_consent=False, valid_until=None
        )
    Cluster.objects.filter(pk=cluster.pk).update(valid_until=today - dt.timedelta(days=1))
    assert refused(editor)
    Cluster.objects.filter(pk=cluster.pk).update(valid_until=None)
    Membership.objects.filter(user=editor).update(valid_until=today - dt.timedelta(days=1))
    assert refused(editor)


def test_where_nothing_is_missing_nobody_is_asked(
    login, coordinator, cluster, municipality, rows, answer, editor, ask
):
    for row in rows:
        answer(row, "Madklub")
    response = login(coordinator).post(ask_path(cluster), ask_data(person(municipality, editor)))
    assert response.status_code == 422
    assert "people" in response.context["form"].errors
    with pytest.raises(NobodyToAsk):
        ask()


def test_how_far_it_has_come_and_that_it_is_handed_in(
    login, coordinator, cluster, municipality, rows, editor, ask
):
    one = ask()
    asked = one.columns.get()
    path = column_path(cluster, municipality, asked)
    client = login(editor)
    data = field_data(client.get(path)) | {f"f{rows[0].pk}-state": "none"}
    client.post(path, data)
    boss = login(coordinator)
    [part] = boss.get(ask_path(cluster, "ask", one.pk)).context["one"].columns
    assert (part.answered, part.total, part.is_open) == (1, 6, True)
    data = field_data(client.get(path)) | {f"f{rows[1].pk}-state": "none", "done": "1"}
    assert client.post(path, data).url == path
    page = boss.get(ask_path(cluster, "asks"))
    [part] = page.context["progress"][0].columns
    assert (part.answered, part.is_open) == (2, False)
    assert str(editor) in text_of(page)
    assert "Færdig" in text_of(page)
    # She may take it back, and hand in again.
    undo = reverse("clusters:column-undone", args=[cluster.slug, municipality.slug, asked.pk])
    for _ in range(2):
        assert client.post(undo).url == path
    asked.refresh_from_db()
    assert asked.handed_in_at is None
    client.post(path, field_data(client.get(path)) | {"done": "1"})
    asked.refresh_from_db()
    assert asked.handed_in_by == editor
    reasons = asked.history.values_list("history_change_reason", flat=True)
    assert len(set(reasons)) == 3


def test_what_was_asked_while_somebody_wrote_is_not_handed_in_unseen(
    login, cluster, municipality, rows, editor, ask
):
    first = ask()
    path = column_path(cluster, municipality)
    client = login(editor)
    data = field_data(client.get(path)) | {f"f{rows[0].pk}-state": "none", "done": "1"}
    second = ask(kind=AskKind.COMMENT, scope=AskScope.CHOSEN, proposals=frozenset({rows[1].pk}))
    response = client.post(path, data, follow=True)
    assert first.columns.get().handed_in_at
    assert second.columns.get().handed_in_at is None
    assert "bedt om mere" in text_of(response)
    assert client.post(path, field_data(client.get(path)) | {"done": "1"}).status_code == 302
    assert second.columns.get().handed_in_at


def test_with_something_wrong_it_is_not_handed_in(login, cluster, municipality, rows, editor, ask):
    asked = ask().columns.get()
    path = column_path(cluster, municipality, asked)
    client = login(editor)
    data = field_data(client.get(path)) | {
        f"f{rows[0].pk}-state": "none",
        f"f{rows[1].pk}-new": "Madklub",
        "done": "1",
    }
    response = client.post(path, data)
    assert response.status_code == 422
    assert "Du har ikke meldt færdig endnu" in text_of(response)
    assert Position.objects.count() == 1
    asked.refresh_from_db()
    assert asked.handed_in_at is None


def test_an_ask_of_another_column_is_handed_in_by_nobody(
    login, cluster, municipality, other_municipality, rows, editor, ask, make_user
):
    asked = ask().columns.get()
    neighbour = make_user(Role.EDITOR, authority=other_municipality)
    client = login(neighbour)
    for slug in (municipality.slug, other_municipality.slug):
        undo = reverse("clusters:column-undone", args=[cluster.slug, slug, asked.pk])
        assert client.post(undo).status_code in (403, 404)
    path = column_path(cluster, other_municipality)
    assert client.post(f"{path}?bed={asked.pk}", {"done": "1"}).status_code == 404
    asked.refresh_from_db()
    assert asked.handed_in_at is None


def test_a_withdrawn_ask_waits_for_nothing(
    login, coordinator, cluster, municipality, rows, editor, ask
):
    one = ask()
    path = column_path(cluster, municipality, one.columns.get())
    client = login(editor)
    data = field_data(client.get(path)) | {f"f{rows[0].pk}-state": "none", "done": "1"}
    boss = login(coordinator)
    for _ in range(2):
        assert boss.post(ask_path(cluster, "ask-withdraw", one.pk)).status_code == 302
    # The letter had not left yet: now it is pointless.
    assert post_letters() == []
    assert client.post(path, data).status_code == 302
    assert Position.objects.count() == 1
    assert one.columns.get().handed_in_at is None
    assert "trukket anmodningen tilbage" in text_of(client.get(path))


def test_of_proposals_that_are_all_retired_nobody_is_asked(
    login, coordinator, editor, cluster, ask
):
    """The letter that waited is not sent, and the first pages tell of no field."""
    one = ask()
    assert told(coordinator, OUT)
    Proposal.objects.update(retired_on=timezone.localdate())
    assert post_letters() == []
    assert not told(editor, ASKED)
    assert not told(coordinator, OUT)
    page = text_of(login(coordinator).get(ask_path(cluster, "ask", one.pk)))
    assert "Påmind alle" not in page
    assert "Har fået e-mail i dag" not in page


def test_a_deadline_is_prolonged_once_and_not_over_that_of_a_colleague(
    login, coordinator, cluster, ask, make_user
):
    one = ask()
    path = ask_path(cluster, "ask-prolong", one.pk)
    client = login(coordinator)
    late = {"version": "1", "deadline": f"{in_days(21):%d.%m.%Y}"}
    for _ in range(2):
        assert client.post(path, late).status_code == 302
    other = late | {"deadline": f"{in_days(30):%d.%m.%Y}"}
    response = client.post(path, other)
    assert response.status_code == 409
    assert f"{in_days(30):%d.%m.%Y}" in text_of(response)
    past = {"version": "2", "deadline": f"{in_days(-1):%d.%m.%Y}"}
    assert client.post(path, past).status_code == 422
    one.refresh_from_db()
    assert one.deadline == in_days(21)


def test_a_page_costs_the_same_for_one_authority_and_for_thirty(
    login, coordinator, cluster, region, ask, rows, make_user
):
    from krams.enums import AuthorityKind
    from krams.models import Authority

    one = ask()
    client = login(coordinator)
    paths = [ask_path(cluster), ask_path(cluster, "asks"), ask_path(cluster, "ask", one.pk)]

    def queries() -> list[int]:
        found = []
        for path in paths:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200
            found.append(len(captured))
        return found

    few = queries()
    for number in range(29):
        authority = Authority.objects.create(
            kind=AuthorityKind.MUNICIPALITY,
            code=f"8{number:03}",
            name=f"By {number}",
            official_name=f"By {number} Kommune",
            slug=f"by-{number}",
        )
        ClusterMembership.objects.create(cluster=cluster, authority=authority)
        who = make_user(Role.EDITOR, authority=authority)
        asked = AskedColumn.objects.create(ask=one, authority=authority)
        AskedEditor.objects.create(column=asked, editor=who)
        asked.fields.create(proposal=rows[0])
    assert queries() == few
    assert max(few) <= 8


def test_the_worklist_tells_the_editor_and_the_coordinator(
    cluster, municipality, editor, coordinator, ask
):
    one = ask()
    [line] = told(editor, ASKED)
    assert str(coordinator) in line.text
    assert "udfylde 6 felter" in line.text
    assert line.path == column_path(cluster, municipality, one.columns.get())
    [line] = told(coordinator, OUT)
    assert "0 af 1" in line.text
    AskedColumn.objects.update(handed_in_at=timezone.now(), handed_in_by_name=str(editor))
    assert not told(editor, ASKED)
    assert not told(coordinator, OUT)
    [line] = told(coordinator, "Svar på dine anmodninger")
    assert line.path == one.get_absolute_url()
    AskedColumn.objects.update(handed_in_at=timezone.now() - dt.timedelta(days=20))
    assert not told(coordinator, "Svar på dine anmodninger")


def test_one_field_that_is_asked_for_is_opened_itself(cluster, municipality, editor, ask, rows):
    one = ask()
    AskedField.objects.exclude(proposal=rows[1]).delete()
    [line] = told(editor, ASKED)
    assert line.path == cell_path(rows[1], municipality)
    Ask.objects.update(kind=AskKind.COMMENT)
    [line] = told(editor, ASKED)
    assert line.path == reverse(
        "clusters:conversation", args=[cluster.slug, rows[1].pk, municipality.slug]
    )
    assert one.pk


def test_the_deadline_stands_with_what_the_editor_lacks(cluster, editor, ask, rows):
    day = date_format(ask().deadline, "MONTH_DAY_FORMAT")
    found = sections(User.objects.get_with_scopes(editor.pk), timezone.localdate())
    [lead] = [one.lead for one in found if one.lead]
    assert lead == f"Du mangler {len(rows)} felter, frist {day}."


def test_an_editor_whose_role_ended_is_told_of_nothing(editor, ask):
    ask()
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Membership.objects.filter(user=editor).update(valid_until=yesterday)
    assert not told(editor, ASKED)
    assert post_letters() == []
