"""Passwords: the first one must be changed, and what a password must be like."""

import pytest
from django.urls import reverse

from households.models import AuditEntry
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
URL = "/password/"
NEW = "Better-horse-8"


@pytest.fixture
def change(with_password, sign_in):
    """Signs in as township with PASSWORD and posts another one."""

    def _change(new=NEW, again=None, old=PASSWORD, **fields):
        user = with_password("township", **fields)
        client = sign_in("township")
        response = client.post(
            URL, {"old_password": old, "new_password1": new, "new_password2": new if again is None else again}
        )
        user.refresh_from_db()
        return user, client, response

    return _change


def test_it_changes_the_password_and_stays_signed_in(change):
    user, client, response = change()

    assert response.url == reverse("home")
    assert user.check_password(NEW)
    assert client.get(URL).status_code == 200


def test_it_notes_the_change_without_a_password(change):
    user, _client, _response = change()
    entry = AuditEntry.objects.get(action="password_changed")
    assert (entry.actor_id, entry.subject_id, entry.detail) == (user.pk, str(user.pk), {"was_first": False})


@pytest.mark.parametrize("path", ["/", "/alerts/", "/accounts/"])
def test_a_first_password_opens_no_other_page(with_password, sign_in, path):
    with_password("admin", must_change_password=True)
    response = sign_in("admin").get(path)
    if response.status_code != 404:
        assert response.url == URL


def test_a_first_password_can_be_changed_and_then_opens_everything(change):
    user, client, _response = change(must_change_password=True)
    assert not user.must_change_password
    assert AuditEntry.objects.get(action="password_changed").detail == {"was_first": True}
    assert client.get(URL).status_code == 200


def test_whoever_has_a_first_password_can_sign_out(with_password, sign_in):
    with_password("township", must_change_password=True)
    assert sign_in("township").post(reverse("staff:sign-out")).url == reverse("staff:sign-in")


@pytest.mark.parametrize(
    "new",
    [
        "Short-7a",
        "onlysmallletters",
        "small-letters-and",
        "1234567890123",
        "Township-1234",
        PASSWORD,
        "",
    ],
    ids=["short", "one class", "two classes", "digits", "like the user name", "the same", "empty"],
)
def test_it_refuses(change, new):
    user, _client, response = change(new=new)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert user.check_password(PASSWORD)


def test_it_refuses_two_different_new_passwords(change):
    user, _client, response = change(again=NEW + "x")
    assert response.context["form"].errors
    assert user.check_password(PASSWORD)


def test_it_refuses_without_the_old_password(change):
    user, _client, response = change(old="Wrong-horse-8")
    assert "old_password" in response.context["form"].errors
    assert user.check_password(PASSWORD)
