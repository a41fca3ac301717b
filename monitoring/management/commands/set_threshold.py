"""Enters a dated threshold, such as the monitoring line of a year."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from households.models import Standing
from households.policy.services import ThresholdRefused
from monitoring.thresholds.entering import enter_threshold
from monitoring.thresholds.overview import known_codes


class Command(BaseCommand):
    help = "Adds a threshold: set_threshold income_line 8300 --from 2025-01-01 --until 2025-12-31 --document 文号"

    def add_arguments(self, parser):
        parser.add_argument("code")
        parser.add_argument("value", type=Decimal)
        parser.add_argument("--from", dest="valid_from", type=date.fromisoformat, required=True)
        parser.add_argument("--until", dest="valid_until", type=date.fromisoformat)
        parser.add_argument("--document", required=True)
        parser.add_argument("--standing", choices=Standing.values, default=Standing.SOURCED)
        parser.add_argument("--area", default=settings.COUNTY_CODE)

    def handle(self, *args, **options):
        codes = known_codes()
        if options["code"] not in codes:
            raise CommandError(f"没有此阈值代码 / unknown code. {', '.join(codes)}")
        names = ("code", "value", "valid_from", "valid_until", "document", "standing", "area")
        try:
            threshold, ended = enter_threshold(**{name: options[name] for name in names})
        except ThresholdRefused as refused:
            raise CommandError(f"{refused} ({refused.field})") from refused
        self.stdout.write(f"{threshold.code} {threshold.value} {threshold.unit} {threshold.valid_from} …")
        if ended is not None:
            self.stdout.write(f"{ended.value} … {ended.valid_until}")
