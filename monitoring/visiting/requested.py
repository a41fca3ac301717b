"""Change requests as a page shows them: visit by visit, each answer beside the register of then and of now."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from households.areas.scope import Scope
from households.evidence.models import BatchKind, EvidenceBatch
from households.models import AnswerState, Visit, VisitAnswer, VisitPhoto
from households.visits.requests import Now, now_beside, stamp_of
from households.visits.wording import in_words
from monitoring.visiting.telling import ToldAnswer, Words, field_of, section_label, tell_answer, title_of


@dataclass(frozen=True)
class Asked:
    """One change request in words. ``now``: the register of today (None: nothing known), for those that wait.

    ``differs``: the register says something else today than when the visit came in; ``change``: since when, in a
    sentence. ``pick``: the value of its tick, id and stamp.
    """

    told: ToldAnswer
    section: Words
    title: str
    now: str | None
    others: str
    differs: bool
    change: str
    is_member: bool
    pick: str

    @property
    def agrees(self) -> bool:
        """The register says by now what the visit said: accepting writes nothing."""
        return self.told.waits and self.now == self.told.said


@dataclass(frozen=True)
class Group:
    """What one visit asks for. ``elsewhere``: the household lives in another area now, whose desk decides."""

    visit: Visit
    place: str
    asked: list[Asked]
    photos: int
    elsewhere: bool

    @property
    def can_decide(self) -> bool:
        return not self.elsewhere and any(one.told.waits for one in self.asked)


def group_requests(answers: Sequence[VisitAnswer], places: dict[str, str], scope: Scope | None) -> list[Group]:
    """The groups in the order of ``answers`` (with visit, household, visitor, person and decider)."""
    now = now_beside([answer for answer in answers if answer.state == AnswerState.ASKED])
    visits = {answer.visit_id: answer.visit for answer in answers}
    photos = dict(
        VisitPhoto.objects.filter(visit__in=visits).order_by().values_list("visit").annotate(Count("pk"))
    )
    return [
        Group(
            visit=visit,
            place=places.get(visit.village, ""),
            asked=[_asked(one, now.get(one.pk)) for one in answers if one.visit_id == pk],
            photos=photos.get(pk, 0),
            elsewhere=_lives_elsewhere(visit, scope),
        )
        for pk, visit in visits.items()
    ]


def _lives_elsewhere(visit: Visit, scope: Scope | None) -> bool:
    household = visit.household
    return scope is None or not scope.covers(household.county, household.township, household.village)


def _asked(answer: VisitAnswer, now: Now | None) -> Asked:
    one = field_of(answer)
    return Asked(
        told=tell_answer(answer),
        section=section_label(answer.section),
        title=title_of(answer),
        now=in_words(one, now.value) if now else None,
        others=_("; ").join(f"{item} {in_words(one, amount)}" for item, amount in now.others.items())
        if now
        else "",
        differs=now is not None and now.value != answer.stood,
        change=_change(now.changed_in, in_words(one, now.value)) if now and now.changed_in else "",
        is_member=now.is_member if now else True,
        pick=f"{answer.pk}.{stamp_of(answer, now)}" if now else "",
    )


def _change(batch: EvidenceBatch, value: str | None) -> str:
    """What became of the register since the visit came in, and by whom, in a sentence."""
    words = {
        "day": f"{timezone.localdate(batch.recorded_at):%Y-%m-%d}",
        "value": value if value is not None else _("nothing"),
        "who": batch.actor.name if batch.actor else "—",
    }
    if batch.kind == BatchKind.IMPORT:
        return _("Changed by an import on %(day)s to %(value)s") % words
    if batch.kind == BatchKind.TABLET:
        return _("Changed by another visit, in on %(day)s, to %(value)s") % words
    if batch.source == "visit_change":
        return _("Changed on %(day)s to %(value)s: %(who)s accepted what another visit said") % words
    return _("Corrected at the desk on %(day)s to %(value)s (%(who)s)") % words
