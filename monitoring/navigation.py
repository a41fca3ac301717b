"""What the shell of every page shows: where one may go, and who one is."""

from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext, gettext_lazy

from alerts.notices.reading import COUNT_UP_TO, unread_of
from alerts.travel.worklist import mine_of

WORK = "alerts:work"
# More is shown as "999+": the count of every page must not cost more than the page.
COUNT_WORK_UP_TO = 999
# (URL name, label, icon, right)
ENTRIES = (
    ("home", gettext_lazy("Home"), "home", "home.view"),
    (WORK, gettext_lazy("My work"), "check", "alerts.move"),
    ("alerts:list", gettext_lazy("Alerts"), "alert", "alerts.view"),
    ("reports:list", gettext_lazy("Reports"), "report", "reports.view"),
    ("areawide:list", gettext_lazy("Area events"), "pin", "areawide.view"),
    ("registry:list", gettext_lazy("Households"), "household", "households.view"),
    ("visits:list", gettext_lazy("Visits"), "visit", "visits.view"),
    ("tablet:page", gettext_lazy("Tablet"), "tablet", "visits.add"),
    ("imports:list", gettext_lazy("Imports"), "import", "imports.view"),
    ("feedback:list", gettext_lazy("Feedback"), "feedback", "feedback.view"),
    ("figures:travel", gettext_lazy("Figures of travel"), "figures", "figures.view"),
    ("runs:list", gettext_lazy("Judgments"), "run", "runs.view"),
    ("gaps:list", gettext_lazy("Incomplete and unknown"), "gap", "gaps.view"),
    ("yields:list", gettext_lazy("Yield of the rules"), "search", "yield.view"),
    ("thresholds:list", gettext_lazy("Thresholds"), "threshold", "thresholds.view"),
    ("calendar:year", gettext_lazy("Work calendar"), "calendar", "calendar.view"),
    ("staff:accounts", gettext_lazy("Accounts"), "people", "accounts.view"),
    ("notices:deliveries", gettext_lazy("Deliveries of notices"), "bell", "notices.manage"),
    ("clients:list", gettext_lazy("API clients"), "key", "clients.manage"),
    ("ledger:audit", gettext_lazy("Audit trail"), "audit", "audit.view"),
    ("suggestions:list", gettext_lazy("Complaints and suggestions"), "info", "suggestions.add"),
)


@dataclass(frozen=True)
class Entry:
    label: str
    url: str
    icon: str
    active: bool
    # What waits for whoever reads.
    count: str = ""


def _waiting(user) -> dict[str, int]:
    """How much work and how many unread notices, in one query: it is asked on every page."""
    unread = unread_of(user).values_list(Value("notice"))[:COUNT_UP_TO]
    if not user.has_perm("alerts.move"):
        return Counter(word for (word,) in unread)
    work = mine_of(user).values_list(Value("work"))[: COUNT_WORK_UP_TO + 1]
    return Counter(word for (word,) in work.union(unread, all=True))


def _shown(count: int, highest: int) -> str:
    """``3``, ``99+``, or nothing."""
    return f"{highest}+" if count > highest else str(count or "")


def _entries(request: HttpRequest, waiting: dict[str, int]) -> list[Entry]:
    entries = []
    for name, label, icon, right in ENTRIES:
        if request.user.has_perm(right):
            url = reverse(name)
            active = request.path == url or (url != "/" and request.path.startswith(url))
            count = _shown(waiting["work"], COUNT_WORK_UP_TO) if name == WORK else ""
            entries.append(Entry(str(label), url, icon, active, count))
    return entries


def _posting_label(user) -> str:
    """``Village specialist · 长江村、铺坪村``."""
    postings = user.current_postings
    if not postings:
        return ""
    places = gettext(", ").join(posting.area.short_name for posting in postings)
    return f"{postings[0].get_role_display()} · {places}"


def shell(request: HttpRequest) -> dict[str, object]:
    """Context of templates/base.html."""
    context: dict[str, object] = {"site_name": settings.SITE_NAME}
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        # Asked for when the header is drawn: fragments have none.
        waiting = SimpleLazyObject(lambda: _waiting(user))
        context |= {
            "navigation": SimpleLazyObject(lambda: _entries(request, waiting)),
            "unread_notices": SimpleLazyObject(lambda: _shown(waiting["notice"], COUNT_UP_TO - 1)),
            "posting_label": _posting_label(user),
        }
    return context
