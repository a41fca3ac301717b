"""The old without care: what the alert says."""

import datetime as dt

from alerts.models import Alert
from tests import factories


def test_of_somebody_who_lives_alone_it_speaks_in_no_plural(judge, few_townships):
    few_townships("420527103")
    household = factories.household()
    factories.person(household=household, is_head=True, born_on=dt.date(1940, 1, 1), facts={"labour": "无劳动力"})

    judge()

    alert = Alert.objects.get(household=household, kind="SUG06")
    assert alert.sentence_en == "All members (1) are 70 or older; without labour: 1"
    assert alert.sentence_zh == "1 名成员均满 70 岁，其中 1 名丧失或无劳动力"
