"""Visits that both sides are asked about: what changes against a good one, and what is wrong with it then.

``CASES``: name → (changes, problems). A change of None takes the key out; problems are (field, code) pairs.
"""

from typing import Any

GOOD: dict[str, Any] = {
    "uid": "6f1c2a9e-3b1d-4c7e-9a55-0d2f8e7b1c11",
    "form": 1,
    "household": 11,
    "method": "home",
    "on": "2026-11-30",
    "began_at": "2026-11-30T09:00:00.123+08:00",
    "ended_at": "2026-11-30T09:05:00Z",
    "needs": "想学养蜂",
}
GONE = None
SHA = "ab" * 32
INCOME = {"month": "2026-10", "kind": "wage", "item": "务工", "amount": "3000.00", "seen": {"amount": "2800.00"}}
WORK = {"person": 5, "work_place": "省外", "work_months": 6, "seen": {"work_place": None}}
ILLNESS = {"person": 5, "treatment": "inpatient", "month": "2026-11", "self_pay": "5200"}
SCHOOLING = {"person": 7, "schooling": "none", "dropout_reason": "厌学"}
DISASTER = {"happened": "火灾", "happened_on": "2026-11-02", "loss": "1000.5"}
VERDICT = {"alert": 9, "stamp": "1:2", "verdict": "confirmed", "risks": ["illness"]}
LONG = "访" * 501
# One character to a person, two to JavaScript.
PAIRS = "𠮷"

Problems = set[tuple[str, str]]


def income(**changes: Any) -> dict[str, Any]:
    return {"income": [INCOME | changes]}


def work(**changes: Any) -> dict[str, Any]:
    return {"work": [WORK | changes]}


def verdict(**changes: Any) -> dict[str, Any]:
    return {"verdicts": [VERDICT | changes]}


CASES: dict[str, tuple[Any, Problems]] = {
    # The head ---------------------------------------------------------------------------------------
    "a good one": ({}, set()),
    "nothing said at all": ({"needs": "  "}, {("words", "nothing_at_all")}),
    "nothing has changed": ({"needs": GONE, "unchanged": True}, set()),
    "a number of fourteen digits": ({"needs": "户表12345678901234"}, set()),
    "a number of fifteen digits": ({"needs": "账号123456789012345"}, {("needs", "long_number")}),
    "a fire on the day of the visit": ({"disaster": [DISASTER | {"happened_on": "2026-11-30"}]}, set()),
    "a fire after the visit": (
        {"disaster": [DISASTER | {"happened_on": "2026-12-01"}]},
        {("disaster.0.happened_on", "day_after_visit")},
    ),
    "nothing but null": (GONE, {("", "required")}),
    "a list": ([], {("", "required")}),
    "a word": ("visit", {("", "required")}),
    "no uid": ({"uid": GONE}, {("uid", "required")}),
    "a blank uid": ({"uid": " "}, {("uid", "required")}),
    "a uid in capitals": ({"uid": GOOD["uid"].upper()}, set()),
    "a uid without strokes": ({"uid": GOOD["uid"].replace("-", "")}, {("uid", "bad_uid")}),
    "a uid that is a number": ({"uid": 5}, {("uid", "bad_uid")}),
    "no form": ({"form": GONE}, {("form", "required")}),
    "form nought": ({"form": 0}, {("form", "out_of_range")}),
    "a form in words": ({"form": "1"}, {("form", "not_whole")}),
    "a newer form is told only that": ({"form": 99, "uid": "x", "new": 1}, {("form", "form_too_new")}),
    "no household": ({"household": GONE}, {("household", "required")}),
    "a household below one": ({"household": -3}, {("household", "out_of_range")}),
    "a household that is a truth": ({"household": True}, {("household", "not_whole")}),
    "a household in pieces": ({"household": 1.5}, {("household", "not_whole")}),
    "a household beyond what JSON carries": ({"household": 2**53}, {("household", "out_of_range")}),
    "no method": ({"method": GONE}, {("method", "required")}),
    "an unknown method": ({"method": "letter"}, {("method", "unknown_choice")}),
    "by phone": ({"method": "phone"}, set()),
    "a method in a list": ({"method": ["home"]}, {("method", "unknown_choice")}),
    "no day": ({"on": GONE}, {("on", "required")}),
    "a day that is none": ({"on": "2026-02-30"}, {("on", "not_day")}),
    "a leap day": ({"on": "2024-02-29"}, set()),
    "no leap day": ({"on": "2100-02-29"}, {("on", "not_day")}),
    "a day with strokes elsewhere": ({"on": "2026/11/30"}, {("on", "not_day")}),
    "a day with an end of line": ({"on": "2026-11-30\n"}, {("on", "not_day")}),
    "the year nought": ({"on": "0000-01-01"}, {("on", "not_day")}),
    "the first day": ({"on": "2020-01-01"}, set()),
    "a day too early": ({"on": "2019-12-31"}, {("on", "day_too_early")}),
    "a day to come is a doubt, no problem": ({"on": "2099-01-01"}, set()),
    "no times": ({"began_at": GONE, "ended_at": GONE}, set()),
    "a time without an offset": ({"began_at": "2026-11-30T09:00:00"}, {("began_at", "bad_time")}),
    "a time without seconds": ({"began_at": "2026-11-30T09:00Z"}, set()),
    "the hour 24": ({"ended_at": "2026-11-30T24:00:00+08:00"}, {("ended_at", "bad_time")}),
    "a leap second": ({"ended_at": "2026-11-30T09:00:60Z"}, {("ended_at", "bad_time")}),
    "an offset of a day": ({"ended_at": "2026-11-30T09:00:00+24:00"}, {("ended_at", "bad_time")}),
    "an odd offset": ({"ended_at": "2026-11-30T09:00:00+08:75"}, set()),
    "a time before all times": ({"began_at": "0001-01-01T00:00+08:00"}, {("began_at", "bad_time")}),
    "a time after all times": ({"began_at": "9999-12-31T23:00-08:00"}, {("began_at", "bad_time")}),
    "a time on no day": ({"began_at": "2026-02-30T09:00Z"}, {("began_at", "bad_time")}),
    "a time that is a number": ({"began_at": 1796000000}, {("began_at", "bad_time")}),
    "500 characters of words": ({"words": LONG[1:]}, set()),
    "501 characters of words": ({"words": LONG}, {("words", "too_long")}),
    "blanks at the ends are not counted": ({"words": f" \u3000{LONG[1:]}\n"}, set()),
    "a mark of byte order is no blank": ({"words": f"\ufeff{LONG[1:]}"}, {("words", "too_long")}),
    "control characters are not counted": ({"words": f"\x00\x1f\x85{LONG[1:]}"}, set()),
    "500 rare characters": ({"words": PAIRS * 500}, set()),
    "501 rare characters": ({"words": PAIRS * 501}, {("words", "too_long")}),
    "words that are a number": ({"words": 5}, {("words", "unknown_choice")}),
    "needs too long": ({"needs": LONG[:301]}, {("needs", "too_long")}),
    "a field that nobody asks": ({"diagnosis": "x"}, {("diagnosis", "unknown_field")}),
    "a field with a long name": ({"x" * 70: 1}, {("x" * 60, "unknown_field")}),
    "unchanged": ({"unchanged": True, "words": "好", "needs": "无", "risks": [], "income": []}, set()),
    "unchanged in words": ({"unchanged": "yes"}, {("unchanged", "unknown_choice")}),
    # Risks ------------------------------------------------------------------------------------------
    "a risk with words": ({"risks": ["illness", "illness"], "words": "住院"}, set()),
    "a risk without words": ({"risks": ["illness"]}, {("words", "words_missing")}),
    "a risk with words nobody can see": (
        {"risks": ["illness"], "words": " \x00\u2003"},
        {("words", "words_missing")},
    ),
    "an unknown risk": ({"risks": ["luck"], "words": "x"}, {("risks", "unknown_choice")}),
    "a risk that is a list": ({"risks": [["illness"]], "words": "x"}, {("risks", "unknown_choice")}),
    "risks in a word": ({"risks": "illness"}, {("risks", "unknown_choice"), ("words", "words_missing")}),
    "unchanged and a risk": (
        {"unchanged": True, "risks": ["illness"], "words": "x"},
        {("unchanged", "contradicts_unchanged")},
    ),
    "unchanged and a line": ({"unchanged": True} | income(), {("unchanged", "contradicts_unchanged")}),
    # Income -----------------------------------------------------------------------------------------
    "a line of income": (income(), set()),
    "a line without anything": (
        {"income": [{}]},
        {(f"income.0.{name}", "required") for name in ("month", "kind", "item", "amount")},
    ),
    "income that is no list": ({"income": {"0": INCOME}}, {("income", "unknown_choice")}),
    "a line that is a word": ({"income": [INCOME, "务工"]}, {("income.1", "unknown_choice")}),
    "24 lines": ({"income": [INCOME] * 24}, set()),
    "25 lines, of which none is looked at": (
        {"income": [INCOME | {"amount": "x"}] * 25},
        {("income", "too_many")},
    ),
    "an amount with a sign": (income(amount="-1"), {("income.0.amount", "not_amount")}),
    "an amount with three decimals": (income(amount="1.234"), {("income.0.amount", "not_amount")}),
    "an amount in wide digits": (income(amount="１００"), {("income.0.amount", "not_amount")}),
    "an amount that is a number": (income(amount=3000), {("income.0.amount", "not_amount")}),
    "an amount with noughts before it": (income(amount="0000000000003000.5"), set()),
    "the largest amount": (income(amount="99999999.99"), set()),
    "more than the largest amount": (income(amount="100000000"), {("income.0.amount", "amount_too_large")}),
    "a month that is a day": (income(month="2026-10-01"), {("income.0.month", "not_month")}),
    "month thirteen": (income(month="2026-13"), {("income.0.month", "not_month")}),
    "a month too early": (income(month="2019-12"), {("income.0.month", "day_too_early")}),
    "the month of the visit": (income(month="2026-11"), set()),
    "the month after the visit": (income(month="2026-12"), {("income.0.month", "month_in_future")}),
    "no visit's month to compare with": (income(month="2026-12") | {"on": "x"}, {("on", "not_day")}),
    "an item of 61 characters": (income(item="工" * 61), {("income.0.item", "too_long")}),
    "an unknown kind of income": (income(kind="gift"), {("income.0.kind", "unknown_choice")}),
    "income of a person": (income(person=5), {("income.0.person", "unknown_field")}),
    "a line that saw a word": (income(seen="2800"), {("income.0.seen", "unknown_choice")}),
    "a line that saw a list": (income(seen=[1]), {("income.0.seen", "unknown_choice")}),
    # Sections of persons ----------------------------------------------------------------------------
    "work": (work(), set()),
    "work of nobody": (work(person=GONE), {("work.0.person", "required")}),
    "work of somebody in words": (work(person="5"), {("work.0.person", "not_whole")}),
    "twelve months of work": (work(work_months=12), set()),
    "thirteen months of work": (work(work_months=13), {("work.0.work_months", "out_of_range")}),
    "half a month of work": (work(work_months=0.5), {("work.0.work_months", "not_whole")}),
    "nought months are an answer": (work(work_place=GONE, work_months=0), set()),
    "a line that says nothing": (work(work_place=" ", work_months=GONE), {("work.0", "nothing_said")}),
    "work nowhere on the list": (work(work_place="月球"), {("work.0.work_place", "unknown_choice")}),
    "illness": ({"illness": [ILLNESS]}, set()),
    "illness to come": ({"illness": [ILLNESS | {"month": "2026-12"}]}, {("illness.0.month", "month_in_future")}),
    "illness with a diagnosis": ({"illness": [ILLNESS | {"of": "x"}]}, {("illness.0.of", "unknown_field")}),
    "out of school": ({"schooling": [SCHOOLING]}, set()),
    "a reason to be out of school alone": ({"schooling": [SCHOOLING | {"schooling": GONE}]}, set()),
    # Sections of the household ----------------------------------------------------------------------
    "a house": ({"house": [{"house_grade": "C"}]}, set()),
    "two houses": ({"house": [{"house_grade": "C"}] * 2}, {("house", "too_many")}),
    "water": ({"water": [{"safe_water": False}]}, set()),
    "water of nought": ({"water": [{"safe_water": 0}]}, {("water.0.safe_water", "unknown_choice")}),
    "a disaster without a loss": ({"disaster": [DISASTER | {"loss": GONE}]}, set()),
    "a disaster on no day": (
        {"disaster": [DISASTER | {"happened_on": "2026-11-31"}]},
        {("disaster.0.happened_on", "not_day")},
    ),
    # Verdicts ---------------------------------------------------------------------------------------
    "a verdict": (verdict(), set()),
    "a verdict on nothing": (verdict(alert=GONE), {("verdicts.0.alert", "required")}),
    "no verdict": (verdict(verdict=""), {("verdicts.0.verdict", "required")}),
    "an unknown verdict": (verdict(verdict="maybe"), {("verdicts.0.verdict", "unknown_choice")}),
    "confirmed without a risk": (verdict(risks=[]), {("verdicts.0.risks", "risks_missing")}),
    "confirmed with an unknown risk": (verdict(risks=["luck"]), {("verdicts.0.risks", "unknown_choice")}),
    "no risk without a reason": (verdict(verdict="no_risk"), {("verdicts.0.reason", "reason_missing")}),
    "no risk for another reason": (
        verdict(verdict="no_risk", reason=" other "),
        {("verdicts.0.note", "note_missing")},
    ),
    "no risk for another reason, said": (verdict(verdict="no_risk", reason="other", note="搬走"), set()),
    "unclear without a word": (verdict(verdict="unclear"), {("verdicts.0.note", "note_missing")}),
    "a note too long": (verdict(note=LONG), {("verdicts.0.note", "too_long")}),
    "a stamp too long": (verdict(stamp="1" * 61), {("verdicts.0.stamp", "too_long")}),
    "a verdict with more": (verdict(level="red"), {("verdicts.0.level", "unknown_field")}),
    "51 verdicts": ({"verdicts": [VERDICT] * 51}, {("verdicts", "too_many")}),
    "a verdict that is null": ({"verdicts": [GONE]}, {("verdicts.0", "unknown_choice")}),
    "unchanged with a verdict": (verdict() | {"unchanged": True}, set()),
    # Photos -----------------------------------------------------------------------------------------
    "a photo": ({"photos": [SHA]}, set()),
    "a photo in capitals": ({"photos": [SHA.upper()]}, {("photos.0", "bad_photo")}),
    "a photo without a name": ({"photos": [SHA, GONE]}, {("photos.1", "bad_photo")}),
    "seven photos": ({"photos": [SHA] * 7}, {("photos", "too_many")}),
    "photos in a word": ({"photos": SHA}, {("photos", "unknown_choice")}),
}


def payload_of(changes: Any) -> Any:
    if not isinstance(changes, dict):
        return changes
    return {key: value for key, value in (GOOD | changes).items() if value is not None}
