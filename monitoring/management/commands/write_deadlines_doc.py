from django.core.management.base import BaseCommand

from alerts.travel.deadlines_doc import deadlines_document, deadlines_document_path


class Command(BaseCommand):
    help = "Writes docs/deadlines.md from the tables of deadlines and moves."

    def handle(self, *args, **options):
        deadlines_document_path().write_text(deadlines_document(), encoding="utf-8")
        self.stdout.write(str(deadlines_document_path()))
