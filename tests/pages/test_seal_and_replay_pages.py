"""The run page: sealing a month, revisions beside it with what differs, and what a replay gave."""

import pytest
from django.utils import timezone

from households.models import Household, IncomeLine
from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.replaying import replay_run
from monitoring.judgment.running import open_run
from monitoring.judgment.sealing import seal_run
from monitoring.judgment.tasks import replay_run as replay_task
from tests import factories
from tests.pages.conftest import JUNE

pytestmark = pytest.mark.django_db

LOOKED = {"looked": "on"}


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """Whom the button asks; no worker is called."""
    calls = []

    def _call(*ids):
        calls.append(ids)
        return True

    monkeypatch.setattr("monitoring.judgment.views.call_replay", _call)
    return calls


def _page(client, run, query="") -> str:
    return client.get(f"/runs/{run.pk}/{query}").content.decode()


def _grow_rich(household: Household) -> None:
    """A correction of the ledger, after which the household is below no line."""
    batch = factories.batch()
    IncomeLine.objects.filter(household=household).update(replaced_in=batch)
    factories.income(household=household, amount=900000, batch=batch)


def test_the_county_administrator_seals_what_was_looked_at(sign_in, judge, poor, cast):
    run, client = judge(), sign_in("admin")
    assert f'action="/runs/{run.pk}/seal/"' in _page(client, run)

    client.post(f"/runs/{run.pk}/seal/", LOOKED)

    run.refresh_from_db()
    assert run.sealed_by == cast.admin
    page = _page(client, run)
    assert "tag-sealed" in page
    assert f'action="/runs/{run.pk}/seal/"' not in page
    assert "tag-sealed" in client.get("/runs/").content.decode()


def test_without_having_looked_nothing_is_sealed(sign_in, judge, poor):
    run = judge()
    response = sign_in("admin").post(f"/runs/{run.pk}/seal/", {}, follow=True)
    assert 'class="notice notice-error"' in response.content.decode()
    run.refresh_from_db()
    assert run.sealed_at is None


@pytest.mark.parametrize("make", ["again", "the same", "open"])
def test_what_cannot_be_sealed_is_said(sign_in, judge, poor, make):
    first = seal_run(run=judge(), by=None)
    run = {"again": judge, "the same": lambda: first, "open": lambda: open_run(month=JUNE)}[make]()
    response = sign_in("admin").post(f"/runs/{run.pk}/seal/", LOOKED, follow=True)
    assert 'class="notice notice-error"' in response.content.decode()
    assert JudgmentRun.objects.filter(sealed_at__isnull=False).get() == first


@pytest.mark.parametrize("name", ["staff", "township", "auditor"])
def test_others_see_that_it_is_not_sealed_and_no_button(sign_in, judge, poor, name):
    run = judge()
    client = sign_in(name)
    assert f'action="/runs/{run.pk}/seal/"' not in _page(client, run)
    assert client.post(f"/runs/{run.pk}/seal/", LOOKED).status_code == 403


def test_a_revision_stands_beside_the_sealed_run_with_what_differs(sign_in, judge, poor, hidden):
    sealed = seal_run(run=judge(), by=None)
    _grow_rich(poor)
    again = judge()

    for run in (sealed, again):
        response = sign_in("admin").get(f"/runs/{run.pk}/")
        comparison = response.context["comparison"]
        assert (comparison.was, comparison.now) == (sealed, again)
        gone = {rule.split()[0] for rule, count in comparison.counts if count.only_then}
        assert {"INC01", "INC03"} <= gone
        assert {row.household_id for row in comparison.rows} == {poor.pk}
        page = response.content.decode()
        assert f'href="/households/{poor.pk}/"' in page
        assert f'href="/runs/{(again if run == sealed else sealed).pk}/"' in page


def test_what_differs_is_told_of_the_own_places_only(sign_in, judge, poor, hidden):
    judge()
    _grow_rich(poor)
    _grow_rich(hidden)
    run = judge()
    comparison = sign_in("township").get(f"/runs/{run.pk}/").context["comparison"]
    assert {row.household_id for row in comparison.rows} == {poor.pk}
    assert sum(count.only_then for _rule, count in comparison.counts) < len(
        sign_in("admin").get(f"/runs/{run.pk}/").context["comparison"].rows
    )


def test_of_three_revisions_any_two_can_be_compared(sign_in, judge, poor):
    first, second, third = judge(), judge(), judge()
    client = sign_in("admin")
    assert client.get(f"/runs/{third.pk}/").context["comparison"].was == second
    assert client.get(f"/runs/{third.pk}/?with={first.pk}").context["comparison"].was == first
    assert client.get(f"/runs/{third.pk}/?with=nonsense").context["comparison"].was == second
    assert client.get(f"/runs/{third.pk}/").context["comparison"].total == 0


def test_a_replay_is_asked_of_a_worker_and_its_answer_stands_on_the_page(sign_in, judge, poor, cast, asked):
    run, client = judge(), sign_in("auditor")

    client.post(f"/runs/{run.pk}/replay/")

    assert asked == [(run.pk, cast.auditor.pk)]
    assert replay_task(run.pk, cast.auditor.pk) is True
    page = _page(client, run)
    assert 'class="notice notice-success"' in page
    assert cast.auditor.name in page


def test_a_replay_that_differs_is_said_on_the_page(sign_in, judge, poor):
    run = judge()
    run.findings.filter(rule="INC01").update(level="blue")
    assert not replay_run(run=run, by=None).is_same
    client = sign_in("staff")
    assert client.get(f"/runs/{run.pk}/").context["replayed"].detail["findings"] == 1
    assert 'class="notice notice-error"' in _page(client, run)


def test_a_run_that_has_not_finished_is_not_replayed(sign_in, poor, asked):
    run = open_run(month=JUNE)
    sign_in("admin").post(f"/runs/{run.pk}/replay/")
    assert asked == []
    assert replay_task(run.pk, sign_in("admin").get("/").wsgi_request.user.pk) is None


def test_a_month_that_waits_for_its_seal_is_marked_once_in_the_list(sign_in, judge, poor):
    judge()
    newest = judge()
    client = sign_in("staff")
    assert client.get("/runs/").context["unsealed"] == {newest.pk}
    assert client.get("/runs/").content.decode().count("tag-unsure") == 1
    JudgmentRun.objects.filter(pk=newest.pk).update(sealed_at=timezone.now())
    assert client.get("/runs/").context["unsealed"] == set()


def test_it_needs_few_queries(sign_in, judge, poor, hidden, django_assert_max_num_queries):
    sealed = seal_run(run=judge(), by=None)
    _grow_rich(poor)
    _grow_rich(hidden)
    judge()
    replay_run(run=sealed, by=None)
    client = sign_in("admin")
    with django_assert_max_num_queries(20):
        client.get(f"/runs/{sealed.pk}/")
