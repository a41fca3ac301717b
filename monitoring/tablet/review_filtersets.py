"""The filters of the list of uploads that were kept for review."""

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter

from households.areas.choices import ScopeAreas
from households.filtering import StrictFilterSet
from households.models import User
from monitoring.tablet.models import HeldFor, Upload, UploadState
from monitoring.visiting.filtersets import ALL, choose_places

STATES = [(state.value, state.label) for state in (UploadState.HELD, UploadState.ACCEPTED, UploadState.SET_ASIDE)]


class UploadFilterSet(StrictFilterSet):
    """Those that wait, if nothing else is asked for."""

    state = ChoiceFilter(label=_("Status"), choices=STATES, empty_label=None, method="by_state")
    held_for = ChoiceFilter(label=_("Why it was kept"), choices=HeldFor, empty_label=ALL)
    township = ChoiceFilter(label=_("Township"), choices=(), empty_label=ALL)
    village = ChoiceFilter(label=_("Village"), choices=(), empty_label=ALL)

    class Meta:
        model = Upload
        fields: list[str] = []

    def __init__(self, query: QueryDict, *, who: User, also: tuple[str, ...] = ()):
        super().__init__(query, Upload.objects.visible_to(who), also=also)
        self.areas = ScopeAreas(who.scope)
        choose_places(self, who)

    def by_state(self, uploads: QuerySet, _name: str, _value: str) -> QuerySet:
        """``listed`` asks for it, given or not."""
        return uploads

    @property
    def listed(self) -> QuerySet[Upload]:
        """Raises ``BadParameters``."""
        chosen = self.data.get("state") or UploadState.HELD
        uploads = self.qs.filter(state=chosen)
        # Few of all uploads were ever decided on: the index of who decided finds them.
        return uploads if chosen == UploadState.HELD else uploads.filter(decided_by__isnull=False)
