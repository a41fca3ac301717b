from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from households.refusal import Refused
from households.staff.services import create_admin


class Command(BaseCommand):
    help = "Makes a county administrator for a new installation and prints the first password."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("name")

    def handle(self, *args, username, name, **options):
        try:
            made = create_admin(username=username, name=name)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(_("User name: %(username)s") % {"username": username})
        self.stdout.write(
            _("First password, to be changed at the first sign-in: %(password)s") % {"password": made.password}
        )
