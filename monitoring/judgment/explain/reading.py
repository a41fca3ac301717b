"""What one run read of one household: the sections of evidence all start from here, each table read once."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import BooleanField, Expression, ExpressionWrapper, QuerySet, Value

from households.areas.scope import Placed
from households.models import Household, HouseholdFact, ListEntry
from monitoring.judgment.explain.members import Counted, members_of, rank_of
from monitoring.judgment.finding import COUNTED, threshold_columns
from monitoring.judgment.models import Finding, HouseholdMonth, JudgmentRun
from monitoring.judgment.window import Window
from monitoring.rules import BY_CODE, RULES, Rule
from monitoring.rules.declaration import FINDINGS, INDICATORS


def is_asked(run: JudgmentRun, rule: Rule) -> bool:
    """Whether a run judges by a rule: it knows it, and every threshold had a value."""
    return rule.code in run.rules and rule.code not in run.refused_rules


@dataclass(frozen=True)
class Reading:
    """``who`` sees links to what lies in the own area; None (the command) sees all.

    ``shows_health``: with what the disabled persons' federation lists; false on village screens.
    """

    run: JudgmentRun
    household: Household
    who: Placed | None = None
    shows_health: bool = True

    @cached_property
    def window(self) -> Window:
        return Window(self.run.month, self.run.event_month)

    @cached_property
    def month(self) -> HouseholdMonth | None:
        return HouseholdMonth.objects.filter(run=self.run, household=self.household).first()

    @cached_property
    def everybody(self) -> list[Counted]:
        return members_of(self.household.pk, cutoff=self.run.cutoff, end=self.window.end)

    @property
    def members(self) -> list[Counted]:
        return [member for member in self.everybody if not member.why]

    @property
    def names(self) -> dict[int, str]:
        """Of the persons who counted, in their order."""
        return {member.person_id: member.name for member in self.members}

    @cached_property
    def entries(self) -> list[ListEntry]:
        """All rows of department lists on the members up to the month, the newest first."""
        return list(
            ListEntry.objects.counted_at(self.run.cutoff)
            .filter(person_id__in=list(self.names), month__lte=self.window.events)
            .select_related("batch")
            .order_by("-month", "-happened_on", "id")
        )

    @cached_property
    def facts(self) -> list[HouseholdFact]:
        """What the register knew of the household, the one that stood in the month first."""
        facts = HouseholdFact.objects.counted_at(self.run.cutoff).filter(household=self.household)
        return sorted(facts.select_related("batch"), key=lambda fact: rank_of(fact, self.window.end), reverse=True)

    @cached_property
    def findings(self) -> list[Finding]:
        """What this run and the sealed ones before it found for the household, those of this run first."""
        runs = [self.run.pk, *self.run.sealed_before]
        return list(
            Finding.objects.filter(household=self.household, run__in=runs)
            .select_related("run")
            .order_by("-run__month", "-run_id", "id")
        )

    def found(self, rule: Rule) -> Finding | None:
        """The finding of this run."""
        return next((row for row in self.findings if row.run_id == self.run.pk and row.rule == rule.code), None)

    @property
    def found_on_visits(self) -> list[Finding]:
        """What visits of the month found in this run, one a type of risk."""
        return [row for row in self.findings if row.run_id == self.run.pk and row.rule.startswith("VISIT.")]

    @property
    def counted_findings(self) -> list[Finding]:
        """Those that rules on findings read."""
        return [finding for finding in self.findings if finding.rule in COUNTED]

    @cached_property
    def holds(self) -> dict[str, bool | None]:
        """Rule → whether its predicate is true, false or, where something it turns on is unknown, null.

        The database says it, of what the run stored: the same expression that found or did not find.
        """
        if self.month is None:
            return {}
        rules = [rule for rule in RULES if rule.reads in (INDICATORS, FINDINGS) and is_asked(self.run, rule)]
        thresholds: dict[str, Expression] = {}
        for rule in rules:
            thresholds |= threshold_columns(self.run, rule)
        wholes = {"findings": len(self.findings_now), "departments": len(self.departments)}
        columns: dict[str, Expression] = {name: Value(number) for name, number in wholes.items()}
        fires = {f"holds_{rule.code}": ExpressionWrapper(rule.predicate, BooleanField()) for rule in rules}
        month = HouseholdMonth.objects.filter(pk=self.month.pk).annotate(**thresholds, **columns)
        row = month.annotate(**fires).values(*fires).get()
        return {rule.code: row[f"holds_{rule.code}"] for rule in rules}

    @property
    def findings_now(self) -> list[Finding]:
        """What this run found by the rules that others count."""
        return [found for found in self.counted_findings if found.run_id == self.run.pk]

    @property
    def departments(self) -> set[str]:
        """Whose findings add up: of this run and of the sealed ones before it."""
        return {BY_CODE[found.rule].department for found in self.counted_findings}

    @cached_property
    def clusters(self) -> QuerySet[Finding]:
        """What this run found in the village where the household lived then."""
        place = self.month.village if self.month else self.household.village
        return Finding.objects.filter(run=self.run, household__isnull=True, village=place).order_by("rule")
