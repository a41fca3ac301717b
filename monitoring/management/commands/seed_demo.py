"""The demo county: loaded into an empty database, judged by the worker, its logins printed."""

import time
from argparse import ArgumentParser
from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from monitoring.demo.accounts import create_accounts, login_table, taken_usernames
from monitoring.demo.county import DEFAULT_HOUSEHOLDS, build_county, demo_last_month, foreign_households
from monitoring.demo.judging import WorkerSilent, months_to_judge, not_judged, open_and_call, wait_for
from monitoring.demo.plan import WHOLE
from monitoring.demo.reporting import report_from_below
from monitoring.demo.sending import send_medical_list
from monitoring.demo.thresholds import add_demo_thresholds
from monitoring.demo.walking import walk_alerts
from monitoring.judgment.running import last_month
from monitoring.judgment.window import add_months, parse_month

FIRST_MONTH = date(2020, 3, 1)


class Command(BaseCommand):
    help = "Loads the demo county (nobody in it exists) into an empty database and has its last months judged."

    def add_arguments(self, parser: ArgumentParser):
        parser.add_argument("--full", action="store_true", help="the whole county: 100,000 households")
        parser.add_argument("--households", type=int, help=f"so many households ({DEFAULT_HOUSEHOLDS} by default)")
        parser.add_argument("--month", help="the last month, YYYY-MM; by default the month before this one")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--wait", action="store_true", help="wait until the worker has judged the last months")
        parser.add_argument("--no-judge", action="store_true")
        parser.add_argument("--yes-demo", action="store_true", help="also where SECURE_TLS is on")

    def handle(self, *args, **options):
        if settings.SECURE_TLS and not options["yes_demo"]:
            raise CommandError(
                "演示账号的口令是公开的，正式环境不装演示数据（确需演示请加 --yes-demo） / "
                "Demo passwords are public: not in production (add --yes-demo to insist)"
            )
        month = demo_last_month()
        if month is None:
            month = self._load(options)
        else:
            self.stdout.write("演示县已在库中 / The demo county is already here")
        if not options["no_judge"]:
            self._judge(month, options["wait"])
        self.stdout.write("\n" + login_table())

    def _load(self, options: dict) -> date:
        month = self._month(options["month"])
        households = WHOLE if options["full"] else options["households"] or DEFAULT_HOUSEHOLDS
        self._refuse_real_data()
        started = time.monotonic()
        with transaction.atomic():
            for code, year in add_demo_thresholds(self._years(month)):
                self.stdout.write(f"{year} 年 {code} 为演示值 / {code} of {year} is a demo value")
            create_accounts(seed=options["seed"], since=add_months(month, -23))
            county = build_county(
                households=households, seed=options["seed"], last_month=month, progress=self.stdout.write
            )
        lines, bills = county.rows["incomeline"], county.rows["medicalbill"]
        self.stdout.write(
            self.style.SUCCESS(
                f"{county.plan.households()} 户 households, {county.plan.people()} 人 people, "
                f"{lines} 条收入 income lines, {bills} 条医保 bills, {time.monotonic() - started:.1f} s"
            )
        )
        return month

    def _month(self, text: str | None) -> date:
        if text is None:
            return last_month()
        try:
            month = parse_month(text)
        except ValueError as error:
            raise CommandError("月份应写作 2022-06 / Write the month as 2022-06") from error
        if not FIRST_MONTH <= month <= last_month():
            raise CommandError(
                f"月份须在 {FIRST_MONTH:%Y-%m} 至 {last_month():%Y-%m} 之间 / "
                f"The month must lie between {FIRST_MONTH:%Y-%m} and {last_month():%Y-%m}"
            )
        return month

    def _years(self, month: date) -> set[int]:
        """Years that are judged, and those of the ledger for which nobody has published a line yet."""
        judged = {judged.year for judged in months_to_judge(month)}
        return judged | {year for year in (month.year - 1, month.year) if year >= 2024}

    def _refuse_real_data(self):
        if count := foreign_households():
            raise CommandError(
                f"库中已有 {count} 户非演示数据，不装演示县 / "
                f"The database holds {count} households that are not of the demo: nothing was changed"
            )
        if taken := taken_usernames():
            raise CommandError(
                f"用户名已被占用，不装演示县 / User names are taken, nothing was changed: {', '.join(taken)}"
            )

    def _judge(self, month: date, wait: bool):
        open_months = not_judged(month)
        if not wait:
            # An earlier month must be finished first, and nobody waits for that here: the last one only.
            for last in open_months[-1:]:
                open_and_call(last)
            return
        for one in open_months:
            self.stdout.write(f"研判 {one:%Y-%m} / judging {one:%Y-%m}")
            try:
                wait_for(open_and_call(one), self._say)
            except WorkerSilent as error:
                raise CommandError(
                    "后台两分钟没有进展：Celery worker 是否在运行？研判已登记，worker 启动后继续 / "
                    "No progress for two minutes: is a Celery worker running? The run stays open for it"
                ) from error
        if open_months:
            self.stdout.write(f"{walk_alerts()} 条预警在途 / alerts on their way")
            self.stdout.write(f"{report_from_below()} 件上报 / reports from below")
            self.stdout.write(f"{send_medical_list(month)} 行医保清单 / rows of the medical list")

    def _say(self, done: int, total: int):
        self.stdout.write(f"  {done}/{total} 个乡镇 / townships")
