"""A household that no export names yet, and its national number later."""

import datetime as dt
from functools import partial

import pytest

from households.desk.new_households import Head, enter_household
from households.models import AuditEntry, Event, Household, HouseholdFact, Person
from households.privacy.seal import lookup_hash, unseal
from households.refusal import Refused
from households.registry.identity import check_character
from monitoring.judgment.digest import run_digest
from monitoring.judgment.models import Finding
from monitoring.judgment.running import open_run, work_run
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.desk.sending import JUNE, REASON, at_once, desk_batches, judged, members_of, problems, send
from tests.pages.conftest import named_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]

HERE = VILLAGES[0]
IDENTITY = "42052719800501123" + check_character("42052719800501123")
ON = dt.date(2022, 6, 16)
CODE = "420527103204009999"
NEW = {
    "on": "2022-06-16",
    "village": HERE,
    "name": "望 新",
    "number": "",
    "born_on": "1985-03-04",
    "sex": "female",
    "phone": "138 1234 5678",
    "kind": "lifted",
    "category": "unstable",
    "code": "",
}


def newest() -> Household:
    return Household.objects.order_by("-id").first()


def test_it_is_in_the_register_with_its_head(sign_in):
    response = send(sign_in("township"), "new", **NEW)

    new = newest()
    assert response.url == f"/households/{new.pk}/"
    assert (new.code, new.head_name, new.head_pinyin, new.village) == (None, "望新", "wangxin wx", HERE)
    assert unseal(new.phone_sealed) == "13812345678"
    assert members_of(new) == {"望新": ("户主", True, ON, None)}
    head = Person.objects.get()
    assert (head.sex, head.born_on, head.identity_hash) == ("female", dt.date(1985, 3, 4), None)
    fact = HouseholdFact.objects.get(household=new)
    assert (fact.as_of, fact.kind, fact.category) == (ON, "lifted", "unstable")
    assert Event.objects.get(kind="household_entered").subject_id == new.pk
    assert "望新" in sign_in("township").get(f"/households/{new.pk}/").content.decode()
    assert "望新" in sign_in("township").get("/households/").content.decode()


def test_it_is_judged_from_the_month_in_which_it_begins(sign_in):
    send(sign_in("township"), "new", **NEW)
    assert judged(newest(), dt.date(2022, 5, 1)) is None
    june = judged(newest())
    assert (june.members, june.monitored, june.net) == (1, True, None)


@pytest.mark.parametrize(
    ("kind", "category", "stored"),
    [("", "unknown", (None, None)), ("ordinary", "none", ("ordinary", "")), ("", "sudden", (None, "sudden"))],
)
def test_unknown_and_not_monitored_are_two_things(sign_in, kind, category, stored):
    send(sign_in("township"), "new", **NEW | {"kind": kind, "category": category})
    fact = HouseholdFact.objects.get()
    assert (fact.kind, fact.category) == stored


def test_a_number_says_birth_date_and_sex_and_is_sealed(sign_in):
    send(sign_in("township"), "new", **NEW | {"number": IDENTITY.lower(), "born_on": "", "sex": ""})
    head = Person.objects.get()
    assert unseal(head.identity_sealed) == IDENTITY
    assert bytes(head.identity_hash) == lookup_hash(IDENTITY)
    assert (head.born_on, head.sex) == (dt.date(1980, 5, 1), "male")
    trail = str(list(AuditEntry.objects.values_list("detail", flat=True)))
    assert IDENTITY not in trail
    assert "望新" not in trail


def test_who_is_in_the_register_and_belongs_nowhere_is_not_entered_twice(sign_in):
    former = factories.household(village=HERE)
    known = named_person(former, "望新", IDENTITY, until=dt.date(2022, 6, 15))
    send(sign_in("township"), "new", **NEW | {"number": IDENTITY})
    assert Person.objects.count() == 1
    assert newest().memberships.get().person == known


@pytest.mark.parametrize(("village", "is_shown"), [(HERE, True), (ELSEWHERE, False)])
def test_a_member_of_another_household_is_refused_and_the_way_to_it_shown(sign_in, village, is_shown):
    household = factories.household(village=village)
    named_person(household, "望新", IDENTITY)
    said = problems(send(sign_in("township"), "new", **NEW | {"number": IDENTITY}))
    assert list(said) == ["number"]
    assert (f"/households/{household.pk}/" in said["number"][0]) == is_shown
    assert Household.objects.count() == 1


def test_a_number_of_somebody_with_another_name_is_refused(sign_in):
    named_person(factories.household(), "屈别", IDENTITY, until=dt.date(2020, 1, 1))
    assert list(problems(send(sign_in("township"), "new", **NEW | {"number": IDENTITY}))) == ["number"]


def test_who_is_dead_heads_no_household(sign_in):
    named_person(factories.household(), "望新", IDENTITY, until=dt.date(2021, 1, 1), died_on=dt.date(2021, 1, 1))
    assert list(problems(send(sign_in("township"), "new", **NEW | {"number": IDENTITY}))) == ["number"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"village": ""}, "village"),
        ({"village": ELSEWHERE}, "village"),
        ({"name": " "}, "name"),
        ({"number": IDENTITY[:17] + ("1" if IDENTITY[17] != "1" else "2")}, "number"),
        ({"born_on": "2022-07-11"}, "born_on"),
        ({"sex": "other"}, "sex"),
        ({"kind": "rich"}, "kind"),
        ({"category": ""}, "category"),
        ({"code": "12345"}, "code"),
        ({"code": "42052710320400999X"}, "code"),
        ({"on": "2022-07-11"}, "on"),
        ({"on": "1899-12-31"}, "on"),
        ({"reason": ""}, "reason"),
    ],
)
def test_it_says_at_the_field_what_is_wrong(sign_in, changed, field):
    assert list(problems(send(sign_in("township"), "new", **NEW | changed))) == [field]
    assert (Household.objects.count(), Person.objects.count(), desk_batches("new_household")) == (0, 0, 0)


def test_a_number_given_with_it_must_be_free(sign_in):
    taken = factories.household(village=HERE)
    said = problems(send(sign_in("township"), "new", **NEW | {"code": taken.code}))
    assert f"/households/{taken.pk}/" in said["code"][0]


def test_the_same_form_twice_is_one_household(sign_in):
    client = sign_in("township")
    urls = {send(client, "new", **NEW, token="4" * 32).url for _time in range(2)}
    assert urls == {f"/households/{newest().pk}/"}
    assert Household.objects.count() == 1


@pytest.mark.parametrize(
    ("member", "status"),
    [("admin", 200), ("staff", 200), ("township", 200), ("specialist", 403), ("auditor", 403), ("officer", 403)],
)
def test_the_form_is_for_who_keeps_the_register(sign_in, member, status):
    assert sign_in(member).get("/households/new/").status_code == status
    assert ("/households/new/" in sign_in(member).get("/households/").content.decode()) == (status == 200)


def test_the_national_number_is_given_later_and_once(sign_in):
    client = sign_in("township")
    send(client, "new", **NEW)
    new = newest()
    assert f"/households/{new.pk}/code/" in client.get(f"/households/{new.pk}/").content.decode()
    assert send(client, "code", new.pk, code=f" {CODE} ").status_code == 302

    new.refresh_from_db()
    assert new.code == CODE
    assert Event.objects.get(kind="household_numbered").subject_id == new.pk
    assert f"/households/{new.pk}/code/" not in client.get(f"/households/{new.pk}/").content.decode()
    assert list(problems(send(client, "code", new.pk, code="420527103204009998"))) == ["code"]


@pytest.mark.parametrize("code", ["", "42052710320400999", "4205271032040099990", "42052710320400999X", "户编号"])
def test_a_national_number_has_eighteen_digits(sign_in, code):
    household = factories.household(village=HERE, code=None)
    assert list(problems(send(sign_in("township"), "code", household.pk, code=code))) == ["code"]


def test_a_number_belongs_to_one_household(sign_in):
    household, taken = factories.household(village=HERE, code=None), factories.household(village=HERE)
    said = problems(send(sign_in("township"), "code", household.pk, code=taken.code))
    assert f"/households/{taken.pk}/" in said["code"][0]


def test_the_digest_of_a_month_stays_when_the_number_comes(sign_in):
    household = factories.household(village=HERE, code=None, members=1)
    factories.income(household=household, amount=100)
    run = open_run(month=JUNE)
    work_run(run.pk)
    run.refresh_from_db()
    assert Finding.objects.filter(run=run, household=household).exists()
    send(sign_in("township"), "code", household.pk, code=CODE)
    assert run_digest(run) == run.digest


@pytest.mark.django_db(transaction=True)
def test_two_clerks_entering_one_person_at_the_same_time_enter_one_household(cast):
    head = Head("望新", IDENTITY, None, None, "")

    def work(token):
        return enter_household(
            on=ON,
            village=HERE,
            head=head,
            code="",
            kind=None,
            category=None,
            reason=REASON,
            token=token,
            by=cast.township,
        )

    results = at_once([partial(work, token * 32) for token in ("a", "b", "a")])
    assert all(isinstance(result, Household | Refused) for result in results), results
    assert (Household.objects.count(), Person.objects.count()) == (1, 1)
