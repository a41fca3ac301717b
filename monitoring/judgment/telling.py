"""What differs between two judgments, in plain words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from alerts.kinds import AlertLevel, Risk
from monitoring.judgment.comparing import FINDING, Change, Difference
from monitoring.judgment.labels import Words, label_and_unit, rule_name, shown_value, threshold_label
from monitoring.judgment.replaying import Replay, RuleChange
from monitoring.rules import BY_CODE


@dataclass(frozen=True)
class Told:
    """One field with what it was and what it is, as a person reads it."""

    field: Words
    then: str
    now: str


def told_rule(code: str) -> str:
    """``INC01 低于监测范围``; a cluster of it, and a visit that found a risk, are told with both names."""
    names = [rule_name(BY_CODE[part]) for part in code.split(".") if part in BY_CODE]
    of = code.partition(".")[2]
    return " ".join([code, *names, *([str(Risk(of).label)] if of in Risk.values else [])])


def told_change(change: Change, rule: str = "") -> Told:
    """``rule``: the code of the finding that the field belongs to; without it the field is an indicator."""
    group, _dot, name = change.field.rpartition(".")
    if change.field == FINDING:
        words = [
            _("found, level %(level)s") % {"level": AlertLevel(level).label} if level else _("not found")
            for level in (change.then, change.now)
        ]
        return Told(_("Finding"), *words)
    if change.field == "level":
        return Told(_("Level"), *(str(AlertLevel(level).label) for level in (change.then, change.now)))
    if group == "threshold":
        label = threshold_label(change.now or change.then or "") if name == "code" else _("Threshold")
        return Told(label, *(_plain(value) for value in (change.then, change.now)))
    declared = BY_CODE.get(rule.partition(".")[0])
    label, unit = label_and_unit(name, declared)
    if change.field == "village":
        return Told(_("Village"), *(_plain(value) for value in (change.then, change.now)))
    return Told(label, *(_plain(shown_value(name, value, unit)) for value in (change.then, change.now)))


def _plain(value: Any) -> str:
    return _("unknown") if value is None or value == "" else str(value)


def told_difference(difference: Difference) -> Iterator[str]:
    """``户编号 INC01 低于监测范围: Level: then yellow, now red``, a line for each field."""
    subject = difference.name
    if difference.household_id is None:
        subject = _("village %(code)s") % {"code": difference.village}
    for change in difference.changes:
        told = told_change(change, difference.rule)
        yield f"{subject} {told_rule(difference.rule)}{_(': ')}{_line(told)}"


def told_replay(replay: Replay) -> Iterator[str]:
    """Every sentence about a replay, the most important first."""
    for changed in replay.rule_changes:
        yield told_rule_change(changed)
    if replay.stored != replay.run.digest:
        yield _(
            "The findings that stand in the database are not those whose digest the run has: they were changed."
        )
    if replay.first is not None:
        yield _("%(count)s findings differ. The first:") % {"count": replay.findings}
        yield from told_difference(replay.first)
        for change in replay.indicators:
            yield f"  {_line(told_change(change))}"
    elif not replay.is_same and replay.stored == replay.digest:
        yield _("The findings are the same; the digest that the run has is not theirs: it was changed.")
    if replay.months:
        yield _("Indicators or the village of %(count)s households are not what they were.") % {
            "count": replay.months
        }


def told_rule_change(change: RuleChange) -> str:
    """Why a rule cannot be expected to find what it found."""
    names = {"rule": told_rule(change.code), "then": change.then, "now": change.now}
    if change.now is None:
        return _("Rule %(rule)s judged in version %(then)s; it cannot be asked any more.") % names
    return _("Rule %(rule)s judged in version %(then)s; now it is version %(now)s.") % names


def _line(told: Told) -> str:
    return _("%(field)s: then %(then)s, now %(now)s") % {"field": told.field, "then": told.then, "now": told.now}
