"""The sheet with user names and first passwords, made once and kept nowhere."""

from io import BytesIO

from django.utils.translation import gettext as _

from households.sheets import write_text_sheet
from households.staff.models import Posting
from households.staff.services import FirstPassword


def first_passwords_sheet(passwords: list[FirstPassword]) -> bytes:
    """One row a person: name, user name, first password, role, where."""
    postings: dict[int, list[Posting]] = {}
    ids = [made.user.pk for made in passwords]
    for posting in Posting.objects.filter(user_id__in=ids).select_related("area__parent"):
        postings.setdefault(posting.user_id, []).append(posting)
    file = BytesIO()
    write_text_sheet(
        file,
        title=_("First passwords"),
        head=[(_("Name"), _("User name"), _("First password"), _("Role"), _("Place"))],
        widths=(12, 22, 24, 16, 48),
        rows=[_row(made, postings.get(made.user.pk, [])) for made in passwords],
    )
    return file.getvalue()


def _row(made: FirstPassword, own: list[Posting]) -> tuple[str, ...]:
    places = [f"{posting.area.parent.name} {posting.area.name}" for posting in own if posting.area.parent]
    role = str(own[0].get_role_display()) if own else ""
    return (made.user.name, made.user.username, made.password, role, "、".join(places))
