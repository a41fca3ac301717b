"""The filters of the list of change requests."""

from django.db.models import QuerySet
from django.forms import HiddenInput
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter

from households.areas.choices import ScopeAreas
from households.filtering import IdFilter, StrictFilterSet
from households.models import AnswerState, User, VisitAnswer
from monitoring.visiting.filtersets import ALL, choose_places

WAITING = AnswerState.ASKED
STATES = [
    (WAITING, AnswerState.ASKED.label),
    (AnswerState.ACCEPTED, AnswerState.ACCEPTED.label),
    (AnswerState.DECLINED, AnswerState.DECLINED.label),
]


class RequestFilterSet(StrictFilterSet):
    """Those that wait, if nothing else is asked for. ``visit``: those of one visit."""

    state = ChoiceFilter(label=_("Status"), choices=STATES, empty_label=None, method="by_state")
    township = ChoiceFilter(label=_("Township"), choices=(), empty_label=ALL)
    village = ChoiceFilter(label=_("Village"), choices=(), empty_label=ALL)
    visit = IdFilter(widget=HiddenInput)

    class Meta:
        model = VisitAnswer
        fields: list[str] = []

    def __init__(self, query: QueryDict, *, who: User, also: tuple[str, ...] = ()):
        super().__init__(query, VisitAnswer.objects.visible_to(who), also=also)
        self.areas = ScopeAreas(who.scope)
        choose_places(self, who)

    def by_state(self, answers: QuerySet, _name: str, _value: str) -> QuerySet:
        """``listed`` asks for it, given or not."""
        return answers

    @property
    def chosen(self) -> str:
        return self.data.get("state") or WAITING

    @property
    def listed(self) -> QuerySet[VisitAnswer]:
        """Raises ``BadParameters``."""
        answers = self.qs.filter(state=self.chosen)
        # Few of all answers were ever decided on: the index of who decided finds them.
        return answers if self.chosen == WAITING else answers.filter(decided_by__isnull=False)
