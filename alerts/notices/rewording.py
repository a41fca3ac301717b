"""Words of a county for a kind of notice, instead of the default ones."""

import re
import unicodedata

from django.db import transaction
from django.utils.translation import gettext as _

from alerts.notices.kinds import KINDS
from alerts.notices.models import NoticeTemplate
from alerts.notices.placeholders import PLACEHOLDER, placeholders_of
from households.ledger.services import write_audit
from households.refusal import Refused
from households.staff.models import User

# A notice lies open on a lock screen and in a chat room: nothing in it points to somebody's health.
# What illnesses end with and are called in general, what is done about them, and what is left of them.
HEALTH = re.compile(
    "[病症癌瘤炎疾瘫痪聋哑癫肿孕诊]|梗塞|梗死|脑梗|心梗|硬化|衰竭|中风|糖尿|尿毒|血压|血糖|白血|贫血|出血|骨折"
    "|结核|艾滋|抑郁|痴呆|智障|精神障碍|溃疡|流产|失能|失明|盲人|伤残|致残|残障|受伤|工伤|住院|出院|医疗|医院"
    "|医治|医药|就医|治疗|手术|移植|透析|化疗|放疗|用药|吃药|药费|自付"
)
# Words that only look like it.
HARMLESS = re.compile("症结|对症|炎热|炎炎|疾控|疾风")
# A phone, an identity or an account number, however it is spaced; the county's own office has an area code.
LONG_NUMBER = re.compile(r"\d(?:[\s\-‐-―_./·()]*\d){10,}")
OFFICE_PHONE = re.compile(r"(?:(?<![\d\s\-])|(?<=[^\d\s\-]\s))0\d{2,3}-\d{7,8}(?![\s\-]*\d)")


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
    plain = _as_read(plain)
    if LONG_NUMBER.search(OFFICE_PHONE.sub("", plain)):
        return _("A long number does not belong into a notice.")
    if found := HEALTH.search(re.sub(r"\s", "", HARMLESS.sub("", plain))):
        return _("A notice says nothing about health: leave out “%(word)s”.") % {"word": found[0]}
    return ""


def _as_read(text: str) -> str:
    """Wide digits as plain ones, and nothing between them that nobody sees."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")


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
