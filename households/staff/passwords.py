"""Password rules beyond Django's own, and first passwords."""

import re
import secrets

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^A-Za-z0-9]")
# Without the letters and digits that are misread on paper.
READABLE = "abcdefghjkmnpqrstuvwxyz"
READABLE_CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
READABLE_DIGITS = "23456789"
FIRST_PASSWORD_ROUNDS = 20_000


class ThreeClassesValidator:
    """At least three of: small letters, capitals, digits, other characters (等保 2.0, 8.1.4.1)."""

    def validate(self, password, user=None):
        if sum(bool(re.search(pattern, password)) for pattern in CLASSES) < 3:
            raise ValidationError(self.get_help_text(), code="password_too_simple")

    def get_help_text(self):
        return _("Use at least three of: small letters, capitals, digits, other characters.")


def first_password() -> str:
    """Fifteen characters in groups that can be read from paper, 63 bits; to be changed at the first sign-in."""
    groups = (READABLE, READABLE_CAPITALS, READABLE_DIGITS, READABLE, READABLE_CAPITALS)
    return "".join(secrets.choice(group) for group in groups for _i in range(3))


def hash_first_password(password: str) -> str:
    """A first password as it is stored: PBKDF2 with fewer rounds than Django's million.

    Rounds make guessing dear where people choose passwords. This one is random: with 2**63 possible ones, 20,000
    rounds cost an attacker 2**77 hashes, while 167 of them in one request take about 2 s instead of 64 (measured,
    one core). It opens one page, the one that replaces it, and Django hashes anew with all rounds when it is
    first used.
    """
    hasher = PBKDF2PasswordHasher()
    return hasher.encode(password, hasher.salt(), FIRST_PASSWORD_ROUNDS)
