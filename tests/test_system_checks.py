"""The project checks itself before it starts."""

import base64

import pytest
from django.core.checks import run_checks

from households.staff.access import ASKED_RIGHTS, requires
from monitoring.roles import RIGHTS

ONE = base64.b64encode(bytes(range(32))).decode()
OTHER = base64.b64encode(bytes(range(100, 132))).decode()
SAME_BYTES = base64.b64encode(bytes(32)).decode()


@pytest.fixture(autouse=True)
def good_keys(settings):
    settings.DEBUG = False
    settings.SEAL_KEYS = f"k1:{ONE}"
    settings.LOOKUP_KEY = OTHER


def _ids():
    return [message.id for message in run_checks() if message.id.startswith("monitoring.")]


def test_good_settings_and_the_whole_table_of_rights_pass():
    assert _ids() == []


def test_a_right_that_no_role_has_is_found():
    requires("weather.change")
    try:
        assert _ids() == ["monitoring.E001"]
    finally:
        ASKED_RIGHTS.discard("weather.change")


def test_a_role_without_any_right_is_found(monkeypatch):
    for right, roles in RIGHTS.items():
        monkeypatch.setitem(RIGHTS, right, roles - {"auditor"})
    assert _ids() == ["monitoring.E002"]


@pytest.mark.parametrize(
    "keys",
    ["", ",", ONE, f":{ONE}", "k1:short", "k1:???", f"k1:{ONE},k1:{OTHER}", f"k1:{ONE[:-4]}"],
    ids=["none", "blank", "no id", "empty id", "short", "no base64", "one id twice", "31 bytes"],
)
def test_unusable_seal_keys_are_found_and_not_shown(settings, keys):
    settings.SEAL_KEYS = keys
    messages = [message for message in run_checks() if message.id == "monitoring.E003"]
    assert len(messages) == 1
    assert ONE not in str(messages)


def test_several_seal_keys_for_rotation_pass(settings):
    settings.SEAL_KEYS = f"k2:{base64.b64encode(bytes(range(50, 82))).decode()},k1:{ONE}"
    assert _ids() == []


@pytest.mark.parametrize("key", ["", "short", "???"])
def test_an_unusable_lookup_key_is_found(settings, key):
    settings.LOOKUP_KEY = key
    assert _ids() == ["monitoring.E004"]


def test_one_key_for_two_doors_is_found(settings):
    settings.LOOKUP_KEY = ONE
    assert _ids() == ["monitoring.E005"]


def test_a_key_that_is_not_random_is_found(settings):
    settings.LOOKUP_KEY = SAME_BYTES
    assert _ids() == ["monitoring.E006"]


def test_weak_keys_only_warn_in_development(settings):
    settings.DEBUG = True
    settings.LOOKUP_KEY = ONE
    [message] = [message for message in run_checks() if message.id == "monitoring.E005"]
    assert not message.is_serious()


def test_a_county_without_areas_is_found(settings):
    settings.COUNTY_CODE = "999999"
    assert _ids() == ["monitoring.E007"]


@pytest.mark.parametrize(
    ("host", "others", "expected"),
    [
        ("", ["a.org"], []),
        ("report.a.org", ["a.org", "report.a.org"], []),
        ("a.org", ["a.org", "a.org"], ["monitoring.E008"]),
        ("https://report.a.org", ["a.org"], ["monitoring.E008"]),
        ("report.a.org:8443", ["a.org", "report.a.org"], []),
        ("a.org:8443", ["a.org", "a.org"], ["monitoring.E008"]),
        ("report..org", ["a.org"], ["monitoring.E008"]),
    ],
)
def test_the_public_host_is_a_name_that_staff_do_not_use(settings, host, others, expected):
    settings.PUBLIC_HOST, settings.ALLOWED_HOSTS = host, others
    assert _ids() == expected
