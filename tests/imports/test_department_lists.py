"""The lists of eight departments: columns and words understood, rows refused, each with its column and reason."""

import datetime as dt
from decimal import Decimal

import pytest

from households.imports.problems import ImportRefused
from households.imports.readers import READERS
from households.imports.services import receive_file
from households.models import EvidenceBatch, ListEntry
from households.privacy.seal import lookup_hash, seal
from tests import factories
from tests.imports.conftest import as_csv, as_xlsx, codes, number, outcomes, preview, take_in

pytestmark = pytest.mark.django_db
KNOWN = number("19800501", 1)
UNKNOWN = number("19700101", 1)
CARD = f"{KNOWN}42"
# Form → a good row by the standard titles, and what goes into the register: kind, grade, days, amount, detail.
ROWS = {
    "education": {
        "身份证号": KNOWN, "姓名": "张三", "学校": "乡中心学校", "情况": "疑似辍学", "日期": "2022-06-08",
    },
    "disability": {
        "残疾证号": CARD, "姓名": "张三", "残疾类别": "肢体", "残疾等级": "二级", "办证日期": "20220608",
    },
    "housing": {"身份证号": KNOWN, "姓名": "张三", "鉴定等级": "C", "鉴定日期": "2022/6/8"},
    "water": {"身份证号": KNOWN, "姓名": "张三", "问题": "供水中断", "停水天数": "12", "日期": "2022.6.8"},
    "traffic": {"身份证号": KNOWN, "姓名": "张三", "后果": "重伤", "事故日期": "2022年6月8日"},
    "emergency": {
        "身份证号": KNOWN, "姓名": "张三", "灾种": "暴雨洪涝", "损失情况": "一般损失", "损失金额": "1,200.50",
        "受灾日期": "2022-06-08",
    },
    "civil": {"身份证号": KNOWN, "姓名": "张三", "类别": "临时救助", "金额": "800", "日期": "2022-06-08"},
    "employment": {"身份证号": KNOWN, "姓名": "张三", "情况": "返乡失业", "日期": "2022-06-08"},
}  # fmt: skip
STORED = {
    "education": ("dropout", "", None, None, "乡中心学校"),
    "disability": ("physical", "2", None, None, ""),
    "housing": ("appraisal", "C", None, None, ""),
    "water": ("outage", "", 12, None, ""),
    "traffic": ("serious", "", None, None, ""),
    "emergency": ("暴雨洪涝", "general", None, Decimal("1200.50"), ""),
    "civil": ("relief", "", None, Decimal("800.00"), ""),
    "employment": ("returned", "", None, None, ""),
}
DAY = {"education": "日期", "disability": "办证日期", "housing": "鉴定日期", "water": "日期"} | {
    "traffic": "事故日期", "emergency": "受灾日期", "civil": "日期", "employment": "日期"
}  # fmt: skip
BY_NUMBER = [form for form in ROWS if form != "disability"]


@pytest.fixture(autouse=True)
def register(db):
    """Lists need people: 张三."""
    factories.person(
        name="张三",
        household=factories.household(),
        is_head=True,
        identity_sealed=seal(KNOWN),
        identity_hash=lookup_hash(KNOWN),
    )


def content(form, *changes, title=()):
    rows = [ROWS[form] | change for change in changes]
    return as_csv(tuple(rows[0]), *[list(row.values()) for row in rows], title=title)


def read(form, *changes, month=dt.date(2022, 6, 1), **given):
    return take_in(content(form, *(changes or ({},))), month=month, **given)


def said(entry):
    return entry.kind, entry.grade, entry.days, entry.amount, entry.detail


@pytest.mark.parametrize("form", ROWS)
def test_it_stores_what_a_row_says_of_the_person_with_that_number(form):
    found = read(form)
    entry = ListEntry.objects.get()
    assert (found.form, outcomes(found), codes(found, "doubts")) == (form, {2: "new"}, {})
    assert (entry.person.name, entry.list, entry.month) == ("张三", form, dt.date(2022, 6, 1))
    assert (entry.happened_on, entry.batch, entry.row_number) == (dt.date(2022, 6, 8), found.batch, 2)
    assert said(entry) == STORED[form]


@pytest.mark.parametrize("form", ROWS)
def test_the_header_tells_the_form_and_columns_may_stand_anywhere(form):
    row = {"填报人": "某人", "村": "长江村"} | dict(reversed(ROWS[form].items())) | {"备注": "无"}
    file = as_xlsx(["某月筛查信息"], [], list(row), [""] * len(row), list(row.values()), ["合计", "", "共1条"])
    found = take_in(file, "无题_202206.xlsx")
    assert (found.form, outcomes(found)) == (form, {5: "new"})


@pytest.mark.parametrize("form", BY_NUMBER)
@pytest.mark.parametrize(
    ("identity", "code"),
    [
        ("", "missing"),
        (KNOWN[:17], "identity_length"),
        ("420599800501001", "identity_15_digits"),
        (KNOWN[:17] + ("0" if KNOWN[17] != "0" else "1"), "check_digit"),
        ("4.20599E+17", "stored_as_number"),
        ("无", "identity_characters"),
    ],
)
def test_it_refuses_a_number_that_is_none_and_takes_the_rest(form, identity, code):
    found = read(form, {"身份证号": identity}, {})
    assert outcomes(found) == {2: "refused", 3: "new"}
    assert found.rows.get(row_number=2).reasons == [{"column": "身份证号", "code": code}]


@pytest.mark.parametrize("form", ROWS)
def test_a_number_held_by_a_number_cell_is_refused(form):
    column = "残疾证号" if form == "disability" else "身份证号"
    row = ROWS[form] | {column: 4.20599198005010e17}
    found = take_in(as_xlsx(list(row), list(row.values())), "表.xlsx", month=dt.date(2022, 6, 1))
    assert found.rows.get().reasons == [{"column": column, "code": "stored_as_number"}]


@pytest.mark.parametrize("form", ROWS)
@pytest.mark.parametrize("spelt", ["full-width", "blanks", "lower case", "apostrophe"])
def test_it_understands_a_number_however_it_is_written(form, spelt):
    column = "残疾证号" if form == "disability" else "身份证号"
    plain = ROWS[form][column]
    written = {
        "full-width": plain.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789X"}),
        "blanks": f" {plain[:6]}\u00a0{plain[6:14]}\u3000{plain[14:]} ",
        "lower case": plain.lower(),
        "apostrophe": f"'{plain}",
    }[spelt]
    assert outcomes(read(form, {column: written})) == {2: "new"}


@pytest.mark.parametrize("form", ROWS)
@pytest.mark.parametrize(
    ("day", "code"), [("", "missing"), ("六月中旬", "date_unreadable"), ("2022-13-45", "date_unreadable")]
)
def test_it_refuses_a_day_that_is_none(form, day, code):
    assert read(form, {DAY[form]: day}).rows.get().reasons == [{"column": DAY[form], "code": code}]


@pytest.mark.parametrize("form", ROWS)
def test_a_day_to_come_is_a_doubt_and_goes_in(form):
    found = read(form, {DAY[form]: "2099-06-08"})
    assert outcomes(found) == {2: "new"}
    assert found.rows.get().doubts == [{"column": DAY[form], "code": "in_future"}]


@pytest.mark.parametrize(
    ("form", "column"),
    [
        ("education", "情况"),
        ("disability", "残疾类别"),
        ("disability", "残疾等级"),
        ("housing", "鉴定等级"),
        ("water", "问题"),
        ("traffic", "后果"),
        ("emergency", "损失情况"),
        ("civil", "类别"),
        ("employment", "情况"),
    ],
)
def test_it_refuses_a_word_that_it_does_not_know(form, column):
    assert read(form, {column: "其他情形"}).rows.get().reasons == [{"column": column, "code": "word_unknown"}]


@pytest.mark.parametrize(
    ("form", "column"),
    [("housing", "鉴定等级"), ("water", "问题"), ("traffic", "后果"), ("emergency", "灾种"), ("civil", "类别")],
)
def test_it_refuses_a_row_without_the_word_that_says_what_happened(form, column):
    assert read(form, {column: " "}).rows.get().reasons == [{"column": column, "code": "missing"}]


@pytest.mark.parametrize(
    ("form", "column", "value", "code"),
    [
        ("emergency", "损失金额", "3千多", "amount_unreadable"),
        ("emergency", "损失金额", "-1800", "amount_negative"),
        ("civil", "金额", "约八百", "amount_unreadable"),
        ("civil", "金额", "-0.01", "amount_negative"),
        ("water", "停水天数", "十二天左右", "number_unreadable"),
        ("water", "停水天数", "1.5", "number_unreadable"),
        ("water", "停水天数", "-3", "number_unreadable"),
        ("water", "停水天数", "367", "number_out_of_range"),
    ],
)
def test_it_refuses_an_amount_that_is_none(form, column, value, code):
    """One rule for every form, also where the amount may be left out: blank is unknown, unreadable is refused."""
    assert read(form, {column: value}).rows.get().reasons == [{"column": column, "code": code}]


@pytest.mark.parametrize(
    ("form", "column", "field"),
    [("emergency", "损失金额", "amount"), ("civil", "金额", "amount"), ("water", "停水天数", "days")],
)
def test_an_amount_that_is_left_out_is_unknown_and_no_zero(form, column, field):
    assert outcomes(read(form, {column: ""})) == {2: "new"}
    assert getattr(ListEntry.objects.get(), field) is None


@pytest.mark.parametrize(
    ("form", "column", "word", "field", "stored"),
    [
        ("education", "情况", "辍学", "kind", "dropout"),
        ("education", "情况", "失学", "kind", "dropout"),
        ("education", "情况", "适龄未入学", "kind", "dropout"),
        ("education", "情况", "因病休学", "kind", "illness"),
        ("education", "情况", "因病辍学", "kind", "illness"),
        ("housing", "鉴定等级", "ｄ 级", "grade", "D"),
        ("housing", "鉴定等级", "a", "grade", "A"),
        ("water", "问题", "水质不达标", "kind", "quality"),
        ("water", "问题", "水量不足", "kind", "quantity"),
        ("water", "问题", "取水困难", "kind", "access"),
        ("water", "停水天数", "36天", "days", 36),
        ("traffic", "后果", "死亡", "kind", "death"),
        ("traffic", "后果", "轻伤", "kind", "minor"),
        ("traffic", "后果", "致残", "kind", "disabled"),
        ("emergency", "损失情况", "房屋倒塌", "grade", "house_collapsed"),
        ("emergency", "损失情况", "农作物绝收", "grade", "crop_lost"),
        ("emergency", "灾种", "山体滑坡", "kind", "山体滑坡"),
        ("civil", "类别", "新增低保", "kind", "dibao"),
        ("civil", "类别", "新增特困", "kind", "tekun"),
        ("civil", "金额", "￥１，８００元", "amount", Decimal("1800.00")),
        ("employment", "情况", "裁员", "kind", "laid_off"),
        ("disability", "残疾类别", "精神残疾", "kind", "mental"),
        ("disability", "残疾类别", "5", "kind", "intellectual"),
        ("disability", "残疾等级", "1级", "grade", "1"),
        ("disability", "残疾等级", "四", "grade", "4"),
        ("disability", "残疾等级", "3", "grade", "3"),
    ],
)
def test_it_knows_the_words_of_a_department(form, column, word, field, stored):
    assert outcomes(read(form, {column: word})) == {2: "new"}
    assert getattr(ListEntry.objects.get(), field) == stored


@pytest.mark.parametrize("digit", range(1, 8))
def test_a_card_fills_the_category_and_level_that_the_row_leaves_blank(digit):
    kinds = ["visual", "hearing", "speech", "physical", "intellectual", "mental", "multiple"]
    found = read("disability", {"残疾证号": f"{KNOWN}{digit}3B1", "残疾类别": "", "残疾等级": ""})
    assert codes(found, "doubts") == {}
    assert (ListEntry.objects.get().kind, ListEntry.objects.get().grade) == (kinds[digit - 1], "3")


def test_where_card_and_columns_differ_the_columns_count_and_it_is_a_doubt():
    found = read("disability", {"残疾类别": "智力", "残疾等级": "一级"})
    assert [(doubt["column"], doubt["code"]) for doubt in found.rows.get().doubts] == [
        ("残疾类别", "card_differs"),
        ("残疾等级", "card_differs"),
    ]
    assert (ListEntry.objects.get().kind, ListEntry.objects.get().grade) == ("intellectual", "1")


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ("", "missing"),
        (KNOWN, "card_format"),
        (f"{KNOWN}4", "card_format"),
        (f"{KNOWN}82", "card_format"),
        (f"{KNOWN}45", "card_format"),
        (f"{KNOWN}421", "card_format"),
        (f"{KNOWN[:17]}{'0' if KNOWN[17] != '0' else '1'}42", "check_digit"),
        ("420599800501001", "identity_15_digits"),
        ("4.2E+19", "stored_as_number"),
    ],
)
def test_it_refuses_the_number_of_a_card_that_is_none(card, code):
    row = read("disability", {"残疾证号": card}, {}).rows.get(row_number=2)
    assert row.reasons == [{"column": "残疾证号", "code": code}]
    assert card not in str(row.payload) or not card


def test_a_card_is_sealed_and_stands_in_no_payload():
    row = read("disability", {"残疾证号": f"{UNKNOWN}42"}).rows.get()
    assert (row.outcome, row.reasons[0]["code"]) == ("waiting", "person_unknown")
    assert row.identity_sealed is not None
    assert UNKNOWN not in str(row.payload)


def test_a_number_beside_the_card_tells_the_person_where_the_card_is_left_out():
    assert outcomes(read("disability", {"残疾证号": "", "身份证号": KNOWN})) == {2: "new"}


def test_a_card_that_belongs_to_another_number_is_refused():
    found = read("disability", {"身份证号": UNKNOWN})
    assert codes(found) == {2: ["card_of_another"]}


@pytest.mark.parametrize(
    "header",
    [
        ("证件号码", "户主姓名", "问题", "日期"),
        ("公民身份号码", "姓名", "饮水问题", "停水天数(天)", "发生日期"),
        ("身份证号码", "户主", "问题类型", "停水日期", "村名"),
    ],
)
def test_it_knows_other_names_of_columns(header):
    values = [
        (("日期",), "2022-06-08"),
        (("问题",), "停水"),
        (("天数",), "5"),
        (("村",), "长江村"),
        (("姓名", "户主"), "张三"),
        (("号码",), KNOWN),
    ]
    row = [next(value for words, value in values if any(word in title for word in words)) for title in header]
    found = take_in(as_csv(header, row), month=dt.date(2022, 6, 1))
    assert (found.form, outcomes(found)) == ("water", {2: "new"})


def test_of_two_names_in_a_row_that_of_the_person_counts():
    header = ("户主姓名", "身份证号", "姓名", "后果", "事故日期")
    found = take_in(as_csv(header, ["王五", KNOWN, "张三", "重伤", "2022-06-08"]), month=dt.date(2022, 6, 1))
    assert codes(found, "doubts") == {}


@pytest.mark.parametrize(
    ("word", "title", "form"),
    [
        ("返乡失业", "", "employment"),
        ("疑似辍学", "", "education"),
        ("其他情形", "教育部门2022年6月信息", "education"),
        ("其他情形", "人社部门2022年6月信息", "employment"),
    ],
)
def test_two_forms_with_the_same_columns_are_told_by_what_stands_in_them(word, title, form):
    header = ("姓名", "身份证号", "情况", "日期")
    row = preview(
        as_csv(header, ["张三", KNOWN, word, "2022-06-08"], title=title or ()), month=dt.date(2022, 6, 1)
    )
    assert row.form == form


def test_a_form_that_lacks_a_column_says_which():
    with pytest.raises(ImportRefused) as caught:
        receive_file(name="表.csv", content=as_csv(("身份证号", "姓名", "灾种", "损失情况")), by=None)
    assert (caught.value.code, caught.value.detail["columns"]) == ("missing_columns", "受灾日期")


@pytest.mark.parametrize("form", ROWS)
def test_the_month_is_that_of_the_dates_where_nothing_else_says_it(form):
    days = [{DAY[form]: day} for day in ("2022-05-30", "2022-07-08", "2022-07-09", "2022-06-01")]
    found = take_in(content(form, *days), "名单.csv")
    assert (found.month, found.batch.month) == (dt.date(2022, 7, 1), dt.date(2022, 7, 1))
    assert set(ListEntry.objects.values_list("month", flat=True)) == {dt.date(2022, 7, 1)}


def test_the_day_of_the_export_is_not_the_month_of_the_list():
    file = content("traffic", {}, title="导出时间：2022年7月1日")
    assert take_in(file, "交警_202206.csv").month == dt.date(2022, 6, 1)


@pytest.mark.parametrize("form", ROWS)
def test_an_empty_list_was_received(form):
    found = take_in(as_csv(tuple(ROWS[form])), "名单_202206.csv")
    assert (found.form, outcomes(found)) == (form, {})
    assert EvidenceBatch.objects.get(source=form).month == dt.date(2022, 6, 1)


@pytest.mark.parametrize("form", ROWS)
def test_an_officer_of_another_department_may_not_upload_the_list(form, cast):
    with pytest.raises(ImportRefused) as caught:
        receive_file(name="表_202206.csv", content=content(form, {}), by=cast.officer)
    assert caught.value.code == "other_department"


def test_registers_come_before_what_refers_to_them():
    assert list(READERS)[:2] == ["household", "member"]
