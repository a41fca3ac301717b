"""Password rules beyond Django's own, and first passwords."""

import re
import secrets

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^A-Za-z0-9]")
# Without the letters and digits that are misread on paper.
READABLE = "abcdefghjkmnpqrstuvwxyz"
READABLE_CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
READABLE_DIGITS = "23456789"


class ThreeClassesValidator:
    """At least three of: small letters, capitals, digits, other characters (等保 2.0, 8.1.4.1)."""

    def validate(self, password, user=None):
        if sum(bool(re.search(pattern, password)) for pattern in CLASSES) < 3:
            raise ValidationError(self.get_help_text(), code="password_too_simple")

    def get_help_text(self):
        return _("Use at least three of: small letters, capitals, digits, other characters.")


def first_password() -> str:
    """Twelve characters that can be read from paper; it must be changed at the first sign-in."""
    letters = [secrets.choice(READABLE) for _i in range(6)]
    capitals = [secrets.choice(READABLE_CAPITALS) for _i in range(3)]
    digits = [secrets.choice(READABLE_DIGITS) for _i in range(3)]
    return "".join(letters[:3] + capitals + digits + letters[3:])
