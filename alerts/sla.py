"""Deadlines as one plain table: how long each step may take at each level.

Sources: verification red 3, yellow 7, blue 15 calendar days (our default, no binding number was found); the
whole identification 15 calendar days with 5 of village notice (national 工作指南); an answer to whoever reported
within 5 working days after the check (Gansu). The day of the event does not count; a last day on a day off moves
to the next working day.
"""

from dataclasses import dataclass

from alerts.transitions import ACKNOWLEDGED, COUNTY, DISPATCHED, RAISED, REVIEWED, TOWNSHIP, VERIFIED, VILLAGE

CALENDAR, WORKING = "calendar", "working"


@dataclass(frozen=True)
class Span:
    """``Span(3, CALENDAR)``: three calendar days (日历日); ``WORKING``: working days (工作日)."""

    days: int
    unit: str


RED, YELLOW, BLUE = "red", "yellow", "blue"

# Step → level of the alert → span. A step is named by the status with which it begins.
STEPS: dict[str, dict[str, Span]] = {
    RAISED: {RED: Span(1, WORKING), YELLOW: Span(2, WORKING), BLUE: Span(3, WORKING)},
    DISPATCHED: {RED: Span(1, CALENDAR), YELLOW: Span(2, CALENDAR), BLUE: Span(3, CALENDAR)},
    ACKNOWLEDGED: {RED: Span(3, CALENDAR), YELLOW: Span(7, CALENDAR), BLUE: Span(15, CALENDAR)},
    VERIFIED: {RED: Span(1, WORKING), YELLOW: Span(2, WORKING), BLUE: Span(3, WORKING)},
    REVIEWED: {RED: Span(2, WORKING), YELLOW: Span(3, WORKING), BLUE: Span(5, WORKING)},
}
# Counted from the first dispatch, whoever holds it meanwhile.
VERIFICATION = ACKNOWLEDGED

VILLAGE_NOTICE = Span(5, CALENDAR)
IDENTIFICATION = Span(15, CALENDAR)
ANSWER_TO_REPORTER = Span(5, WORKING)

# A reminder goes to whoever holds it on the working day before the last day; after that day to the next level.
ESCALATES_TO = {VILLAGE: TOWNSHIP, TOWNSHIP: COUNTY, COUNTY: COUNTY}
# Still nothing after so many working days: to the level after that.
ESCALATES_AGAIN_AFTER = Span(2, WORKING)
