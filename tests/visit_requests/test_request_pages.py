"""Change requests on their page: the visit beside the register of then and of now, and the township's decision."""

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from households.evidence.services import open_batch
from households.models import AuditEntry, HouseholdFact, Visit
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.visit_requests.conftest import DAY, LIST, ON, decide, groups, picks

pytestmark = pytest.mark.django_db


def grade(household) -> str:
    return household.facts.filter(replaced_in=None).order_by("-as_of", "-batch_id", "-pk").first().house_grade


def correct(household, grade, cast):
    """The desk corrects the grade of the house meanwhile."""
    batch = open_batch(kind="desk", source="household", by=cast.staff, reason="鉴定报告")
    return HouseholdFact.objects.create(household=household, as_of=ON - DAY, house_grade=grade, batch=batch)


def test_the_visit_stands_beside_the_register_of_then_at_the_door_and_now(asks, sign_in):
    visit = asks(head_name="望山")
    (group,) = groups(sign_in("township"))

    (one,) = group.asked
    assert (group.visit, group.place, group.photos) == (visit, "长江村", 0)
    assert [str(one.told.said)[0], str(one.told.stood)[0], str(one.told.seen)[0], str(one.now)[0]] == list("CBBB")
    assert not one.differs
    content = sign_in("township").get(LIST).content.decode()
    assert "望山" in content
    assert visit.visitor.name in content


def test_what_the_desk_corrected_meanwhile_stands_beside_it_with_its_day(asks, sign_in, cast):
    visit = asks()
    correct(visit.household, "D", cast)

    ((one,),) = [group.asked for group in groups(sign_in("township"))]
    assert one.differs
    assert str(one.now).startswith("D")
    assert cast.staff.name in one.change
    assert not one.agrees


def test_a_line_of_the_ledger_that_was_corrected_or_taken_away_is_told(visited, sign_in, cast):
    household = factories.household(members=1)
    month = ON.replace(day=1)
    factories.income(household=household, amount="2800", month=month)
    gone = factories.income(household=household, amount="900", month=month, item="零工")
    factories.income(household=household, amount="50", month=month, item="存款")
    visited(
        household,
        income=[
            {"month": "2026-11", "kind": "wage", "item": "务工", "amount": "3000.00"},
            {"month": "2026-11", "kind": "wage", "item": "零工", "amount": "1000.00"},
        ],
    )
    gone.replaced_in = open_batch(kind="desk", source="line", by=cast.staff)
    gone.save(update_fields=["replaced_in"])

    ((wage, odd),) = [group.asked for group in groups(sign_in("township"))]
    assert (wage.told.said, wage.told.stood, wage.now, wage.change) == ("3,000.00", "2,800.00", "2,800.00", "")
    assert "50.00" in wage.others
    assert (odd.told.stood, odd.now) == ("900.00", None)
    assert cast.staff.name in odd.change


def test_accepted_it_stands_in_the_register_and_the_page_says_who(asks, sign_in, cast):
    visit = asks()
    response = decide(sign_in("township"), visit, reason="看过照片", query="state=asked")

    assert response.url == f"{LIST}?state=asked"
    assert grade(visit.household) == "C"
    assert groups(sign_in("township")) == []
    (group,) = groups(sign_in("specialist"), state="accepted")
    answer = group.asked[0].told.answer
    assert (answer.decided_by, answer.decision) == (cast.township, "看过照片")
    assert "看过照片" in sign_in("specialist").get(LIST, {"state": "accepted"}).content.decode()


def test_declined_the_register_stays_and_both_values_are_kept(asks, sign_in):
    visit = asks()
    client = sign_in("township")

    refused = decide(client, visit, "decline")
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.content.decode()
    assert decide(client, visit, "decline", "鉴定为B级").status_code == 302
    assert grade(visit.household) == "B"
    (group,) = groups(client, state="declined")
    assert (group.asked[0].told.answer.said, group.asked[0].told.answer.stood) == ("C", "B")


def test_one_answer_is_decided_and_the_others_go_on_waiting(visited, sign_in):
    household = factories.household(house_grade="B", safe_water=True, members=1)
    visit = visited(household, house=[{"house_grade": "C"}], water=[{"safe_water": False}])
    client = sign_in("township")
    first, second = picks(client, visit)

    decide(client, visit, picked=[first])
    assert picks(client, visit) == [second]


def test_never_of_two_households_at_once(asks, sign_in):
    mine, other = asks(), asks()
    client = sign_in("township")
    picked = picks(client, mine) + picks(client, other)

    assert decide(client, mine, picked=picked).status_code == 422
    assert len(groups(client)) == 2


@pytest.mark.parametrize("picked", [[], ["x"], ["0"], ["99999999999.abc"]])
def test_what_was_not_ticked_on_the_page_decides_nothing(asks, sign_in, picked):
    visit = asks()
    assert decide(sign_in("township"), visit, picked=picked).status_code == 422
    assert decide(sign_in("township"), visit, "perhaps").status_code == 422
    assert len(groups(sign_in("township"))) == 1


def test_the_address_of_a_refused_decision_shows_the_visit_again(asks, sign_in):
    visit = asks()
    response = sign_in("township").get(reverse("visits:request-decide", args=[visit.pk]), follow=True)
    assert [group.visit.pk for group in response.context["groups"]] == [visit.pk]


def test_decided_twice_the_second_is_told_who_was_first(asks, sign_in, cast):
    visit = asks()
    picked = picks(sign_in("staff"), visit)
    decide(sign_in("township"), visit, "decline", "照片看不出")

    response = decide(sign_in("staff"), visit, picked=picked)
    assert response.status_code == 422
    assert cast.township.name in response.content.decode()
    assert grade(visit.household) == "B"


def test_what_changed_since_the_page_was_opened_is_looked_at_again(asks, sign_in, cast):
    visit = asks()
    client = sign_in("township")
    picked = picks(client, visit)
    correct(visit.household, "D", cast)

    assert decide(client, visit, picked=picked).status_code == 422
    assert grade(visit.household) == "D"
    assert decide(client, visit).status_code == 302


def test_who_may_not_decide_reads_and_has_no_button(asks, sign_in):
    visit = asks()
    for member in ("specialist", "auditor"):
        content = sign_in(member).get(LIST).content.decode()
        assert "C" in content
        assert 'name="picked"' not in content
        assert decide(sign_in(member), visit, picked=["1"]).status_code == 403


def test_out_of_scope_is_nowhere(asks, sign_in):
    visit = asks(village=ELSEWHERE)
    assert groups(sign_in("township")) == []
    assert decide(sign_in("township"), visit, picked=["1"]).status_code == 404
    assert sign_in("township").get(LIST, {"village": ELSEWHERE}).status_code == 400
    assert len(groups(sign_in("staff"), township=ELSEWHERE[:9])) == 1


def test_of_a_household_that_moved_to_another_township_the_county_decides(asks, sign_in):
    visit = asks()
    place = {"village": ELSEWHERE, "township": ELSEWHERE[:9]}
    picked = picks(sign_in("township"), visit)
    type(visit.household).objects.filter(pk=visit.household_id).update(**place)

    (group,) = groups(sign_in("township"))
    assert group.elsewhere
    assert 'name="picked"' not in sign_in("township").get(LIST).content.decode()
    assert decide(sign_in("township"), visit, picked=picked).status_code == 422
    assert decide(sign_in("staff"), visit).status_code == 302
    assert grade(visit.household) == "C"


def test_of_somebody_who_left_the_household_it_says_so(visited, sign_in):
    household = factories.household(members=1)
    person = factories.person(household=household, facts={"work_place": "县内"})
    visit = visited(household, work=[{"person": person.pk, "work_place": "省外"}])
    client = sign_in("township")
    assert groups(client)[0].asked[0].is_member
    membership = person.memberships.get()
    type(membership).objects.filter(pk=membership.pk).update(replaced_in=factories.batch())

    assert not groups(client)[0].asked[0].is_member
    assert decide(client, visit).status_code == 422


def test_the_page_goes_by_visits_the_newest_first_and_back(asks, sign_in, monkeypatch):
    monkeypatch.setattr("monitoring.visiting.request_views.PAGE_VISITS", 2)
    visits = [asks(village=VILLAGES[number % 2]) for number in range(3)]
    client = sign_in("township")

    first = client.get(LIST)
    assert [group.visit for group in first.context["groups"]] == [visits[2], visits[1]]
    second = client.get(LIST + first.context["next_url"])
    assert [group.visit for group in second.context["groups"]] == [visits[0]]
    assert client.get(LIST, {"before": "x"}).status_code == 400
    assert client.get(LIST, {"state": "noted"}).status_code == 400
    assert [group.visit for group in groups(client, village=VILLAGES[1])] == [visits[1]]


def test_a_page_costs_the_same_however_many_it_shows_and_is_noted(asks, sign_in):
    client = sign_in("township")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        return len(queries)

    asks()
    one = cost()
    visits = [asks() for _number in range(4)]
    assert cost() == one <= 20
    entry = AuditEntry.objects.filter(action="visit_requests_read").first()
    assert len(entry.detail["visits"]) == 5
    assert visits[0].pk in entry.detail["visits"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(asks, sign_in):
    visit = asks()
    clients = [sign_in("township"), sign_in("staff")]
    picked = picks(clients[0], visit)
    start = threading.Barrier(2)
    got: list[int] = []

    def press(client, decision):
        start.wait()
        try:
            got.append(decide(client, visit, decision, "现场看过", picked=picked).status_code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=press, args=(client, decision))
        for client, decision in zip(clients, ("accept", "decline"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(got) == [302, 422]
    state = Visit.objects.get(pk=visit.pk).answers.get().state
    assert grade(visit.household) == {"accepted": "C", "declined": "B"}[state]
