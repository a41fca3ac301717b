"""People who can be reached, and a shorthand for telling them."""

import pytest

from alerts.notices.services import notify
from households.privacy.seal import seal

VALUES = {"count": 3, "level": "yellow", "place": "420527103", "day": "2026-10-09"}
PHONE = "13800001234"


@pytest.fixture
def mail(settings):
    """E-mail is configured; pytest-django keeps what is sent in ``mailoutbox``."""
    settings.EMAIL_URL = "smtp://mail.example.org"
    settings.DEFAULT_FROM_EMAIL = "monitoring@example.org"
    settings.SITE_URL = "https://monitoring.example.org"


@pytest.fixture
def reach(cast):
    """``reach("township")``: that person has left an e-mail address and a phone number. Returns their id."""

    def _reach(name: str) -> int:
        user = cast.members[name]
        user.email, user.phone_sealed = f"{name}@example.org", seal(PHONE)
        user.save(update_fields=["email", "phone_sealed"])
        return user.pk

    return _reach


def tell(*recipients: int, key: str = "dispatched:1", urgent: bool = False, **values) -> int:
    return notify(
        kind="dispatched",
        key=key,
        recipients=recipients,
        values=VALUES | values,
        path="/alerts/",
        urgent=urgent,
    )
