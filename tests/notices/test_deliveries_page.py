"""The county sees what is stuck, and a person decides; each decision is audited."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from alerts.models import Delivery, Gateway, Notice
from alerts.notices.deciding import DECISIONS
from alerts.notices.health import deliveries_now
from households.ledger.models import AuditEntry
from tests.notices.conftest import tell

LIST = reverse("notices:deliveries")
DECIDE = reverse("notices:decide")
LABEL, SENDING = gettext_lazy("Notices that are stuck"), gettext_lazy("Sending of notices")
STATES = ("waiting", "sending", "sent", "in_doubt", "failed", "dropped")


@pytest.fixture
def one_of_each(cast, mail, reach) -> dict[str, Delivery]:
    """A delivery in each state, all to the township."""
    recipient = reach("township")
    deliveries = {}
    for state in STATES:
        tell(recipient, key=f"dispatched:{state}", urgent=True)
        deliveries[state] = Delivery.objects.latest("id")
        Delivery.objects.filter(pk=deliveries[state].pk).update(state=state, tries=2, claimed_at=timezone.now())
    return deliveries


def _states(deliveries) -> dict[str, str]:
    return {name: Delivery.objects.get(pk=row.pk).state for name, row in deliveries.items()}


@pytest.mark.parametrize(
    ("decision", "changed"),
    [
        ("again", {"waiting": "waiting", "in_doubt": "waiting", "failed": "waiting"}),
        ("arrived", {"in_doubt": "sent"}),
        ("drop", {"waiting": "dropped", "in_doubt": "dropped", "failed": "dropped"}),
    ],
)
def test_a_decision_changes_what_it_may_and_is_audited(sign_in, cast, one_of_each, decision, changed):
    ids = [row.pk for row in one_of_each.values()]
    response = sign_in("admin").post(DECIDE, {"decision": decision, "id": ids, "query": "state=failed"})

    assert response.url == f"{LIST}?state=failed"
    assert _states(one_of_each) == {state: changed.get(state, state) for state in STATES}
    entries = AuditEntry.objects.filter(action=DECISIONS[decision].action)
    noted = {(entry.actor_id, entry.subject, int(entry.subject_id)) for entry in entries}
    assert noted == {(cast.admin.pk, "notice", one_of_each[state].notice_id) for state in changed}


def test_sent_again_it_starts_from_the_beginning(sign_in, one_of_each):
    sign_in("admin").post(DECIDE, {"decision": "again", "id": one_of_each["failed"].pk})
    row = Delivery.objects.get(pk=one_of_each["failed"].pk)

    assert (row.tries, row.claimed_at, row.error) == (0, None, "")
    assert row.not_before <= timezone.now()


def test_all_on_this_page_means_those_that_were_shown(sign_in, one_of_each):
    shown = [one_of_each["failed"].pk, one_of_each["sent"].pk]
    sign_in("admin").post(DECIDE, {"decision": "drop", "all": "1", "shown": shown})

    assert _states(one_of_each) | {"failed": "failed"} == {state: state for state in STATES}
    assert _states(one_of_each)["failed"] == "dropped"


@pytest.mark.parametrize("data", [{"decision": "again"}, {"decision": "burn", "id": "1"}, {"id": ["x", "９"]}, {}])
def test_nothing_chosen_changes_nothing(sign_in, one_of_each, data):
    assert sign_in("admin").post(DECIDE, data).status_code == 302
    assert _states(one_of_each) == {state: state for state in STATES}


def test_it_lists_and_filters(sign_in, one_of_each):
    browser = sign_in("admin")
    assert len(browser.get(LIST).context["deliveries"]) == 6
    [row] = browser.get(f"{LIST}?state=in_doubt&way=email").context["deliveries"]
    assert row.pk == one_of_each["in_doubt"].pk
    assert browser.get(f"{LIST}?state=lost").status_code == 400


def test_the_counts_say_what_needs_somebody(one_of_each):
    now = deliveries_now()
    assert (now.waiting, now.sending, now.in_doubt, now.failed) == (1, 1, 1, 1)
    assert (now.late, now.struggling) == (0, 0)

    waiting = Delivery.objects.filter(state="waiting")
    waiting.update(not_before=timezone.now() - dt.timedelta(minutes=11), tries=3)
    assert (deliveries_now().late, deliveries_now().struggling) == (1, 1)


def test_what_waits_over_night_is_not_overdue(one_of_each, monkeypatch):
    Delivery.objects.filter(state="waiting").update(not_before=timezone.now() - dt.timedelta(hours=1))
    Notice.objects.update(urgent=False)
    monkeypatch.setattr("alerts.notices.quiet.is_quiet", lambda now, calendar: True)
    assert deliveries_now().late == 0
    monkeypatch.setattr("alerts.notices.quiet.is_quiet", lambda now, calendar: False)
    assert deliveries_now().late == 1


@pytest.mark.parametrize(("name", "url"), [("admin", LIST), ("staff", "")])
def test_the_home_page_says_what_is_stuck_and_links_for_who_may_look(sign_in, one_of_each, name, url):
    [check] = [check for check in sign_in(name).get("/").context["checks"] if check.label == LABEL]

    assert (check.tone, check.url) == ("warning", url)
    assert check.detail.count("1") == 2


def test_the_home_page_is_silent_when_nothing_is_stuck(sign_in, cast):
    assert LABEL not in [check.label for check in sign_in("admin").get("/").context["checks"]]


@pytest.mark.parametrize(("minutes", "tone"), [(0, "success"), (4, "success"), (6, "error"), (None, "error")])
def test_the_home_page_sees_a_sender_that_is_not_at_work(sign_in, monkeypatch, minutes, tone):
    seen = None if minutes is None else timezone.now() - dt.timedelta(minutes=minutes)
    monkeypatch.setattr("monitoring.dashboards.machine._broker", lambda: (0, None, seen, True))
    [check] = [check for check in sign_in("staff").get("/").context["checks"] if check.label == SENDING]
    assert check.tone == tone


def test_it_needs_few_queries(sign_in, cast, mail, reach, django_assert_max_num_queries):
    Gateway.objects.create(name="短信", url="https://sms.example.org/", body='{"to": "{{ phone }}"}')
    for number in range(10):
        tell(reach("township"), reach("staff"), key=f"dispatched:{number}")
    browser = sign_in("admin")
    with django_assert_max_num_queries(12):
        assert len(browser.get(LIST).context["deliveries"]) == 40
