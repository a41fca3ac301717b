"""Rows of the tables as COPY text. Every row ends where batch and row number follow: the loader adds them."""

from datetime import date
from functools import cache

from households.privacy.seal import lookup_hash, seal
from households.registry.pinyin import pinyin_key
from monitoring.demo.illness import Bill
from monitoring.demo.lists import LISTS, Listed
from monitoring.demo.people import Member

# Table → columns of the rows below (batch_id and row_number follow), in the order in which they are loaded.
COLUMNS = {
    "household": "id, code, county, township, village, head_name, head_pinyin, hamlet, phone_sealed",
    "person": "id, code, name, pinyin, sex, born_on, identity_sealed, identity_hash",
    "membership": "person_id, household_id, relation, is_head, since",
    "householdfact": "household_id, as_of, kind, lifted_year, category, monitored_since, risk_eliminated,"
    " eliminated_on, house_grade, safe_water, stated_size, arable_mu",
    "personfact": "person_id, as_of, born_on, resident_insurance, employee_insurance, education, schooling,"
    " dropout_reason, labour, health, disability, work_place, work_months, dibao, tekun, other",
    "incomeline": "household_id, month, kind, item, amount",
    "medicalbill": "person_id, settled_on, visit_kind, total_cost, basic_paid, serious_illness_paid, aid_paid,"
    " self_pay",
    "visit": "household_id, county, township, village, uid, visited_on, method, visitor_id, words, risks",
    **dict.fromkeys(LISTS, "person_id, list, month, happened_on, kind, grade, days, amount, detail"),
}
NULL = "\\N"
HAMLETS = ("一组", "二组", "三组", "四组", "五组", "六组")
BOOLEAN = {True: "t", False: "f", None: NULL}


def table_of(name: str) -> str:
    """Departments have a list each and one table."""
    return "households_listentry" if name in LISTS else f"households_{name}"


class Rows:
    """Rows by table and month. The month is the index of the batch in which they arrive."""

    def __init__(self, months: int):
        # Bytes: half the memory of words with Chinese in them.
        self.by_table: dict[str, list[list[bytes]]] = {table: [[] for _m in range(months)] for table in COLUMNS}

    def add(self, table: str, month: int, row: str) -> None:
        self.by_table[table][month].append(row.encode())


@cache
def _pinyin(part: str) -> tuple[str, str]:
    syllables, _blank, initials = pinyin_key(part).partition(" ")
    return syllables, initials


def name_key(name: str) -> str:
    """The pinyin key of a name from those of surname and given name: few of these, a hundred thousand names."""
    family, given = _pinyin(name[:1]), _pinyin(name[1:])
    return f"{family[0]}{given[0]} {family[1]}{given[1]}"


def _bytes(value: bytes) -> str:
    return "\\\\x" + value.hex()


def place_columns(village: str) -> tuple[str, str, str]:
    """County, township and village."""
    return village[:6], village[:9], village


def household_row(row_id: int, code: str, village: str, head: Member, number: str) -> str:
    place, hamlet = "\t".join(place_columns(village)), HAMLETS[row_id % len(HAMLETS)]
    return f"{row_id}\t{code}\t{place}\t{head.name}\t{name_key(head.name)}\t{hamlet}\t{_bytes(seal(number))}"


def person_row(row_id: int, code: str, member: Member) -> str:
    number = member.number
    identity = f"{_bytes(seal(number))}\t{_bytes(lookup_hash(number))}" if number else f"{NULL}\t{NULL}"
    return (
        f"{row_id}\t{code}\t{member.name}\t{name_key(member.name)}\t{member.sex}\t{member.born.isoformat()}"
        f"\t{identity}"
    )


def membership_row(person: int, household: int, member: Member) -> str:
    since = member.since.isoformat() if member.since else NULL
    head = "t" if member.relation == "户主" else "f"
    return f"{person}\t{household}\t{member.relation}\t{head}\t{since}"


def person_fact_row(person: int, as_of: date, member: Member, schooling: str, cover: tuple) -> str:
    """``schooling`` and ``cover`` are those of the day; everything else does not change in the demo."""
    education = "" if schooling else member.education or "初中"
    labour = "无劳动力" if schooling else member.labour
    works = member.works and not schooling
    place, months = (member.work_place, member.work_months) if works else ("", NULL)
    return (
        f"{person}\t{as_of.isoformat()}\t{member.born.isoformat()}\t{BOOLEAN[cover[0]]}\t{BOOLEAN[cover[1]]}"
        f"\t{education}\t{schooling}\t\t{labour}\t{{{member.health}}}\t{member.disability}\t{place}\t{months}"
        f"\t{BOOLEAN[member.dibao]}\t{BOOLEAN[member.tekun]}\t{{}}"
    )


def bill_row(person: int, bill: Bill) -> str:
    return (
        f"{person}\t{bill.settled_on.isoformat()}\t{bill.kind}\t{bill.total:.2f}\t{bill.basic:.2f}"
        f"\t{bill.serious:.2f}\t{bill.aid:.2f}\t{bill.self_pay:.2f}"
    )


def list_row(person: int, month: date, listed: Listed) -> str:
    return text_row(
        person, listed.list, month, listed.happened_on, listed.kind, listed.grade, listed.days, listed.amount,
        listed.detail,
    )  # fmt: skip


def text_row(*values: object) -> str:
    """Any row: ``None`` is null, booleans are t and f."""
    return "\t".join(
        BOOLEAN[value] if value is None or isinstance(value, bool) else str(value) for value in values
    )
