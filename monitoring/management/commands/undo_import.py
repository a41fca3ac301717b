"""Takes an import back by the same road as its page."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from households.models import Import, User
from households.refusal import Refused
from monitoring.judgment.undoing import Undone, preview_undo, undo_import


class Command(BaseCommand):
    help = "Takes an import back: undo_import ID --reason 错发文件 [--dry-run] [--as USERNAME]"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("import_id", type=int, metavar="ID", help="number of the import, as in its address")
        parser.add_argument("--reason", help="why; it stays with the import")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--as", dest="username", metavar="USERNAME", help="in whose name")

    def handle(self, *args, **options):
        reason = (options["reason"] or "").strip()
        if not reason and not options["dry_run"]:
            raise CommandError("请用 --reason 写明原因 / say why with --reason")
        with translation.override("zh-hans"):
            by = self._user(options["username"])
            try:
                if options["dry_run"]:
                    done = preview_undo(import_id=options["import_id"], by=by)
                else:
                    done = undo_import(import_id=options["import_id"], reason=reason, by=by)
            except Import.DoesNotExist as error:
                raise CommandError(_("There is no such import.")) from error
            except Refused as refused:
                raise CommandError(str(refused)) from refused
            self._report(done, _("Preview, nothing was written") if options["dry_run"] else _("Import taken back"))

    def _user(self, username: str | None) -> User | None:
        if username is None:
            return None
        user = User.objects.filter(username=username).first()
        if user is None or not user.has_perm("imports.undo"):
            raise CommandError(_("This user may not take imports back."))
        return user

    def _report(self, done: Undone, heading: str) -> None:
        """Codes of households and counts, no names."""
        self.stdout.write(heading)
        for label, count in (
            (_("Rows taken back"), done.row_count),
            (_("Rows that come back"), done.rows_restored),
            (_("Households judged again"), done.households),
            (_("Alerts withdrawn"), done.withdrawn_count),
            (_("Rows that stay"), done.rows_left),
        ):
            self.stdout.write(f"  {label} {count}")
        for kept in done.kept:
            causes = " ".join(alert.kind_id for alert in kept.alerts)
            self.stdout.write(
                "  "
                + _("Somebody has acted, rows stay: %(household)s") % {"household": f"{kept.household} {causes}"}
            )
        for alert in done.sealed:
            subject = alert.household or alert.area_id
            self.stdout.write(
                "  "
                + _("Found by a sealed month, stays open: %(alert)s") % {"alert": f"{subject} {alert.kind_id}"}
            )
