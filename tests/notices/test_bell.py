"""The bell: one's own notices, unread first, counted beside one's name on every page."""

import pytest
from django.urls import reverse
from django.utils import timezone

from alerts.models import Notice
from alerts.notices.reading import unread_of
from households.privacy.seal import seal
from tests.notices.conftest import PHONE, tell

LIST = reverse("notices:list")
COUNT = '<span class="count">'


def _written(response) -> str:
    return response.content.decode()


def test_it_shows_my_notices_in_words_and_nobody_elses(sign_in, cast):
    tell(cast.township.pk)
    tell(cast.specialist.pk, key="dispatched:2", count=7)
    page = _written(sign_in("township").get(LIST))

    assert "您有 3 条新预警" in page
    assert "屈原镇有 3 条预警派发给您，最高级别黄色" in page
    assert "7 条" not in page


def test_every_page_counts_what_is_unread(sign_in, cast):
    browser = sign_in("township")
    assert COUNT not in _written(browser.get("/alerts/"))
    for number in range(3):
        tell(cast.township.pk, key=f"dispatched:{number}")
    assert f"{COUNT}3<" in _written(browser.get("/alerts/"))


def test_it_counts_no_further_than_anybody_reads(sign_in, cast):
    Notice.objects.bulk_create(
        Notice(recipient=cast.township, kind="test", key=f"k{number}", created_at=timezone.now())
        for number in range(130)
    )
    assert f"{COUNT}99+<" in _written(sign_in("township").get("/alerts/"))


def test_opening_marks_it_read_and_leads_there(sign_in, cast):
    tell(cast.township.pk)
    pk = Notice.objects.get().pk
    browser = sign_in("township")
    response = browser.post(reverse("notices:open", args=[pk]))

    assert response.url == "/alerts/"
    assert unread_of(cast.township).count() == 0
    assert "您有 3 条新预警" in _written(browser.get(LIST))


def test_looking_changes_nothing(sign_in, cast):
    tell(cast.township.pk)
    browser = sign_in("township")
    browser.get(LIST)
    assert browser.get(reverse("notices:open", args=[Notice.objects.get().pk])).status_code == 405
    assert unread_of(cast.township).count() == 1


def test_all_are_marked_but_what_came_after_the_page_was_drawn(sign_in, cast):
    for number in range(3):
        tell(cast.township.pk, cast.specialist.pk, key=f"dispatched:{number}")
    browser = sign_in("township")
    newest = browser.get(LIST).context["newest"]
    tell(cast.township.pk, key="dispatched:late")
    browser.post(reverse("notices:read-all"), {"newest": newest})

    assert Notice.objects.filter(recipient=cast.township, read_at=None).get().key == "dispatched:late"
    assert unread_of(cast.specialist).count() == 3


@pytest.mark.parametrize("newest", ["", "x", "-1", "9" * 30, "１"])
def test_a_number_that_is_none_marks_nothing(sign_in, cast, newest):
    tell(cast.township.pk)
    assert sign_in("township").post(reverse("notices:read-all"), {"newest": newest}).status_code == 302
    assert unread_of(cast.township).count() == 1


def test_reading_again_does_not_change_when_it_was_read(sign_in, cast):
    tell(cast.township.pk)
    pk, browser = Notice.objects.get().pk, sign_in("township")
    browser.post(reverse("notices:read", args=[pk]))
    first = Notice.objects.get().read_at
    browser.post(reverse("notices:read", args=[pk]))
    assert Notice.objects.get().read_at == first


def test_old_ones_are_reached_page_by_page(sign_in, cast):
    now = timezone.now()
    Notice.objects.bulk_create(
        Notice(recipient=cast.township, kind="test", key=f"k{number}", created_at=now, read_at=now)
        for number in range(70)
    )
    browser, seen, query = sign_in("township"), [], ""
    for _page in range(3):
        page = browser.get(LIST + query).context["page"]
        seen += [notice.key for notice in page.rows]
        query = f"?before={page.older}"
    assert seen == [f"k{number}" for number in range(69, -1, -1)]


def test_an_unknown_parameter_is_an_error(sign_in):
    assert sign_in("township").get(f"{LIST}?state=waiting").status_code == 400


def test_it_says_how_one_is_reached(sign_in, cast, mail):
    cast.township.email, cast.township.phone_sealed = "a@example.org", seal(PHONE)
    cast.township.save()
    page = _written(sign_in("township").get(LIST))
    assert "a@example.org" in page
    assert PHONE not in page


def test_it_needs_few_queries(sign_in, cast, django_assert_max_num_queries):
    for number in range(12):
        tell(cast.township.pk, key=f"dispatched:{number}")
    Notice.objects.filter(key__in=["dispatched:1", "dispatched:2"]).update(read_at=timezone.now())
    browser = sign_in("township")
    with django_assert_max_num_queries(12):
        browser.get(LIST)
