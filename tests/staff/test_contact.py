"""One's own e-mail address and mobile number."""

import pytest
from django.urls import reverse

from households.ledger.models import AuditEntry
from households.models import User
from households.privacy.seal import unseal

URL = reverse("staff:contact")
PHONE = "13800001234"


def _me() -> User:
    return User.objects.get(username="specialist")


def test_it_keeps_the_number_sealed_and_shows_it_masked(sign_in):
    browser = sign_in("specialist")
    browser.post(URL, {"email": "a@example.org", "phone": PHONE})

    assert _me().email == "a@example.org"
    assert unseal(_me().phone_sealed) == PHONE
    assert PHONE.encode() not in bytes(_me().phone_sealed)
    page = browser.get(URL).content.decode()
    assert "138****1234" in page
    assert PHONE not in page


def test_an_empty_number_stays_and_a_removed_one_is_gone(sign_in):
    browser = sign_in("specialist")
    browser.post(URL, {"email": "a@example.org", "phone": PHONE})
    browser.post(URL, {"email": "", "phone": ""})
    assert (_me().email, unseal(_me().phone_sealed)) == ("", PHONE)
    browser.post(URL, {"email": "", "phone": "", "remove_phone": "on"})
    assert _me().phone_sealed is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "1380000123"),
        ("phone", "138000012345"),
        ("phone", "12800001234"),
        ("phone", "１3800001234"),
        ("email", "nobody"),
        ("email", "a@b@c"),
    ],
)
def test_it_refuses_what_cannot_be_reached(sign_in, field, value):
    response = sign_in("specialist").post(URL, {field: value})

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert (_me().email, _me().phone_sealed) == ("", None)


def test_the_audit_says_masked_what_is_there_now(sign_in, cast):
    sign_in("specialist").post(URL, {"email": "a@example.org", "phone": PHONE})
    entry = AuditEntry.objects.get(action="contact_changed")

    assert (entry.actor, entry.subject_id) == (cast.specialist, str(cast.specialist.pk))
    assert entry.detail == {"email": True, "phone": "138****1234"}


def test_the_accounts_page_says_whether_and_not_where(sign_in):
    sign_in("specialist").post(URL, {"email": "a@example.org", "phone": PHONE})
    pages = [reverse("staff:accounts"), reverse("staff:account", args=[_me().pk])]
    for page in (sign_in("admin").get(url).content.decode() for url in pages):
        assert "a@example.org" not in page
        assert "138" not in page
