"""How much is accepted without a look: from one phone, one village, the county, in the same words.

Nothing is refused. What is more than that, or looks like abuse, is stored as unchecked with a code that says why,
and somebody looks first. Addresses count for nothing: a village shares one. The limits are dated thresholds; one
without a value today lets nothing pass.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from households.policy.thresholds import thresholds_on

TRAP, LINKS, WORDS = "trap", "links", "same_words"
PHONE_DAY, PHONE_VILLAGES, VILLAGE_DAY, COUNTY_HOUR = "phone_day", "many_villages", "village_day", "county_hour"
NOT_RAISED = "not_raised"

# Code → what the desk reads.
DOUBTS: dict[str, str | Promise] = {
    TRAP: _("Filled in by a program"),
    LINKS: _("Contains an internet address"),
    WORDS: _("The same words came several times"),
    PHONE_DAY: _("Many reports from this phone on one day"),
    PHONE_VILLAGES: _("This phone reported from several villages"),
    VILLAGE_DAY: _("Many reports from this village on one day"),
    COUNTY_HOUR: _("Very many reports from the county within an hour"),
    NOT_RAISED: _("No alert could be raised at once"),
}

# A family has relatives in another village; three villages within a month are no family.
VILLAGES_OF_A_PHONE, VILLAGES_WITHIN = 2, timedelta(days=30)
ADDRESS = re.compile(r"https?:|www\.|\.(?:com|cn|net|org|top|xyz|cc|vip)\b", re.IGNORECASE)

# Each part reads at most as many rows as its limit, along an index: the ten-thousandth report of a flood costs
# what the tenth did.
COUNT = """
SELECT
    (SELECT count(*) FROM (
        SELECT FROM alerts_report WHERE words_hash = %(words)s AND reported_at >= %(midnight)s
        LIMIT %(report_words_day)s) AS r),
    (SELECT count(*) FROM (
        SELECT FROM alerts_report
        WHERE phone_hash = %(phone)s AND source = 'public' AND reported_at >= %(midnight)s
        LIMIT %(report_phone_day)s) AS r),
    (SELECT count(DISTINCT village) FROM (
        SELECT village FROM alerts_report
        WHERE phone_hash = %(phone)s AND source = 'public' AND reported_at >= %(month_ago)s
        ORDER BY reported_at DESC LIMIT 50) AS r WHERE village <> %(village)s),
    (SELECT count(*) FILTER (WHERE source = 'public' AND reported_at >= %(midnight)s) FROM (
        SELECT source, reported_at FROM alerts_report WHERE village = %(village)s AND state = 'accepted'
        ORDER BY id DESC LIMIT %(report_village_day)s) AS r),
    (SELECT count(*) FILTER (WHERE source = 'public' AND reported_at >= %(hour_ago)s) FROM (
        SELECT source, reported_at FROM alerts_report WHERE county = %(county)s AND state = 'accepted'
        ORDER BY id DESC LIMIT %(report_county_hour)s) AS r)
"""
# Seconds for which a process remembers limits: a flood must not read them again each time.
REMEMBERED = 30
CODES = ("report_words_day", "report_phone_day", "report_village_day", "report_county_hour")


@dataclass(frozen=True)
class Sent:
    """What the limits look at. Hashes only; ``words`` are looked through for addresses and kept nowhere."""

    county: str
    village: str
    phone_hash: bytes
    words_hash: bytes | None
    words: str
    trap: bool
    at: datetime


def limits_on(at: datetime, county: str) -> dict[str, int]:
    """Threshold code → how many; 0 where no value holds. One query in half a minute, however many reports come."""
    return _limits(timezone.localdate(at), county, int(at.timestamp()) // REMEMBERED)


@lru_cache(maxsize=4)
def _limits(day: date, county: str, _half_minute: int) -> dict[str, int]:
    known = thresholds_on(day, county)
    return {code: int(known[code].value) if code in known else 0 for code in CODES}


def find_doubt(sent: Sent, limits: Mapping[str, int]) -> str:
    """The code of the first reason to look at it first; ``""`` when it can be accepted. At most one query."""
    if sent.trap:
        return TRAP
    if ADDRESS.search(sent.words):
        return LINKS
    with connection.cursor() as cursor:
        cursor.execute(COUNT, _parameters(sent, limits))
        words, phone, villages, village, county = cursor.fetchone()
    return next(
        (
            code
            for code, is_over in (
                (WORDS, sent.words_hash is not None and words >= limits["report_words_day"]),
                (PHONE_DAY, phone >= limits["report_phone_day"]),
                (PHONE_VILLAGES, villages >= VILLAGES_OF_A_PHONE),
                (VILLAGE_DAY, village >= limits["report_village_day"]),
                (COUNTY_HOUR, county >= limits["report_county_hour"]),
            )
            if is_over
        ),
        "",
    )


def _parameters(sent: Sent, limits: Mapping[str, int]) -> dict[str, str | bytes | int | datetime | None]:
    midnight = timezone.localtime(sent.at).replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "county": sent.county,
        "village": sent.village,
        "phone": sent.phone_hash,
        "words": sent.words_hash,
        "midnight": midnight,
        "hour_ago": sent.at - timedelta(hours=1),
        "month_ago": sent.at - VILLAGES_WITHIN,
        **limits,
    }


def wait_for_turn(county: str) -> None:
    """Until the transaction ends, nobody else of the county is accepted: what is counted next stays true.

    Only taken for what seems within the limits, so a flood does not queue here.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('alerts.reports.limits'), %s)", [int(county)])
