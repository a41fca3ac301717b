"""Compiles the message catalogues with Babel: ``msgfmt`` may be missing on a bare machine."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compiles each .po of the project to .mo (no gettext tools needed)."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options):
        for folder in settings.LOCALE_PATHS:
            for path in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                with path.open("rb") as source:
                    catalogue = read_po(source)
                with path.with_suffix(".mo").open("wb") as target:
                    write_mo(target, catalogue)
                self.stdout.write(f"{path.relative_to(settings.BASE_DIR)}: {len(catalogue)}")
