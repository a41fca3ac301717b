"""A session ends when nothing is done, when the posting ends, when the password was changed."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from households.models import Posting

pytestmark = pytest.mark.django_db
# A page that wants a signed-in user and no right.
PAGE = "/password/"


def _where(response):
    assert response.status_code == 302
    path, _sep, query = response.url.partition("?")
    assert path == reverse("staff:sign-in")
    return query


def _said(client, response):
    return [str(message) for message in client.get(response.url).context["messages"]]


def _end_posting(user):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Posting.objects.filter(user=user).update(valid_until=yesterday)


def test_it_sends_an_anonymous_visitor_to_sign_in_without_a_reproach(client):
    response = client.get(PAGE)
    assert _where(response) == "next=%2Fpassword%2F"
    assert _said(client, response) == []


def test_it_ends_with_the_last_posting_and_says_why(cast, sign_in):
    client = sign_in("specialist")
    assert client.get(PAGE).status_code == 200
    _end_posting(cast.specialist)

    response = client.get(PAGE)

    assert "ended=posting" in _where(response)
    assert len(_said(client, response)) == 1
    assert not Session.objects.filter(session_key=client.cookies["sessionid"].value).exists()


def test_it_stays_open_while_one_of_two_postings_holds(cast, sign_in):
    client = sign_in("specialist")
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    first = cast.specialist.postings.first()
    Posting.objects.filter(pk=first.pk).update(valid_until=yesterday)

    assert client.get(PAGE).status_code == 200


def test_it_ends_when_the_account_is_closed(cast, sign_in):
    client = sign_in("township")
    cast.township.is_active = False
    cast.township.save()

    assert "ended=posting" in _where(client.get(PAGE))


def test_it_ends_when_the_password_was_changed_elsewhere(cast, sign_in):
    client = sign_in("township")
    cast.township.set_password("Another-horse-9")
    cast.township.save()

    response = client.get(PAGE)

    assert "ended=password" in _where(response)
    assert len(_said(client, response)) == 1


def test_it_ends_when_nothing_was_done_for_half_an_hour(sign_in, settings):
    client = sign_in("township")
    client.get(PAGE)
    session = Session.objects.get()
    assert dt.timedelta(minutes=29) < session.expire_date - timezone.now() <= dt.timedelta(minutes=30)
    session.expire_date = timezone.now() - dt.timedelta(seconds=1)
    session.save()

    response = client.get(PAGE)

    assert "ended=idle" in _where(response)
    assert "30" in _said(client, response)[0]


def test_every_request_begins_the_half_hour_anew(sign_in):
    client = sign_in("township")
    client.get(PAGE)
    soon = timezone.now() + dt.timedelta(minutes=2)
    Session.objects.update(expire_date=soon)

    client.get(PAGE)

    assert Session.objects.get().expire_date > soon + dt.timedelta(minutes=20)


def test_a_fragment_leads_the_whole_page_to_sign_in(cast, sign_in):
    client = sign_in("township")
    _end_posting(cast.township)

    response = client.get(
        PAGE, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/alerts/?level=red"}
    )

    assert response.status_code == 401
    assert response.headers["HX-Redirect"] == "/sign-in/?next=%2Falerts%2F%3Flevel%3Dred&ended=posting"


def test_a_form_that_was_sent_is_not_what_one_comes_back_to(client):
    assert _where(client.post(reverse("staff:sign-out"))) == ""


def test_the_sign_in_page_opens_with_the_cookie_of_an_ended_session(cast, sign_in):
    client = sign_in("township")
    _end_posting(cast.township)
    assert client.get(reverse("staff:sign-in")).status_code == 200
