"""People who type passwords."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import PASSWORD


@pytest.fixture
def quick_hashes(settings):
    """A hash that costs nothing, for tests that are not about hashing."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def with_password(cast, quick_hashes):
    """``with_password("township")`` gives that person a password and returns them."""

    def _with_password(name, password=PASSWORD, **fields):
        user = cast.members[name]
        user.set_password(password)
        for field, value in fields.items():
            setattr(user, field, value)
        user.save()
        return user

    return _with_password


@pytest.fixture
def try_sign_in():
    """Posts the sign-in form; a client of its own unless one is given."""

    def _try(username, password=PASSWORD, client=None, query=""):
        client = client or Client()
        response = client.post(reverse("staff:sign-in") + query, {"username": username, "password": password})
        return client, response

    return _try
