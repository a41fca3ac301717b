from django.core.management.base import BaseCommand

from households.reference import load_reference


class Command(BaseCommand):
    help = "Loads areas, thresholds and the work calendar that ship with the system; adds only what is missing."

    def handle(self, *args, **options):
        for kind, count in load_reference().items():
            self.stdout.write(f"{kind}: {count} new")
