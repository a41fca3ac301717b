"""The filters of the list of deliveries."""

from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter

from alerts.notices.models import Delivery, DeliveryState, Way
from households.filtering import StrictFilterSet

ALL = _("All")


class DeliveryFilterSet(StrictFilterSet):
    state = ChoiceFilter(label=_("Status"), choices=DeliveryState, empty_label=ALL)
    way = ChoiceFilter(label=_("Way"), choices=Way, empty_label=ALL)

    class Meta:
        model = Delivery
        fields: list[str] = []

    def __init__(self, query, *, who, also=()):
        super().__init__(query, Delivery.objects.visible_to(who), also=also)
