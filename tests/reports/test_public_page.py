"""The villager's page: what it takes, what it says when something is missing, and what becomes of it."""

import re

import pytest

from alerts.models import Alert, Report
from households.models import Area
from households.privacy.seal import lookup_hash, seal, unseal
from tests import factories
from tests.conftest import ELSEWHERE
from tests.reports.conftest import IDENTITY, PHONE, VILLAGE, fields

RECEIPT = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}")


def _receipts(response) -> list[str]:
    return RECEIPT.findall(response.content.decode())


def _token(response) -> str:
    return re.search(r'name="token" value="([^"]+)"', response.content.decode())[1]


def test_a_report_is_stored_and_raises_an_alert_at_once(send):
    response = send(identity=IDENTITY)

    (receipt,) = _receipts(response)
    report = Report.objects.get()
    assert (report.state, report.doubt, report.source, report.channel) == ("accepted", "", "public", "self")
    assert (report.county, report.township, report.village) == ("420527", "420527103", VILLAGE)
    assert (report.name, report.group, report.risk, report.for_other) == ("王秀英", "3组", "illness", False)
    assert (unseal(report.phone_sealed), unseal(report.identity_sealed)) == (PHONE, IDENTITY)
    assert unseal(report.words_sealed) == fields()["words"]
    assert report.alert.kind_id == "SELF.illness"
    assert receipt not in str(report.__dict__)


def test_whoever_gives_a_known_identity_number_is_found_in_the_register(send):
    home = factories.household(village=VILLAGE)
    factories.person(
        household=home, is_head=True, identity_sealed=seal(IDENTITY), identity_hash=lookup_hash(IDENTITY)
    )
    send(identity=IDENTITY.lower())
    assert Alert.objects.get().household == home


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("name", "请填写您的姓名"),
        ("phone", "请填写手机号"),
        ("risk", "请选一项困难"),
        ("words", "请写一写您家的困难"),
    ],
)
@pytest.mark.parametrize("value", ["", "  ", None])
def test_what_is_missing_is_named_in_plain_words_and_nothing_typed_is_lost(send, field, sentence, value):
    response = send(**{field: value, "identity": IDENTITY})
    page = response.content.decode()
    assert sentence in page and f'href="#{field}"' in page
    assert Report.objects.count() == 0
    for name, typed in fields(identity=IDENTITY).items():
        if name not in {field, "risk"}:
            assert typed in page
    if field != "risk":
        assert re.search(r'value="illness" checked', page)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("138 1234 5678", PHONE),
        ("１３８１２３４５６７８", PHONE),
        ("+86 138-1234-5678", PHONE),
        ("0717-2881234", "07172881234"),
        ("010-6554321", None),
        ("1381234567", None),
        ("138123456789", None),
        ("12812345678", None),
        ("一三八", None),
    ],
)
def test_phone_numbers_as_people_write_them(send, typed, stored):
    response = send(phone=typed)
    assert [unseal(sealed) for (sealed,) in Report.objects.values_list("phone_sealed")] == [stored] * bool(stored)
    if stored is None:
        assert "电话号码不对" in response.content.decode()


@pytest.mark.parametrize("typed", ["420527198005050015", "42052719800505001", "420527800505001", "无"])
def test_a_wrong_identity_number_is_told_and_an_empty_one_is_none(send, typed):
    assert "身份证号不对" in send(identity=typed).content.decode()
    assert Report.objects.count() == 0
    send(identity=" ")
    assert Report.objects.get().identity_sealed is None


@pytest.mark.parametrize(("field", "longest"), [("name", 40), ("group", 40), ("words", 300)])
def test_long_texts_are_stored_whole_or_told_to_be_too_long(send, field, longest):
    too_long = send(**{field: "长" * (longest + 1)})
    assert f"现在是{longest + 1}个字，最多{longest}个字" in too_long.content.decode()
    assert "长" * (longest + 1) in too_long.content.decode()
    assert Report.objects.count() == 0
    send(**{field: "长" * longest})
    assert Report.objects.count() == 1


def test_for_somebody_ill_old_or_disabled_their_name_and_group_are_all_that_is_kept(send):
    response = send(path="other/", name="李大爷", risk="labour", identity=IDENTITY, words="别人写的话")
    report = Report.objects.get()
    assert (report.name, report.group, report.risk, report.for_other) == ("李大爷", "3组", "labour", True)
    assert (report.identity_sealed, report.identity_hash, report.words_sealed) == (None, None, None)
    assert unseal(report.phone_sealed) == PHONE
    assert len(_receipts(response)) == 1


def test_the_form_for_somebody_else_asks_for_no_identity_number_and_no_words(phone):
    page = phone.get(f"/v/{VILLAGE}/other/").content.decode()
    names = set(re.findall(r'<(?:input|textarea)[^>]* name="(\w+)"', page))
    assert names == {"name", "group", "risk", "phone", "homepage", "token"}


def test_the_same_form_sent_twice_is_one_report_with_one_receipt(phone, send):
    token = _token(phone.get(f"/v/{VILLAGE}/"))
    first, second = send(token=token), send(token=token)
    assert Report.objects.count() == 1
    assert _receipts(first) == _receipts(second) != []


def test_what_was_changed_before_sending_again_is_not_lost(phone, send):
    token = _token(phone.get(f"/v/{VILLAGE}/"))
    first, second = send(token=token), send(token=token, words="房子也漏了")
    assert Report.objects.count() == 2
    assert _receipts(first) != _receipts(second)


@pytest.mark.parametrize("token", ["", "x", "0" * 23, "<script>"])
def test_a_form_without_its_token_is_a_report_all_the_same(send, token):
    assert len(_receipts(send(token=token))) == 1
    assert len(_receipts(send(token=token))) == 1
    assert Report.objects.count() == 2


def test_the_code_on_an_old_sheet_leads_to_the_village_that_it_became(phone, send, forget):
    Area.objects.filter(pk=VILLAGE).update(valid_until="2020-12-31", successor=ELSEWHERE)
    assert phone.get(f"/v/{VILLAGE}/?lang=en").url == f"/v/{ELSEWHERE}/?lang=en"
    send()
    assert Report.objects.get().village == ELSEWHERE
    Area.objects.filter(pk=VILLAGE).update(successor=None)
    forget()
    assert phone.get(f"/v/{VILLAGE}/").status_code == 404


@pytest.mark.parametrize("code", ["420527103999", "420527103", "0", "420527103204x", "٤٢٠٥٢٧١٠٣٢٠٤"])
def test_a_code_of_no_village_is_no_page(phone, code):
    assert phone.get(f"/v/{code}/").status_code == 404


def test_without_a_code_one_chooses_the_township_and_then_the_village(phone):
    start = phone.get("/").content.decode()
    assert "屈原镇" in start
    (link,) = re.findall(r'href="(/t/420527103/)"', start)
    assert f'href="/v/{VILLAGE}/"' in phone.get(link).content.decode()
    assert "长江村" in phone.get(f"/v/{VILLAGE}/").content.decode()


def test_the_page_is_chinese_whatever_the_phone_says_and_english_by_a_link(phone):
    chinese = phone.get(f"/v/{VILLAGE}/", headers={"accept-language": "en-GB,en"})
    assert "您家遇到了什么困难" in chinese.content.decode() and 'lang="zh-hans"' in chinese.content.decode()
    assert f'href="/v/{VILLAGE}/?lang=en"' in chinese.content.decode()
    english = phone.get(f"/v/{VILLAGE}/?lang=en").content.decode()
    assert "What difficulty does your family have?" in english
    # Every link goes on in English, but for the one that leads back.
    assert [url for url in re.findall(r'href="(/[^"]*)"', english) if "lang=en" not in url] == [
        "/static/css/public.css",
        f"/v/{VILLAGE}/",
    ]


def test_the_privacy_notice_says_who_what_for_how_long_and_which_rights(phone, settings):
    settings.PUBLIC_CONTACT = "县农业农村局 0717-0000000"
    page = phone.get(f"/v/{VILLAGE}/").content.decode()
    for said in ("接收", "只用来了解困难", "三年", "查看、更正或者删除", "12317", settings.PUBLIC_CONTACT):
        assert said in page
