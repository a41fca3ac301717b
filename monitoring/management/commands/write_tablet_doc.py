from django.core.management.base import BaseCommand

from monitoring.tablet.fields_doc import tablet_document, tablet_document_path


class Command(BaseCommand):
    help = "Writes docs/tablet.md from the list of what a tablet is given."

    def handle(self, **_options):
        tablet_document_path().write_text(tablet_document(), encoding="utf-8")
        self.stdout.write(str(tablet_document_path()))
