"""The cast and the county: everybody whom tests speak of, on real reference data.

- ``admin``, ``staff``, ``auditor``: the county; ``officer``: medical insurance.
- ``township``: 屈原镇; ``specialist``: two of its villages; ``neighbour``: a village of another township;
- ``leaver``: a specialist whose posting ended yesterday; ``stranger``: nobody has posted them anywhere.
"""

import datetime as dt
import os
from dataclasses import dataclass, field

import pytest
from django.test import Client
from django.utils import timezone

from households.models import Department, Posting, Role, User

TOWNSHIP = "420527103"
VILLAGES = ("420527103204", "420527103206")
ELSEWHERE = "420527101201"
PASSWORD = "Right-horse-7"


@dataclass
class Cast:
    members: dict[str, User] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        return self.members[name]


def _post(
    username: str, role: Role | None, *areas: str, department: str = "", until: dt.date | None = None
) -> User:
    user = User.objects.create_user(username, username, None)
    for area in areas:
        Posting.objects.create(
            user=user,
            role=role,
            area_id=area,
            department=department,
            valid_from=dt.date(2020, 1, 1),
            valid_until=until,
        )
    return user


@pytest.fixture
def cast(db) -> Cast:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    members = [
        _post("admin", Role.COUNTY_ADMIN, "420527"),
        _post("staff", Role.COUNTY_STAFF, "420527"),
        _post("auditor", Role.AUDITOR, "420527"),
        _post("officer", Role.DEPARTMENT_OFFICER, "420527", department=Department.MEDICAL),
        _post("township", Role.TOWNSHIP_STAFF, TOWNSHIP),
        _post("specialist", Role.VILLAGE_SPECIALIST, *VILLAGES),
        _post("neighbour", Role.VILLAGE_SPECIALIST, ELSEWHERE),
        _post("leaver", Role.VILLAGE_SPECIALIST, VILLAGES[0], until=yesterday),
        _post("stranger", None),
    ]
    return Cast({member.username: member for member in members})


@pytest.fixture
def sign_in(cast):
    """``sign_in("township")`` is a test client in which that person is signed in."""

    def _sign_in(name: str) -> Client:
        client = Client()
        client.force_login(cast.members[name], backend="monitoring.roles.PostingBackend")
        return client

    return _sign_in


def pytest_sessionfinish(session, exitstatus):
    """A skip is printed with its reason (-ra) and fails in CI: what did not run was not checked."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = 1
