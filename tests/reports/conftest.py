"""A villager's phone: a client on the public host, and the fields of the form."""

import pytest
from django.test import Client

from alerts.reports import limits, public_views
from tests.conftest import VILLAGES

PUBLIC_HOST = "report.example.org"
VILLAGE = VILLAGES[0]
PHONE = "13812345678"
# A made-up number with a right check digit.
IDENTITY = "420527198005050018"


@pytest.fixture(autouse=True)
def public_host(settings):
    settings.PUBLIC_HOST = PUBLIC_HOST
    settings.ALLOWED_HOSTS = ["testserver", PUBLIC_HOST]


@pytest.fixture(autouse=True)
def forget():
    """``forget()`` lets villages and limits be read again, as half a minute does."""

    def _forget() -> None:
        limits._limits.cache_clear()
        public_views._village_of.cache_clear()

    _forget()
    return _forget


@pytest.fixture
def phone(db) -> Client:
    return Client(headers={"host": PUBLIC_HOST})


def fields(**changed: str) -> dict[str, str]:
    """What an honest villager fills in. A value of ``None`` leaves the field out."""
    usual = {
        "name": "王秀英",
        "phone": PHONE,
        "group": "3组",
        "risk": "illness",
        "words": "老伴住院花了很多钱，家里还有两个孩子上学",
        "identity": "",
        "homepage": "",
        "token": "",
    }
    return {name: value for name, value in (usual | changed).items() if value is not None}


@pytest.fixture
def send(phone):
    """``send(phone="…")`` fills in the form of the village and sends it."""

    def _send(village: str = VILLAGE, path: str = "", **changed: str):
        return phone.post(f"/v/{village}/{path}", fields(**changed))

    return _send
