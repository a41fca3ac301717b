"""Account pages: preview, then one file with first passwords; postings and first passwords of one account."""

import datetime as dt
from io import BytesIO

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from households.models import AuditEntry, Posting, Role, User
from households.staff.handover import first_passwords_sheet
from households.staff.services import FirstPassword

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashes")]
HERE, NEXT = "420527103204", "420527103206"


def _upload(client, content):
    file = SimpleUploadedFile("list.xlsx", content)
    return client.post(reverse("staff:accounts-upload"), {"file": file})


def _create(client, preview):
    return client.post(reverse("staff:accounts-create"), {"token": preview.context["token"]})


def _rows(content):
    return [[cell.value for cell in row] for row in load_workbook(BytesIO(content)).active]


def test_it_shows_what_a_list_would_do_and_stores_nothing(sign_in, account_list):
    people = User.objects.count()
    client = sign_in("admin")

    preview = _upload(client, account_list({"姓名": "张三", "村代码": HERE}, {"姓名": "李四"}))

    said = preview.content.decode()
    assert "zhangsan" in said
    assert "李四" in said
    assert [line.number for line in preview.context["plan"].refused] == [3]
    assert User.objects.count() == people


def test_it_makes_the_accounts_and_answers_with_the_only_copy_of_the_passwords(sign_in, account_list, try_sign_in):
    client = sign_in("admin")
    preview = _upload(client, account_list({"姓名": "张三", "村代码": HERE}, {"姓名": "李四", "村代码": NEXT}))

    response = _create(client, preview)

    assert response.headers["Cache-Control"].count("no-store") == 1
    assert "attachment" in response.headers["Content-Disposition"]
    heading, *rows = _rows(response.content)
    assert [row[:2] for row in rows] == [["张三", "zhangsan"], ["李四", "lisi"]]
    # The password opens the page that changes it, and no other.
    newcomer, signed_in = try_sign_in("zhangsan", rows[0][2])
    assert signed_in.status_code == 302
    assert newcomer.get(reverse("staff:accounts")).url == reverse("staff:password-change")
    # Asking again gives no second copy.
    again = _create(client, preview)
    assert again.status_code == 302
    assert User.objects.filter(name="张三").count() == 1


def test_it_refuses_a_preview_that_was_changed_or_made_by_somebody_else(sign_in, account_list, cast):
    Posting.objects.filter(user=cast.staff).update(role=Role.COUNTY_ADMIN)
    preview = _upload(sign_in("admin"), account_list({"姓名": "张三", "村代码": HERE}))

    assert _create(sign_in("staff"), preview).url == reverse("staff:accounts-upload")
    forged = signing.dumps({"by": cast.admin.pk, "lines": []}, salt="another salt")
    response = sign_in("admin").post(reverse("staff:accounts-create"), {"token": forged})
    assert response.url == reverse("staff:accounts-upload")
    assert not User.objects.filter(name="张三").exists()


def test_a_file_that_is_no_list_is_answered_with_a_sentence_at_the_field(sign_in):
    response = _upload(sign_in("admin"), b"no spreadsheet")
    assert response.status_code == 200
    assert response.context["form"].errors["file"]


def test_the_sheet_keeps_its_cells_as_text(cast):
    cast.township.name = "=HYPERLINK(1)"
    content = first_passwords_sheet([FirstPassword(cast.township, "abcDEF234")])
    [_heading, row] = load_workbook(BytesIO(content)).active
    assert row[0].value == "=HYPERLINK(1)"
    assert {cell.data_type for cell in row} == {"s"}
    assert row[4].value.endswith("屈原镇")


def test_it_makes_one_account_and_shows_its_first_password_once(sign_in, try_sign_in):
    form = {"name": "张三", "role": "village_specialist", "area": HERE, "valid_from": "2026-01-01"}

    response = sign_in("admin").post(reverse("staff:account-add"), form)

    user = User.objects.get(name="张三")
    assert user.username == "zhangsan"
    assert response.context["password"] in response.content.decode()
    assert try_sign_in("zhangsan", response.context["password"])[1].status_code == 302


@pytest.mark.parametrize(
    "wrong", [{"username": "admin"}, {"username": "张三"}, {"name": ""}, {"area": "420527103"}]
)
def test_it_makes_no_account_that_does_not_fit(sign_in, wrong):
    form = {"name": "张三", "role": "village_specialist", "area": HERE, "valid_from": "2026-01-01"}
    response = sign_in("admin").post(reverse("staff:account-add"), form | wrong)
    assert response.context["form"].errors
    assert not User.objects.filter(name="张三").exists()


def test_it_posts_somebody_and_ends_the_posting(sign_in, cast):
    client = sign_in("admin")
    add = reverse("staff:posting-add", args=[cast.stranger.pk])
    form = {"role": "village_specialist", "area": HERE, "department": "", "valid_from": "2026-01-01"}
    assert client.post(add, form).status_code == 302
    posting = cast.stranger.postings.get()
    end = reverse("staff:posting-end", args=[cast.stranger.pk, posting.pk])

    client.post(end, {"last_day": "2026-03-31"})

    posting.refresh_from_db()
    assert posting.valid_until == dt.date(2026, 3, 31)
    actions = AuditEntry.objects.filter(actor=cast.admin, subject_id=str(cast.stranger.pk)).order_by("id")
    assert [entry.action for entry in actions] == ["posting_started", "posting_ended"]


def test_a_posting_ended_yesterday_ends_the_session_with_the_next_request(sign_in, cast):
    working = sign_in("township")
    assert working.get(reverse("staff:password-change")).status_code == 200
    posting = cast.township.postings.get()
    yesterday = timezone.localdate() - dt.timedelta(days=1)

    sign_in("admin").post(
        reverse("staff:posting-end", args=[cast.township.pk, posting.pk]), {"last_day": str(yesterday)}
    )

    assert "ended=posting" in working.get(reverse("staff:password-change")).url


@pytest.mark.parametrize(
    "form",
    [
        {"role": "village_specialist", "area": ""},
        {"role": "village_specialist", "area": "420527103"},
        {"role": "township_staff", "area": HERE},
        {"role": "county_staff", "area": HERE},
        {"role": "department_officer", "area": "", "department": ""},
        {"role": "village_specialist", "area": HERE, "department": "medical"},
        {"role": "village_specialist", "area": HERE, "valid_until": "2025-12-31"},
        {"role": "village_specialist", "area": "420528"},
        {"role": "emperor", "area": HERE},
    ],
)
def test_it_refuses_a_posting_with_a_sentence_before_the_database_would(sign_in, cast, form):
    url = reverse("staff:posting-add", args=[cast.stranger.pk])
    response = sign_in("admin").post(url, {"valid_from": "2026-01-01"} | form)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not cast.stranger.postings.exists()


def test_it_refuses_a_second_role_and_the_same_village_twice(sign_in, cast):
    url = reverse("staff:posting-add", args=[cast.specialist.pk])
    client = sign_in("admin")
    before = cast.specialist.postings.count()

    second_role = client.post(url, {"role": "township_staff", "area": "420527103", "valid_from": "2026-01-01"})
    twice = client.post(url, {"role": "village_specialist", "area": HERE, "valid_from": "2026-01-01"})

    sentences = {str(page.context["form"].non_field_errors()[0]) for page in (second_role, twice)}
    assert len(sentences) == 2
    assert cast.specialist.postings.count() == before


def test_nobody_ends_or_closes_their_own(sign_in, cast):
    client = sign_in("admin")
    posting = cast.admin.postings.get()
    client.post(reverse("staff:posting-end", args=[cast.admin.pk, posting.pk]), {"last_day": "2026-01-01"})
    client.post(reverse("staff:account-close", args=[cast.admin.pk]))
    client.post(reverse("staff:first-password", args=[cast.admin.pk]))

    posting.refresh_from_db()
    cast.admin.refresh_from_db()
    assert posting.valid_until is None
    assert cast.admin.is_active
    assert not cast.admin.must_change_password


def test_a_new_first_password_is_shown_once_opens_a_lock_and_ends_sessions(
    with_password, sign_in, try_sign_in, cast
):
    with_password("township")
    working = sign_in("township")
    for _i in range(5):
        try_sign_in("township", "Wrong-horse-8")

    response = sign_in("admin").post(reverse("staff:first-password", args=[cast.township.pk]))

    password = response.context["password"]
    assert password in response.content.decode()
    assert "ended=password" in working.get(reverse("staff:password-change")).url
    client, signed_in = try_sign_in("township", password)
    assert signed_in.status_code == 302
    assert client.get("/").url == reverse("staff:password-change")
    entry = AuditEntry.objects.get(action="first_password_reset")
    assert (entry.actor_id, entry.subject_id, entry.detail) == (cast.admin.pk, str(cast.township.pk), {})


def test_a_closed_account_cannot_sign_in_until_it_is_opened(with_password, sign_in, try_sign_in, cast):
    with_password("township")
    client = sign_in("admin")

    client.post(reverse("staff:account-close", args=[cast.township.pk]))
    assert try_sign_in("township")[1].status_code == 200
    client.post(reverse("staff:account-open", args=[cast.township.pk]))
    assert try_sign_in("township")[1].status_code == 302

    actions = AuditEntry.objects.filter(actor=cast.admin).order_by("id").values_list("action", flat=True)
    assert list(actions) == ["account_closed", "account_opened"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"role": "village_specialist"}, {"specialist", "neighbour"}),
        ({"township": "420527103"}, {"township", "specialist"}),
        ({"state": "unposted"}, {"leaver", "stranger"}),
        ({"state": "first"}, {"specialist"}),
        ({"state": "closed"}, {"neighbour"}),
    ],
)
def test_it_filters_the_accounts(sign_in, cast, query, names):
    User.objects.filter(pk=cast.specialist.pk).update(must_change_password=True)
    User.objects.filter(pk=cast.neighbour.pk).update(is_active=False)
    page = sign_in("auditor").get(reverse("staff:accounts"), query).context["page"]
    assert {account.name for account in page} == names


def test_an_auditor_sees_no_button_that_changes_anything(sign_in, cast):
    client = sign_in("auditor")
    for url in (reverse("staff:accounts"), reverse("staff:account", args=[cast.township.pk])):
        said = client.get(url).content.decode()
        assert reverse("staff:accounts-upload") not in said
        assert "posting" not in said
    assert reverse("staff:posting-add", args=[cast.township.pk]) in (
        sign_in("admin").get(reverse("staff:account", args=[cast.township.pk])).content.decode()
    )


def test_no_page_of_accounts_says_when_somebody_last_signed_in(with_password, try_sign_in, sign_in, cast):
    user = with_password("township")
    user.last_login = timezone.make_aware(dt.datetime(2011, 11, 11))  # noqa: DTZ001  made aware right here
    user.save()
    client = sign_in("admin")
    for url in (reverse("staff:accounts"), reverse("staff:account", args=[user.pk])):
        assert "2011" not in client.get(url).content.decode()


def test_the_list_of_accounts_costs_the_same_number_of_queries_for_more_people(
    sign_in, cast, take_in, django_assert_max_num_queries
):
    take_in(*[{"姓名": f"张{number}", "用户名": f"zhang{number}", "村代码": HERE} for number in range(30)])
    client = sign_in("admin")
    with django_assert_max_num_queries(12):
        client.get(reverse("staff:accounts"))
