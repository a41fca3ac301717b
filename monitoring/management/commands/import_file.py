import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from alerts.kinds import AlertLevel
from households.imports import cells
from households.imports.matching.missing import count_missing
from households.imports.models import Import, ImportState, Outcome
from households.imports.problems import CellProblem, ImportRefused, file_sentence, row_sentence
from households.imports.queries import counts_of, earlier_import
from households.imports.readers import READERS
from households.imports.services import commit_import, discard_import, receive_file, stage_import
from households.staff.models import User
from monitoring.judgment.foreseeing import Foreseen, foresee_alerts

SHOWN = 20


def _month(text: str) -> dt.date:
    return _read(cells.month, text)


def _day(text: str) -> dt.date:
    return _read(cells.date, text)


def _read(parse, text: str) -> dt.date:
    try:
        return parse(text)
    except CellProblem as problem:
        raise ValueError(text) from problem


class Command(BaseCommand):
    help = (
        "Imports files by the same road as the upload page: 户信息, 家庭成员, 收入台账, "
        "and the lists of 医保 教育 残联 住建 水利 交警 应急 民政 人社."
    )

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", metavar="PATH", type=Path)
        parser.add_argument("--kind", choices=list(READERS), help="the form; without it the header tells")
        parser.add_argument("--month", type=_month, metavar="YYYY-MM", help="month of a department list")
        parser.add_argument("--as-of", type=_day, metavar="YYYY-MM-DD", help="day of a register export")
        parser.add_argument("--partial", action="store_true", help="not a full export: nobody is missing from it")
        parser.add_argument("--dry-run", action="store_true", help="preview only, nothing is written")
        parser.add_argument("--as", dest="username", metavar="USERNAME", help="in whose name")

    def handle(self, *args, **options):
        with translation.override("zh-hans"):
            by = self._user(options["username"])
            received, problems = [], []
            for path in options["paths"]:
                try:
                    received.append(self._receive(path, options, by))
                except ImportRefused as problem:
                    problems.append(f"{path}: {problem.sentence}")
            order = list(READERS)
            received.sort(key=lambda row: (order.index(row.form), row.pk))
            readable = [row for row in received if self._stage(row)]
            work = self._preview if options["dry_run"] else self._commit
            work(readable, by)
            for problem in problems:
                self.stderr.write(problem)
            if problems or len(readable) < len(received):
                raise CommandError(_("Some files could not be imported."), returncode=1)

    def _user(self, username: str | None) -> User | None:
        if username is None:
            return None
        user = User.objects.filter(username=username).first()
        if user is None or not user.has_perm("imports.upload"):
            raise CommandError(_("This user may not import files."))
        return user

    def _receive(self, path: Path, options: dict, by: User | None) -> Import:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        return receive_file(
            name=path.name,
            content=content,
            form=options["kind"],
            month=options["month"],
            as_of=options["as_of"],
            partial=options["partial"],
            by=by,
        )

    def _stage(self, row: Import) -> bool:
        stage_import(row.pk)
        row.refresh_from_db()
        if row.state == ImportState.FAILED:
            self.stderr.write(f"{row.file_name}: {file_sentence(row.problem)}")
            return False
        return True

    def _commit(self, rows: list[Import], by: User | None) -> None:
        for row in rows:
            self._report(commit_import(row.pk, by=by), _("Imported"))

    def _preview(self, rows: list[Import], by: User | None) -> None:
        """All of it is done, one file upon the other, judged and taken back: a later file may need an earlier."""
        with transaction.atomic():
            batches = []
            for row in rows:
                committed = commit_import(row.pk, by=by)
                self._report(committed, _("Preview, nothing was written"))
                batches.append(committed.batch_id)
            foreseen = foresee_alerts(batches)
            transaction.set_rollback(True)
        for row in rows:
            discard_import(row.pk, by=by)
        self._say_foreseen(foreseen)

    def _say_foreseen(self, foreseen: Foreseen) -> None:
        self.stdout.write(
            _("Would raise %(count)s alerts, %(red)s red")
            % {"count": foreseen.count, "red": foreseen.by_level[AlertLevel.RED]}
        )
        for alert in foreseen.alerts:
            subject = alert.household.code if alert.household else alert.area.name
            level = AlertLevel(alert.level).label
            self.stdout.write(f"  {level} {alert.kind_id} {alert.kind.name_zh} · {subject} · {alert.sentence_zh}")
        if foreseen.count > len(foreseen.alerts):
            self.stdout.write("  " + _("… and %(more)s more") % {"more": foreseen.count - len(foreseen.alerts)})

    def _report(self, row: Import, heading: str) -> None:
        month = f" · {row.month:%Y-%m}" if row.month else ""
        self.stdout.write(f"{row.file_name} · {READERS[row.form].title}{month} · {heading}")
        twin = earlier_import(row)
        if twin:
            self.stdout.write(
                "  " + _("This file was imported on %(day)s already.") % {"day": f"{twin.committed_at:%Y-%m-%d}"}
            )
        for line in self._count_lines(row):
            self.stdout.write("  " + line)
        refused = row.rows.filter(outcome=Outcome.REFUSED).order_by("row_number")
        for staged in refused[:SHOWN]:
            self.stdout.write(
                "  "
                + _("Row %(number)s: %(reason)s")
                % {"number": staged.row_number, "reason": row_sentence(staged.reasons)}
            )

    def _count_lines(self, row: Import) -> Iterator[str]:
        counts = counts_of(row)
        named = [(str(outcome.label), counts[outcome.value]) for outcome in Outcome]
        total = sum(count for _label, count in named) + counts["skipped"]
        yield "  ".join(f"{label} {count}" for label, count in named)
        yield "  ".join(
            [
                _("Doubtful %(count)s") % {"count": counts["doubtful"]},
                _("No records (title, header, blank, total) %(count)s") % {"count": counts["skipped"]},
                _("Rows of the file %(count)s") % {"count": total},
            ]
        )
        missing = count_missing(row)
        if missing:
            yield _("In the register, but not in this full export: %(count)s") % {"count": missing}
