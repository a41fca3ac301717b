"""Sends what is due, as the worker does every ten seconds: to see at once whether mail is back."""

from django.core.management.base import BaseCommand

from alerts.notices.sending import send_due, sweep


class Command(BaseCommand):
    help = "Sends the notices that are due and says how many of them ended how."

    def handle(self, *args, **options):
        taken_up = sweep()
        counts = {"taken_up": taken_up} | send_due()
        self.stdout.write("  ".join(f"{state}: {count}" for state, count in counts.items()))
