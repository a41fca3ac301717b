"""The page and the command that take an import back."""

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation

from alerts.models import Alert
from households.imports.locking import NotReady
from households.ledger.services import record_event
from households.models import AuditEntry, Event, IncomeLine
from monitoring.judgment.tasks import judge_batches
from tests import factories
from tests.imports.conftest import INCOME, as_csv, preview, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def july():
    """Today is 10 July 2022: June is the last closed month."""
    with time_machine.travel(dt.datetime(2022, 7, 10, 9, 0, tzinfo=dt.UTC), tick=True):
        yield


@pytest.fixture
def ledger(cast):
    """A ledger that raises an alert of each of two households; of the first, somebody has acknowledged it."""
    households = [factories.household(members=1, head_name=name) for name in ("王一", "赵二")]
    lines = [[household.code, "202206", "工资性收入", "务工", "100"] for household in households]
    row = take_in(as_csv(INCOME, *lines), "收入.csv", by=cast.staff)
    judge_batches()
    alert = Alert.objects.get(household=households[0])
    Alert.objects.filter(pk=alert.pk).update(status="acknowledged")
    record_event(
        kind="alert_acknowledged", subject="alert", subject_id=alert.pk, place=alert, actor=cast.specialist
    )
    return row


def page(row):
    return reverse("pages:undo-import", args=[row.pk])


def test_the_page_says_what_would_happen_and_writes_nothing(sign_in, ledger):
    answer = sign_in("staff").get(page(ledger))
    seen = answer.context["seen"]
    assert [kept.household.head_name for kept in seen.kept] == ["王一"]
    assert [alert.household.head_name for alert in seen.withdrawn] == ["赵二"]
    assert "王一" in answer.content.decode()
    assert IncomeLine.objects.current().count() == 2
    assert AuditEntry.objects.filter(action="import_undo_previewed", subject_id=str(ledger.pk)).exists()


def test_with_a_reason_it_is_taken_back_and_the_import_says_so(sign_in, ledger, cast):
    client = sign_in("staff")
    answer = client.post(page(ledger), {"reason": "错发文件"}, follow=True)

    assert answer.redirect_chain[-1][0] == reverse("imports:detail", args=[ledger.pk])
    text = answer.content.decode()
    assert "错发文件" in text
    assert cast.staff.name in text
    assert "王一" in text
    assert set(Alert.objects.values_list("status", flat=True)) == {"acknowledged", "withdrawn"}
    assert page(ledger) not in text


@pytest.mark.parametrize("reason", ["", "   ", "长" * 301])
def test_without_a_proper_reason_nothing_happens(sign_in, ledger, reason):
    answer = sign_in("staff").post(page(ledger), {"reason": reason})
    assert (answer.status_code, IncomeLine.objects.current().count()) == (422, 2)


@pytest.mark.parametrize(
    ("member", "status"),
    [("admin", 200), ("staff", 200), ("auditor", 403), ("officer", 403), ("township", 403), ("specialist", 403)],
)
def test_only_the_countys_desk_takes_imports_back(sign_in, ledger, member, status):
    assert sign_in(member).get(page(ledger)).status_code == status
    sign_in(member).post(page(ledger), {"reason": "错发文件"})
    assert IncomeLine.objects.current().count() == (1 if status == 200 else 2)


def test_the_button_is_there_for_those_who_may(sign_in, ledger):
    detail = reverse("imports:detail", args=[ledger.pk])
    assert page(ledger) in sign_in("staff").get(detail).content.decode()
    assert page(ledger) not in sign_in("auditor").get(detail).content.decode()


def test_the_second_of_two_is_told_that_it_is_done(sign_in, ledger):
    client = sign_in("staff")
    client.post(page(ledger), {"reason": "错发文件"})
    events = Event.objects.count()
    answer = client.post(page(ledger), {"reason": "错发文件"}, follow=True)
    with translation.override("zh-hans"):
        assert str(list(answer.context["messages"])[-1]) == str(NotReady())
    assert Event.objects.count() == events


def test_a_preview_leads_back_to_the_file(sign_in, cast):
    row = preview(as_csv(INCOME, ["420527103204000001", "202206", "工资性收入", "务工", "100"]))
    assert sign_in("staff").get(page(row)).status_code == 302


def test_an_alert_says_why_it_was_withdrawn(sign_in, ledger):
    client = sign_in("staff")
    client.post(page(ledger), {"reason": "错发文件"})
    alert = Alert.objects.get(status="withdrawn")
    entries = client.get(reverse("pages:alert", args=[alert.pk])).context["entries"]
    with translation.override("en"):
        assert "taken back" in str(entries[0].title)


class TestCommand:
    def run(self, *arguments) -> str:
        out = StringIO()
        call_command("undo_import", *map(str, arguments), stdout=out)
        return out.getvalue()

    def test_it_takes_the_same_road(self, ledger, cast):
        said = self.run(ledger.pk, "--reason", "错发文件", "--as", "staff")
        ledger.refresh_from_db()
        assert ledger.state == "retracted"
        assert "INC01" in said
        assert "王一" not in said
        assert AuditEntry.objects.get(action="import_retracted").actor == cast.staff

    def test_a_dry_run_writes_nothing(self, ledger):
        assert "INC01" in self.run(ledger.pk, "--dry-run")
        ledger.refresh_from_db()
        assert ledger.state == "committed"

    @pytest.mark.parametrize(
        "arguments",
        [("--reason", ""), ("--reason", "错发", "--as", "officer"), ("--reason", "错发", "--as", "nobody")],
    )
    def test_it_refuses_without_a_reason_or_a_right(self, ledger, arguments):
        with pytest.raises(CommandError):
            self.run(ledger.pk, *arguments)
        assert IncomeLine.objects.current().count() == 2

    def test_an_import_that_is_not_there_is_an_error(self, db):
        with pytest.raises(CommandError):
            self.run(99999, "--reason", "错发")
