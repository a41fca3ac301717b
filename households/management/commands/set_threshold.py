"""Enters a dated threshold, such as the monitoring line of a year."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from households.models import Standing, Threshold
from households.policy.services import ThresholdOverlaps, add_threshold


class Command(BaseCommand):
    help = "Adds a threshold: set_threshold income_line 8300 --from 2025-01-01 --until 2025-12-31 --document 文号"

    def add_arguments(self, parser):
        parser.add_argument("code")
        parser.add_argument("value", type=Decimal)
        parser.add_argument("--from", dest="valid_from", type=date.fromisoformat, required=True)
        parser.add_argument("--until", dest="valid_until", type=date.fromisoformat)
        parser.add_argument("--document", required=True)
        parser.add_argument("--area", default=settings.COUNTY_CODE)
        parser.add_argument("--unit", default="")

    def handle(self, *args, **options):
        known = Threshold.objects.filter(code=options["code"]).first()
        if known is None:
            codes = Threshold.objects.order_by("code").values_list("code", flat=True).distinct()
            raise CommandError(f"没有此阈值代码 / unknown code. {', '.join(codes)}")
        threshold = Threshold(
            code=options["code"],
            area_id=options["area"],
            value=options["value"],
            unit=options["unit"] or known.unit,
            valid_from=options["valid_from"],
            valid_until=options["valid_until"],
            document=options["document"],
            standing=Standing.SOURCED,
        )
        try:
            add_threshold(threshold=threshold)
        except ThresholdOverlaps as error:
            raise CommandError("该时段已有数值 / a value already holds in this period") from error
        self.stdout.write(f"{threshold.code} {threshold.value} {threshold.unit} {threshold.valid_from} …")
