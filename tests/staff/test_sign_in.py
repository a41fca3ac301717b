"""Signing in and out."""

import pytest
from django.test import Client
from django.urls import reverse

from households.models import AuditEntry
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def _actions():
    return list(AuditEntry.objects.order_by("id").values_list("action", "subject_id"))


def test_it_signs_in_and_leads_to_the_home_page(with_password, try_sign_in):
    user = with_password("township")

    client, response = try_sign_in("township")

    assert response.status_code == 302
    assert response.url == reverse("home")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert _actions() == [("sign_in", str(user.pk))]


def test_it_leads_to_the_page_that_was_asked_for(with_password, try_sign_in):
    with_password("township")
    assert try_sign_in("township", query="?next=/alerts/%3Flevel%3Dred")[1].url == "/alerts/?level=red"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_it_never_leads_to_another_site(with_password, try_sign_in, elsewhere):
    with_password("township")
    assert try_sign_in("township", query=f"?next={elsewhere}")[1].url == reverse("home")


def _refusal(response):
    assert response.status_code == 200
    return [str(error) for error in response.context["form"].non_field_errors()]


def test_it_refuses_a_wrong_password_and_notes_it_without_the_password(with_password, try_sign_in):
    user = with_password("township")

    client, response = try_sign_in("township", "Wrong-horse-8")

    assert _refusal(response)
    assert "_auth_user_id" not in client.session
    assert _actions() == [("sign_in_failed", str(user.pk))]
    entry = AuditEntry.objects.get()
    assert "Wrong-horse-8" not in str([entry.detail, entry.subject, entry.subject_id])


def test_it_says_the_same_to_a_wrong_name_a_wrong_password_a_leaver_and_a_stranger(with_password, try_sign_in):
    for name in ("township", "leaver", "stranger"):
        with_password(name)
    with_password("neighbour", is_active=False)

    answers = [
        _refusal(try_sign_in("nobody")[1]),
        _refusal(try_sign_in("township", "Wrong-horse-8")[1]),
        _refusal(try_sign_in("leaver")[1]),
        _refusal(try_sign_in("stranger")[1]),
        _refusal(try_sign_in("neighbour")[1]),
    ]

    assert all(answer == answers[0] for answer in answers)


def test_it_keeps_no_unknown_name_in_the_audit_trail(db, try_sign_in):
    try_sign_in("somebody-private")
    assert _actions() == [("sign_in_failed", "")]
    assert "somebody-private" not in str(AuditEntry.objects.get().detail)


def test_it_signs_out_by_post_only(sign_in):
    client = sign_in("township")
    assert client.get(reverse("staff:sign-out")).status_code == 405
    assert "_auth_user_id" in client.session

    response = client.post(reverse("staff:sign-out"))

    assert response.url == reverse("staff:sign-in")
    assert "_auth_user_id" not in client.session
    assert _actions()[-1][0] == "sign_out"


def test_it_leads_whoever_is_signed_in_past_the_form(sign_in):
    assert sign_in("township").get(reverse("staff:sign-in")).url == reverse("home")


def test_it_lets_anybody_choose_a_language():
    response = Client().post(reverse("set_language"), {"language": "en", "next": reverse("staff:sign-in")})
    assert response.status_code == 302
    assert response.url == reverse("staff:sign-in")
    assert response.cookies["django_language"].value == "en"


def test_it_asks_for_csrf_protection(with_password):
    with_password("township")
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("staff:sign-in"), {"username": "township", "password": PASSWORD})
    assert response.status_code == 403
