"""Why a rule fired for a household, or did not. For the county administrator, on the server.

Names are shown, identity numbers are masked. That somebody read it is noted with the household's own id.
"""

from collections.abc import Iterator

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from alerts.kinds import Risk
from households.ledger.services import write_audit
from households.models import Area, Household, Level
from monitoring.judgment.explain import NotJudged, cluster_codes, derive, derive_all, run_of_month
from monitoring.judgment.explain.clusters import derive_cluster
from monitoring.judgment.explain.judged import judged
from monitoring.judgment.explain.text import derivation_lines, judged_line, verdict_lines
from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.window import parse_month
from monitoring.rules import BY_CODE, family_of
from monitoring.rules.declaration import VILLAGE, VISITS


def _code(text: str) -> str:
    """``CLU01.INC01`` however it was typed; a risk is a small word: ``VISIT.illness``."""
    family, dot, of = text.partition(".")
    is_visit = family.upper() in BY_CODE and BY_CODE[family.upper()].reads == VISITS
    return family.upper() + dot + (of.lower() if is_visit else of.upper())


def _is_known(code: str) -> bool:
    family, dot, of = code.partition(".")
    if not code or not dot:
        return not code or code in BY_CODE
    reads = BY_CODE[family].reads if family in BY_CODE else ""
    return reads == VILLAGE and of in BY_CODE or reads == VISITS and of in Risk.values


class Command(BaseCommand):
    help = (
        "Shows why a rule fired for a household in a month, or did not: every figure, its rows with file and "
        "date, members, threshold. Without a rule: what each rule said. Explains the sealed judgment of the "
        "month, or the newest one."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "subject", metavar="HOUSEHOLD", help="户编号; #ID without one; a village code for CLU01.…"
        )
        parser.add_argument("month", help="YYYY-MM")
        parser.add_argument("rule", nargs="?", help="e.g. INC01, or CLU01.INC01 for the village of the household")
        parser.add_argument("--run", type=int, metavar="ID", help="another judgment, also one made at once")
        parser.add_argument("--language", choices=("zh-hans", "en"), default="zh-hans")

    def handle(self, *args, **options):
        code = _code(options["rule"] or "")
        if not _is_known(code):
            raise CommandError(f"没有这条规则 / No such rule: {code}")
        run = self._run(options["month"], options["run"])
        with translation.override(options["language"]):
            self.stdout.write(judged_line(judged(run)))
            self.stdout.write("")
            for line in self._lines(run, options["subject"], code):
                self.stdout.write(line)

    def _run(self, month: str, run_id: int | None) -> JudgmentRun:
        try:
            return run_of_month(parse_month(month), run_id)
        except ValueError as error:
            raise CommandError("月份应写作 2022-06 / Write the month as 2022-06") from error
        except NotJudged as error:
            raise CommandError("该月没有已完成的研判 / No finished judgment of this month") from error

    def _lines(self, run: JudgmentRun, subject: str, code: str) -> Iterator[str]:
        village = Area.objects.filter(code=subject, level=Level.VILLAGE).first()
        if village is not None:
            if "." not in code:
                raise CommandError("村只能解释 CLU01.规则 / A village is explained with CLU01.RULE")
            return derivation_lines(derive_cluster(run, village.code, code))
        household = self._household(subject)
        write_audit(action="household_read", subject="household", subject_id=household.pk)
        if code and family_of(code).reads == VILLAGE and "." not in code:
            return self._clusters(run, household, code)
        return derivation_lines(derive(run, household, code)) if code else self._all(run, household)

    def _household(self, subject: str) -> Household:
        by_id = subject.startswith("#") and subject[1:].isdigit()
        wanted = {"pk": int(subject[1:])} if by_id else {"code": subject}
        household = Household.objects.filter(**wanted).first()
        if household is None:
            # The number itself is not repeated: errors end up in logs.
            raise CommandError("没有这一户 / No such household")
        return household

    def _all(self, run: JudgmentRun, household: Household) -> Iterator[str]:
        for verdict in derive_all(run, household):
            yield from verdict_lines(verdict)

    def _clusters(self, run: JudgmentRun, household: Household, code: str) -> Iterator[str]:
        """A cluster is of a rule: each that was found for the household, or the plain verdict."""
        codes = cluster_codes(run, household, code)
        for one in codes:
            yield from derivation_lines(derive(run, household, one))
            yield ""
        if not codes:
            yield from (
                line for row in derive_all(run, household) if row.code == code for line in verdict_lines(row)
            )
