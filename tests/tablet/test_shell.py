"""The page of the tablet: what is cached on a shared tablet, and for how long."""

import json
import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override

from households.visits.checking import SENTENCES
from households.visits.declaration import FORM
from monitoring.tablet.shell import MODULES, shell

pytestmark = pytest.mark.django_db


def _block(page: str, name: str) -> dict:
    return json.loads(re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', page, re.S)[1])


def test_the_page_carries_the_form_and_its_words_and_nothing_of_who_opened_it(sign_in, cast):
    pages = {name: sign_in(name).get("/tablet/").content.decode() for name in ("specialist", "township")}

    assert pages["specialist"] == pages["township"]
    assert "csrf" not in pages["specialist"].lower()
    form = _block(pages["specialist"], "form")
    assert form["limits"]["form"] == FORM
    with override("zh-hans"):
        assert form["problems"] == {code: str(sentence) for code, sentence in SENTENCES.items()}
    assert isinstance(_block(pages["specialist"], "words"), dict)


def test_the_page_and_its_worker_are_asked_for_again_and_files_of_a_version_never(sign_in):
    client = sign_in("specialist")
    version = shell().version

    page, worker = client.get("/tablet/"), client.get("/tablet/sw.js")
    file = client.get(f"/tablet/assets/{version}/app.js")

    assert page["Cache-Control"] == worker["Cache-Control"] == "no-cache"
    assert page["X-Tablet-Version"] == version
    assert "immutable" in file["Cache-Control"]
    assert worker["Content-Type"].startswith("text/javascript")
    assert file["Content-Type"].startswith("text/javascript")
    assert page["Content-Security-Policy"].startswith("default-src 'self'")


def test_the_worker_is_told_the_version_and_all_that_the_page_loads(sign_in):
    client = sign_in("specialist")
    lines = client.get("/tablet/sw.js").content.decode().splitlines()
    urls = json.loads(re.fullmatch(r"const SHELL = (.*);", lines[1])[1])

    assert lines[0] == f'const VERSION = "{shell().version}";'
    assert urls[0] == "/tablet/"
    assert {path.name for path in MODULES.glob("*.js")} - {"sw.js"} <= {url.rsplit("/", 1)[1] for url in urls}
    page = client.get("/tablet/").content.decode()
    loaded = {url.partition("#")[0] for url in re.findall(r'(?:href|src)="([^"#]+)', page)} - {"/"}
    assert loaded <= set(urls), "the page asks for something that is not there without a network"
    assert {client.get(url).status_code for url in urls} == {200}


@pytest.mark.parametrize("name", ["sw.js", "../settings.py", "base.html", "nothing.js"])
def test_no_file_but_those_of_the_page_is_given_out(name):
    assert Client().get(f"/tablet/assets/{shell().version}/{name}").status_code == 404


def test_a_version_that_is_not_served_any_more_is_not_there():
    assert Client().get("/tablet/assets/0123456789abcdef/app.js").status_code == 404


def test_each_language_has_a_version_of_its_own(sign_in):
    client = sign_in("specialist")
    versions = []
    for language, _name in settings.LANGUAGES:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        page = client.get("/tablet/")
        assert f'<html lang="{language}"' in page.content.decode().lower()
        versions.append(page["X-Tablet-Version"])
        worker = client.get("/tablet/sw.js").content.decode()
        assert worker.startswith(f'const VERSION = "{versions[-1]}"')
        assert client.get(f"/tablet/assets/{versions[-1]}/app.js").status_code == 200

    assert len(set(versions)) == len(settings.LANGUAGES)


def test_a_program_without_a_fresh_token_is_told_so_in_its_own_terms(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.specialist, backend="monitoring.roles.PostingBackend")

    answer = client.post("/tablet/api/me", "{}", content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


def test_whoever_has_to_choose_a_password_first_is_not_led_to_a_page(sign_in, cast):
    client = sign_in("specialist")
    cast.specialist.must_change_password = True
    cast.specialist.save()

    answer = client.get("/tablet/api/me")

    assert (answer.status_code, answer.json()["code"]) == (403, "first_password")
