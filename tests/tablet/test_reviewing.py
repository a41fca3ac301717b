"""A person decides what becomes of an upload that was kept."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from alerts.models import Alert
from households.desk.changes import NotPossible
from households.ledger.models import AuditEntry, Event
from households.models import Household, Visit
from households.visits.models import VisitPhoto
from monitoring.models import HeldPhoto, Upload, UploadState
from monitoring.tablet.photos import receive_photo
from monitoring.tablet.reviewing import accept_upload, set_aside_upload
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.tablet.pushed import answers, visit
from tests.tablet.test_photos import PLAIN, _sha

pytestmark = pytest.mark.django_db
HERE = VILLAGES[0]


@pytest.fixture
def held(sign_in, cast):
    """A function: an upload of the specialist to a household elsewhere, as it was sent."""

    def _held(household=None, **fields):
        row = household or factories.household(village=ELSEWHERE)
        (answer,) = answers(sign_in("specialist"), visit(row, **fields))
        return Upload.objects.get(pk=answer["receipt"])

    return _held


def test_accepted_it_is_the_visit_of_whoever_made_it_where_the_household_lives_now(held, cast):
    upload = held(words="一切正常")
    Household.objects.filter(pk=upload.household_id).update(village=HERE, township=HERE[:9])

    accept_upload(upload_id=upload.pk, by=cast.admin, reason="属实")

    row = Visit.objects.get()
    assert (row.uid, row.visitor, row.village, row.words) == (upload.uid, cast.specialist, HERE, "一切正常")
    assert row.batch.actor == cast.admin
    upload.refresh_from_db()
    assert (upload.state, upload.visit, upload.decided_by, upload.decision) == (
        "accepted",
        row,
        cast.admin,
        "属实",
    )
    assert Event.objects.get(subject="upload").kind == "upload_accepted"
    assert AuditEntry.objects.get(action="upload_accepted").detail == {"reason": "moved"}


def test_set_aside_it_stays_and_becomes_nothing(held, cast):
    upload = held()

    set_aside_upload(upload_id=upload.pk, by=cast.admin, reason="重复")

    upload.refresh_from_db()
    assert (upload.state, upload.visit, upload.decision) == ("set_aside", None, "重复")
    assert not Visit.objects.exists()
    assert Event.objects.get(subject="upload").note == "重复"


def test_without_a_reason_nothing_is_set_aside(held, cast):
    with pytest.raises(NotPossible) as refused:
        set_aside_upload(upload_id=held().pk, by=cast.admin, reason=" ")
    assert refused.value.field == "reason"


@pytest.mark.parametrize("verb", [accept_upload, set_aside_upload])
def test_what_was_decided_already_says_by_whom(held, cast, verb):
    upload = held()
    accept_upload(upload_id=upload.pk, by=cast.admin)

    with pytest.raises(NotPossible, match="admin"):
        verb(upload_id=upload.pk, by=cast.staff, reason="x")
    assert Visit.objects.count() == 1


def test_who_may_not_see_it_or_not_decide_decides_nothing(held, cast):
    upload = held()

    with pytest.raises(Upload.DoesNotExist):
        accept_upload(upload_id=upload.pk, by=cast.township)
    for who in (cast.specialist, cast.auditor, cast.neighbour):
        with pytest.raises(PermissionDenied):
            accept_upload(upload_id=upload.pk, by=who)


def test_a_household_that_has_left_the_area_is_not_decided_on(held, cast):
    upload = held(factories.household(village=HERE), on=f"{timezone.localdate() + dt.timedelta(days=1)}")
    Household.objects.filter(pk=upload.household_id).update(village=ELSEWHERE, township=ELSEWHERE[:9])

    with pytest.raises(NotPossible):
        accept_upload(upload_id=upload.pk, by=cast.township)


def test_a_visit_from_the_future_becomes_one_of_the_day_it_came_in(held, cast):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    upload = held(factories.household(village=HERE), on=f"{tomorrow}")

    accept_upload(upload_id=upload.pk, by=cast.township)

    row = Visit.objects.get()
    assert (row.visited_on, row.tablet_day) == (timezone.localdate(), tomorrow)


def test_whoever_accepts_a_visit_from_the_future_may_say_which_day_it_was(held, cast):
    today = timezone.localdate()
    next_year = today + dt.timedelta(days=365)
    upload = held(factories.household(village=HERE), on=f"{next_year}")

    for wrong in (today + dt.timedelta(days=1), dt.date(2019, 12, 31)):
        with pytest.raises(NotPossible) as refused:
            accept_upload(upload_id=upload.pk, by=cast.township, on=wrong)
        assert refused.value.field == "on"
    accept_upload(upload_id=upload.pk, by=cast.township, on=today - dt.timedelta(days=1))

    row = Visit.objects.get()
    assert (row.visited_on, row.tablet_day) == (today - dt.timedelta(days=1), next_year)


def test_the_day_of_a_visit_that_was_kept_for_another_reason_is_its_own(held, cast):
    upload = held()

    accept_upload(upload_id=upload.pk, by=cast.admin, on=timezone.localdate() - dt.timedelta(days=3))

    assert Visit.objects.get().visited_on == timezone.localdate()


def test_of_a_conflict_both_can_be_visits(held, sign_in, cast):
    row = factories.household(village=HERE)
    first = held(row, words="一切正常")
    second = held(row, uid=str(first.uid), words="屋顶漏水")

    accept_upload(upload_id=second.pk, by=cast.township)

    assert [one.words for one in Visit.objects.order_by("pk")] == ["一切正常", "屋顶漏水"]
    assert Visit.objects.filter(uid=first.uid).count() == 1


def test_verdicts_of_an_upload_that_was_kept_move_nothing(held, cast):
    row = factories.household(village=ELSEWHERE)
    alert = factories.alert(household=row, status="acknowledged", holder="village")
    verdict = {"alert": alert.pk, "stamp": alert.stamp, "verdict": "confirmed", "risks": ["illness"]}
    upload = held(row, verdicts=[verdict], unchanged=True)

    accept_upload(upload_id=upload.pk, by=cast.admin)

    assert Alert.objects.get(pk=alert.pk).status == "acknowledged"


def test_a_member_who_has_left_meanwhile_is_named(held, cast):
    row = factories.household(village=ELSEWHERE)
    upload = held(row, work=[{"person": factories.person().pk, "work_place": "省外"}])

    with pytest.raises(NotPossible, match="work.0.person"):
        accept_upload(upload_id=upload.pk, by=cast.admin)
    assert Upload.objects.get(pk=upload.pk).state == UploadState.HELD


def test_its_photos_become_those_of_the_visit(held, cast):
    upload = held(photos=[_sha(PLAIN)], unchanged=True)
    receive_photo(uid=upload.uid, sha256=_sha(PLAIN), content=PLAIN, by=cast.specialist)

    accept_upload(upload_id=upload.pk, by=cast.admin)

    assert VisitPhoto.objects.get().sha256 == _sha(PLAIN)
    assert not HeldPhoto.objects.exists()


def test_a_stored_one_is_not_reviewed(held, cast):
    upload = held(factories.household(village=HERE))

    with pytest.raises(NotPossible):
        set_aside_upload(upload_id=upload.pk, by=cast.township, reason="x")
