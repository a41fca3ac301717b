"""Who may write into the register now, and what is said to those who come too late."""

import time

from django.db import connection
from django.utils.translation import gettext as _

from households.refusal import Refused

# Imports into the register come one after the other, or two of them could each create the same person.
REGISTER_LOCK = 4_205_270_001
# Between two looks whether the register is free, in seconds.
PAUSE = 0.05


class NotReady(Refused):
    """What was asked does not fit the state of the import or row: somebody was quicker, or it is being read."""

    def __init__(self) -> None:
        super().__init__(_("This is not possible any more: the import is in another state now."))


def lock_register() -> None:
    """Held until the transaction ends. Runs never take it, and visits share it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REGISTER_LOCK])


def share_register(patience: float = 1.0) -> bool:
    """Keeps the register as it is until the transaction ends; visits do so side by side.

    False when somebody is still writing into it after ``patience`` seconds. It never stands in the queue of the
    lock: whoever shares it holds locks of households already, and whoever writes takes them the other way round.
    """
    until = time.monotonic() + patience
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [REGISTER_LOCK])
            if cursor.fetchone()[0]:
                return True
            if time.monotonic() >= until:
                return False
            time.sleep(PAUSE)
