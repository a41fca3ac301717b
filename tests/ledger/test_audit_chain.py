"""The audit trail is chained by hash: what is changed afterwards is found and named."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from households.ledger.publishing import BEGINNING, chain_audit, digest_of, verify_audit
from households.ledger.services import write_audit
from households.models import AuditEntry


def _entries(count):
    for index in range(count):
        write_audit(
            action="household.read", subject="household", subject_id=index, masked="4205********0014", n=1.5
        )


def _tamper(sql, *params):
    """What somebody with the rights of a database superuser could do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE households_auditentry DISABLE TRIGGER append_only"
        )
        cursor.execute(sql, params)
        cursor.execute("ALTER TABLE households_auditentry ENABLE TRIGGER append_only")


@pytest.mark.django_db
def test_it_chains_in_id_order_and_verifies(cast):
    write_audit(action="sign_in", actor=cast.admin, subject="user", subject_id=cast.admin.pk, label="中文")
    _entries(3)

    assert chain_audit() == 4
    assert list(AuditEntry.objects.order_by("id").values_list("number", flat=True)) == [1, 2, 3, 4]
    chain = verify_audit()
    assert chain.broken is None
    assert chain.length == 4
    assert chain.digest == bytes(AuditEntry.objects.get(number=4).digest)


@pytest.mark.django_db
def test_it_continues_the_chain_over_several_calls(monkeypatch):
    monkeypatch.setattr("households.ledger.publishing.AUDIT_AT_ONCE", 2)
    _entries(5)
    assert chain_audit() == 5
    _entries(1)
    assert chain_audit() == 1
    assert verify_audit().length == 6


@pytest.mark.django_db
def test_it_verifies_an_empty_trail():
    assert verify_audit().length == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "action = 'nothing'",
        "detail = '{}'",
        "subject_id = '9'",
        "at = at + interval '1 microsecond'",
        "digest = decode('00', 'hex')",
    ],
)
def test_it_names_the_row_that_was_changed(change):
    _entries(4)
    chain_audit()
    second = AuditEntry.objects.get(number=2)

    _tamper(f"UPDATE households_auditentry SET {change} WHERE number = 2")

    broken = verify_audit().broken
    assert (broken.number, broken.entry_id) == (2, second.pk)


@pytest.mark.django_db
def test_it_notices_a_changed_row_even_when_its_own_digest_was_made_anew():
    _entries(4)
    chain_audit()
    previous = bytes(AuditEntry.objects.get(number=1).digest)
    forged = AuditEntry.objects.get(number=2)
    forged.action = "nothing"

    _tamper(
        "UPDATE households_auditentry SET action = 'nothing', digest = %s WHERE number = 2",
        digest_of(previous, forged, 2),
    )

    assert verify_audit().broken.number == 3


@pytest.mark.django_db
def test_it_names_the_number_of_a_row_that_is_gone():
    _entries(4)
    chain_audit()

    _tamper("DELETE FROM households_auditentry WHERE number = 2")

    broken = verify_audit().broken
    assert (broken.number, broken.entry_id) == (2, None)


@pytest.mark.django_db
def test_a_digest_depends_on_the_digest_before():
    _entries(1)
    entry = AuditEntry.objects.get()
    assert digest_of(BEGINNING, entry, 1) != digest_of(bytes([1]) * 32, entry, 1)


@pytest.mark.django_db
def test_the_command_says_how_long_the_trail_is(capsys):
    _entries(3)
    call_command("verify_audit")
    said = capsys.readouterr().out
    assert "3" in said
    assert verify_audit().digest.hex() in said


@pytest.mark.django_db
def test_the_command_fails_and_names_the_row():
    _entries(3)
    chain_audit()
    row = AuditEntry.objects.get(number=2)
    _tamper("UPDATE households_auditentry SET action = 'x' WHERE number = 2")

    with pytest.raises(CommandError, match=str(row.pk)):
        call_command("verify_audit")


@pytest.mark.django_db(transaction=True)
def test_it_holds_under_concurrent_writers_and_publishers(crew):
    def write():
        for _turn in range(20):
            with transaction.atomic():
                _entries(3)

    def publish():
        for _turn in range(15):
            chain_audit()

    crew.start(write, times=4)
    crew.start(publish, times=2)
    crew.join()
    chain_audit()

    chain = verify_audit()
    assert chain.broken is None
    assert chain.length == 4 * 20 * 3
