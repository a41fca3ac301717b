"""Who may write into the register now, and what is said to those who come too late."""

from django.db import connection
from django.utils.translation import gettext as _

from households.refusal import Refused

# Imports into the register come one after the other, or two of them could each create the same person.
REGISTER_LOCK = 4_205_270_001


class NotReady(Refused):
    """What was asked does not fit the state of the import or row: somebody was quicker, or it is being read."""

    def __init__(self) -> None:
        super().__init__(_("This is not possible any more: the import is in another state now."))


def lock_register() -> None:
    """Held until the transaction ends. Runs and visits never take it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REGISTER_LOCK])
