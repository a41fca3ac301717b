from django.core.management.base import BaseCommand

from monitoring.judgment.rules_doc import rules_document, rules_document_path


class Command(BaseCommand):
    help = "Writes docs/rules.md from the declarations of the rules."

    def handle(self, *args, **options):
        rules_document_path().write_text(rules_document(), encoding="utf-8")
        self.stdout.write(str(rules_document_path()))
