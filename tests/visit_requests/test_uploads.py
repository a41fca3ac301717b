"""Uploads kept for review: all that was said, why it waits, both clocks and both versions; and the decision."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from households.models import AuditEntry, Visit
from monitoring.models import HeldFor
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.visit_requests.conftest import ON

pytestmark = pytest.mark.django_db
LIST = "/uploads/"


def url(name, upload, *args):
    return reverse(f"uploads:{name}", args=[upload.pk, *args])


@pytest.fixture
def held(cast):
    """One upload of the specialist's that waits."""

    def _held(household=None, held_for="posting", **fields):
        household = household or factories.household(members=1)
        said = fields.pop("said", None) or factories.payload(household=household, on=ON, words="屋顶漏雨")
        sender = fields.pop("sender", cast.specialist)
        return factories.upload(household=household, sender=sender, said=said, held_for=held_for, **fields)

    return _held


def rows(response) -> dict[str, tuple[str, str | None, bool]]:
    """Label → what this version says, what the other one says, whether they differ."""
    return {str(row.said.label): (row.mine, row.other, row.differs) for row in response.context["rows"]}


def listed(client, **query):
    return [upload.pk for upload in client.get(LIST, query).context["rows"]]


def test_everything_that_was_said_stands_there_in_the_words_of_the_form(held, sign_in):
    household = factories.household(members=1)
    person = household.memberships.get().person
    said = factories.payload(
        household=household,
        on=ON,
        method="phone",
        words="屋顶漏雨",
        needs="想修屋顶",
        risks=["illness"],
        began_at="2026-11-20T09:10:00+08:00",
        income=[{"month": "2026-10", "kind": "wage", "item": "务工", "amount": "3000.00"}],
        illness=[{"person": person.pk, "treatment": "inpatient", "month": "2026-11", "self_pay": "5200.00"}],
        water=[{"safe_water": False}],
        verdicts=[{"alert": 9, "verdict": "unclear", "note": "等检查结果"}],
        photos=["0" * 64],
    )
    response = sign_in("township").get(url("detail", held(household, said=said)))

    content = response.content.decode()
    for word in ("屋顶漏雨", "想修屋顶", "务工", "3,000.00", person.name, "5,200.00", "等检查结果", "09:10:00"):
        assert word in content
    texts = [row.mine for row in response.context["rows"]]
    assert "2026-11-20" in texts
    assert "phone" not in texts


def test_the_name_of_a_stranger_is_told_by_no_payload(held, sign_in):
    stranger = factories.person(household=factories.household(village=ELSEWHERE), name="别家的人")
    household = factories.household(members=1)
    said = factories.payload(household=household, work=[{"person": stranger.pk, "work_months": 3}])

    content = sign_in("township").get(url("detail", held(household, said=said))).content.decode()
    assert "别家的人" not in content


@pytest.mark.parametrize("why", HeldFor.values)
def test_it_says_why_it_waits_and_shows_both_clocks(held, sign_in, why):
    sent = timezone.now() - dt.timedelta(days=2)
    upload = held(held_for=why, sent_at=sent, clock_behind=2 * 86400)
    response = sign_in("township").get(url("detail", upload))

    assert response.context["why"]
    content = response.content.decode()
    assert f"{timezone.localtime(sent):%Y-%m-%d %H:%M:%S}" in content
    assert f"{timezone.localtime(upload.received_at):%Y-%m-%d %H:%M:%S}" in content
    assert response.context["clock"]


def test_of_a_conflict_both_versions_stand_side_by_side_and_the_differences_are_marked(held, sign_in, cast):
    household = factories.household(members=1)
    first = factories.payload(
        household=household,
        words="一切正常",
        needs="无",
        income=[{"month": "2026-10", "kind": "wage", "item": "务工", "amount": "3000.00"}],
    )
    visit = factories.visit(household=household, uid=first["uid"])
    stored = factories.upload(household=household, sender=cast.specialist, said=first, state="stored", visit=visit)
    second = {**first, "words": "屋顶漏雨", "income": [{**first["income"][0], "amount": "3200.00"}]}
    del second["needs"]
    response = sign_in("township").get(url("detail", held(household, said=second, held_for="conflict")))

    assert response.context["other"] == stored
    told = rows(response)
    differing = {(mine, other) for mine, other, differs in told.values() if differs}
    assert differing == {("屋顶漏雨", "一切正常"), ("", "无"), ("3,200.00", "3,000.00")}
    assert response.content.decode().count("<mark>") == 6
    assert reverse("visits:detail", args=[visit.pk]) in response.content.decode()


def test_accepted_it_becomes_the_visit_of_whoever_made_it(held, sign_in, cast):
    upload = held()
    response = sign_in("township").post(url("accept", upload), {"reason": "当天确有走访"})

    assert response.url == LIST
    visit = Visit.objects.get(household=upload.household)
    assert (visit.visitor, visit.words, visit.visited_on) == (cast.specialist, "屋顶漏雨", ON)
    client = sign_in("township")
    assert listed(client) == []
    assert listed(client, state="accepted") == [upload.pk]
    content = client.get(url("detail", upload)).content.decode()
    assert "当天确有走访" in content
    assert reverse("visits:detail", args=[visit.pk]) in content
    assert url("accept", upload) not in content


def test_the_day_is_asked_for_only_where_it_was_wrong(held, sign_in):
    client = sign_in("township")
    upload = held(held_for="future")
    assert 'name="on"' in client.get(url("detail", upload)).content.decode()
    assert 'name="on"' not in client.get(url("detail", held())).content.decode()

    response = client.post(url("accept", upload), {"on": "2099-01-01"})
    assert response.status_code == 422
    assert "on" in response.context["form"].errors
    assert client.post(url("accept", upload), {"on": f"{ON}"}).status_code == 302
    assert Visit.objects.get().visited_on == ON


def test_set_aside_nothing_becomes_of_it_and_it_stays_to_be_read(held, sign_in):
    upload = held()
    client = sign_in("township")

    assert client.post(url("set-aside", upload), {"reason": " "}).status_code == 422
    # The address that stands in the browser then.
    assert client.get(url("set-aside", upload), follow=True).context["upload"] == upload
    assert client.post(url("set-aside", upload), {"reason": "没有去过"}).status_code == 302
    assert not Visit.objects.exists()
    assert listed(client, state="set_aside") == [upload.pk]
    content = client.get(url("detail", upload)).content.decode()
    assert "没有去过" in content
    assert "屋顶漏雨" in content


def test_decided_twice_the_second_is_told_who_was_first(held, sign_in, cast):
    upload = held()
    sign_in("township").post(url("set-aside", upload), {"reason": "没有去过"})

    response = sign_in("staff").post(url("accept", upload))
    assert response.status_code == 422
    assert cast.township.name in response.content.decode()
    assert not Visit.objects.exists()


def test_of_a_household_that_moved_to_another_township_the_county_decides(held, sign_in):
    upload = held()
    place = {"village": ELSEWHERE, "township": ELSEWHERE[:9]}
    type(upload.household).objects.filter(pk=upload.household_id).update(**place)
    client = sign_in("township")

    assert not client.get(url("detail", upload)).context["lives_here"]
    assert client.post(url("accept", upload)).status_code == 422
    assert sign_in("staff").post(url("accept", upload)).status_code == 302
    assert Visit.objects.get().village == ELSEWHERE


def test_what_was_stored_at_once_is_no_page_here(held, sign_in):
    upload = held(state="stored")
    client = sign_in("township")
    assert client.get(url("detail", upload)).status_code == 404
    assert client.post(url("set-aside", upload), {"reason": "不要"}).status_code == 404
    assert listed(client) == []


def test_the_list_shows_what_waits_in_the_own_area_by_reason_and_village(held, sign_in):
    here, there = held(held_for="future"), held(factories.household(village=VILLAGES[1]))
    elsewhere = held(factories.household(village=ELSEWHERE))
    client = sign_in("township")

    assert listed(client) == [there.pk, here.pk]
    assert listed(client, held_for="future") == [here.pk]
    assert listed(client, village=VILLAGES[1]) == [there.pk]
    assert listed(sign_in("staff"), township=ELSEWHERE[:9]) == [elsewhere.pk]
    assert client.get(LIST, {"state": "stored"}).status_code == 400
    assert client.get(LIST, {"before": "x"}).status_code == 400


def test_reading_it_is_noted_and_the_list_costs_the_same_for_many(held, sign_in):
    client = sign_in("township")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        return len(queries)

    upload = held()
    one = cost()
    for _number in range(4):
        held()
    assert cost() == one <= 12
    client.get(url("detail", upload))
    assert AuditEntry.objects.get(action="upload_read").subject_id == str(upload.pk)


def test_a_photo_of_it_is_opened_for_whoever_decides(held, sign_in):
    upload = held()
    photo = factories.held_photo(upload=upload, content=b"\xff\xd8 sealed")

    response = sign_in("township").get(url("photo", upload, photo.pk))
    assert response.content == b"\xff\xd8 sealed"
    assert response.headers["Content-Type"] == "image/jpeg"
    assert sign_in("township").get(url("photo", held(), photo.pk)).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(held, sign_in):
    upload = held()
    clients = [sign_in("township"), sign_in("staff")]
    start = threading.Barrier(2)
    got: list[int] = []

    def press(client, name):
        start.wait()
        try:
            got.append(client.post(url(name, upload), {"reason": "核对过"}).status_code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=press, args=pair) for pair in zip(clients, ("accept", "set-aside"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(got) == [302, 422]
    upload.refresh_from_db()
    assert Visit.objects.exists() == (upload.state == "accepted")
