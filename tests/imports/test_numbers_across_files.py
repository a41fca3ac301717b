"""One number of two people in two files: whichever comes first, it ends with whom it fits, and its lines too."""

import datetime as dt
from itertools import permutations

import pytest
from django.db import transaction

from households.imports.retracting import retract_import
from households.models import Doubt, EvidenceBatch, Household, MedicalBill, Person
from tests.imports.conftest import (
    CODE,
    CODE_2,
    HOUSEHOLD,
    MEDICAL,
    MEMBER,
    VILLAGE,
    as_csv,
    number,
    outcomes,
    take_in,
)

pytestmark = pytest.mark.django_db
JUNE = dt.date(2022, 6, 30)
NUMBER = number("19800501", 1)

FITS = [CODE, f"{CODE}01", "张三", NUMBER, "户主", "19800501", "男", "张三", NUMBER]
FITS_NOT = [CODE_2, f"{CODE_2}01", "李四", NUMBER, "户主", "19700101", "男", "李四", NUMBER]


def households():
    return take_in(as_csv(HOUSEHOLD, [CODE, VILLAGE, "张三"], [CODE_2, VILLAGE, "李四"]), as_of=JUNE)


def members(*rows):
    return take_in(as_csv(MEMBER, *rows), as_of=JUNE, partial=True)


def bills():
    return take_in(
        as_csv(MEDICAL, [NUMBER, "张三", "住院", "2022-06-03", 9000, 6000], title="2022年6月"), "医保_202206.csv"
    )


def owner_of(bill) -> str:
    return bill.person.name


FILES = {
    "households": households,
    "fits": lambda: members(FITS),
    "fits not": lambda: members(FITS_NOT),
    "bills": bills,
}


def test_in_whatever_order_number_and_bill_end_with_whom_the_birth_date_fits():
    wrong = {}
    for order in permutations(FILES):
        with transaction.atomic():
            for name in order:
                FILES[name]()
            verified = {person.name: person.identity_verified for person in Person.objects.all()}
            owners = [owner_of(bill) for bill in MedicalBill.objects.current()]
            if (verified, owners) != ({"张三": True, "李四": False}, ["张三"]):
                wrong[order] = verified, owners
            transaction.set_rollback(True)
    assert wrong == {}


def test_who_loses_the_number_is_a_doubt_and_stays_a_member():
    households()
    members(FITS_NOT)
    members(FITS)
    person = Person.objects.get(name="李四")
    assert person.identity_sealed is not None
    doubt = Doubt.objects.get(code="identity_unverified", resolved_at__isnull=True)
    assert (doubt.person, doubt.household) == (person, Household.objects.get(code=CODE_2))
    assert person.memberships.get(replaced_in=None).household == doubt.household


def test_the_same_files_again_change_nothing():
    households()
    members(FITS_NOT)
    bills()
    members(FITS)
    count = MedicalBill.objects.count()
    assert outcomes(members(FITS_NOT)) == {2: "same"}
    assert outcomes(members(FITS)) == {2: "same"}
    assert set(outcomes(bills()).values()) == {"same"}
    assert MedicalBill.objects.count() == count


def test_the_bill_keeps_its_file_and_row_and_goes_when_the_file_is_taken_back():
    households()
    members(FITS_NOT)
    source = bills()
    members(FITS)
    bill = MedicalBill.objects.current().get()
    assert bill.batch.origin == source.batch
    assert source.rows.get(row_number=bill.row_number).person == bill.person
    assert not EvidenceBatch.objects.filter(pk=bill.batch_id, judged_at__isnull=False).exists()

    retract_import(import_id=source.pk, reason="错误", by=None)

    assert not MedicalBill.objects.current().exists()


def test_an_owner_whom_the_number_fits_as_well_keeps_it():
    households()
    members(FITS)
    members([CODE_2, f"{CODE_2}01", "李四", NUMBER, "户主", "19800501", "男", "李四", NUMBER])
    assert Person.objects.get(identity_hash__isnull=False).name == "张三"
