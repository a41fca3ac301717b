"""Accounts from a list: what is understood, what is refused and why, and nothing twice."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from django.db import connection
from django.utils import timezone
from openpyxl import Workbook

from households.areas.models import Area
from households.models import AuditEntry, Posting, Role, User
from households.refusal import Refused
from households.staff.account_list import read_account_list, read_day
from households.staff.services import create_accounts

pytestmark = pytest.mark.django_db
# Two villages of 屈原镇, one of another township.
HERE, NEXT, ELSEWHERE = "420527103204", "420527103206", "420527101201"
ZHANG = {"姓名": "张三", "村代码": HERE}


def _short(code):
    return Area.objects.get(pk=code).name.removesuffix("村民委员会")


def _refused(created):
    return [(line.number, line.column) for line in created.plan.refused]


def _places(username):
    return sorted(Posting.objects.filter(user__username=username).values_list("area_id", flat=True))


def test_it_makes_a_specialist_with_a_first_password(take_in):
    [made] = take_in(ZHANG).passwords

    user = User.objects.get(name="张三")
    assert user.username == "zhangsan"
    assert user.must_change_password
    assert user.check_password(made.password)
    [posting] = user.postings.all()
    assert (posting.role, posting.area_id, posting.valid_from, posting.valid_until) == (
        Role.VILLAGE_SPECIALIST,
        HERE,
        timezone.localdate(),
        None,
    )


def test_a_first_password_is_hashed_with_all_rounds_once_it_was_used(take_in):
    [made] = take_in(ZHANG).passwords
    user = User.objects.get(name="张三")
    assert user.password.startswith("pbkdf2_sha256$20000$")

    assert user.check_password(made.password)

    user.refresh_from_db()
    assert int(user.password.split("$")[1]) >= 1_000_000


def test_it_makes_one_person_of_several_rows_and_of_several_villages_in_a_cell(take_in):
    take_in(
        {"姓名": "张三", "村代码": HERE},
        {"姓名": "张三", "村代码": NEXT},
        {"姓名": "李四", "村代码": f"{HERE}、{NEXT}"},
        {"姓名": "王五", "乡镇": "屈原镇", "村": f"{_short(HERE)}，{_short(NEXT)}"},
    )

    assert _places("zhangsan") == _places("lisi") == _places("wangwu") == [HERE, NEXT]
    assert User.objects.filter(name__in=["张三", "李四", "王五"]).count() == 3


@pytest.mark.parametrize("ending", ["村", "村村民委员会", "村民委员会", "村委会", ""])
def test_it_finds_a_village_by_any_spelling_of_its_name(take_in, ending):
    bare = _short(HERE).removesuffix("村")
    created = take_in({"姓名": "张三", "乡镇": "屈原", "村": bare + ending})
    assert _refused(created) == []
    assert _places("zhangsan") == [HERE]


def test_it_finds_the_headings_below_a_title_and_in_any_order(account_list):
    content = account_list(
        {"村代码": HERE, "姓 名 *": "张三"},
        headings=("序号", "村代码", "姓 名 *"),
        above=(["秭归县乡村振兴专干名册"], [None, "2026年"]),
    )
    [line] = read_account_list(content)
    assert (line.number, line.name, line.village_code) == (4, "张三", HERE)


def test_it_reads_a_village_code_that_was_stored_as_a_number(take_in):
    take_in({"姓名": "张三", "村代码": int(HERE)})
    assert _places("zhangsan") == [HERE]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022-06-05", dt.date(2022, 6, 5)),
        ("2022/6/5", dt.date(2022, 6, 5)),
        ("20220605", dt.date(2022, 6, 5)),
        ("2022年6月5日", dt.date(2022, 6, 5)),
        ("2022.6.5", dt.date(2022, 6, 5)),
        ("2022-02-30", None),
        ("next year", None),
        ("", None),
    ],
)
def test_it_reads_dates(text, day):
    assert read_day(text) == day


@pytest.mark.parametrize("start", ["2024年1月5日", dt.date(2024, 1, 5), dt.datetime(2024, 1, 5, 0, 0)])  # noqa: DTZ001
def test_it_takes_the_days_of_the_list(take_in, start):
    take_in(ZHANG | {"起始日期": start, "截止日期": "2030.12.31"})
    posting = Posting.objects.get(user__name="张三")
    assert (posting.valid_from, posting.valid_until) == (dt.date(2024, 1, 5), dt.date(2030, 12, 31))


@pytest.mark.parametrize(
    ("word", "extra", "role", "area", "department"),
    [
        ("乡村振兴专干", {"村代码": HERE}, "village_specialist", HERE, ""),
        ("村级专干", {"村代码": HERE}, "village_specialist", HERE, ""),
        ("乡镇干部", {"乡镇": "屈原镇"}, "township_staff", "420527103", ""),
        ("乡镇", {"村代码": "420527103"}, "township_staff", "420527103", ""),
        ("县级", {}, "county_staff", "420527", ""),
        ("县管理员", {}, "county_admin", "420527", ""),
        ("审计", {}, "auditor", "420527", ""),
        ("部门", {"部门": "县医保局"}, "department_officer", "420527", "medical"),
        ("部门", {"部门": "秭归县民政局"}, "department_officer", "420527", "civil"),
    ],
)
def test_it_knows_the_words_for_roles_and_departments(take_in, word, extra, role, area, department):
    created = take_in({"姓名": "张三", "角色": word} | extra)
    assert created.plan.refused == []
    posting = Posting.objects.get(user__name="张三")
    assert (posting.role, posting.area_id, posting.department) == (role, area, department)


def test_the_same_list_twice_makes_nothing_new(take_in):
    lines = [
        {"姓名": "张三", "村代码": HERE},
        {"姓名": "张三", "村代码": NEXT},
        {"姓名": "李四", "用户名": "lisi01", "村代码": HERE},
        {"姓名": "王五", "角色": "部门", "部门": "医保局", "起始日期": "2026-01-01"},
        {"姓名": "赵六", "角色": "乡镇", "乡镇": "屈原镇", "截止日期": "2031-12-31"},
    ]
    first = take_in(*lines)
    users, postings = User.objects.count(), Posting.objects.count()

    second = take_in(*lines)

    assert len(first.passwords) == 4
    assert second.passwords == []
    assert (second.plan.same, second.plan.refused) == ([2, 3, 4, 5, 6], [])
    assert (User.objects.count(), Posting.objects.count()) == (users, postings)


def test_the_same_list_another_day_makes_nothing_new_either(take_in):
    take_in(ZHANG)
    Posting.objects.filter(user__name="张三").update(valid_from=dt.date(2025, 1, 1))
    assert take_in(ZHANG).plan.same == [2]


def test_the_same_row_twice_counts_once_and_is_said(take_in):
    created = take_in(ZHANG, ZHANG)
    assert created.plan.same == [3]
    assert _places("zhangsan") == [HERE]


def test_every_line_ends_in_one_place(take_in):
    created = take_in(
        ZHANG, ZHANG, {"姓名": "李四"}, {"姓名": "", "村代码": HERE}, {"姓名": "王五", "村代码": NEXT}
    )
    plan = created.plan
    counted = [line for account in plan.accounts for line in account.lines] + plan.same
    assert sorted(counted + [line.number for line in plan.refused]) == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ({"姓名": "", "村代码": HERE}, "姓名"),
        ({"姓名": "张" * 41, "村代码": HERE}, "姓名"),
        ({"姓名": "张三"}, "村"),
        ({"姓名": "张三", "乡镇": "屈原镇"}, "村"),
        ({"姓名": "张三", "村": "没有这个村"}, "村"),
        ({"姓名": "张三", "乡镇": "没有这个镇", "村": "长江村"}, "乡镇"),
        ({"姓名": "张三", "村代码": "420527999999"}, "村代码"),
        ({"姓名": "张三", "村代码": "420527103"}, "村代码"),
        ({"姓名": "张三", "角色": "乡镇", "村代码": HERE}, "村代码"),
        ({"姓名": "张三", "角色": "乡镇"}, "乡镇"),
        ({"姓名": "张三", "角色": "县级", "乡镇": "屈原镇"}, "乡镇"),
        ({"姓名": "张三", "角色": "总统", "村代码": HERE}, "角色"),
        ({"姓名": "张三", "角色": "部门"}, "部门"),
        ({"姓名": "张三", "角色": "部门", "部门": "气象局"}, "部门"),
        ({"姓名": "张三", "村代码": HERE, "部门": "医保局"}, "部门"),
        ({"姓名": "张三", "村代码": HERE, "用户名": "张三"}, "用户名"),
        ({"姓名": "张三", "村代码": HERE, "用户名": "ab"}, "用户名"),
        ({"姓名": "张三", "村代码": HERE, "用户名": "admin"}, "用户名"),
        ({"姓名": "张三", "村代码": HERE, "起始日期": "昨天"}, "起始日期"),
        ({"姓名": "张三", "村代码": HERE, "起始日期": "2026-02-30"}, "起始日期"),
        ({"姓名": "张三", "村代码": HERE, "起始日期": "2026-02-01", "截止日期": "2026-01-31"}, "截止日期"),
    ],
)
def test_it_refuses_a_line_and_takes_the_rest(take_in, line, column):
    created = take_in(line, {"姓名": "李四", "村代码": NEXT})

    assert _refused(created) == [(2, column)]
    assert created.plan.refused[0].reason
    assert _places("lisi") == [NEXT]
    assert not User.objects.filter(name="张三").exists()


def test_it_refuses_a_code_and_a_name_of_two_places(take_in):
    assert _refused(take_in(ZHANG | {"村": _short(NEXT)})) == [(2, "村代码")]


def test_it_refuses_a_name_in_two_townships_and_takes_it_with_user_names(take_in):
    lines = [{"姓名": "张三", "村代码": HERE}, {"姓名": "张三", "村代码": ELSEWHERE}]
    assert _refused(take_in(*lines)) == [(2, "用户名"), (3, "用户名")]

    take_in(lines[0] | {"用户名": "zhangsan1"}, lines[1] | {"用户名": "zhangsan2"})
    assert (_places("zhangsan1"), _places("zhangsan2")) == ([HERE], [ELSEWHERE])


def test_it_never_guesses_whether_a_namesake_in_the_township_is_the_same_person(take_in):
    take_in(ZHANG)
    other = {"姓名": "张三", "村代码": NEXT}

    created = take_in(other)

    assert _refused(created) == [(2, "用户名")]
    assert "zhangsan" in created.plan.refused[0].reason
    further = take_in(other | {"用户名": "zhangsan"})
    assert further.passwords == []
    assert _places("zhangsan") == [HERE, NEXT]


def test_it_refuses_a_line_without_the_user_name_that_another_line_of_the_name_has(take_in):
    created = take_in(ZHANG | {"用户名": "zhangsan9"}, {"姓名": "张三", "村代码": NEXT})
    assert _refused(created) == [(3, "用户名")]


def test_it_gives_a_namesake_elsewhere_the_next_number(take_in):
    take_in(ZHANG)
    take_in({"姓名": "张三", "村代码": ELSEWHERE})
    assert sorted(User.objects.filter(name="张三").values_list("username", flat=True)) == ["zhangsan", "zhangsan2"]


def test_it_refuses_a_second_role_at_the_same_time(take_in):
    take_in(ZHANG | {"用户名": "zhangsan"})
    created = take_in({"姓名": "张三", "用户名": "zhangsan", "角色": "乡镇", "乡镇": "屈原镇"})
    assert _refused(created) == [(2, "角色")]


def test_it_refuses_two_roles_of_one_person_within_the_list(take_in):
    created = take_in(
        ZHANG | {"用户名": "zhangsan"}, {"姓名": "张三", "用户名": "zhangsan", "角色": "乡镇", "乡镇": "屈原镇"}
    )
    assert _refused(created) == [(3, "角色")]
    assert _places("zhangsan") == [HERE]


def test_it_refuses_other_days_for_a_posting_that_exists(take_in):
    take_in(ZHANG)
    assert _refused(take_in(ZHANG | {"截止日期": "2031-01-01"})) == [(2, "村")]


def test_it_posts_somebody_again_whose_posting_has_ended(take_in):
    take_in(ZHANG)
    Posting.objects.filter(user__name="张三").update(
        valid_from=dt.date(2020, 1, 1), valid_until=dt.date(2021, 1, 1)
    )
    created = take_in(ZHANG)
    assert created.passwords == []
    assert _places("zhangsan") == [HERE, HERE]


def test_it_refuses_a_closed_account(take_in):
    take_in(ZHANG)
    User.objects.filter(name="张三").update(is_active=False)
    assert _refused(take_in(ZHANG)) == [(2, "姓名")]


def test_it_refuses_a_village_that_is_no_more(take_in):
    Area.objects.filter(pk=HERE).update(valid_until=dt.date(2025, 12, 31))
    assert _refused(take_in(ZHANG)) == [(2, "村")]


def test_it_notes_what_was_made_without_names_or_passwords(take_in, cast):
    [made] = take_in(ZHANG).passwords
    entries = AuditEntry.objects.order_by("id")
    assert [entry.action for entry in entries] == ["account_created", "posting_started", "account_list_taken_in"]
    assert {entry.actor_id for entry in entries} == {cast.admin.pk}
    assert entries[1].detail["area"] == HERE
    said = str([entry.detail for entry in entries])
    assert "张三" not in said
    assert made.password not in said


@pytest.mark.django_db(transaction=True)
def test_two_administrators_with_one_list_make_each_account_once(account_list):
    lines = read_account_list(account_list(ZHANG, {"姓名": "李四", "村代码": NEXT}))

    def take_in_once(_turn):
        try:
            return len(create_accounts(lines=lines, by=None).passwords)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        made = sorted(pool.map(take_in_once, range(3)))

    assert made == [0, 0, 2]
    assert User.objects.count() == Posting.objects.count() == 2


def _workbook(*rows):
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a spreadsheet",
        _workbook(),
        _workbook(["户编号", "户主"], ["1", "2"]),
        _workbook(["姓名", "村"]),
        _workbook(["姓名", "村"], *[["张三", "长江村"]] * 2001),
        _workbook(*[["", ""]] * 25, ["姓名", "村"], ["张三", "长江村"]),
    ],
    ids=["empty", "text", "no rows", "other list", "no lines", "too many lines", "headings too far down"],
)
def test_it_refuses_a_file_with_one_sentence(content):
    with pytest.raises(Refused) as refusal:
        read_account_list(content)
    assert str(refusal.value)
