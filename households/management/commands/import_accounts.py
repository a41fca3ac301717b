import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from households.refusal import Refused
from households.staff.account_list import read_account_list
from households.staff.handover import first_passwords_sheet
from households.staff.services import create_accounts


class Command(BaseCommand):
    help = "Makes accounts and postings from an XLSX list; writes user names and first passwords to a new file."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path)
        parser.add_argument("--out", type=Path, required=True, help="where to write the first passwords (.xlsx)")

    def handle(self, *args, path: Path, out: Path, **options):
        try:
            lines = read_account_list(path.read_bytes())
            # Opened first: without a place for the passwords there must be no accounts.
            descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise CommandError(_("%(path)s exists already and is not overwritten.") % {"path": out}) from error
        except (Refused, OSError) as error:
            raise CommandError(str(error)) from error
        with os.fdopen(descriptor, "wb") as file:
            created = create_accounts(lines=lines, by=None)
            if created.passwords:
                file.write(first_passwords_sheet(created.passwords))
        if not created.passwords:
            out.unlink()
        self._report(created.plan)

    def _report(self, plan):
        for refused in plan.refused:
            self.stdout.write(
                _("Row %(row)s, %(column)s: %(reason)s")
                % {"row": refused.number, "column": refused.column, "reason": refused.reason}
            )
        self.stdout.write(
            _(
                "%(new)s new accounts, %(further)s accounts with further postings, "
                "%(same)s lines nothing new, %(refused)s lines refused."
            )
            % {
                "new": len(plan.new_accounts),
                "further": len(plan.further_postings),
                "same": len(plan.same),
                "refused": len(plan.refused),
            }
        )
