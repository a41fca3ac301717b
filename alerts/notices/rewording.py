"""Words of a county for a kind of notice, instead of the default ones."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from alerts.notices.kinds import KINDS
from alerts.notices.models import NoticeTemplate
from alerts.notices.placeholders import PLACEHOLDER, placeholders_of
from households.ledger.services import write_audit
from households.refusal import Refused
from households.staff.models import User

# A notice lies open on a lock screen and in a chat room: nothing in it points to somebody's health.
HEALTH_WORDS = ("病", "住院", "门诊", "残疾", "失能", "癌", "瘤", "医疗", "自付", "手术", "怀孕")
LONG_NUMBER = re.compile(r"\d{11,}")


def problem_of(kind: str, text: str) -> str:
    """Why a title or text cannot stand, as a sentence; empty when it can."""
    allowed = KINDS[kind].values
    unknown = sorted(placeholders_of(text) - set(allowed))
    if unknown:
        known = _(", ").join(f"{{{{ {name} }}}}" for name in allowed) or _("none")
        return _("There is no placeholder {{ %(name)s }} here. This notice knows: %(known)s.") % {
            "name": unknown[0],
            "known": known,
        }
    plain = PLACEHOLDER.sub("", text)
    if "{" in plain or "}" in plain:
        return _("A placeholder is written with two braces on each side, such as {{ count }}.")
    if "\n" in text or "\r" in text:
        return _("Write it in one line.")
    if LONG_NUMBER.search(plain):
        return _("A long number does not belong into a notice.")
    word = next((word for word in HEALTH_WORDS if word in plain), None)
    if word:
        return _("A notice says nothing about health: leave out “%(word)s”.") % {"word": word}
    return ""


@transaction.atomic
def change_words(*, kind: str, title: str, text: str, by: User) -> NoticeTemplate:
    """The county's own words from now on, for notices that wait, too. Raises ``Refused`` with a sentence."""
    problem = problem_of(kind, title) or problem_of(kind, text)
    if problem:
        raise Refused(problem)
    fields = {"title": title, "text": text, "changed_by": by}
    template, _created = NoticeTemplate.objects.update_or_create(kind=kind, defaults=fields)
    write_audit(action="notice_template_changed", actor=by, subject="notice_template", subject_id=kind)
    return template


@transaction.atomic
def back_to_default(*, kind: str, by: User) -> None:
    deleted, _rows = NoticeTemplate.objects.filter(kind=kind).delete()
    if deleted:
        write_audit(action="notice_template_removed", actor=by, subject="notice_template", subject_id=kind)
