"""What the system made of a pack against the second opinion: empty where they agree."""

from decimal import Decimal
from fractions import Fraction

from households.models import Import, StagedRow
from monitoring.judgment.models import Finding, HouseholdMonth, JudgmentRun
from tests.packs.oracle import Pack
from tests.packs.oracle_rules import Opinion


def rows_told_differently(file: Import, pack: Pack, name: str) -> dict[int, tuple]:
    """Row number → (what the system did with it, what the second reading says)."""
    became = dict(StagedRow.objects.filter(import_file=file).values_list("row_number", "outcome"))
    expected = pack.outcome[name.rpartition("/")[2]]
    return {
        row: (became.get(row), expected.get(row))
        for row in became | expected
        if became.get(row) != expected.get(row)
    }


def findings_of(run: JudgmentRun) -> set[tuple[str, str, str]]:
    """Household or village, rule, level."""
    rows = Finding.objects.filter(run=run).values_list("household__code", "village", "rule", "level")
    return {(code or village, rule, level) for code, village, rule, level in rows}


def findings_expected(opinion: Opinion) -> set[tuple[str, str, str]]:
    of_households = {
        (code, rule, level)
        for code, verdict in opinion.households.items()
        for rule, level in verdict.rules.items()
    }
    return of_households | {(village, f"CLU01.{rule}", "red") for village, rule in opinion.clusters}


def figures_told_differently(run: JudgmentRun, opinion: Opinion) -> dict[tuple[str, str], tuple]:
    """(household, figure) → (the system's, the second computation's)."""
    names = sorted({name for verdict in opinion.households.values() for name in verdict.figures})
    stored = {
        code: dict(zip(names, map(exact, figures), strict=True))
        for code, *figures in HouseholdMonth.objects.filter(run=run).values_list("household__code", *names)
    }
    assert stored.keys() == opinion.households.keys()
    return {
        (code, name): (stored[code][name], verdict.figures[name])
        for code, verdict in opinion.households.items()
        for name in names
        if stored[code][name] != verdict.figures[name]
    }


def exact(figure: object) -> object:
    return Fraction(figure) if isinstance(figure, Decimal) else figure
