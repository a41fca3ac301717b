"""Rows of a file with their fates in words: masked as everywhere, and nothing that only the register knows."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from alerts.kinds import Risk
from alerts.models import Alert
from alerts.transitions import WITHDRAWN
from households.imports.pages import NAMES
from households.imports.problems import row_sentence
from households.models import Import, StagedRow, User
from households.privacy.mask import mask_identity, mask_name
from households.privacy.seal import unseal
from monitoring.feedback.fates import Fate, Fated

SHOWN = (
    "level",
    "status",
    "holder",
    "kind__code",
    "kind__name_zh",
    "kind__name_en",
    "verdict",
    "risks",
    "reason",
    "outcome",
    "verified_at",
    "closed_at",
)
# The file comes along: it is known already, and would be asked for row by row.
SAID = ("import_file", "row_number", "payload", "reasons", "identity_sealed", "household_code")
# Chips of components/status_chip.html by what they mean.
TONES = {
    Fate.CONFIRMED: "error",
    Fate.UNDER_WAY: "open",
    Fate.UNCLEAR: "warning",
    Fate.WAITING: "warning",
    Fate.BEING_JUDGED: "open",
    Fate.REFUSED: "error",
}

# Where the file itself has the answer.
TOLD_WHY = (Fate.REFUSED, Fate.WAITING, Fate.TOLD_BEFORE, Fate.DISMISSED)


@dataclass(frozen=True)
class ShownAlert:
    """How an alert stands, in words."""

    pk: int
    level: str
    level_label: str
    kind: str
    step: str
    verdict: str
    outcome: str


@dataclass(frozen=True)
class ShownRow:
    """One row of a department's file and its answer. ``code``: the 户编号 that the file itself names."""

    number: int
    name: str
    identity: str
    code: str
    fate: Fate
    fate_label: str
    reasons: str
    alerts: list[ShownAlert]

    @property
    def tone(self) -> str:
        return TONES.get(self.fate, "done")


def show_rows(fated: Iterable[Fated], row: Import, who: User) -> list[ShownRow]:
    """The rows of one page. Two queries; alerts outside the scope of ``who`` are left out."""
    fated = list(fated)
    staged = row.rows.only(*SAID).in_bulk([one.pk for one in fated])
    ids = {alert for one in fated for alert in one.alerts}
    found = Alert.objects.visible_to(who).select_related("kind").only(*SHOWN).in_bulk(sorted(ids))
    alerts = {pk: _alert(alert) for pk, alert in found.items()}
    labels = {fate.value: str(fate.label) for fate in Fate}
    return [
        _shown(one, staged[one.pk], [alerts[pk] for pk in sorted(one.alerts) if pk in alerts], labels)
        for one in fated
    ]


def _shown(fated: Fated, staged: StagedRow, alerts: list[ShownAlert], labels: dict[str, str]) -> ShownRow:
    name = next((staged.payload[key] for key in NAMES if staged.payload.get(key)), "")
    return ShownRow(
        number=fated.row_number,
        name=mask_name(name),
        identity=mask_identity(unseal(staged.identity_sealed)) if staged.identity_sealed else "",
        code=staged.household_code or "",
        fate=Fate(fated.fate),
        fate_label=labels[fated.fate],
        # Why it waited is over once it was matched.
        reasons=row_sentence(staged.reasons) if fated.fate in TOLD_WHY else "",
        alerts=alerts,
    )


def _alert(alert: Alert) -> ShownAlert:
    return ShownAlert(
        pk=alert.pk,
        level=alert.level,
        level_label=str(alert.get_level_display()),
        kind=alert.kind.name,
        step=_step(alert),
        verdict=_verdict(alert),
        outcome=str(alert.get_outcome_display()) if alert.outcome else "",
    )


def _step(alert: Alert) -> str:
    """``Dispatched, with the village``; a closed one is with nobody."""
    if alert.closed_at is not None:
        return str(alert.get_status_display())
    words = {"status": alert.get_status_display(), "holder": alert.get_holder_display()}
    return _("%(status)s, with the %(holder)s") % words


def _verdict(alert: Alert) -> str:
    """``Risk confirmed: illness, income``; ``No risk: the data are wrong``; empty before anybody looked."""
    if not alert.verdict or alert.status == WITHDRAWN:
        return ""
    details = [str(Risk(risk).label) for risk in alert.risks or ()]
    if alert.reason:
        details.append(str(alert.get_reason_display()))
    verdict = str(alert.get_verdict_display())
    return verdict + _(": ") + _(", ").join(details) if details else verdict
