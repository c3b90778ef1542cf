"""What is asked about a cell and proposed for it: who may, what becomes of it, who is told."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from clusters.models import Comment, Effort, Position, Thread, Wording
from krams.enums import Role
from krams.models import Letter, Membership, User
from tests.clusters.conftest import cell_data, cell_path, told
from tests.forms_on_pages import read
from tests.inbox import post_letters

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(make_user, cluster):
    return make_user(Role.VIEWER, cluster=cluster)


@pytest.fixture
def path(rows, municipality):
    """``path("conversation")``, or of a button with the keys that it names."""

    def make(name, proposal=None, authority=None, **keys):
        authority = authority or municipality
        proposal = proposal or rows[0]
        here = {"slug": "proeve", "proposal": proposal.pk, "authority": authority.slug}
        here["slug"] = proposal.cluster.slug
        return reverse(f"clusters:{name}", kwargs=here | keys)

    return make


@pytest.fixture
def asked(client, login, path, coordinator):
    """``asked("text")``: the thread that the coordinator opened."""

    def ask(text="Hvem gør det?", **where):
        login(coordinator)
        sent = client.post(path("conversation", **where), said(text))
        assert sent.status_code == 302
        return Thread.objects.latest("pk")

    return ask


@pytest.fixture
def proposed(client, login, path, coordinator, rows):
    """``proposed(new="…")``: the thread of a wording that the coordinator proposed."""

    def propose(effort=None, old="", new="Natcafé", state="established", version=0):
        login(coordinator)
        data = said("Så det er klart.") | {"state": state, "seen": version, "new-1": new}
        if effort:
            data[f"line-{effort.pk}"] = old
        sent = client.post(path("wording-propose"), data)
        assert sent.status_code == 302, sent.context["form"].errors
        return Thread.objects.latest("pk")

    return propose


def said(text) -> dict:
    return {"text": text, "submission_id": str(uuid.uuid4())}


def waiting(user) -> list[str]:
    return [line.text for line in told(user, "Spørgsmål og formuleringer, der venter på dig")]


def test_a_question_is_asked_answered_and_resolved(client, login, asked, path, editor, coordinator):
    thread = asked("Hvem holder kurserne?")
    assert thread.awaits == "editor"
    assert len(waiting(editor)) == 1
    assert waiting(coordinator) == []
    login(editor)
    assert "Hvem holder kurserne?" in client.get(path("conversation")).content.decode()
    assert client.post(path("thread-reply", thread=thread.pk), said("Vi gør.")).status_code == 302
    assert waiting(editor) == []
    assert len(waiting(coordinator)) == 1
    login(coordinator)
    thread.refresh_from_db()
    done = client.post(path("thread-resolve", thread=thread.pk), {"version": thread.version})
    assert done.status_code == 302
    thread.refresh_from_db()
    assert (thread.awaits, thread.resolved_at is None) == ("", False)
    assert waiting(editor) == waiting(coordinator) == []
    page = client.get(path("conversation")).content.decode()
    assert "Vi gør." in page
    back = {"version": thread.version, "tilbage": 1}
    client.post(path("thread-resolve", thread=thread.pk), back)
    thread.refresh_from_db()
    assert thread.awaits == "editor"


def test_a_reply_without_its_id_says_so_and_can_be_sent_once_more(client, asked, path):
    thread = asked()
    refused = client.post(path("thread-reply", thread=thread.pk), {"text": "Vi gør."})
    assert refused.status_code == 422
    assert "Formularen er for gammel" in refused.content.decode()
    form = next(one for one in read(refused, "/")[0] if one.path.endswith("/svar/"))
    assert form.data["text"] == ["Vi gør."]
    assert client.post(form.path, form.data).status_code == 302


def test_a_reply_to_what_is_resolved_opens_it_again(client, login, asked, path, editor):
    thread = asked()
    client.post(path("thread-resolve", thread=thread.pk), {"version": thread.version})
    login(editor)
    client.post(path("thread-reply", thread=thread.pk), said("Endnu en ting."))
    thread.refresh_from_db()
    assert (thread.awaits, thread.resolved_at) == ("coordinator", None)


def test_a_coordinator_who_edits_a_column_too_answers_for_the_side_that_is_asked(
    client, login, path, make_user, cluster, municipality, editor
):
    both = make_user(Role.COORDINATOR, cluster=cluster)
    Membership.objects.create(user=both, role=Role.EDITOR, authority=municipality)
    login(editor)
    client.post(path("conversation"), said("Hvornår er mødet?"))
    thread = Thread.objects.get()
    assert len(waiting(both)) == 1
    assert [letter.to for letter in post_letters()] == [[both.email]]
    login(both)
    client.post(path("thread-reply", thread=thread.pk), said("Den 2. december."))
    thread.refresh_from_db()
    assert (thread.awaits, thread.comments.last().side) == ("editor", "coordinator")
    # One more word of the same person is of the same side.
    client.post(path("thread-reply", thread=thread.pk), said("Klokken 14."))
    thread.refresh_from_db()
    assert (thread.awaits, thread.comments.last().side) == ("editor", "coordinator")


def test_a_reader_reads_and_may_not_write(client, login, asked, path, reader):
    thread = asked("Hvem gør det?")
    comment = thread.comments.get()
    login(reader)
    page = client.get(path("conversation"))
    assert page.status_code == 200
    assert "Hvem gør det?" in page.content.decode()
    assert b"<form" not in page.content.split(b"<main")[1]
    refused = {
        "conversation": {},
        "thread-reply": {"thread": thread.pk},
        "comment": {"pk": comment.pk},
        "wording-propose": {},
    }
    for name, keys in refused.items():
        sent = client.post(path(name, **keys), said("Det her skrev jeg længe på."))
        assert sent.status_code == 403, name
        assert "Det her skrev jeg længe på." in sent.content.decode(), name
    resolve = client.post(path("thread-resolve", thread=thread.pk), {"version": 1})
    assert resolve.status_code == 403
    assert Comment.objects.count() == 1


def test_an_editor_of_another_column_may_only_read(
    client, login, asked, path, make_user, other_municipality
):
    thread = asked()
    login(make_user(Role.EDITOR, authority=other_municipality))
    assert client.get(path("conversation")).status_code == 200
    sent = client.post(path("thread-reply", thread=thread.pk), said("Fra naboen"))
    assert sent.status_code == 403
    assert "Fra naboen" in sent.content.decode()


def test_other_clusters_are_not_there(client, login, asked, path, make_user, other_cluster):
    thread = asked()
    login(make_user(Role.COORDINATOR, cluster=other_cluster))
    assert client.get(path("conversation")).status_code == 404
    sent = client.post(path("thread-reply", thread=thread.pk), said("Min lange tekst"))
    assert sent.status_code == 404
    assert "Min lange tekst" in sent.content.decode()
    assert "Hvem gør det?" not in sent.content.decode()
    assert client.get(reverse("clusters:threads", args=["proeve"])).status_code == 404


def test_a_role_that_ended_while_writing_keeps_the_text_on_the_page(
    client, login, asked, path, editor
):
    thread = asked()
    login(editor)
    assert client.get(path("conversation")).status_code == 200
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Membership.objects.filter(user=editor).update(valid_until=yesterday)
    sent = client.post(path("thread-reply", thread=thread.pk), said("Et langt svar"))
    page = sent.content.decode()
    assert sent.status_code in (403, 404)
    assert "Din tekst er ikke gemt" in page
    assert "Din rolle kan være ophørt" in page
    assert "Et langt svar" in page
    assert Comment.objects.count() == 1


def test_threads_and_comments_of_another_cell_are_not_there(
    client, login, asked, path, rows, coordinator
):
    thread = asked(proposal=rows[1])
    comment = thread.comments.get()
    login(coordinator)
    forged = [
        ("thread-reply", {"thread": thread.pk}, said("Her?")),
        ("thread-resolve", {"thread": thread.pk}, {"version": 1}),
        ("comment", {"pk": comment.pk}, {"text": "Overtaget", "version": 1}),
        ("wording-withdraw", {"thread": thread.pk}, {"version": 1}),
    ]
    for name, keys, data in forged:
        assert client.post(path(name, **keys), data).status_code == 404, name
    assert client.get(path("comment", pk=comment.pk)).status_code == 404
    comment.refresh_from_db()
    assert comment.text == "Hvem gør det?"


def test_a_cpr_number_is_refused_and_what_was_typed_stays(client, login, path, coordinator):
    login(coordinator)
    sent = client.post(path("conversation"), said("Gælder det 010190-1234?"))
    assert sent.status_code == 422
    assert Comment.objects.count() == 0
    assert b"Fejl:" in sent.content


def test_an_own_comment_is_corrected_with_history_and_withdrawn(
    client, login, asked, path, coordinator, editor
):
    thread = asked("Hvem gør det?")
    comment = thread.comments.get()
    here = path("comment", pk=comment.pk)
    login(editor)
    assert client.get(here).status_code == 403
    login(coordinator)
    assert client.post(here, {"text": "Hvem gør hvad?", "version": 1}).status_code == 302
    stale = client.post(here, {"text": "Min udgave", "version": 1})
    assert stale.status_code == 409
    assert "Hvem gør hvad?" in stale.content.decode()
    assert "Min udgave" in stale.content.decode()
    history = client.get(reverse("history", args=["kommentar", comment.pk])).content.decode()
    assert "Hvem gør det?" in history or "det" in history
    gone = client.post(here, {"text": "Hvem gør hvad?", "version": 2, "tilbage": 1})
    assert gone.status_code == 302
    page = client.get(path("conversation")).content.decode()
    assert "Hvem gør hvad?" not in page
    assert "Trukket tilbage af den, der skrev det." in page
    thread.refresh_from_db()
    assert thread.resolved_at is not None
    assert client.get(here).status_code == 403


def test_an_accepted_wording_is_a_save_by_the_editor(
    client, login, proposed, answer, path, rows, editor, municipality
):
    [effort] = answer(rows[0], "Gadesygepleje", note="Hver dag")
    thread = proposed(effort, "Gadesygepleje i byen", "Natcafé", version=1)
    position = Position.objects.get(proposal=rows[0], authority=municipality)
    assert position.version == 1
    assert len(waiting(editor)) == 1
    login(editor)
    page = client.get(path("conversation")).content.decode()
    assert "<ins>" in page
    data = {"version": 1, "cell": 1}
    assert client.post(path("wording-accept", thread=thread.pk), data).status_code == 302
    assert client.post(path("wording-accept", thread=thread.pk), data).status_code == 302
    texts = Effort.objects.standing().filter(proposals=rows[0]).order_by("pk")
    assert [one.text for one in texts] == ["Gadesygepleje i byen", "Natcafé"]
    assert texts[0].note == "Hver dag"
    position.refresh_from_db()
    assert (position.version, position.confirmed_by) == (2, editor)
    reason = position.history.first().history_change_reason
    assert reason.startswith("Foreslået af klyngetovholderen")
    assert reason.endswith("accepteret af redaktøren")
    assert Wording.objects.get().outcome == "accepted"
    assert waiting(editor) == []


def test_a_line_made_blank_takes_its_effort_out(
    client, login, proposed, answer, path, rows, editor
):
    [effort] = answer(rows[0], "Gadesygepleje")
    thread = proposed(effort, "", "Natcafé", version=1)
    login(editor)
    client.post(path("wording-accept", thread=thread.pk), {"version": 1, "cell": 1})
    assert [one.text for one in Effort.objects.standing()] == ["Natcafé"]


def test_a_proposal_alone_changes_nothing(proposed, rows):
    proposed()
    assert not Position.objects.exists()
    assert not Effort.objects.exists()


def test_a_cell_that_changed_since_it_was_seen_is_shown_first(
    client, login, proposed, answer, path, rows, editor, municipality
):
    [effort] = answer(rows[0], "Gadesygepleje")
    thread = proposed(effort, "Gadesygepleje i byen", "", version=1)
    login(editor)
    line = {"text": "Gadesygepleje hver nat", "effort": effort.pk}
    saved = client.post(cell_path(rows[0], municipality), cell_data(rows[0], line, version=1))
    assert saved.status_code == 302
    stale = client.post(path("wording-accept", thread=thread.pk), {"version": 1, "cell": 1})
    page = stale.content.decode()
    assert stale.status_code == 409
    assert "Svaret er ændret imens" in page
    assert "<del>" in page
    effort.refresh_from_db()
    assert effort.text == "Gadesygepleje hver nat"
    again = client.post(path("wording-accept", thread=thread.pk), {"version": 1, "cell": 2})
    assert again.status_code == 302
    effort.refresh_from_db()
    assert effort.text == "Gadesygepleje i byen"


def test_a_declined_wording_comes_back_with_its_reason(
    client, login, proposed, path, editor, coordinator
):
    thread = proposed()
    login(editor)
    empty = client.post(path("wording-decline", thread=thread.pk), said("") | {"version": 1})
    assert empty.status_code == 422
    no = said("Det gør vi ikke mere.") | {"version": 1}
    assert client.post(path("wording-decline", thread=thread.pk), no).status_code == 302
    thread.refresh_from_db()
    assert thread.awaits == "coordinator"
    assert len(waiting(coordinator)) == 1
    login(coordinator)
    page = client.get(path("conversation")).content.decode()
    assert "Det gør vi ikke mere." in page
    assert "Afvist" in page
    accept = client.post(path("wording-accept", thread=thread.pk), {"version": 2, "cell": 0})
    assert accept.status_code == 403
    login(editor)
    late = client.post(path("wording-accept", thread=thread.pk), {"version": 1, "cell": 0})
    assert late.status_code == 409
    assert not Position.objects.exists()


def test_only_its_coordinator_proposes_and_withdraws(client, login, proposed, path, editor):
    thread = proposed()
    login(editor)
    assert client.get(path("wording-propose")).status_code == 403
    gone = client.post(path("wording-withdraw", thread=thread.pk), {"version": 1})
    assert gone.status_code == 403
    resolve = client.post(path("thread-resolve", thread=thread.pk), {"version": 1})
    assert resolve.status_code == 403


def test_a_withdrawn_wording_waits_for_nobody(client, login, proposed, path, editor, coordinator):
    thread = proposed()
    login(coordinator)
    gone = client.post(path("wording-withdraw", thread=thread.pk), {"version": 1})
    assert gone.status_code == 302
    assert waiting(editor) == []
    assert Wording.objects.get().outcome == "withdrawn"


def test_what_cannot_be_proposed_is_said(client, login, path, coordinator, answer, rows):
    [effort] = answer(rows[0], "Gadesygepleje")
    login(coordinator)
    url = path("wording-propose")
    same = said("Hvorfor") | {"state": "established", "seen": 1, f"line-{effort.pk}": effort.text}
    assert client.post(url, same).status_code == 422
    empty = same | {"state": "not_filled"}
    assert client.post(url, empty).status_code == 422
    dated = same | {"state": "none", "state_from": "01.01.2027", "new-1": "Nyt"}
    typed = client.post(url, dated)
    assert typed.status_code == 422
    assert "01.01.2027" in typed.content.decode()
    assert not Thread.objects.exists()


def test_nothing_is_written_where_the_cluster_has_ended(
    client, login, asked, path, coordinator, cluster
):
    thread = asked()
    cluster.valid_until = timezone.localdate() - dt.timedelta(days=1)
    cluster.save()
    login(coordinator)
    assert client.get(path("conversation")).status_code == 200
    assert client.post(path("conversation"), said("For sent")).status_code == 403
    assert client.post(path("thread-resolve", thread=thread.pk), {"version": 1}).status_code == 403


def test_the_list_has_pages_and_a_constant_number_of_queries(
    client, login, asked, path, coordinator, reader, django_assert_max_num_queries, rows
):
    for number in range(31):
        asked(f"Spørgsmål {number}", proposal=rows[number % 3])
    login(reader)
    url = reverse("clusters:threads", args=["proeve"])
    with django_assert_max_num_queries(8):
        page = client.get(url)
    assert len(page.context["threads"]) == 30
    older = client.get(url + page.context["pages"].older)
    assert len(older.context["threads"]) == 1
    with django_assert_max_num_queries(8):
        client.get(path("conversation"))


def test_one_query_tells_a_person_what_waits(asked, editor, django_assert_num_queries, rows):
    asked(proposal=rows[0])
    asked(proposal=rows[1])
    # The second reads who the person is.
    with django_assert_num_queries(2):
        found = waiting(editor)
    assert found == ["Nordby Kommune: 2 spørgsmål venter på dit svar"]


def test_comments_are_found_by_the_search(client, login, asked, reader):
    asked("Hvornår begynder gadesygeplejen?")
    login(reader)
    found = client.get(reverse("search"), {"q": "gadesygeplejen"}).content.decode()
    assert "samtale" in found


# --- Letters --------------------------------------------------------------------------------------


def test_the_other_side_is_told_by_a_letter_once_a_day(
    client, login, asked, path, editor, coordinator, make_user, municipality, cluster, rows
):
    """Not who wrote, not who wants no e-mails, and nobody whose answer is given already."""
    silent = make_user(Role.EDITOR, authority=municipality, within=cluster)
    User.objects.filter(pk=silent.pk).update(digest_frequency="never")
    thread = asked("Hvem holder kurserne?")
    asked("Hvornår begynder de?", proposal=rows[1])
    [letter] = post_letters()
    assert letter.to == [editor.email]
    assert str(rows[0]) in letter.body
    assert str(rows[1]) in letter.body
    assert reverse("clusters:threads", args=[cluster.slug]) in letter.body
    login(editor)
    client.post(path("thread-reply", thread=thread.pk), said("Vi gør."))
    [letter] = post_letters()
    assert letter.to == [coordinator.email]
    assert thread.get_absolute_url() in letter.body
    login(coordinator)
    client.post(path("thread-reply", thread=thread.pk), said("Tak."))
    assert post_letters() == []


def test_a_letter_that_came_too_late_is_not_sent(client, login, asked, path, editor):
    thread = asked()
    login(editor)
    client.post(path("thread-reply", thread=thread.pk), said("Vi gør."))
    Letter.objects.exclude(to=editor).delete()
    assert post_letters() == []


def test_a_proposed_wording_is_told_to_the_editor(proposed, answer, rows, editor):
    [effort] = answer(rows[0], "Gadesygepleje")
    proposed(effort, "Gadesygepleje i byen", version=1)
    [letter] = post_letters()
    assert letter.to == [editor.email]
    assert "et forslag til formulering" in letter.body
