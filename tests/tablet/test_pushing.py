"""Visits come up: stored, kept for review or refused one by one; the same visit again is the same visit."""

import json
import uuid

import pytest
from django.utils import timezone

from households.ledger.models import AuditEntry
from households.models import Visit
from households.privacy.seal import unseal
from households.visits.models import VisitAnswer
from monitoring.models import HeldFor, Upload, UploadState
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.tablet.pushed import TABLET, VISITS, answers, body, outcomes, push, visit

pytestmark = pytest.mark.django_db
HERE = VILLAGES[0]
TODAY = timezone.localdate


@pytest.fixture
def tablet(sign_in):
    return sign_in("specialist")


@pytest.fixture
def home():
    return factories.household(village=HERE, members=1, house_grade="B")


def test_a_visit_is_stored_with_a_receipt_under_its_visitor(tablet, home, cast):
    sent = visit(home, words="一切正常")

    (answer,) = answers(tablet, sent)

    row, upload = Visit.objects.get(), Upload.objects.get()
    assert (answer["uid"], answer["outcome"], answer["receipt"], answer["again"]) == (
        sent["uid"],
        "stored",
        upload.pk,
        False,
    )
    assert (str(row.uid), row.visitor, row.visited_on, row.words) == (
        sent["uid"],
        cast.specialist,
        TODAY(),
        "一切正常",
    )
    assert (row.batch.kind, row.batch.actor, row.batch.judged_at) == ("tablet", cast.specialist, None)
    assert (upload.visit, upload.sender, str(upload.tablet), upload.state) == (
        row,
        cast.specialist,
        TABLET,
        "stored",
    )


def test_what_was_sent_is_kept_sealed_and_named_nowhere_else(tablet, home):
    answers(tablet, visit(home, words="张三住院"))

    upload = Upload.objects.get()
    assert json.loads(unseal(upload.payload_sealed))["words"] == "张三住院"
    assert "张三" not in json.dumps(upload.answer, ensure_ascii=False)
    assert "张三" not in json.dumps(list(AuditEntry.objects.values_list("detail", flat=True)), ensure_ascii=False)


def test_what_contradicts_the_register_is_answered_field_by_field(tablet, home):
    sent = visit(home, house=[{"house_grade": "C", "seen": {"house_grade": "B"}}])

    (answer,) = answers(tablet, sent)

    (said,) = answer["answers"]
    assert said == {
        "section": "house",
        "line": 0,
        "field": "house_grade",
        "person": None,
        "state": "asked",
        "said": "C",
        "stood": "B",
        "seen": "B",
    }


def test_the_same_request_again_gets_the_same_answers_and_receipts(tablet, home, sign_in):
    """The answer was lost: between our commit and the tablet, or with the server."""
    other = factories.household(village=ELSEWHERE)
    sent = [visit(home, house=[{"house_grade": "C"}], words="屋顶漏水"), visit(other)]
    first = answers(tablet, *sent)

    again = answers(sign_in("specialist"), *sent)

    assert [answer["again"] for answer in again] == [True, True]
    assert [answer | {"again": False} for answer in again] == first
    assert (Visit.objects.count(), VisitAnswer.objects.count(), Upload.objects.count()) == (1, 1, 2)


def test_the_order_of_keys_makes_no_other_visit(tablet, home):
    sent = visit(home, words="一切正常")
    answers(tablet, sent)

    (answer,) = answers(tablet, dict(reversed(sent.items())))

    assert (answer["outcome"], answer["again"]) == ("stored", True)


def test_the_same_visit_twice_in_one_request_is_one(tablet, home):
    sent = visit(home)

    first, second = answers(tablet, sent, sent)

    assert first["receipt"] == second["receipt"]
    assert (first["again"], second["again"]) == (False, True)
    assert Visit.objects.count() == 1


def test_the_same_uid_with_other_content_is_kept_for_a_person(tablet, home):
    sent = visit(home, words="一切正常")
    changed = sent | {"words": "屋顶漏水"}
    (first,) = answers(tablet, sent)

    (second,) = answers(tablet, changed)
    (again,) = answers(tablet, changed)

    assert (second["outcome"], second["answers"]) == ("conflict", [])
    assert second["receipt"] not in (None, first["receipt"])
    assert again == second | {"again": True}
    assert Visit.objects.get().words == "一切正常"
    assert Upload.objects.get(held_for=HeldFor.CONFLICT).state == UploadState.HELD


def test_two_contents_of_one_uid_in_one_request_are_a_conflict(tablet, home):
    sent = visit(home, words="一切正常")

    assert outcomes(tablet, sent, sent | {"words": "屋顶漏水"}) == ["stored", "conflict"]


def test_of_a_visit_that_somebody_else_sent_nothing_is_told(tablet, home, sign_in):
    sent = visit(home, words="一切正常")
    answers(sign_in("township"), sent)

    (same,) = answers(tablet, sent)
    (other,) = answers(tablet, sent | {"words": "别的"})

    assert (same["outcome"], same["receipt"], same["answers"]) == ("conflict", None, [])
    assert (other["outcome"], other["answers"]) == ("conflict", [])
    assert Visit.objects.count() == 1


def test_a_uid_of_the_desk_is_a_conflict(tablet, home):
    row = factories.visit(household=home)

    assert outcomes(tablet, visit(home, uid=str(row.uid))) == ["conflict"]


def test_one_bad_row_stops_nothing(tablet, home):
    other = factories.household(village=HERE)
    bad = visit(home, income=[{"month": "2026-10", "kind": "wage", "item": "务工", "amount": "三千"}])

    first, second, third, fourth = answers(tablet, visit(home), bad, visit(other), "no visit")

    assert [first["outcome"], second["outcome"], third["outcome"], fourth["outcome"]] == [
        "stored",
        "refused",
        "stored",
        "refused",
    ]
    (problem,) = second["problems"]
    assert (problem["field"], problem["code"]) == ("income.0.amount", "not_amount")
    assert problem["sentence"]
    assert second["receipt"] is None
    assert (Visit.objects.count(), Upload.objects.count()) == (2, 2)


def test_what_was_refused_is_mended_under_the_same_uid(tablet, home):
    bad = visit(home, risks=["illness"])

    assert outcomes(tablet, bad) == ["refused"]
    assert outcomes(tablet, bad | {"words": "住院"}) == ["stored"]


def test_a_line_about_somebody_who_is_no_member_is_refused(tablet, home):
    stranger = factories.person()

    (answer,) = answers(tablet, visit(home, work=[{"person": stranger.pk, "work_place": "省外"}]))

    assert [(one["field"], one["code"]) for one in answer["problems"]] == [("work.0.person", "not_member")]
    assert not Visit.objects.exists()


def test_a_household_that_is_nowhere_is_refused(tablet):
    (answer,) = answers(tablet, visit(999_999_999))

    assert [(one["field"], one["code"]) for one in answer["problems"]] == [("household", "unknown_household")]
    assert not Upload.objects.exists()


def test_an_older_form_is_taken_and_a_newer_one_said(tablet, home, monkeypatch):
    monkeypatch.setattr("households.visits.checking.FORM", 2)
    old, newer = answers(tablet, visit(home, form=1), visit(home, form=3))

    assert old["outcome"] == "stored"
    assert [one["code"] for one in newer["problems"]] == ["form_too_new"]


@pytest.mark.parametrize("words", ["\x00", "\ud800", "a\x00b"])
def test_characters_that_nothing_can_store_are_no_crash(tablet, home, words):
    content = json.dumps(body(visit(home, words=words), visit(home)))

    response = tablet.post(VISITS, content, content_type="application/json")

    assert [answer["outcome"] for answer in response.json()["answers"]] == ["refused", "stored"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        "no json",
        "[" * 5000,
        '{"tablet": "x", "sent_at": "2026-11-30T08:00:00+08:00", "visits": []}',
        json.dumps({"tablet": TABLET, "sent_at": "2026-11-30T08:00:00", "visits": []}),
        json.dumps({"tablet": TABLET, "sent_at": "2026-13-30T08:00:00Z", "visits": []}),
        json.dumps({"tablet": TABLET, "sent_at": 5, "visits": []}),
        json.dumps({"tablet": TABLET, "sent_at": "2026-11-30T08:00:00Z", "visits": {}}),
        f'{{"tablet": "{TABLET}", "sent_at": "2026-11-30T08:00:00Z", "visits": [NaN]}}',
    ],
)
def test_a_request_that_cannot_be_read_is_answered(tablet, content):
    response = tablet.post(VISITS, content, content_type="application/json")

    assert (response.status_code, response.json()["code"]) == (400, "unreadable")


def test_more_than_fifty_at_once_and_too_much_are_said(tablet, home, settings):
    assert push(tablet, *[visit(home) for _number in range(51)]).json()["code"] == "too_many"
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = push(tablet, visit(home))
    assert (response.status_code, response.json()["code"]) == (413, "too_large")


def test_the_uid_names_a_visit_in_any_case_of_letters(tablet, home):
    uid = str(uuid.uuid4())
    answers(tablet, visit(home, uid=uid))

    (answer,) = answers(tablet, visit(home, uid=uid.upper()))

    assert (answer["uid"], answer["outcome"]) == (uid.upper(), "conflict")
