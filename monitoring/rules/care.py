"""Rules of our own on households that may be left alone: the old without help, the monitored without a visit."""

from django.db.models import F, Q

from monitoring.rules.declaration import BLUE, HIGHER, STATE, YELLOW, Rule

SUG06 = Rule(
    code="SUG06",
    version=1,
    name_zh="老人失能无人照料",
    name_en="Old and disabled without care",
    when_zh="全部成员 ≥ 70 岁，且至少一名丧失劳动力或无劳动力",
    when_en="All members >= 70, and at least one registered without labour",
    level=YELLOW,
    nature=STATE,
    worse=HIGHER,
    risk="labour",
    department="civil",
    basis="本系统建议",
    needs=("youngest_age", "without_labour"),
    thresholds=("old_age",),
    predicate=Q(youngest_age__gte=F("old_age")) & Q(without_labour__gt=0),
    values={
        "youngest_age": F("youngest_age"),
        "without_labour": F("without_labour"),
        "members": F("members"),
    },
    shown_threshold="old_age",
    sentence_zh="{members:count} 名成员均满 {old_age:count} 岁，其中 {without_labour:count} 名丧失或无劳动力",
    sentence_en="All members ({members:count}) are {old_age:count} or older; without labour: {without_labour:count}",
    rows=("work",),
)

SUG08 = Rule(
    code="SUG08",
    version=1,
    name_zh="监测对象长期未走访",
    name_en="Monitored household not visited for long",
    when_zh="风险未消除的监测对象，到月末距最近一次走访（没有走访的，距识别监测时间）＞ 走访间隔的2倍",
    when_en="Monitored, not eliminated: at month end the last visit (without one, entry) is older than twice the interval",
    level=BLUE,
    nature=STATE,
    worse=HIGHER,
    risk="other",
    department="rural",
    basis="本系统建议",
    needs=("monitored_open", "days_unvisited"),
    thresholds=("visit_interval",),
    predicate=Q(monitored_open=True) & Q(days_unvisited__gt=F("visit_interval") * 2),
    values={"days_unvisited": F("days_unvisited")},
    shown_threshold="visit_interval",
    sentence_zh="已 {days_unvisited:count} 天未走访，超过走访间隔 {visit_interval:count} 天的2倍",
    sentence_en="Not visited for {days_unvisited:count} days, more than twice the interval of {visit_interval:count}",
    rows=("visits",),
    # No risk of the household: a reminder to us. Counting it would turn a missed visit into a red cluster.
    counted=False,
)

RULES = (SUG06, SUG08)
