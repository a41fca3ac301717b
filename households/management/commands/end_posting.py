import datetime as dt

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from households.models import Posting
from households.refusal import Refused
from households.staff.services import end_posting


class Command(BaseCommand):
    help = "Ends the postings of a user (one area with --area); by default yesterday, that is at once."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--area", help="code of one area; otherwise every posting that holds today")
        parser.add_argument("--last-day", type=dt.date.fromisoformat, help="YYYY-MM-DD, default yesterday")

    @transaction.atomic
    def handle(self, *args, username, area, last_day, **options):
        last_day = last_day or timezone.localdate() - dt.timedelta(days=1)
        postings = Posting.objects.current().filter(user__username=username).select_related("user", "area")
        if area:
            postings = postings.filter(area_id=area)
        if not postings:
            raise CommandError(_("Nobody of that name is posted there today."))
        for posting in postings:
            try:
                end_posting(posting=posting, last_day=last_day, by=None)
            except Refused as refusal:
                raise CommandError(f"{posting.area.name}: {refusal}") from refusal
            self.stdout.write(f"{posting.area.name}: {last_day}")
