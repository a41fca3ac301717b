"""Every page × every member of the cast × a row inside and a row outside: one table says what each gets.

A URL pattern that is not in the table fails the test with its name, so no page ships unscoped. To add a page, add
a line to PAGES: its URL name, and what each member gets.

    "alerts:list": Page(of(admin=200, staff=200, …)),                          # no row in the URL
    "pages:household": Page(IN_VILLAGE, IN_OTHER_VILLAGE, household),          # a row inside and one outside
    "runs:start": Page(of(admin=302, staff=302), method="post", data={…}),

``of`` fills in the rest: whoever is not named is refused (403), and who has no posting, or is nobody, is led to
the sign-in page. Inside is 秭归县屈原镇长江村 (one of the specialist's villages), outside is a village of another
township (the neighbour's); for rows of the whole county, outside is another county. ``World`` makes the rows.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from households.models import Area
from monitoring.feeds.models import ApiClient, FeedScope
from monitoring.feeds.services import create_client
from tests.conftest import ELSEWHERE, VILLAGES
from tests.world import (
    World,
    account,
    alert,
    alert_moved,
    answered,
    area_event,
    asked,
    bill,
    campaign,
    campaign_village,
    client,
    dated_threshold,
    doubt,
    event_village,
    gateway,
    household,
    imported,
    line,
    member,
    notice,
    photo,
    posting,
    report,
    run,
    shell_file,
    suggestion,
    threshold,
    unsent_photo,
    upload,
    upload_photo,
    village,
    visit,
    waiting,
)

POSTED = ("admin", "staff", "auditor", "officer", "township", "specialist", "neighbour")
NOT_POSTED = ("leaver", "stranger", "anonymous")
# API clients, asked about on pages of the API only: a key for 屈原镇, for another township, for nothing.
KEYS = ("key_here", "key_elsewhere", "key_without_scope")
SIGN_IN = "sign-in page"


def of(*, default: int | str = 403, **named: int) -> dict[str, int | str]:
    """What each member of the cast gets."""
    assert set(named) <= {*POSTED, *NOT_POSTED}
    return dict.fromkeys(POSTED, default) | dict.fromkeys(NOT_POSTED, SIGN_IN) | named


def everybody(status: int) -> dict[str, int | str]:
    return dict.fromkeys((*POSTED, *NOT_POSTED), status)


def keys_only(**named: int) -> dict[str, int | str]:
    """The API: whoever brings no key is told so (401), signed in or not; a key without the scope is refused."""
    return everybody(401) | {"key_without_scope": 403} | named


@dataclass(frozen=True)
class Page:
    expect: dict[str, int | str]
    # What they get for the row outside; only for pages whose URL names a row that lies somewhere.
    outside: dict[str, int | str] | None = None
    row: Callable[[World], dict[str, object]] = lambda world: {}
    method: str = "get"
    data: dict[str, object] = field(default_factory=dict)


COUNTY = {"admin": 200, "staff": 200, "auditor": 200}
AREA = {"township": 200, "specialist": 200, "neighbour": 200}
# A file of a department: its officer sees it, the officer of another does not.
IMPORT = of(**COUNTY, officer=200)
IMPORT_OF_OTHERS = of(**COUNTY, officer=404)
IMPORT_WORK = of(admin=302, staff=302, officer=302)
IMPORT_WORK_OF_OTHERS = of(admin=302, staff=302, officer=404)
# Rows of the county, matched at the county's desk.
DESK, DESK_ELSEWHERE = of(admin=200, staff=200), of(admin=404, staff=404)
DESK_WORK = of(admin=302, staff=302)
# A row that lies in a village: inside for some, outside for the others.
IN_VILLAGE = of(**COUNTY, township=200, specialist=200, neighbour=404)
IN_OTHER_VILLAGE = of(**COUNTY, township=404, specialist=404, neighbour=200)
# The register is kept at the county's desk and at that of the own township.
KEPT = of(admin=200, staff=200, township=200)
KEPT_ELSEWHERE = of(admin=200, staff=200, township=404)
CHECKED = of(admin=302, staff=302, township=302)
CHECKED_ELSEWHERE = of(admin=302, staff=302, township=404)
VISITED = KEPT | {"specialist": 200, "neighbour": 404}
VISITED_ELSEWHERE = KEPT_ELSEWHERE | {"specialist": 404, "neighbour": 200}

# A tablet is a program: it is told so, not led to a page.
TABLET = of(admin=200, staff=200, **AREA, **dict.fromkeys(NOT_POSTED, 401))
TABLET_SENDS = TABLET | dict.fromkeys(("admin", "staff", *AREA), 400)

# A notice is for one person; everybody else who has a bell finds nothing there.
ONLY_SPECIALIST = of(default=404, specialist=302)
ONLY_NEIGHBOUR = of(default=404, neighbour=302)

# Nothing was ticked: back to the list.
MOVED_FROM_WORK = of(admin=302, staff=302, township=302, specialist=302, neighbour=302)
TO_NEXT = MOVED_FROM_WORK | {"neighbour": 404}
TO_NEXT_ELSEWHERE = MOVED_FROM_WORK | {"township": 404, "specialist": 404}

PAGES: dict[str, Page] = {
    "home": Page(of(default=200)),
    "healthz": Page(everybody(200)),
    "set_language": Page(everybody(302), method="post", data={"language": "en", "next": "/"}),
    "staff:sign-in": Page(of(default=302, leaver=200, stranger=200, anonymous=200)),
    "staff:sign-out": Page(of(default=SIGN_IN), method="post"),
    "staff:password-change": Page(of(default=200)),
    "staff:accounts": Page(of(admin=200, auditor=200)),
    "staff:account-add": Page(of(admin=200)),
    "staff:accounts-upload": Page(of(admin=200)),
    "staff:accounts-create": Page(of(admin=302), method="post"),
    "staff:account": Page(of(admin=200, auditor=200), of(admin=404, auditor=404), account),
    "staff:posting-add": Page(of(admin=200), of(admin=404), account),
    "staff:posting-end": Page(of(admin=302), of(admin=404), posting, "post", {"last_day": "2026-01-01"}),
    "staff:first-password": Page(of(admin=200), of(admin=404), account, "post"),
    "staff:account-close": Page(of(admin=302), of(admin=404), account, "post"),
    "staff:account-open": Page(of(admin=302), of(admin=404), account, "post"),
    "ledger:audit": Page(of(admin=200, auditor=200)),
    "alerts:list": Page(of(**COUNTY, **AREA)),
    "alerts:export": Page(of(admin=200, staff=200, **AREA)),
    "alerts:work": Page(of(admin=200, staff=200, **AREA)),
    "alerts:work-export": Page(of(admin=200, staff=200, **AREA)),
    "alerts:work-move": Page(MOVED_FROM_WORK, row=lambda world: {"code": "acknowledge"}, method="post"),
    "alerts:work-next": Page(TO_NEXT, TO_NEXT_ELSEWHERE, alert),
    "reports:list": Page(of(**COUNTY, **AREA)),
    "reports:new": Page(of(admin=200, staff=200, township=200, specialist=200, neighbour=200)),
    "reports:accept-many": Page(of(admin=302, staff=302, township=302), method="post"),
    "reports:set-aside-many": Page(of(admin=302, staff=302, township=302), method="post"),
    "reports:sheets": Page(of(**COUNTY, **AREA)),
    # Without a public host there is nothing to print (tests/reports/test_sheets.py has one).
    "reports:sheet-print": Page(of(**dict.fromkeys((*COUNTY, *AREA), 404)), data={"township": VILLAGES[0][:9]}),
    "reports:detail": Page(IN_VILLAGE, IN_OTHER_VILLAGE, report),
    "reports:accept": Page(CHECKED, CHECKED_ELSEWHERE, report, "post"),
    "reports:set-aside": Page(CHECKED, CHECKED_ELSEWHERE, report, "post", {"reason": "abuse"}),
    "reports:answer": Page(CHECKED, CHECKED_ELSEWHERE, report, "post", {"text": "已核实"}),
    "reports:phone": Page(VISITED, VISITED_ELSEWHERE, report, "post"),
    "reports:search": Page(VISITED, VISITED_ELSEWHERE, report, "post", {"term": "户主"}),
    # Without a household in the form there is nothing to match.
    "reports:match": Page(
        of(admin=404, staff=404, township=404, specialist=404, neighbour=404),
        of(admin=404, staff=404, township=404, specialist=404, neighbour=404),
        report,
        "post",
    ),
    "registry:list": Page(of(**COUNTY, **AREA)),
    "registry:search": Page(of(**COUNTY, **AREA), method="post", data={"term": "户主"}),
    "imports:list": Page(IMPORT),
    "imports:upload": Page(of(admin=200, staff=200, officer=200)),
    "imports:detail": Page(IMPORT, IMPORT_OF_OTHERS, imported),
    "imports:rows": Page(IMPORT, IMPORT_OF_OTHERS, imported),
    "imports:refused": Page(IMPORT, IMPORT_OF_OTHERS, imported),
    "imports:commit": Page(IMPORT_WORK, IMPORT_WORK_OF_OTHERS, imported, "post"),
    "imports:discard": Page(IMPORT_WORK, IMPORT_WORK_OF_OTHERS, imported, "post"),
    # A preview cannot be taken back: whoever may undo is led back to it.
    "pages:undo-import": Page(DESK_WORK, DESK_WORK, imported),
    "imports:waiting": Page(DESK),
    "imports:waiting-row": Page(DESK, DESK_ELSEWHERE, waiting),
    "imports:waiting-search": Page(DESK, DESK_ELSEWHERE, waiting, "post", {"term": "户主"}),
    "imports:waiting-match": Page(of(admin=404, staff=404), DESK_ELSEWHERE, waiting, "post", {"subject": "0"}),
    "imports:waiting-dismiss": Page(DESK_WORK, DESK_ELSEWHERE, waiting, "post", {"reason": "重复"}),
    "imports:doubts": Page(IMPORT),
    "imports:doubt-settle": Page(DESK_WORK, DESK_ELSEWHERE, doubt, "post"),
    "runs:list": Page(of(**COUNTY, township=200)),
    "runs:start": Page(of(admin=302, staff=302), method="post", data={"month": "no month"}),
    "runs:detail": Page(of(**COUNTY, township=200), of(admin=404, staff=404, auditor=404, township=404), run),
    "runs:seal": Page(of(admin=302), of(admin=404), run, method="post"),
    "runs:replay": Page(
        of(admin=302, staff=302, auditor=302), of(admin=404, staff=404, auditor=404), run, method="post"
    ),
    "pages:alert": Page(IN_VILLAGE, IN_OTHER_VILLAGE, alert),
    # Merely raised, it is acknowledged by nobody yet; which move is possible when: tests/travel.
    "alerts:move": Page(
        of(admin=409, staff=409, township=409, specialist=409, neighbour=404),
        of(admin=409, staff=409, township=404, specialist=404, neighbour=409),
        alert_moved,
        "post",
    ),
    "visits:list": Page(of(**COUNTY, **AREA)),
    "visits:calendar": Page(of(**COUNTY, **AREA)),
    "visits:due": Page(of(**COUNTY, **AREA)),
    "visits:print": Page(IN_VILLAGE, IN_OTHER_VILLAGE, household),
    "visits:print-village": Page(IN_VILLAGE, IN_OTHER_VILLAGE, row=lambda world: {"code": world.place}),
    "visits:detail": Page(IN_VILLAGE, IN_OTHER_VILLAGE, visit),
    "visits:photo": Page(IN_VILLAGE, IN_OTHER_VILLAGE, photo),
    "visits:requests": Page(of(**COUNTY, **AREA)),
    # Nothing was ticked.
    "visits:request-decide": Page(
        of(admin=422, staff=422, township=422), of(admin=422, staff=422, township=404), asked, "post"
    ),
    "uploads:list": Page(KEPT),
    "uploads:detail": Page(KEPT, KEPT_ELSEWHERE, upload),
    "uploads:photo": Page(KEPT, KEPT_ELSEWHERE, upload_photo),
    "uploads:accept": Page(CHECKED, CHECKED_ELSEWHERE, upload, "post"),
    # Without a reason.
    "uploads:set-aside": Page(
        of(admin=422, staff=422, township=422), of(admin=422, staff=422, township=404), upload, "post"
    ),
    "campaigns:list": Page(of(**COUNTY, **AREA)),
    "campaigns:new": Page(of(admin=200, staff=200, township=200)),
    "campaigns:detail": Page(IN_VILLAGE, IN_OTHER_VILLAGE, campaign),
    "campaigns:figures": Page(IN_VILLAGE, IN_OTHER_VILLAGE, campaign),
    "campaigns:sheet": Page(IN_VILLAGE, IN_OTHER_VILLAGE, campaign),
    "campaigns:village": Page(IN_VILLAGE, IN_OTHER_VILLAGE, campaign_village),
    # Without a reason.
    "campaigns:end": Page(
        of(admin=422, staff=422, township=422), of(admin=422, staff=422, township=404), campaign, "post"
    ),
    "areawide:list": Page(of(**COUNTY, **AREA)),
    "areawide:new": Page(of(admin=200, staff=200)),
    "areawide:detail": Page(IN_VILLAGE, IN_OTHER_VILLAGE, area_event),
    "areawide:visits": Page(IN_VILLAGE, IN_OTHER_VILLAGE, event_village),
    "areawide:sheet": Page(IN_VILLAGE, IN_OTHER_VILLAGE, event_village),
    "areawide:close": Page(of(admin=200, staff=200), of(admin=200, staff=200), area_event, "post"),  # none open
    "pages:household": Page(IN_VILLAGE, IN_OTHER_VILLAGE, household),
    "desk:new": Page(KEPT),
    "desk:code": Page(KEPT, KEPT_ELSEWHERE, household),
    "desk:move": Page(KEPT, KEPT_ELSEWHERE, household),
    "desk:split": Page(KEPT, KEPT_ELSEWHERE, household),
    "desk:merge": Page(KEPT, KEPT_ELSEWHERE, household),
    "desk:birth": Page(KEPT, KEPT_ELSEWHERE, household),
    "desk:death": Page(KEPT, KEPT_ELSEWHERE, member),
    "desk:marriage": Page(KEPT, KEPT_ELSEWHERE, household),
    "desk:marriage-search": Page(KEPT, KEPT_ELSEWHERE, household, "post", {"term": "户主"}),
    "desk:marriage-newcomer": Page(KEPT, KEPT_ELSEWHERE, household),
    "desk:marriage-in": Page(KEPT, KEPT_ELSEWHERE, member),
    "desk:marriage-out": Page(KEPT, KEPT_ELSEWHERE, member),
    "desk:line-add": Page(KEPT, KEPT_ELSEWHERE, household),
    "desk:line-correct": Page(KEPT, KEPT_ELSEWHERE, line),
    "desk:line-remove": Page(KEPT, KEPT_ELSEWHERE, line),
    "desk:bill-add": Page(KEPT, KEPT_ELSEWHERE, household),
    "desk:bill-correct": Page(KEPT, KEPT_ELSEWHERE, bill),
    "desk:bill-remove": Page(KEPT, KEPT_ELSEWHERE, bill),
    "pages:visit": Page(VISITED, VISITED_ELSEWHERE, household),
    "tablet:page": Page(of(admin=200, staff=200, **AREA)),
    "tablet:service-worker": Page(everybody(200)),
    "tablet:asset": Page(everybody(200), row=shell_file),
    "tablet:me": Page(TABLET),
    "tablet:pull": Page(TABLET | {"neighbour": 404}, TABLET | {"township": 404, "specialist": 404}, village),
    # Without a body there is nothing to read; without a key of a tablet nobody hands anything over.
    "tablet:visits": Page(TABLET_SENDS, method="post"),
    "tablet:photo": Page(TABLET, row=unsent_photo, method="post"),
    "tablet:hand-over": Page(everybody(401), method="post"),
    "tablet:hand-over-photo": Page(everybody(401), row=unsent_photo, method="post"),
    "gaps:list": Page(of(**COUNTY, **AREA)),
    "feedback:list": Page(IMPORT),
    "feedback:confirmed": Page(IMPORT),
    "feedback:confirmed-download": Page(of(**COUNTY, officer=200), method="post", data={"purpose": "check"}),
    "feedback:file": Page(IMPORT, IMPORT_OF_OTHERS, answered),
    "feedback:file-download": Page(IMPORT, IMPORT_OF_OTHERS, answered),
    "figures:travel": Page(of(**COUNTY, **AREA)),
    "yields:list": Page(of(**COUNTY, township=200)),
    "yields:backtest": Page(of(**COUNTY, township=200), row=threshold),
    "thresholds:list": Page(of(**COUNTY, township=200)),
    "thresholds:detail": Page(of(**COUNTY, township=200), row=threshold),
    "thresholds:rehearsal": Page(of(**COUNTY, township=200), row=threshold),
    "thresholds:try": Page(of(admin=200), row=threshold, method="post", data={"value": "7600"}),
    "thresholds:add": Page(of(admin=422), row=threshold, method="post"),
    "thresholds:end": Page(of(admin=302), of(admin=404), dated_threshold, "post", {"last_day": "2026-01-01"}),
    "thresholds:withdraw": Page(of(admin=302), of(admin=404), dated_threshold, "post"),
    "calendar:year": Page(of(**COUNTY, township=200)),
    "calendar:enter": Page(of(admin=422), method="post"),
    "calendar:day": Page(of(admin=422), method="post"),
    "staff:contact": Page(of(default=200)),
    "notices:list": Page(of(default=200)),
    "notices:read-all": Page(of(default=302), method="post", data={"newest": "1"}),
    # The bell is for one person: the notice of the specialist, and one of the neighbour's.
    "notices:open": Page(ONLY_SPECIALIST, ONLY_NEIGHBOUR, notice, "post"),
    "notices:read": Page(ONLY_SPECIALIST, ONLY_NEIGHBOUR, notice, "post"),
    "notices:deliveries": Page(of(admin=200)),
    "notices:decide": Page(of(admin=302), method="post", data={"decision": "again", "id": "1"}),
    "notices:templates": Page(of(admin=200)),
    "notices:template": Page(of(admin=200), row=lambda _world: {"kind": "dispatched"}),
    "notices:template-reset": Page(of(admin=302), row=lambda _world: {"kind": "dispatched"}, method="post"),
    "notices:gateways": Page(of(admin=200)),
    "notices:gateway-add": Page(of(admin=200)),
    "notices:gateway": Page(of(admin=200), row=gateway),
    "notices:gateway-test": Page(of(admin=302), row=gateway, method="post"),
    "notices:email-test": Page(of(admin=302), method="post"),
    "clients:list": Page(of(admin=200)),
    "clients:create": Page(of(admin=200)),
    "clients:revoke": Page(of(admin=302), of(admin=404), client, "post"),
    "suggestions:list": Page(of(default=200)),
    # Who wrote it and who answers; to everybody else it is not there.
    "suggestions:detail": Page(of(default=404, admin=200), of(default=404), suggestion),
    "suggestions:answer": Page(of(admin=302), of(admin=404), suggestion, "post", {"answer": "已改正"}),
    "api:alerts": Page(keys_only(key_here=200, key_elsewhere=200)),
    "api:alert": Page(
        keys_only(key_here=200, key_elsewhere=404), keys_only(key_here=404, key_elsewhere=200), alert
    ),
    "api:moves": Page(
        keys_only(key_here=200, key_elsewhere=404), keys_only(key_here=404, key_elsewhere=200), alert
    ),
    # A form is no JSON; what a key may hand in where is tried in tests/feeds/test_reports.py.
    "api:reports": Page(keys_only(key_here=415, key_elsewhere=415), method="post"),
    "api:events": Page(keys_only(key_here=200, key_elsewhere=200)),
    "api:schema": Page(everybody(200)),
}


def _patterns(patterns, namespaces: tuple[str, ...] = ()) -> Iterator[str]:
    """Qualified names of all URL patterns; a pattern without a name shows as its route."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield ":".join((*namespaces, pattern.name or f"(unnamed) {pattern.pattern}"))
        else:
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _patterns(pattern.url_patterns, inner)


def test_every_url_is_in_the_table():
    names = set(_patterns(get_resolver().url_patterns))
    assert sorted(names - set(PAGES)) == [], "add these to PAGES in tests/test_access.py"
    assert sorted(set(PAGES) - names) == [], "these are no URLs any more"


def _answer(response) -> int | str:
    led_to_sign_in = response.status_code == 302 and response.url.startswith(reverse("staff:sign-in"))
    return SIGN_IN if led_to_sign_in else response.status_code


@pytest.fixture
def client_of(cast, sign_in):
    """``client_of("township")``: a browser of that member, or a program with a key."""

    def _client_of(member: str) -> Client:
        if member in KEYS:
            area = Area.objects.get(pk=(ELSEWHERE if member == "key_elsewhere" else VILLAGES[0])[:9])
            day = timezone.localdate() + dt.timedelta(days=1)
            issued = create_client(name=member, area=area, scopes=FeedScope.values, last_day=day, by=cast.admin)
            if member == "key_without_scope":
                ApiClient.objects.filter(pk=issued.client.pk).update(scopes=[])
            return Client(headers={"Authorization": f"Api-Key {issued.key}"})
        return Client() if member == "anonymous" else sign_in(member)

    return _client_of


def _ask(client: Client, name: str, page: Page, world: World) -> int | str:
    """One request, undone afterwards: the next member finds the same rows."""
    url = reverse(name, kwargs=page.row(world))
    savepoint = transaction.savepoint()
    try:
        return _answer(getattr(client, page.method)(url, page.data))
    finally:
        transaction.savepoint_rollback(savepoint)


@pytest.fixture
def worlds(db) -> dict[str, World]:
    return {
        "inside": World(place=VILLAGES[0], county="420527", department="medical"),
        "outside": World(place=ELSEWHERE, county="420528", department="civil"),
    }


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_each_member_gets_what_the_table_says(name, client_of, worlds):
    page = PAGES[name]
    table = {"inside": page.expect} | ({"outside": page.outside} if page.outside else {})
    expected = {(where, member): status for where, row in table.items() for member, status in row.items()}
    for where in table:
        page.row(worlds[where])
    got = {}
    for where, who in expected:
        got[where, who] = _ask(client_of(who), name, page, worlds[where])

    wrong = {key: f"{got[key]} instead of {expected[key]}" for key in expected if got[key] != expected[key]}
    assert wrong == {}
