"""Rows that a module's tests share: written once, rolled back after the last of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, transaction

Written = TypeVar("Written")


@contextmanager
def written_once(blocker, write: Callable[[], Written]) -> Iterator[Written]:
    """What ``write`` returns; for a fixture of the scope "module" that has ``django_db_setup``."""
    with blocker.unblock(), transaction.atomic():
        written = write()
        with connection.cursor() as cursor:
            # Else every test would check the keys of all rows again at its end.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        yield written
        transaction.set_rollback(True)
