"""Every string a person sees is in the catalogue, translated, and nothing in it is stale."""

import re

import pytest

from monitoring.catalogue import read_catalogue, used_messages

pytestmark = pytest.mark.once
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def _translations() -> dict[str, str]:
    known = {}
    for message in read_catalogue():
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            known[key] = message.string if isinstance(message.string, str) else message.string[0]
    return known


def test_the_catalogue_holds_exactly_the_strings_in_use():
    assert set(_translations()) == set(used_messages())


def test_no_string_is_left_in_english():
    assert [key for key, text in _translations().items() if not text] == []


def test_translations_keep_the_placeholders_of_their_originals():
    broken = [
        key
        for key, text in _translations().items()
        if sorted(PLACEHOLDER.findall(key)) != sorted(PLACEHOLDER.findall(text))
    ]
    assert broken == []


@pytest.mark.django_db
def test_pages_are_chinese_first_and_english_on_request(client):
    chinese = client.get("/sign-in/").content.decode()
    english = client.get("/sign-in/", headers={"accept-language": "en"}).content.decode()

    assert 'lang="zh-hans"' in chinese and "登录" in chinese
    assert 'lang="en"' in english and "Sign in" in english
