"""Visits and what is wrong with them: one table for the server's check and for the tablet's (parity).

A case is a name, what is changed in ``VISIT`` (None takes a key away) and the problems as (field, code), in any
order.
"""

from typing import Any

VISIT: dict[str, Any] = {
    "uid": "0b3f6a52-7c1d-4e8f-9a2b-5d6c7e8f9a0b",
    "form": 1,
    "household": 7,
    "method": "home",
    "on": "2026-11-30",
    "began_at": "2026-11-30T09:12:00+08:00",
    "ended_at": "2026-11-30T09:20:30.250+08:00",
    "unchanged": False,
    "words": "老人身体好。",
}
INCOME = {"month": "2026-10", "kind": "wage", "item": "务工", "amount": "3000.00"}
WORK = {"person": 5, "work_place": "省外", "work_months": 6}
ILLNESS = {"person": 5, "treatment": "inpatient", "month": "2026-11", "self_pay": "5200.00"}
SCHOOLING = {"person": 7, "schooling": "none", "dropout_reason": "厌学"}
DISASTER = {"happened": "暴雨洪涝", "happened_on": "2026-11-02", "loss": "1000.00"}
SHA = "a" * 64
VERDICT = {"alert": 9, "stamp": "x", "verdict": "no_risk", "risks": [], "reason": "solved", "note": ""}


def income(**changed: object) -> dict[str, Any]:
    return {"income": [{**INCOME, **changed}]}


def work(**changed: object) -> dict[str, Any]:
    return {"work": [{**WORK, **changed}]}


def disaster(**changed: object) -> dict[str, Any]:
    return {"disaster": [{**DISASTER, **changed}]}


def verdict(**changed: object) -> dict[str, Any]:
    return {"verdicts": [{**VERDICT, **changed}]}


HEAD = [
    ("a visit with nothing but its head", {}, []),
    ("nothing said at all", {"words": ""}, [("words", "nothing_at_all")]),
    (
        "nothing said at all, of something that cannot be read",
        {"words": " ", "unchanged": None, "photos": []},
        [("words", "nothing_at_all")],
    ),
    ("nothing but what the household asks for", {"words": "", "needs": "想学养蜂"}, []),
    ("nothing but a photo", {"words": "", "photos": [SHA]}, []),
    ("nothing but a verdict", {"words": "", "verdicts": [VERDICT]}, []),
    ("a number of fourteen digits", {"words": "电表 12345678901234 号"}, []),
    ("a number of fifteen digits", {"words": "账号123456789012345"}, [("words", "long_number")]),
    (
        "an identity number in wide digits",
        {"needs": "身份证４２０５２７１９６００１０１１２３４"},
        [("needs", "long_number")],
    ),
    ("a bank number in a note", verdict(note="卡号6217000012345678901"), [("verdicts.0.note", "long_number")]),
    ("a disaster on the day of the visit", disaster(happened_on="2026-11-30"), []),
    (
        "a disaster after the visit",
        disaster(happened_on="2026-12-01"),
        [("disaster.0.happened_on", "day_after_visit")],
    ),
    ("unchanged", {"unchanged": True}, []),
    ("without times", {"began_at": None, "ended_at": None}, []),
    ("a moment in UTC", {"began_at": "2026-11-30T01:12Z"}, []),
    ("a day that has not come", {"on": "2099-01-01"}, []),
    ("no uid", {"uid": None}, [("uid", "required")]),
    ("a uid that is none", {"uid": "0b3f6a527c1d4e8f9a2b5d6c7e8f9a0b"}, [("uid", "bad_uid")]),
    ("a uid in capitals", {"uid": "0B3F6A52-7C1D-4E8F-9A2B-5D6C7E8F9A0B"}, []),
    ("a uid that is a number", {"uid": 7}, [("uid", "bad_uid")]),
    ("no form", {"form": None}, [("form", "required")]),
    ("form 0", {"form": 0}, [("form", "out_of_range")]),
    ("a form as text", {"form": "1"}, [("form", "not_whole")]),
    ("a newer form is told only that", {"form": 2, "uid": "x", "new": 1}, [("form", "form_too_new")]),
    ("no household", {"household": None}, [("household", "required")]),
    ("household 0", {"household": 0}, [("household", "out_of_range")]),
    ("a household as text", {"household": "7"}, [("household", "not_whole")]),
    ("half a household", {"household": 7.5}, [("household", "not_whole")]),
    ("a household beyond all", {"household": 2**53}, [("household", "out_of_range")]),
    ("a household that is true", {"household": True}, [("household", "not_whole")]),
    ("no method", {"method": ""}, [("method", "required")]),
    ("another method", {"method": "drone"}, [("method", "unknown_choice")]),
    ("no day", {"on": None}, [("on", "required")]),
    ("a day of no calendar", {"on": "2026-02-30"}, [("on", "not_day")]),
    ("a day in other writing", {"on": "2026/11/30"}, [("on", "not_day")]),
    ("a day as a number", {"on": 20261130}, [("on", "not_day")]),
    ("the last day before", {"on": "2019-12-31"}, [("on", "day_too_early")]),
    ("the first day", {"on": "2020-01-01"}, []),
    ("a time without offset", {"began_at": "2026-11-30T09:12:00"}, [("began_at", "bad_time")]),
    ("a time of no day", {"ended_at": "2026-11-31T09:12:00+08:00"}, [("ended_at", "bad_time")]),
    ("25 o'clock", {"ended_at": "2026-11-30T25:00:00+08:00"}, [("ended_at", "bad_time")]),
    ("a time as a number", {"began_at": 1}, [("began_at", "bad_time")]),
    ("unchanged in words", {"unchanged": "yes"}, [("unchanged", "unknown_choice")]),
    ("words at the limit", {"words": "好" * 500}, []),
    ("words at the limit between blanks", {"words": " " + "好" * 500 + "\n"}, []),
    ("words above the limit", {"words": "好" * 501}, [("words", "too_long")]),
    ("rare characters count once", {"words": "𠮷" * 500}, []),
    ("words as a number", {"words": 5}, [("words", "unknown_choice")]),
    ("needs at the limit", {"needs": "水" * 300}, []),
    ("needs above the limit", {"needs": "水" * 301}, [("needs", "too_long")]),
    ("something else", {"gps": [1, 2]}, [("gps", "unknown_field")]),
]

RISKS = [
    ("a risk with words", {"risks": ["illness", "housing"]}, []),
    ("a risk without words", {"risks": ["illness"], "words": " "}, [("words", "words_missing")]),
    ("a risk that is none", {"risks": ["illness", "boredom"]}, [("risks", "unknown_choice")]),
    ("risks that are no list", {"risks": "illness"}, [("risks", "unknown_choice")]),
    ("a risk as a list", {"risks": [["illness"]]}, [("risks", "unknown_choice")]),
    ("unchanged and a risk", {"unchanged": True, "risks": ["illness"]}, [("unchanged", "contradicts_unchanged")]),
    ("unchanged and a line", {"unchanged": True, **income()}, [("unchanged", "contradicts_unchanged")]),
    ("unchanged and empty sections", {"unchanged": True, "risks": [], "income": [], "work": None}, []),
    (
        "unchanged, with needs, photo, verdict",
        {"unchanged": True, "needs": "水", "photos": [SHA], **verdict()},
        [],
    ),
]

LINES = [
    (
        "a line of each section",
        {
            **income(seen={"amount": None}),
            **work(seen={"work_place": "none", "work_months": None}),
            **disaster(),
            "illness": [ILLNESS],
            "schooling": [SCHOOLING],
            "house": [{"house_grade": "C", "seen": {"house_grade": "B"}}],
            "water": [{"safe_water": False}],
        },
        [],
    ),
    ("a section that is no list", {"income": {}}, [("income", "unknown_choice")]),
    ("a line that is none", {"income": ["务工"]}, [("income.0", "unknown_choice")]),
    (
        "an empty line of income",
        {"income": [{}]},
        [
            ("income.0.month", "required"),
            ("income.0.kind", "required"),
            ("income.0.item", "required"),
            ("income.0.amount", "required"),
        ],
    ),
    (
        "the second line is named",
        {"income": [INCOME, {**INCOME, "kind": "x"}]},
        [
            ("income.1.kind", "unknown_choice"),
        ],
    ),
    ("as many lines as can be", {"income": [INCOME] * 24}, []),
    ("a line too many", {"income": [INCOME] * 25}, [("income", "too_many")]),
    ("a second house", {"house": [{"house_grade": "C"}] * 2}, [("house", "too_many")]),
    ("something else in a line", income(note="x"), [("income.0.note", "unknown_field")]),
    ("a person where there is none", income(person=5), [("income.0.person", "unknown_field")]),
    ("seen that is none", income(seen="2800"), [("income.0.seen", "unknown_choice")]),
    ("the month of the visit", income(month="2026-11"), []),
    ("a month after the visit", income(month="2026-12"), [("income.0.month", "month_in_future")]),
    (
        "a visit of last year about this one",
        {"on": "2025-12-31", **income(month="2026-01")},
        [
            ("income.0.month", "month_in_future"),
        ],
    ),
    ("the first month", income(month="2020-01"), []),
    ("the month before", income(month="2019-12"), [("income.0.month", "day_too_early")]),
    ("month 13", income(month="2026-13"), [("income.0.month", "not_month")]),
    ("a month in other writing", income(month="202610"), [("income.0.month", "not_month")]),
    ("a month without a readable day of the visit", {"on": "", **income(month="2099-01")}, [("on", "required")]),
    ("an item at the limit", income(item="项" * 60), []),
    ("an item above the limit", income(item="项" * 61), [("income.0.item", "too_long")]),
    ("an item of blanks", income(item=" \u3000"), [("income.0.item", "required")]),
    ("no yuan", income(amount="0"), []),
    ("one decimal", income(amount="0.5"), []),
    ("the largest amount", income(amount="99999999.99"), []),
    ("above the largest amount", income(amount="100000000"), [("income.0.amount", "amount_too_large")]),
    ("an amount of many digits", income(amount="9" * 400), [("income.0.amount", "amount_too_large")]),
    ("three decimals", income(amount="1.005"), [("income.0.amount", "not_amount")]),
    ("less than nothing", income(amount="-1"), [("income.0.amount", "not_amount")]),
    ("an amount as a number", income(amount=3000), [("income.0.amount", "not_amount")]),
    ("an amount with commas", income(amount="3,000"), [("income.0.amount", "not_amount")]),
    ("an amount with an exponent", income(amount="1e3"), [("income.0.amount", "not_amount")]),
    ("digits of another script", income(amount="３０００"), [("income.0.amount", "not_amount")]),
    ("nobody", work(person=None), [("work.0.person", "required")]),
    ("somebody by name", work(person="张三"), [("work.0.person", "not_whole")]),
    ("only where", work(work_months=None), []),
    ("only how long", work(work_place=""), []),
    ("neither", work(work_place=None, work_months=None), [("work.0", "nothing_said")]),
    ("no month of work", work(work_months=0), []),
    ("a whole year", work(work_months=12), []),
    ("a year and a month", work(work_months=13), [("work.0.work_months", "out_of_range")]),
    ("less than no month", work(work_months=-1), [("work.0.work_months", "out_of_range")]),
    ("half a month", work(work_months=0.5), [("work.0.work_months", "not_whole")]),
    ("months as text", work(work_months="6"), [("work.0.work_months", "not_whole")]),
    ("months that are true", work(work_months=True), [("work.0.work_months", "not_whole")]),
    ("another place", work(work_place="北京"), [("work.0.work_place", "unknown_choice")]),
    ("does not work", work(work_place="none"), []),
    (
        "an illness without cost",
        {"illness": [{**ILLNESS, "self_pay": None}]},
        [("illness.0.self_pay", "required")],
    ),
    (
        "an illness after the visit",
        {"illness": [{**ILLNESS, "month": "2027-01"}]},
        [
            ("illness.0.month", "month_in_future"),
        ],
    ),
    (
        "a grade of school that is none",
        {"schooling": [{**SCHOOLING, "schooling": "初一"}]},
        [
            ("schooling.0.schooling", "unknown_choice"),
        ],
    ),
    ("nothing of school", {"schooling": [{"person": 7}]}, [("schooling.0", "nothing_said")]),
    ("a house without grade", {"house": [{}]}, [("house.0.house_grade", "required")]),
    ("a house of grade E", {"house": [{"house_grade": "E"}]}, [("house.0.house_grade", "unknown_choice")]),
    ("water in words", {"water": [{"safe_water": "yes"}]}, [("water.0.safe_water", "unknown_choice")]),
    ("water by a number", {"water": [{"safe_water": 0}]}, [("water.0.safe_water", "unknown_choice")]),
    ("water without answer", {"water": [{"safe_water": None}]}, [("water.0.safe_water", "required")]),
    ("a disaster without loss", disaster(loss=None), []),
    ("a disaster on no day", disaster(happened_on="2026-11-31"), [("disaster.0.happened_on", "not_day")]),
    ("a disaster long ago", disaster(happened_on="2019-12-31"), [("disaster.0.happened_on", "day_too_early")]),
]

VERDICTS = [
    ("no risk, with a reason", verdict(), []),
    ("no alert", verdict(alert=None), [("verdicts.0.alert", "required")]),
    ("no verdict", verdict(verdict=""), [("verdicts.0.verdict", "required")]),
    ("another verdict", verdict(verdict="maybe"), [("verdicts.0.verdict", "unknown_choice")]),
    ("no risk, without a reason", verdict(reason=" "), [("verdicts.0.reason", "reason_missing")]),
    ("another reason, without words", verdict(reason="other"), [("verdicts.0.note", "note_missing")]),
    ("another reason, with words", verdict(reason="other", note="搬走了"), []),
    ("a risk, with its kind", verdict(verdict="confirmed", risks=["illness"], reason=""), []),
    ("a risk, without its kind", verdict(verdict="confirmed", reason=""), [("verdicts.0.risks", "risks_missing")]),
    ("a risk of no kind", verdict(verdict="confirmed", risks=["x"]), [("verdicts.0.risks", "unknown_choice")]),
    ("unclear, with words", verdict(verdict="unclear", note="家里没人"), []),
    ("unclear, without words", verdict(verdict="unclear", note=" "), [("verdicts.0.note", "note_missing")]),
    ("words at the limit", verdict(note="好" * 500), []),
    ("words above the limit", verdict(note="好" * 501), [("verdicts.0.note", "too_long")]),
    ("as many verdicts as can be", {"verdicts": [VERDICT] * 50}, []),
    ("a verdict too many", {"verdicts": [VERDICT] * 51}, [("verdicts", "too_many")]),
    ("a verdict that is none", {"verdicts": [9]}, [("verdicts.0", "unknown_choice")]),
    ("verdicts that are no list", {"verdicts": VERDICT}, [("verdicts", "unknown_choice")]),
    ("something else in a verdict", verdict(by=1), [("verdicts.0.by", "unknown_field")]),
]

PHOTOS = [
    ("as many photos as can be", {"photos": [f"{n}" * 64 for n in range(6)]}, []),
    ("a photo too many", {"photos": [f"{n}" * 64 for n in range(7)]}, [("photos", "too_many")]),
    ("a photo without a name of its own", {"photos": [SHA, "A" * 64]}, [("photos.1", "bad_photo")]),
    ("a short name", {"photos": [SHA[1:]]}, [("photos.0", "bad_photo")]),
    ("photos that are no list", {"photos": SHA}, [("photos", "unknown_choice")]),
]

# Where Python and JavaScript read differently: characters, calendars, numbers, what is a list.
ODD = [
    ("a blank uid", {"uid": " "}, [("uid", "required")]),
    ("a household below one", {"household": -3}, [("household", "out_of_range")]),
    ("a method in a list", {"method": ["home"]}, [("method", "unknown_choice")]),
    ("a leap day", {"on": "2024-02-29"}, []),
    ("no leap day", {"on": "2100-02-29"}, [("on", "not_day")]),
    ("a day with an end of line", {"on": "2026-11-30\n"}, [("on", "not_day")]),
    ("the year nought", {"on": "0000-01-01"}, [("on", "not_day")]),
    ("the hour 24", {"ended_at": "2026-11-30T24:00:00+08:00"}, [("ended_at", "bad_time")]),
    ("a leap second", {"ended_at": "2026-11-30T09:00:60Z"}, [("ended_at", "bad_time")]),
    ("an offset of a day", {"ended_at": "2026-11-30T09:00:00+24:00"}, [("ended_at", "bad_time")]),
    ("an odd offset", {"ended_at": "2026-11-30T09:00:00+08:75"}, []),
    ("a time before all times", {"began_at": "0001-01-01T00:00+08:00"}, [("began_at", "bad_time")]),
    ("a time after all times", {"began_at": "9999-12-31T23:00-08:00"}, [("began_at", "bad_time")]),
    ("a mark of byte order is no blank", {"words": f"\ufeff{'好' * 500}"}, [("words", "too_long")]),
    ("control characters are not counted", {"words": f"\x00\x1f\x85{'好' * 500}"}, []),
    ("501 rare characters", {"words": "𠮷" * 501}, [("words", "too_long")]),
    ("a field with a long name", {"x" * 70: 1}, [("x" * 60, "unknown_field")]),
    ("a risk twice", {"risks": ["illness", "illness"]}, []),
    ("words nobody can see", {"risks": ["illness"], "words": " \x00\u2003"}, [("words", "words_missing")]),
    ("of lines too many none is looked at", {"income": [{"amount": "x"}] * 25}, [("income", "too_many")]),
    ("a second line that is a word", {"income": [INCOME, "务工"]}, [("income.1", "unknown_choice")]),
    ("noughts before an amount", income(amount="0000000000003000.5"), []),
    ("a month that is a day", income(month="2026-10-01"), [("income.0.month", "not_month")]),
    ("a month of a day that is none", {"on": "x", **income(month="2026-12")}, [("on", "not_day")]),
    ("seen in a list", income(seen=[1]), [("income.0.seen", "unknown_choice")]),
    ("a blank and nothing", work(work_place=" ", work_months=None), [("work.0", "nothing_said")]),
    ("a reason to be out of school alone", {"schooling": [{**SCHOOLING, "schooling": None}]}, []),
    ("a reason between blanks", verdict(reason=" other "), [("verdicts.0.note", "note_missing")]),
    ("a stamp too long", verdict(stamp="1" * 61), [("verdicts.0.stamp", "too_long")]),
    ("a verdict that is null", {"verdicts": [None]}, [("verdicts.0", "unknown_choice")]),
    ("a photo that is null", {"photos": [SHA, None]}, [("photos.1", "bad_photo")]),
    ("one photo seven times", {"photos": [SHA] * 7}, [("photos", "too_many")]),
]

CASES = HEAD + RISKS + LINES + VERDICTS + PHOTOS + ODD


def payload(changed: dict[str, Any]) -> dict[str, Any]:
    """``VISIT`` with what a case changes."""
    return {name: value for name, value in {**VISIT, **changed}.items() if value is not None}
