"""The monthly judgment by hand."""

import time

from django.core.management.base import BaseCommand, CommandError

from monitoring.judgment.models import RunShard
from monitoring.judgment.running import MonthNotOver, open_run, work_run
from monitoring.judgment.window import parse_month


class Command(BaseCommand):
    help = "Judges a month (YYYY-MM). Works beside any workers that are up; two runs at once are one."

    def add_arguments(self, parser):
        parser.add_argument("month", help="YYYY-MM")

    def handle(self, *args, **options):
        try:
            month = parse_month(options["month"])
            run = open_run(month=month)
        except ValueError as error:
            raise CommandError("月份应写作 2022-06 / Write the month as 2022-06") from error
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
        self.stdout.write(self.style.SUCCESS(f"{run.month:%Y-%m} 第{run.revision}次 完成 / done {run.digest}"))

    def _say(self, shard: RunShard):
        self.stdout.write(
            f"{shard.area} 户 {shard.households} 发现 {shard.findings} 新增预警 {shard.raised}"
            f" 仍存在 {shard.found_again} 不再发现 {shard.not_found_any_more} ({shard.seconds:.2f} s)"
        )
