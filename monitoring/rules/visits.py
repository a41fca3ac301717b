"""What somebody found at the door: evidence like any other, and one road to the alert."""

from django.db.models import F, Q

from monitoring.rules.declaration import EVENT, HIGHER, VISITS, YELLOW, Rule

# Counted by no rule on findings: whoever is sent from door to door after a flood would make a cluster by walking, and
# where somebody stands at the door already, a level more brings nobody there sooner.
VISIT = Rule(
    code="VISIT",
    version=1,
    name_zh="走访发现",
    name_en="Found on a visit",
    when_zh="当月有走访记录写明发现该类风险；每类风险各为一项发现",
    when_en="A visit of the month says that this risk was found; each type of risk is a finding of its own",
    level=YELLOW,
    nature=EVENT,
    worse=HIGHER,
    risk="other",
    department="rural",
    basis="中农组发〔2021〕7号：干部走访排查",
    needs=(),
    thresholds=(),
    predicate=Q(visits__gt=0),
    values={"visits": F("visits")},
    shown_threshold="",
    sentence_zh="当月 {visits:count} 次走访发现",
    sentence_en="found on visits of the month ({visits:count})",
    rows=("found_visits",),
    reads=VISITS,
    counted=False,
    fresh=True,
)

RULES = (VISIT,)
