"""家庭成员: who is who, whose number it is, who is head, and who must be asked about."""

import datetime as dt

import pytest

from households.models import Doubt, Membership, Person, PersonFact
from households.privacy.seal import lookup_hash, unseal
from tests.imports.conftest import (
    CODE,
    CODE_2,
    HOUSEHOLD,
    MEMBER,
    VILLAGE,
    as_csv,
    as_xlsx,
    codes,
    number,
    outcomes,
    preview,
    take_in,
)

pytestmark = pytest.mark.django_db
JUNE, JULY = dt.date(2022, 6, 30), dt.date(2022, 7, 31)
HEAD = number("19800501", 1)
SPOUSE = number("19820202", 2)
FACTS = ("是否享受低保", "健康状况", "务工时间（月）", "民族")


@pytest.fixture(autouse=True)
def two_households():
    take_in(as_csv(HOUSEHOLD, [CODE, VILLAGE, "张三"], [CODE_2, VILLAGE, "李四"]), as_of=JUNE)


def row(
    code=CODE, person=1, name="张三", identity=HEAD, relation="户主", born="19800501", sex="", head=("张三", HEAD)
):
    person_code = person if isinstance(person, str) else f"{code}{person:02}"
    return [code, person_code, name, identity, relation, born, sex, *head]


def spouse(**changes):
    return row(
        **{"person": 2, "name": "王五", "identity": SPOUSE, "relation": "配偶", "born": "19820202"} | changes
    )


def read(*rows, header=MEMBER, as_of=JUNE, **given):
    return take_in(as_csv(header, *rows), as_of=as_of, **given)


def verified() -> dict[str, bool]:
    return {person.name: person.identity_verified for person in Person.objects.all()}


def test_it_takes_a_family_in():
    assert outcomes(read(row(), spouse())) == {2: "new", 3: "new"}
    head = Membership.objects.get(is_head=True)
    assert (head.person.name, head.household.code, head.since, head.relation) == ("张三", CODE, None, "户主")
    assert (head.person.born_on, head.person.sex) == (dt.date(1980, 5, 1), "male")
    assert head.person.identity_hash.tobytes() == lookup_hash(HEAD)


@pytest.mark.parametrize(
    ("identity", "detail", "kept"),
    [
        ("", "identity_missing", None),
        (HEAD[:17] + ("0" if HEAD[17] != "0" else "1"), "check_digit", 18),
        ("420599800501001", "identity_15_digits", 15),
        (HEAD[:17], "identity_length", 17),
        (4.20599198005010e17, "stored_as_number", None),
    ],
)
def test_a_person_with_a_bad_number_goes_in_unverified(identity, detail, kept):
    found = take_in(as_xlsx(MEMBER, row(identity=identity)), "成员.xlsx")
    person = Person.objects.get()
    assert outcomes(found) == {2: "new"}
    assert [doubt["detail"] for doubt in found.rows.get().doubts] == [detail]
    assert not person.identity_verified
    assert (len(unseal(person.identity_sealed)) if person.identity_sealed else None) == kept


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"born": "2022-13-45"}, "date_unreadable"),
        ({"born": "六月中旬"}, "date_unreadable"),
        ({"born": "2099-01-01"}, "birth_date_impossible"),
        ({"code": "4.20527E+17", "person": f"{CODE}01"}, "stored_as_number"),
        ({"code": "", "person": f"{CODE}01"}, "missing"),
        ({"name": ""}, "missing"),
    ],
)
def test_it_refuses_a_row_and_takes_the_rest(changed, code):
    found = read(row(**changed), spouse())
    assert outcomes(found) == {2: "refused", 3: "new"}
    assert codes(found)[2] == [code]


def test_a_missing_birth_date_is_that_of_the_number():
    read(row(born=""))
    assert Person.objects.get().born_on == dt.date(1980, 5, 1)


def test_a_birth_date_other_than_the_numbers_is_a_doubt():
    found = read(row(born="1980-05-02"))
    assert codes(found, "doubts") == {2: ["birth_date_differs"]}
    assert Person.objects.get().born_on == dt.date(1980, 5, 2)


def test_the_same_person_twice_goes_in_once_however_spelt():
    wide = "".join(chr(ord(character) + 0xFEE0) for character in HEAD)
    found = read(row(), row(name="张三 ", identity=wide, born="1980年5月1日"), row(relation="其他"))
    assert outcomes(found) == {2: "new", 3: "repeated", 4: "repeated"}
    assert codes(found, "doubts") == {4: ["values_differ"]}
    assert Membership.objects.get().is_head


def test_one_number_of_two_people_belongs_to_the_birth_date_that_agrees():
    other = row(code=CODE_2, name="李四", identity=HEAD, born="19700101", head=("李四", HEAD))
    found = read(other, row())
    assert outcomes(found) == {2: "new", 3: "new"}
    assert verified() == {"李四": False, "张三": True}
    assert "identity_unverified" in codes(found, "doubts")[2]


def test_one_number_of_two_people_belongs_to_the_first_when_neither_birth_date_agrees():
    read(row(code=CODE_2, name="李四", born="19700101"), row(born="19700102"))
    assert verified() == {"李四": True, "张三": False}


def test_a_number_in_the_register_stays_with_its_owner():
    read(row())
    found = read(row(code=CODE_2, name="李四", born="19800501"), partial=True)
    assert verified() == {"张三": True, "李四": False}
    assert outcomes(found) == {2: "new"}


def test_a_number_claimed_by_a_refused_row_is_not_given_to_whom_it_does_not_fit():
    read(row(code=CODE_2, name="李四", born="19700101"), row(code="4.2E+17", person=f"{CODE}01"))
    assert verified() == {"李四": False}


def test_a_refused_row_takes_no_number_from_the_same_person_further_down():
    found = read(row(code=""), row())
    assert outcomes(found) == {2: "refused", 3: "new"}
    assert verified() == {"张三": True}


def test_two_heads_are_a_doubt_that_stops_no_row():
    found = read(
        spouse(relation="户主"), row(), row(person=3, name="孩子", identity="", relation="之子", born="20150101")
    )
    assert set(outcomes(found).values()) == {"new"}
    assert Membership.objects.get(is_head=True).person.name == "张三"
    assert codes(found, "doubts")[2] == ["two_heads"]
    assert Membership.objects.count() == 3


def test_a_row_of_an_unknown_household_waits():
    found = read(row(code="420527103204009999", person="42052710320400999901"), spouse())
    assert outcomes(found) == {2: "waiting", 3: "new"}
    assert codes(found)[2] == ["household_unknown"]


@pytest.mark.parametrize("earlier_file", [True, False])
def test_a_person_of_another_household_waits_and_breaks_nothing(earlier_file):
    moved = row(code=CODE_2, person=f"{CODE}01")
    if earlier_file:
        read(row())
        found = read(moved, partial=True)
        assert outcomes(found) == {2: "waiting"}
    else:
        found = read(row(), moved)
        assert outcomes(found) == {2: "new", 3: "waiting"}
    assert "member_elsewhere" in codes(found)[max(outcomes(found))]
    assert Membership.objects.get().household.code == CODE


def test_an_unknown_relation_is_kept_with_a_doubt():
    found = read(row(), spouse(relation="养子"))
    assert codes(found, "doubts") == {3: ["word_kept"]}
    assert Membership.objects.get(is_head=False).relation == "养子"


def test_facts_are_stored_and_unknown_is_not_no():
    read(
        [*row(), "是", "残疾，长期慢性病", "8", "土家族"],
        [*spouse(), "", "", "很久", ""],
        header=(*MEMBER, *FACTS),
    )
    known, unknown = PersonFact.objects.order_by("row_number")
    assert (known.dibao, known.health, known.work_months) == (True, ["残疾", "长期慢性病"], 8)
    assert known.other == {"民族": "土家族"}
    assert (unknown.dibao, unknown.health, unknown.work_months, unknown.tekun) == (None, [], None, None)


def test_the_same_file_again_is_the_same_and_writes_nothing():
    rows = (row(), spouse(), row(person=3, name="孩子", identity="", relation="之子", born="20150101"))
    read(*rows)
    before = [model.objects.count() for model in (Person, Membership, PersonFact)]
    assert set(outcomes(read(*rows)).values()) == {"same"}
    assert [model.objects.count() for model in (Person, Membership, PersonFact)] == before


def test_a_person_without_a_code_is_found_by_number_and_by_name():
    read(row(), spouse(identity=""))
    found = read(row(person=""), spouse(person="", identity=""), as_of=JULY)
    assert set(outcomes(found).values()) == {"same"}


def test_a_number_that_becomes_known_is_a_change():
    read(row(identity=""))
    found = read(row(), as_of=JULY)
    assert outcomes(found) == {2: "changed"}
    assert verified() == {"张三": True}


def test_a_changed_relation_replaces_the_membership():
    read(row(), spouse())
    found = read(row(), spouse(relation="其他"), as_of=JULY)
    assert outcomes(found) == {2: "same", 3: "changed"}
    old, new = Membership.objects.filter(person__name="王五").order_by("pk")
    assert (old.replaced_in, new.relation, new.replaced_in) == (found.batch, "其他", None)


def test_another_head_follows_and_the_former_stays_a_member():
    read(row(), spouse())
    read(spouse(relation="户主", head=("王五", SPOUSE)), as_of=JULY, partial=True)
    heads = Membership.objects.filter(replaced_in=None).values_list("person__name", "is_head")
    assert dict(heads) == {"张三": False, "王五": True}


def test_who_is_missing_from_a_full_export_is_a_doubt_and_stays():
    read(row(), spouse())
    read(row(), as_of=JULY)
    read(row(), as_of=JULY)
    assert Doubt.objects.get(code="missing_from_export").person.name == "王五"
    assert Membership.objects.filter(replaced_in=None, until=None).count() == 2


def test_who_was_refused_is_not_missing():
    read(row(), spouse())
    read(row(), spouse(born="六月中旬"), as_of=JULY)
    assert not Doubt.objects.filter(code="missing_from_export").exists()


def test_a_doubt_is_raised_once_however_often_the_file_comes():
    for day in (JUNE, JULY):
        read(row(identity=""), as_of=day)
    assert Doubt.objects.filter(code="identity_unverified").count() == 1


def test_the_number_in_a_disability_card_is_understood():
    header = (*MEMBER, "证件类型")
    read([*row(identity=f"{HEAD}42"), "残疾人证"], [*spouse(identity=f"{SPOUSE}42"), "身份证"], header=header)
    assert verified() == {"张三": True, "王五": False}


def test_no_number_stands_readable_in_the_staging_table():
    found = preview(as_csv(MEMBER, row()))
    assert HEAD not in str(found.rows.values().get()["payload"])


def test_an_unreadable_birth_date_is_not_replaced_by_that_of_the_number():
    found = read(row(born="2022-13-45"))
    assert found.rows.get().payload["born_on"] is None


def test_a_birth_date_is_evidence_of_the_day_on_which_it_was_said():
    read(row(identity="", born="19800501"))
    read(row(identity="", born="19810501"), as_of=JULY)
    facts = PersonFact.objects.order_by("as_of").values_list("as_of", "born_on")
    assert list(facts) == [(JUNE, dt.date(1980, 5, 1)), (JULY, dt.date(1981, 5, 1))]
    assert Person.objects.get().born_on == dt.date(1981, 5, 1)


def test_a_blank_birth_date_takes_the_known_one_not_away():
    read(row(identity=""))
    found = read(row(identity="", born=""), as_of=JULY)
    assert outcomes(found) == {2: "same"}
    assert PersonFact.objects.get().born_on == dt.date(1980, 5, 1)


@pytest.mark.parametrize("born", ["", "19800501"])
def test_the_birth_date_of_a_number_is_a_fact_too_and_the_same_file_is_the_same(born):
    read(row(born=born))
    assert PersonFact.objects.get().born_on == dt.date(1980, 5, 1)
    assert outcomes(read(row(born=born), as_of=JULY)) == {2: "same"}


def test_a_birth_date_that_becomes_known_is_a_new_fact():
    read(row(identity="", born=""))
    assert outcomes(read(row(identity="", born="19800501"), as_of=JULY)) == {2: "changed"}
    assert [fact.born_on for fact in PersonFact.objects.order_by("as_of")] == [None, dt.date(1980, 5, 1)]


def test_a_file_without_birth_dates_and_without_a_number_in_its_first_row_keeps_those_known():
    without = tuple(title for title in MEMBER if title != "出生日期")
    read(row(identity=""), spouse())
    lines = [[cell for cell, title in zip(line, MEMBER, strict=True) if title != "出生日期"]
             for line in (row(identity=""), spouse())]  # fmt: skip
    read(*lines, header=without, as_of=JULY)
    assert set(PersonFact.objects.current().values_list("born_on", flat=True)) == {
        dt.date(1980, 5, 1),
        dt.date(1982, 2, 2),
    }
