"""The monthly judgment by hand: judge, replay, seal."""

import sys
import time

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from monitoring.judgment.models import JudgmentRun, RunShard
from monitoring.judgment.replaying import NotReplayable, Replay, replay_run, run_named
from monitoring.judgment.running import MonthNotOver, open_run, work_run
from monitoring.judgment.sealing import NotSealable, seal_run
from monitoring.judgment.telling import told_replay
from monitoring.judgment.window import parse_month

OF_THE_MONTH = ""
REASONS = {
    "not_found": "没有这次研判，或该月还没有完成的研判 / No such run, or the month has none that is finished",
    "immediate": "即时研判不重放也不封存，只有月度研判可以 / Only monthly runs are replayed and sealed",
    "not_finished": "研判尚未完成 / The run has not finished yet",
    "running": "该次研判正在重放 / This run is being replayed already",
    "sealed": "该次研判已封存 / This run is sealed already",
    "month_sealed": "该月已封存另一次研判，不能解封 / Another run of the month is sealed, for good",
}
WRITE_IT_SO = "月份应写作 2022-06 / Write the month as 2022-06"
LANGUAGES = ("zh-hans", "en")


class Command(BaseCommand):
    help = (
        "Judges a month (YYYY-MM), beside any workers that are up; two runs at once are one. --replay judges a run"
        " again into nothing: exit 0 with the same digest, 1 with the first difference. --seal makes a run the"
        " judgment of its month for good. RUN is a run's number or a month: its sealed, else its newest run."
    )

    def add_arguments(self, parser):
        parser.add_argument("month", nargs="?", help="YYYY-MM")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--replay", metavar="RUN", nargs="?", const=OF_THE_MONTH, help="compare, write nothing")
        what.add_argument("--seal", metavar="RUN", nargs="?", const=OF_THE_MONTH, help="seal, judge nothing")

    def handle(self, *args, **options):
        for name, act in (("replay", self._replay), ("seal", self._seal)):
            if options[name] is not None:
                return act(self._named(options[name] or options["month"]))
        return self._judge(options["month"])

    def _named(self, name: str | None) -> JudgmentRun:
        try:
            return run_named(name or "")
        except ValueError as error:
            raise CommandError(f"{WRITE_IT_SO}; RUN: 12", returncode=2) from error
        except NotReplayable as error:
            raise CommandError(REASONS[error.reason], returncode=2) from error

    def _seal(self, run: JudgmentRun):
        try:
            sealed = seal_run(run=run, by=None)
        except NotSealable as error:
            raise CommandError(REASONS[error.reason], returncode=2) from error
        self._say_success(sealed, "已封存 / sealed")

    def _replay(self, run: JudgmentRun):
        try:
            result = replay_run(run=run, by=None)
        except NotReplayable as error:
            raise CommandError(REASONS[error.reason], returncode=2) from error
        self._tell(result)
        if not result.is_same:
            self.stdout.write(f"{run.month:%Y-%m} 第{run.revision}次 不一致 / not the same")
            self.stdout.write(f"then {run.digest}\nnow  {result.digest}")
            sys.exit(1)
        self._say_success(run, "重放一致 / same digest")

    def _tell(self, result: Replay):
        for language in LANGUAGES:
            with translation.override(language):
                for line in told_replay(result):
                    self.stdout.write(line)

    def _say_success(self, run: JudgmentRun, what: str):
        self.stdout.write(self.style.SUCCESS(f"{run.month:%Y-%m} 第{run.revision}次 {what} {run.digest}"))

    def _judge(self, text: str | None):
        try:
            month = parse_month(text or "")
            run = open_run(month=month)
        except ValueError as error:
            raise CommandError(WRITE_IT_SO) from error
        except MonthNotOver as error:
            raise CommandError("该月尚未结束，不能研判 / This month is not over yet") from error
        for code, thresholds in run.refused_rules.items():
            self.stdout.write(f"{code} 不研判：缺少阈值 / refuses, no value for: {', '.join(thresholds)}")
        for source in run.missing_lists:
            self.stdout.write(f"{month:%Y-%m} 未收到部门清单 / list not received: {source}")
        while not run.digest:
            # Townships that a worker holds are waited for; those of a killed worker come back and are done here.
            if work_run(run.pk, progress=self._say) == 0:
                time.sleep(0.3)
            run.refresh_from_db()
        self._say_success(run, "完成 / done")

    def _say(self, shard: RunShard):
        self.stdout.write(
            f"{shard.area} 户 {shard.households} 发现 {shard.findings} 新增预警 {shard.raised}"
            f" 仍存在 {shard.found_again} 不再发现 {shard.not_found_any_more} ({shard.seconds:.2f} s)"
        )
