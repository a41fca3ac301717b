"""What visits of the month found for a household: which they were, and what each of them said."""

from django.utils.translation import gettext as _

from alerts.kinds import Risk
from households.models import Visit
from monitoring.judgment.explain.derivation import Column, Derivation, Outcome, Row, Section, Verdict
from monitoring.judgment.explain.figures import period
from monitoring.judgment.explain.judged import judged
from monitoring.judgment.explain.members import as_member
from monitoring.judgment.explain.reading import Reading
from monitoring.judgment.explain.source import source_of
from monitoring.judgment.explain.tables import page_of_visit
from monitoring.judgment.explain.verdicts import base_of, fired, in_both, refused
from monitoring.judgment.labels import compared_values, in_english, rule_name
from monitoring.judgment.models import Finding
from monitoring.judgment.window import month_end
from monitoring.rules import Rule


def derive_visits(reading: Reading, rule: Rule, code: str) -> Derivation:
    """Why ``VISIT.illness`` was found for a household, or was not; of ``VISIT`` alone, the first that was."""
    found = next((row for row in reading.found_on_visits if row.rule == code or not base_of(code)), None)
    values = found.values if found is not None else {"visits": 0}
    return Derivation(
        verdict=_verdict(reading, rule, found),
        judged=judged(reading.run),
        subject=reading.household.head_name,
        when=rule.when_en if in_english() else rule.when_zh,
        basis=rule.basis,
        values=compared_values(values, {}, rule),
        threshold=None,
        other_thresholds=[],
        figures=[],
        members=[as_member(member) for member in reading.members],
        left_out=[as_member(member) for member in reading.everybody if member.why],
        sections=[found_visits(reading, rule, base_of(code))],
    )


def visits_verdict(reading: Reading, rule: Rule) -> Verdict:
    """For the list of all rules of one household: the first risk that a visit found, under the rule's own code."""
    first = _verdict(reading, rule, next(iter(reading.found_on_visits), None))
    return Verdict(rule.code, first.name, first.outcome, first.level, first.sentences)


def _verdict(reading: Reading, rule: Rule, found: Finding | None) -> Verdict:
    if found is not None:
        return fired(found, rule)
    outcome, say = refused(reading.run, rule) or (
        Outcome.NOT_REACHED,
        lambda: _("Not found: no visit of the month says that it found this."),
    )
    return Verdict(rule.code, rule_name(rule), outcome, "", in_both(say))


def found_visits(reading: Reading, rule: Rule, risk: str = "") -> Section:
    """The visits of the month of events that found something; those that found ``risk`` count."""
    month = reading.run.event_month
    visits = (
        Visit.objects.counted_at(reading.run.cutoff)
        .filter(household=reading.household, visited_on__range=(month, month_end(month)))
        .exclude(risks=[])
        .select_related("batch", "visitor")
        .order_by("-visited_on", "-id")
    )
    rows = [
        Row(
            (
                f"{visit.visited_on:%Y-%m-%d}",
                str(visit.get_method_display()),
                visit.visitor.name if visit.visitor else "",
                _(", ").join(str(Risk(found).label) for found in visit.risks),
            ),
            source_of(visit),
            counts=not risk or risk in visit.risks,
            url=page_of_visit(visit, reading),
        )
        for visit in visits
    ]
    columns = Column(_("Day"), is_short=True), Column(_("How")), Column(_("Visitor")), Column(_("Found risks"))
    note = "" if rows else _("No visit of the month found a risk.")
    return Section("found_visits", _("Visits that found a risk"), period(month, month), columns, rows, note=note)
