"""Nobody in the demo exists: identity numbers of an unassigned code, phones of no operator."""

import datetime as dt
from random import Random

from households.models import Household, Person
from households.privacy.seal import lookup_hash, unseal
from households.registry.identity import identity_problem, sex_of
from monitoring.demo.names import IdentityNumbers, phone

BORN = dt.date(1981, 2, 3)


def test_no_identity_number_begins_with_an_assigned_code(small_county):
    people = Person.objects.filter(identity_hash__isnull=False)
    numbers = {person: unseal(person.identity_sealed) for person in people}
    assert len(set(numbers.values())) == len(numbers) > 1_100
    for person, number in numbers.items():
        assert number.startswith("420599")
        assert identity_problem(number, dt.date(2022, 6, 30)) is None
        assert number[6:14] == f"{person.born_on:%Y%m%d}"
        assert sex_of(number) == person.sex
        assert bytes(person.identity_hash) == lookup_hash(number)


def test_no_phone_number_belongs_to_an_operator(small_county):
    phones = [unseal(row.phone_sealed) for row in Household.objects.all()]
    assert all(number.startswith("154") and len(number) == 11 for number in phones)


def test_a_day_that_is_full_moves_the_birth_to_the_day_before():
    numbers = IdentityNumbers((0, 2))
    taken = [numbers.take(BORN, "female") for _i in range(5)]
    assert len({number for number, _born in taken}) == 5
    assert [born.day for _number, born in taken] == [3, 3, 2, 2, 1]
    assert all(number[6:14] == f"{born:%Y%m%d}" for number, born in taken)


def test_townships_with_other_pairs_never_share_a_number():
    one = {IdentityNumbers((0, 10)).take(BORN, sex)[0] for sex in ("male", "female")}
    other = {IdentityNumbers((10, 20)).take(BORN, sex)[0] for sex in ("male", "female")}
    assert not one & other


def test_phones_have_eleven_digits():
    rng = Random(1)
    assert all(len(phone(rng)) == 11 for _i in range(200))
