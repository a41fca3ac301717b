"""Brings the message catalogue up to date with the source."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand

from monitoring.catalogue import update_catalogue


class Command(BaseCommand):
    help = "Collects msgids from code and templates into the zh-Hans catalogue; lists what has no translation."

    def add_arguments(self, parser):
        parser.add_argument("translations", nargs="*", type=Path, help="JSON files {msgid: translation} to add")

    def handle(self, *args, **options):
        translations: dict[str, str] = {}
        for path in options["translations"]:
            translations |= json.loads(path.read_text(encoding="utf-8"))
        for msgid in update_catalogue(translations):
            self.stdout.write(f"- {msgid}")
