"""Row scope: who sees which rows."""

import pytest

from households.models import Household
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("admin", {"here", "next_village", "other_township"}),
        ("auditor", {"here", "next_village", "other_township"}),
        ("township", {"here", "next_village"}),
        ("specialist", {"here"}),
        ("neighbour", {"other_township"}),
        ("leaver", set()),
        ("stranger", set()),
    ],
)
def test_it_shows_only_rows_of_the_own_area(cast, name, sees):
    factories.household(village="420527103204", head_name="here")
    factories.household(village="420527103203", head_name="next_village")
    factories.household(village="420527101201", head_name="other_township")

    visible = Household.objects.visible_to(cast.members[name])

    assert set(visible.values_list("head_name", flat=True)) == sees
