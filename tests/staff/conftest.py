"""People who type passwords."""

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from households.staff.account_list import read_account_list
from households.staff.services import create_accounts
from tests.conftest import PASSWORD


@pytest.fixture
def quick_hashes(settings):
    """A hash that costs nothing, for tests that are not about hashing."""
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]


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


HEADINGS = ("姓名", "用户名", "角色", "乡镇", "村", "村代码", "部门", "起始日期", "截止日期")


@pytest.fixture
def account_list():
    """``account_list({"姓名": "张三", "村": "长江村"}, …)`` is the content of an XLSX list with those lines."""

    def _account_list(*lines, headings=HEADINGS, above=()):
        workbook = Workbook()
        sheet = workbook.active
        for row in above:
            sheet.append(row)
        sheet.append(headings)
        for line in lines:
            sheet.append([line.get(heading) for heading in headings])
        file = BytesIO()
        workbook.save(file)
        return file.getvalue()

    return _account_list


@pytest.fixture
def take_in(cast, account_list):
    """Takes in a list of lines as the county administrator."""

    def _take_in(*lines, **kwargs):
        return create_accounts(lines=read_account_list(account_list(*lines, **kwargs)), by=cast.admin)

    return _take_in
