"""Accounts of the demo: every role, every township and the 167 specialists, all with one password."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password

from households.models import Area, Department, Level, Posting, Role, User
from households.registry.pinyin import pinyin_key
from monitoring.demo import names

# Known to everybody who reads this: the command refuses an installation that faces the network.
PASSWORD = "Zigui-demo-2026"  # noqa: S105 published on purpose, for a county of people who do not exist
COUNTY = (
    ("xian", Role.COUNTY_ADMIN, ""),
    ("xianban", Role.COUNTY_STAFF, ""),
    ("shenji", Role.AUDITOR, ""),
    ("yibao", Role.DEPARTMENT_OFFICER, Department.MEDICAL),
)
ROLES = {
    Role.COUNTY_ADMIN: "县级管理员 County administrator",
    Role.COUNTY_STAFF: "县级工作人员 County staff",
    Role.AUDITOR: "审计员 Auditor",
    Role.DEPARTMENT_OFFICER: "部门联络员 Department officer",
    Role.TOWNSHIP_STAFF: "乡镇工作人员 Township staff",
    Role.VILLAGE_SPECIALIST: "乡村振兴专干 Village specialist",
}

SEES = {
    Role.COUNTY_ADMIN: "全县，含账号 / the county, and accounts",
    Role.COUNTY_STAFF: "全县，可研判和导入 / the county, judging and importing",
    Role.AUDITOR: "全县，只读 / the county, read only",
    Role.DEPARTMENT_OFFICER: "医保清单 / lists of the medical insurance",
    Role.TOWNSHIP_STAFF: "{areas} / one township",
    Role.VILLAGE_SPECIALIST: "{areas} / two villages",
}
SHOWN_TOWNSHIP = "420527103"


@dataclass(frozen=True)
class Login:
    role: str
    username: str
    sees: str


def township_username(name: str) -> str:
    """屈原镇 → ``quyuan``."""
    return pinyin_key(name.removesuffix("镇").removesuffix("乡")).partition(" ")[0]


def specialist_villages() -> list[list[Area]]:
    """The villages of each specialist: one each, and in every township one who has the first two."""
    by_township: dict[str, list[Area]] = {}
    villages = Area.objects.filter(level=Level.VILLAGE, county=settings.COUNTY_CODE).order_by("code")
    for village in villages:
        by_township.setdefault(village.code[:9], []).append(village)
    shares = []
    for of_township in by_township.values():
        shares += [of_township[:2], *([village] for village in of_township[2:])]
    return shares


def _planned() -> list[tuple[str, Role, str, list[Area]]]:
    """User name, role, department and areas of every account."""
    county = Area.objects.get(code=settings.COUNTY_CODE)
    townships = Area.objects.filter(level=Level.TOWNSHIP, county=county.code).order_by("code")
    return [
        *((username, role, department, [county]) for username, role, department in COUNTY),
        *((township_username(area.name), Role.TOWNSHIP_STAFF, "", [area]) for area in townships),
        *(
            (f"cun{number:03}", Role.VILLAGE_SPECIALIST, "", villages)
            for number, villages in enumerate(specialist_villages(), start=1)
        ),
    ]


def taken_usernames() -> list[str]:
    """User names of the demo that somebody has already."""
    wanted = [username for username, _role, _department, _areas in _planned()]
    return list(User.objects.filter(username__in=wanted).values_list("username", flat=True))


def create_accounts(*, seed: int, since: date) -> int:
    """All accounts, posted since a day. Returns how many. Hashing takes a third of a second: it is done once."""
    rng = Random(f"accounts:{seed}")
    password = make_password(PASSWORD)
    planned = _planned()
    users = User.objects.bulk_create(
        User(username=username, name=_name(rng), password=password) for username, *_rest in planned
    )
    Posting.objects.bulk_create(
        Posting(user=user, role=role, department=department, area=area, valid_from=since)
        for user, (_username, role, department, areas) in zip(users, planned, strict=True)
        for area in areas
    )
    return len(users)


def _name(rng: Random) -> str:
    sex = rng.choice(("male", "female"))
    return names.full_name(rng, names.surname(rng), sex, rng.randint(1972, 1998))


def logins() -> list[Login]:
    """One account of every role to sign in with."""
    shown: dict[Role, tuple[str, list[Area]]] = {}
    for username, role, _department, areas in _planned():
        if areas[0].township in (None, SHOWN_TOWNSHIP):
            shown.setdefault(role, (username, areas))
    return [
        Login(ROLES[role], username, SEES[role].format(areas="、".join(area.name for area in areas)))
        for role, (username, areas) in shown.items()
    ]


def login_table() -> str:
    """What the command prints: Chinese first, columns by display width, and how the other accounts are called."""
    rows = [("角色 Role", "用户名 User", "口令 Password", "可见 Sees")]
    rows += [(login.role, login.username, PASSWORD, login.sees) for login in logins()]
    widths = [max(_width(row[column]) for row in rows) for column in range(3)] + [0]
    lines = ["  ".join(map(_padded, row, widths)) for row in rows]
    by_role: dict[Role, list[str]] = {}
    for username, role, _department, _areas in _planned():
        by_role.setdefault(role, []).append(username)
    specialists = by_role[Role.VILLAGE_SPECIALIST]
    lines.append(f"乡镇 townships: {' '.join(by_role[Role.TOWNSHIP_STAFF])}")
    lines.append(f"专干 specialists: {specialists[0]} … {specialists[-1]}")
    return "\n".join(lines)


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
