"""The lines of a holiday notice: what is clear is read, what is not is refused with its line, never guessed."""

import datetime as dt

import pytest

from households.policy.notice_lines import SAMPLE, read_notice


def read(text: str, year: int = 2027) -> list[str]:
    """``["2027-10-09 work 国庆节"]``"""
    found = read_notice(text, year)
    assert found.problems == []
    return [f"{each.day} {'work' if each.is_workday else 'off'} {each.name}" for each in found.days.values()]


# The notices for 2024 to 2026 in their own words.
NOTICE_2025 = """国务院办公厅关于2025年部分节假日安排的通知
经国务院批准，现将安排通知如下。
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
七、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。"""


def test_the_sentences_of_the_notice_are_read_as_they_are():
    lines = read(NOTICE_2025, 2025)

    assert lines[0] == "2025-01-01 off 元旦"
    assert lines[1:11] == [
        "2025-01-26 work 春节",
        *(f"{dt.date(2025, 1, 28) + dt.timedelta(days=number)} off 春节" for number in range(8)),
        "2025-02-08 work 春节",
    ]
    assert lines[11:14] == [f"2025-04-0{number} off 清明节" for number in (4, 5, 6)]
    assert lines[14:] == [
        "2025-09-28 work 国庆节、中秋节",
        *(f"2025-10-0{number} off 国庆节、中秋节" for number in range(1, 9)),
        "2025-10-11 work 国庆节、中秋节",
    ]


def test_a_holiday_may_begin_in_the_year_before():
    assert read("一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。", 2023) == [
        "2022-12-31 off 元旦",
        "2023-01-01 off 元旦",
        "2023-01-02 off 元旦",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "2027-05-01–2027-05-03, 休, 劳动节",
        "2027-05-01 至 2027-05-03，放假，劳动节",
        "2027-05-01~2027-05-03\t休\t劳动节",
        "2027-05-01-2027-05-03, holiday, 劳动节",
        "2027/5/1 - 2027/5/3, day off, 劳动节",
        "2027.5.1—5.3 休息 劳动节",
        "5月1日至3日，休，劳动节",
        "  劳动节：5月1日至3日放假。",
    ],
)
def test_the_same_days_in_other_words(line):
    assert read(line) == [f"2027-05-0{number} off 劳动节" for number in (1, 2, 3)]


@pytest.mark.parametrize("kind", ["班", "上班", "补班", "make-up", "Working day"])
def test_a_make_up_day_stands_alone(kind):
    assert read(f"2027-10-09, {kind}, 国庆节") == ["2027-10-09 work 国庆节"]


def test_the_sample_on_the_page_is_read_and_names_no_day_twice():
    assert len(read(SAMPLE, 2026)) == 9


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2027-02-29, 休, 春节", "2027-02-29"),
        ("2027-13-01, 休, 春节", "2027-13-01"),
        ("2027-05-03–2027-05-01, 休, 劳动节", "2027-05-01"),
        ("2027-05-01–2027-05-16, 休, 劳动节", "15"),
        ("2027-05-01, 劳动节", "2027-05-01"),
        ("2027-05-01, 休", "40"),
        ("2027-05-01, 休, " + "节" * 41, "40"),
        ("2027-05-01, 休, 劳动节\n2027-05-01, 班, 劳动节", "2027-05-01"),
        ("没有日期", ""),
        ("", ""),
    ],
    ids=str,
)
def test_what_is_not_clear_is_refused_in_a_sentence(text, said):
    problems = read_notice(text, 2027).problems
    assert len(problems) == 1
    assert said in problems[0]


def test_a_range_of_fifteen_days_is_still_one():
    assert len(read("2027-05-01–2027-05-15, 休, 劳动节")) == 15


def test_each_bad_line_is_named():
    problems = read_notice("2027-05-01, 休, 劳动节\n2027-02-30, 休, 春节\n2027-05-01, 班, 劳动节", 2027).problems
    assert [number in problem for number, problem in zip("23", problems, strict=True)] == [True, True]
