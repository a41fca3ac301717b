"""Complaints and suggestions: who writes, who sees, who answers, and who is told."""

import uuid

import pytest

from alerts.notices.models import Notice
from households.models import AuditEntry
from households.refusal import Refused
from monitoring.suggestions.models import Suggestion
from monitoring.suggestions.services import answer_suggestion, write_suggestion

URL = "/suggestions/"
EVERYBODY = ("admin", "staff", "township", "specialist", "officer", "auditor")


def _form(**fields) -> dict:
    return {"kind": "suggestion", "words": "列表再快些", "token": uuid.uuid4()} | fields


@pytest.fixture
def written(cast):
    """``written("specialist")``: an entry of that member."""

    def _written(by: str, words: str = "字太小") -> Suggestion:
        return write_suggestion(kind="complaint", words=words, token=uuid.uuid4(), by=cast.members[by])

    return _written


@pytest.mark.parametrize("name", EVERYBODY)
def test_each_role_writes_and_sees_it(sign_in, name):
    client = sign_in(name)

    assert client.post(URL, _form()).status_code == 302

    entry = Suggestion.objects.get()
    assert (entry.kind, entry.words, entry.written_by.username) == ("suggestion", "列表再快些", name)
    assert "列表再快些" in client.get(URL).content.decode()
    assert client.get(f"{URL}{entry.pk}/").status_code == 200


def test_sent_twice_it_is_one_entry_and_one_line_of_the_trail(sign_in):
    client, form = sign_in("specialist"), _form()

    for _i in range(2):
        assert client.post(URL, form).status_code == 302

    assert Suggestion.objects.count() == 1
    assert AuditEntry.objects.filter(action="suggestion_written").count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"words": ""}, "words"),
        ({"words": "  \n "}, "words"),
        ({"words": "字" * 1001}, "words"),
        ({"words": "a\x00b"}, "words"),
        ({"kind": "praise"}, "kind"),
        ({"token": "1"}, "token"),
        ({"token": ""}, "token"),
    ],
)
def test_it_refuses_a_wrong_form_and_keeps_what_was_typed(sign_in, wrong, field):
    response = sign_in("specialist").post(URL, _form(**wrong))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Suggestion.objects.exists()


def test_a_thousand_characters_are_enough_and_fit(sign_in):
    assert sign_in("specialist").post(URL, _form(words="字" * 1000)).status_code == 302


def test_others_see_nothing_of_it_but_the_county_administrator(sign_in, written):
    entry = written("specialist")

    for name in EVERYBODY:
        client = sign_in(name)
        sees = name in ("specialist", "admin")
        assert ("字太小" in client.get(URL).content.decode()) is sees, name
        assert client.get(f"{URL}{entry.pk}/").status_code == (200 if sees else 404), name


@pytest.mark.parametrize("name", ["staff", "township", "specialist", "officer", "auditor"])
def test_only_the_county_administrator_answers(sign_in, written, name):
    entry = written(name)

    assert sign_in(name).post(f"{URL}{entry.pk}/answer/", {"answer": "好"}).status_code == 403

    entry.refresh_from_db()
    assert entry.answered_at is None


def test_who_wrote_it_reads_the_answer_and_is_told_without_a_word_of_it(sign_in, written, cast):
    entry = written("specialist")

    response = sign_in("admin").post(f"{URL}{entry.pk}/answer/", {"answer": "下周改"}, follow=True)

    assert "下周改" in response.content.decode()
    assert "下周改" in sign_in("specialist").get(f"{URL}{entry.pk}/").content.decode()
    notice = Notice.objects.get(recipient=cast.specialist)
    assert (notice.kind, notice.path, notice.values) == ("suggestion_answered", f"{URL}{entry.pk}/", {})
    assert AuditEntry.objects.get(action="suggestion_answered").detail == {}


def test_the_first_answer_stands_and_the_second_is_told_so(sign_in, written, cast):
    entry = written("specialist")
    answer_suggestion(suggestion=entry, answer="下周改", by=cast.admin)

    page = sign_in("admin").post(f"{URL}{entry.pk}/answer/", {"answer": "不改"}, follow=True)

    assert "已有人答复" in page.content.decode() or "answered this already" in page.content.decode()
    entry.refresh_from_db()
    assert entry.answer == "下周改"
    assert Notice.objects.count() == 1
    with pytest.raises(Refused):
        answer_suggestion(suggestion=entry, answer="不改", by=cast.admin)


@pytest.mark.parametrize("answer", ["", "字" * 1001, "a\x00b"])
def test_it_refuses_a_wrong_answer(sign_in, written, answer):
    entry = written("specialist")

    assert sign_in("admin").post(f"{URL}{entry.pk}/answer/", {"answer": answer}).status_code == 422

    entry.refresh_from_db()
    assert entry.answered_at is None


def test_who_answers_their_own_is_not_told(written, cast):
    answer_suggestion(suggestion=written("admin"), answer="好", by=cast.admin)

    assert not Notice.objects.exists()


def test_it_filters_by_state_and_kind(sign_in, written, cast):
    answer_suggestion(suggestion=written("staff", "已办的"), answer="好", by=cast.admin)
    written("specialist", "未办的")
    client = sign_in("admin")

    waiting = client.get(f"{URL}?state=waiting&kind=complaint").content.decode()
    answered = client.get(f"{URL}?state=answered").content.decode()

    assert "未办的" in waiting and "已办的" not in waiting
    assert "已办的" in answered and "未办的" not in answered
    assert "未办的" not in client.get(f"{URL}?kind=suggestion").content.decode()


@pytest.mark.parametrize("query", ["state=x", "kind=praise", "what=1", "before=0", "state=waiting&state=answered"])
def test_an_unknown_filter_is_an_error(sign_in, query):
    assert sign_in("admin").get(f"{URL}?{query}").status_code == 400


def test_a_page_of_the_list_costs_few_queries(sign_in, written, django_assert_max_num_queries):
    for name in EVERYBODY * 10:
        written(name)
    client = sign_in("admin")
    client.get(URL)

    with django_assert_max_num_queries(12):
        page = client.get(URL)

    assert page.content.decode().count("data-row-link") == 50
    assert "before=" in page.content.decode()


def test_what_somebody_writes_is_shown_as_text(sign_in, written):
    entry = written("specialist", "<script>alert(1)</script>")

    assert "<script>alert(1)" not in sign_in("admin").get(f"{URL}{entry.pk}/").content.decode()
