"""The receipt: shown once, stored as a hash, opened with four digits, guessed by nobody, blocking nobody."""

import datetime as dt
import hashlib
import re
import statistics
import time

import pytest
import redis
from django.conf import settings as project
from django.utils import timezone

from alerts.models import Alert, Report
from alerts.reports import guessing
from alerts.reports.receipts import make_receipt, read_receipt
from alerts.travel.given import Given
from alerts.travel.mover import Mover
from alerts.travel.moves import make_move
from households.models import Event, Threshold
from tests.reports.conftest import PHONE
from tests.reports.test_public_page import RECEIPT

WRONG = "0000-0000-0000-0000"


@pytest.fixture(autouse=True)
def own_counters():
    """Counters of this test alone; what the broker holds besides is left alone."""
    client = redis.Redis.from_url(project.REDIS_URL)
    for key in client.scan_iter("receipt:*"):
        client.delete(key)
    yield client
    for key in client.scan_iter("receipt:*"):
        client.delete(key)


@pytest.fixture
def receipt(send) -> str:
    return RECEIPT.search(send().content.decode())[0]


@pytest.fixture
def look(phone):
    """``look(receipt, "5678")`` is what the page says, without its frame."""

    def _look(receipt: str, last_four: str = PHONE[-4:]) -> str:
        page = phone.post("/receipt/", {"receipt": receipt, "last_four": last_four}).content.decode()
        return re.search(r"<main>(.*)</main>", page, re.DOTALL)[1]

    return _look


def test_receipts_have_eighty_bits_and_letters_that_nobody_misreads():
    many = [make_receipt(f"{number}") for number in range(2000)]
    assert len(set(many)) == 2000
    assert all(RECEIPT.fullmatch(each) for each in many)
    # Every place takes every letter: 5 bits each.
    assert all(len({each.replace("-", "")[place] for each in many}) == 32 for place in range(16))


def test_only_the_hash_of_a_receipt_is_stored(receipt):
    stored = bytes(Report.objects.get().receipt_hash)
    assert stored == hashlib.sha256(receipt.replace("-", "").encode()).digest()


def test_another_key_gives_other_receipts(settings):
    before = make_receipt("the same form")
    settings.SECRET_KEY = "another"
    assert make_receipt("the same form") != before


@pytest.mark.parametrize("copied", [str.lower, lambda text: text.replace("-", ""), lambda text: f" {text} "])
def test_a_receipt_may_be_copied_carelessly(receipt, look, copied):
    assert "已收到" in look(copied(receipt))


def test_letters_that_look_alike_are_the_same():
    assert read_receipt("oOiI lL00 1111 abcd") == "00111100" + "1111" + "ABCD"
    assert read_receipt("0000-0000-0000-000U") is None
    assert read_receipt("0000-0000-0000-00000") is None


def _alert(**changes: object) -> None:
    Alert.objects.update(**changes)


def _answer(**changes: object) -> None:
    Report.objects.update(**changes)


DAY = dt.datetime(2026, 3, 9, 10, tzinfo=dt.UTC)
VERIFIED = {"verified_at": DAY, "verdict": "confirmed"}


@pytest.mark.parametrize(
    ("alert", "report", "said"),
    [
        ({}, {}, ["已收到"]),
        ({"status": "dispatched"}, {}, ["已收到"]),
        ({"status": "acknowledged"}, {}, ["正在了解情况"]),
        ({"status": "verified"} | VERIFIED, {}, ["2026-03-09 已了解情况", "正在准备答复"]),
        (
            {"status": "reviewed"} | VERIFIED,
            {"answer_by": dt.date(2026, 3, 16)},
            ["2026-03-09 已了解情况", "2026-03-16 当日或之前给您答复"],
        ),
        ({"status": "closed", "closed_at": DAY} | VERIFIED, {}, ["2026-03-09 已了解情况"]),
        (
            {"status": "verified"} | VERIFIED | {"verdict": "unclear"},
            {},
            ["2026-03-09 已去了解，情况暂时还不能确定", "还在继续了解"],
        ),
        (
            {"status": "closed", "closed_at": DAY},
            {"answer": "已解决。", "answered_at": DAY},
            ["答复", "已解决。"],
        ),
        ({}, {"state": "discarded", "answer": "此前已经受理。"}, ["没有继续办理", "此前已经受理。"]),
        ({}, {"state": "unchecked", "doubt": "trap", "alert": None}, ["已收到"]),
    ],
)
def test_a_receipt_says_how_the_report_stands_without_anything_of_a_person(receipt, look, alert, report, said):
    Alert.objects.update(**{"status": "raised"} | alert)
    Report.objects.update(**report)
    page = look(receipt)
    for words in said:
        assert words in page
    for personal in ("王秀英", PHONE, PHONE[-4:], "老伴", "3组", "长江村", receipt, "疑似"):
        assert personal not in page


def test_a_receipt_promises_no_answer_while_the_verdict_is_that_nobody_can_tell_yet(receipt, look):
    Alert.objects.update(status="verified", **VERIFIED | {"verdict": "unclear"})

    page = look(receipt)
    assert "正在准备答复" not in page and "已了解情况" not in page


@pytest.fixture
def walk(cast):
    """``walk("verify", verdict="no_risk", …)`` moves the one alert, by whoever may."""
    by = {"acknowledge": "specialist", "verify": "specialist", "review": "township", "send_back": "township"}

    def _walk(move: str, **given) -> None:
        who = Mover.of_user(cast.members[by.get(move, "staff")])
        make_move(alert_id=Alert.objects.get().pk, move=move, given=Given(**given), by=who)

    return _walk


def _check(walk, sign_in, answer: str, **verdict) -> None:
    """From raised to closed, and answered at the desk."""
    for move, given in (
        ("dispatch", {"to": "village"}),
        ("acknowledge", {}),
        ("verify", verdict),
        ("review", {}),
        ("close", {"outcome": "no_risk" if verdict["verdict"] == "no_risk" else "measures"}),
    ):
        walk(move, **given)
    sign_in("staff").post(f"/reports/{Report.objects.get().pk}/answer/", {"text": answer})


@pytest.fixture
def answered(cast, receipt, walk, sign_in) -> str:
    """The receipt of a report that was confirmed, closed and answered."""
    Threshold.objects.filter(code__startswith="auto_dispatch").delete()
    Alert.objects.update(status="raised", holder="county", due_on=None, verify_by=None, dispatched_at=None)
    _check(walk, sign_in, "您反映的困难属实。", verdict="confirmed", risks=("illness",), note="看过")
    return receipt


def test_an_alert_opened_again_takes_the_answer_back_until_it_was_checked_again(
    answered, look, walk, sign_in, cast
):
    assert "您反映的困难属实。" in look(answered) and "正在重新了解情况" not in look(answered)

    walk("reopen", note="情况有变")
    page = look(answered)
    today = f"{timezone.localdate():%Y-%m-%d}"
    assert "正在重新了解情况" in page and f"{today} 的答复（重新了解之前）" in page
    report = Report.objects.get()
    assert (report.answer_by, report.answered_at) == (None, None)

    _check(walk, sign_in, "", verdict="no_risk", reason="solved", note="看过")
    report.refresh_from_db()
    assert report.answer_by is not None
    assert f"{report.answer_by:%Y-%m-%d} 当日或之前给您答复" in look(answered)

    sign_in("staff").post(f"/reports/{report.pk}/answer/", {"text": "现在没有风险。"})
    page = look(answered)
    assert "现在没有风险。" in page and "您反映的困难属实。" not in page
    notes = Event.objects.filter(kind="report_answered").order_by("pk").values_list("note", "actor")
    assert list(notes) == [("您反映的困难属实。", cast.staff.pk), ("现在没有风险。", cast.staff.pk)]


def test_an_answer_given_before_the_township_sent_the_check_back_is_given_again(
    cast, receipt, look, walk, sign_in
):
    Threshold.objects.filter(code__startswith="auto_dispatch").delete()
    Alert.objects.update(status="raised", holder="county", due_on=None, verify_by=None, dispatched_at=None)
    for move, given in (
        ("dispatch", {"to": "village"}),
        ("acknowledge", {}),
        ("verify", {"verdict": "confirmed", "risks": ("illness",), "note": "看过"}),
    ):
        walk(move, **given)
    sign_in("staff").post(f"/reports/{Report.objects.get().pk}/answer/", {"text": "您反映的困难属实。"})
    walk("send_back", note="再看")

    assert "正在重新了解情况" in look(receipt)
    page = sign_in("staff").get("/reports/?answer=done")
    assert list(page.context["reports"]) == []


@pytest.mark.parametrize("digits", ["0000", "5679", "8765"])
def test_a_wrong_receipt_and_wrong_digits_get_the_same_answer(receipt, look, digits):
    wrong_digits, wrong_receipt = look(receipt, digits), look(WRONG, digits)
    assert "没有查到" in wrong_digits
    assert wrong_digits.replace(receipt, "") == wrong_receipt.replace(WRONG, "")


def test_a_wrong_receipt_and_wrong_digits_take_the_same_time(receipt, look, monkeypatch):
    monkeypatch.setattr(guessing, "WRONG_TRIES_AN_HOUR", 10_000)
    taken = {receipt: [], WRONG: []}
    for _round in range(60):
        for tried, times in taken.items():
            started = time.perf_counter()
            look(tried, "0000")
            times.append(time.perf_counter() - started)
    # In pairs: whatever else keeps the cores busy hits both of a pair.
    differences = [known - unknown for known, unknown in zip(*taken.values(), strict=True)]
    assert abs(statistics.median(differences)) < 0.25 * statistics.median(taken[WRONG])


def test_a_stranger_has_five_wrong_tries_an_hour_for_one_receipt(receipt, look, own_counters):
    for tried in range(5):
        assert "没有查到" in look(receipt, f"000{tried}")
    assert "试的次数太多" in look(receipt, "0005")
    assert "试的次数太多" in look(receipt)
    # The hour is over.
    for key in own_counters.scan_iter("receipt:*"):
        assert 3500 < own_counters.ttl(key) <= 3600
        own_counters.delete(key)
    assert "已收到" in look(receipt)


def test_receipts_that_do_not_exist_are_limited_in_the_same_way(look, db):
    for _try in range(5):
        assert "没有查到" in look(WRONG, "0000")
    assert "试的次数太多" in look(WRONG, "0000")


def test_a_stranger_who_tries_thousands_keeps_no_honest_person_out(receipt, look, caplog, monkeypatch):
    monkeypatch.setattr(guessing, "TELL_AT", 200)
    for number in range(250):
        look(make_receipt(f"guess {number}"), "1234")
    for _look in range(12):
        assert "已收到" in look(receipt)
    assert caplog.text.count("receipts were tried in vain") == 1
    assert receipt not in caplog.text


def test_the_counters_hold_no_receipt(receipt, look, own_counters):
    look(receipt, "0000")
    keys = b" ".join(own_counters.scan_iter("receipt:*")).decode()
    assert receipt not in keys and receipt.replace("-", "") not in keys


def test_without_the_broker_a_receipt_still_opens(receipt, look, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert "没有查到" in look(receipt, "0000")
    assert "已收到" in look(receipt)


@pytest.mark.parametrize(
    ("receipt_typed", "digits", "sentence"),
    [
        ("", "1234", "请填写回执号"),
        ("ABC", "1234", "回执号是16位"),
        (WRONG, "", "请填写手机号的后四位"),
        (WRONG, "123", "请填写四位数字"),
        (WRONG, "12a4", "请填写四位数字"),
        (WRONG, "12345", "请填写四位数字"),
    ],
)
def test_what_is_missing_is_named(look, db, receipt_typed, digits, sentence):
    page = look(receipt_typed, digits)
    assert sentence in page
    assert f'value="{digits}"' in page


def test_a_receipt_in_the_address_opens_nothing(receipt, phone):
    page = phone.get("/receipt/", {"receipt": receipt, "last_four": PHONE[-4:]}).content.decode()
    assert "已收到" not in page
    assert timezone.localdate().isoformat() not in page
