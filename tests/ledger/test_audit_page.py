"""The audit page: newest first, page by page, filtered by what stands in its address."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from households.ledger.publishing import chain_audit
from households.ledger.services import write_audit
from households.ledger.words import ACTIONS, DETAILS, SUBJECT_PAGES, SUBJECTS
from households.models import AuditEntry

pytestmark = pytest.mark.django_db
URL = reverse("ledger:audit")


def _entries(response):
    assert response.status_code == 200, response.context["problems"]
    return list(response.context["entries"])


def test_it_shows_the_newest_first_in_words(sign_in, cast):
    write_audit(action="sign_in", actor=cast.township, subject="user", subject_id=cast.township.pk)
    write_audit(action="locked_out", subject="user", subject_id=cast.township.pk, tries=5)
    chain_audit()

    response = sign_in("auditor").get(URL)

    assert [entry.action for entry in _entries(response)] == ["locked_out", "sign_in"]
    said = response.content.decode()
    assert str(ACTIONS["locked_out"]) in said
    assert f"{DETAILS['tries']}=5" in said
    assert reverse("staff:account", args=[cast.township.pk]) in said


@pytest.fixture
def trail(cast):
    """Entries of several people, actions, subjects and days, oldest first."""
    rows = [
        ("sign_in", cast.township, "user", 1, dt.datetime(2026, 3, 1, 23, 59)),  # noqa: DTZ001  made aware below
        ("household_read", cast.township, "household", 7, dt.datetime(2026, 3, 2, 0, 0)),  # noqa: DTZ001
        ("household_read", cast.specialist, "household", 8, dt.datetime(2026, 3, 2, 23, 59)),  # noqa: DTZ001
        ("sign_in_failed", None, "user", "", dt.datetime(2026, 3, 3, 0, 0)),  # noqa: DTZ001
    ]
    return [
        AuditEntry.objects.create(
            action=action, actor=actor, subject=subject, subject_id=str(pk), at=timezone.make_aware(at)
        )
        for action, actor, subject, pk, at in rows
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [3, 2, 1, 0]),
        ({"action": "household_read"}, [2, 1]),
        ({"actor": "township"}, [1, 0]),
        ({"actor": "none"}, [3]),
        ({"subject": "household"}, [2, 1]),
        ({"subject": "household", "subject_id": "8"}, [2]),
        ({"from_day": "2026-03-02"}, [3, 2, 1]),
        ({"until_day": "2026-03-01"}, [0]),
        ({"from_day": "2026-03-02", "until_day": "2026-03-02"}, [2, 1]),
        ({"action": "household_read", "actor": "township", "until_day": "2026-03-01"}, []),
    ],
)
def test_it_filters_by_what_stands_in_the_address(sign_in, cast, trail, query, found):
    if query.get("actor") in cast.members:
        query = query | {"actor": cast.members[query["actor"]].pk}
    response = sign_in("auditor").get(URL, query)
    assert [entry.pk for entry in _entries(response)] == [trail[index].pk for index in found]


@pytest.mark.parametrize(
    "query",
    [
        {"action": "nothing"},
        {"actor": "张三"},
        {"actor": "999999999"},
        {"subject": "weather"},
        {"from_day": "yesterday"},
        {"before": "x"},
        {"name": "张三"},
    ],
)
def test_it_answers_what_it_does_not_know_with_400(sign_in, query):
    assert sign_in("auditor").get(URL, query).status_code == 400


def test_it_leafs_from_page_to_page_without_loss_and_back(sign_in, cast, monkeypatch):
    monkeypatch.setattr("households.ledger.views.PAGE_ROWS", 3)
    for index in range(8):
        write_audit(action="household_read", actor=cast.admin, subject="household", subject_id=index)
    client = sign_in("auditor")
    seen, query = [], {"action": "household_read"}
    while query:
        response = client.get(URL, query)
        seen.append([int(entry.subject_id) for entry in _entries(response)])
        older = response.context["page"].older
        query = {"action": "household_read", "before": older} if older else None

    assert seen == [[7, 6, 5], [4, 3, 2], [1, 0]]
    back = client.get(URL, {"action": "household_read", "after": response.context["page"].newer})
    assert [int(entry.subject_id) for entry in _entries(back)] == seen[1]
    assert "action=household_read" in back.content.decode()


def test_it_answers_htmx_with_the_list_alone(sign_in, trail):
    said = sign_in("auditor").get(URL, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in said
    assert 'id="results"' in said


def test_it_takes_the_same_number_of_queries_for_more_entries(sign_in, cast, django_assert_max_num_queries):
    for index in range(100):
        write_audit(action="household_read", actor=cast.admin, subject="household", subject_id=index)
    client = sign_in("auditor")
    with django_assert_max_num_queries(12):
        client.get(URL)


def _written_words(keyword):
    """The words that the code gives to ``write_audit`` and to the services' own wrappers of it."""
    words = set()
    for room in ("households", "alerts", "monitoring"):
        for path in (Path(settings.BASE_DIR) / room).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            for call in re.findall(r"write_audit\((.*?)\n\s*\)?\n|write_audit\((.*?)\)", text, re.DOTALL):
                words |= set(re.findall(rf'\b{keyword}="([a-z_.]+)"', "".join(call)))
    return words


def test_every_action_and_subject_that_the_code_writes_has_a_label():
    assert _written_words("action") - set(ACTIONS) == set()
    assert _written_words("subject") - set(SUBJECTS) == set()
    assert len(_written_words("action")) > 5


def test_subjects_with_a_page_have_a_label():
    assert set(SUBJECT_PAGES) <= set(SUBJECTS)
