"""A person who was not in the register until now."""

from datetime import date

from django.utils.translation import gettext as _

from households.desk.changes import NotPossible
from households.evidence.models import EvidenceBatch
from households.privacy.seal import lookup_hash, seal
from households.registry.models import Person, PersonFact
from households.registry.pinyin import pinyin_key


def register_person(
    *, name: str, sex: str | None, born_on: date | None, number: str, since: date, batch: EvidenceBatch
) -> Person:
    """Person and first facts as of ``since``; insurance, school and work stay unknown until somebody says them.

    ``number`` is a checked identity number or "": the identity then is unverified. Raises ``NotPossible`` (field
    ``number``) when the number is somebody's already. Called under the register's lock.
    """
    hashed = lookup_hash(number) if number else None
    if hashed and Person.objects.filter(identity_hash=hashed).exists():
        raise NotPossible(_("Somebody with this number is in the register already."), "number")
    person = Person.objects.create(
        name=name,
        pinyin=pinyin_key(name),
        sex=sex,
        born_on=born_on,
        identity_sealed=seal(number) if number else None,
        identity_hash=hashed,
        batch=batch,
    )
    PersonFact.objects.create(person=person, as_of=since, born_on=born_on, batch=batch)
    return person
