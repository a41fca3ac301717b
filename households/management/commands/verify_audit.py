from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from households.ledger.publishing import chain_audit, verify_audit


class Command(BaseCommand):
    help = "Recomputes the hash chain of the audit trail; ends with 1 and names the first row that does not fit."

    def handle(self, *args, **options):
        chain_audit()
        chain = verify_audit()
        if chain.broken is not None and chain.broken.entry_id is None:
            raise CommandError(_("Audit entry number %(number)s is missing.") % {"number": chain.broken.number})
        if chain.broken is not None:
            raise CommandError(
                _("Audit entry number %(number)s (id %(id)s) was changed after it was written.")
                % {"number": chain.broken.number, "id": chain.broken.entry_id}
            )
        self.stdout.write(
            _(
                "The audit trail is whole: %(length)s entries, last digest %(digest)s. "
                "Note both where this server cannot change them."
            )
            % {"length": chain.length, "digest": chain.digest.hex()}
        )
