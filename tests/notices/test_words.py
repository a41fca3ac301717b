"""What may stand in a notice: counts, days, levels, places. Never a name, a person's number, a word on health."""

import itertools
import re

import pytest
import time_machine
from django.urls import reverse
from django.utils.translation import override

from alerts.models import Gateway, Notice, NoticeTemplate
from alerts.notices.kinds import KINDS, TABLE
from alerts.notices.mailing import _message
from alerts.notices.placeholders import PLACEHOLDERS, placeholders_of
from alerts.notices.rewording import HEALTH, problem_of
from alerts.notices.sending import send_due
from alerts.notices.services import notify
from alerts.notices.wording import Wording
from households.ledger.models import AuditEntry
from tests.notices.conftest import tell
from tests.notices.sinks import gateway_sink

# Whatever a caller might hand over by mistake.
IDENTITY, NAME, ILLNESS = "420527198001010014", "张三", "肺癌住院"
LONG_NUMBER = re.compile(r"\d{11,}")
LIST = reverse("notices:templates")


def _edit(kind="dispatched") -> str:
    return reverse("notices:template", args=[kind])


@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.code)
def test_default_words_use_what_the_kind_has_and_say_nothing_about_health(kind):
    for words in (kind.title_zh, kind.text_zh, kind.title_en, kind.text_en):
        assert placeholders_of(words) <= set(kind.values) <= set(PLACEHOLDERS)
        assert not HEALTH.search(words)
        assert len(words) <= 300
    assert problem_of(kind.code, kind.title_zh) == problem_of(kind.code, kind.text_zh) == ""
    assert len(kind.title_zh) <= 80


@pytest.mark.parametrize(
    ("placeholder", "value"), [*itertools.product(PLACEHOLDERS, (IDENTITY, NAME, ILLNESS, [NAME]))]
)
def test_no_placeholder_takes_a_name_a_number_or_a_word_on_health(placeholder, value):
    assert not PLACEHOLDERS[placeholder].fits(value)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_by_no_way_does_personal_data_leave(cast, mail, reach, settings, mailoutbox, kind):
    """Every kind by every way: what leaves holds nothing of anybody."""
    settings.DEBUG = settings.GATEWAY_ALLOW_LOCAL = True
    values = {name: PLACEHOLDERS[name].sample for name in KINDS[kind].values}
    with gateway_sink() as sink:
        body = '{"title": "{{ title }}", "text": "{{ text }}", "url": "{{ url }}"}'
        Gateway.objects.create(name="群机器人", url=f"http://127.0.0.1:{sink.port}/", body=body)
        for name in ("note", "household", "sentence", "rule"):
            with pytest.raises(ValueError):
                notify(kind=kind, key="k", recipients=[reach("township")], values=values | {name: NAME}, path="")
        # By day: at night a mere reminder does not leave at all.
        with time_machine.travel("2026-03-09 10:00 +0800"):
            told = [reach("township")]
            notify(kind=kind, key="k", recipients=told, values=values, path="/alerts/1/", urgent=True)
            assert send_due() == {"sent": 2}
    [mail_sent], [(_headers, posted)] = mailoutbox, sink.taken
    bell = Wording([values]).words(Notice.objects.get())

    for said in (f"{mail_sent.subject} {mail_sent.body}", str(posted), f"{bell.title} {bell.text}"):
        assert not HEALTH.search(said)
        assert not LONG_NUMBER.search(said)
        assert "township" not in said.replace("township@example.org", "")
        assert "{{" not in said and "—" not in said
    assert posted["title"] == mail_sent.subject == bell.title


@pytest.mark.parametrize(
    "words",
    [
        "{{ name }}有新预警",
        "{{ households }}",
        "{{count}} {{ rule }}",
        "{ count } 条",
        "{{ count } 条",
        "两行\n文字",
        "张三 420527198001010014",
        "电话 13800001234",
        "{{ count }} 条住院预警",
        "{{ count }} 条大病预警",
        "电话 138 1234 5678",
        "电话 138-1234-5678",
        "电话 １３８　１２３４　５６７８",
        "电话 138\u200b12345678",
        "电话 138.{{ count }}1234.5678",
        "身份证 420527 19800101 1234",
        "420527-1980-01-01-123X",
        "0717-2888888 13812345678",
        "卡号 6222 0212 3456 7890",
        "{{ count }} 条尿毒症户",
        "{{ count }} 条肝硬化户",
        "{{ count }} 条肺炎户",
        "{{ count }} 条精神障碍户",
        "{{ count }} 条透析户",
        "{{ count }} 条高 血 压户",
        "{{ count }} 条瘫痪户",
        "{{ count }} 条就诊户",
    ],
)
def test_a_county_cannot_write_what_must_not_leave(words):
    assert problem_of("dispatched", words)


@pytest.mark.parametrize(
    "words",
    [
        "{{count}}条新预警，请点开查看",
        "县防返贫办 0717-2888888 提醒：{{ place }}{{ level }}",
        "县防返贫办（0717-2888888）提醒",
        "请在 2026-10-09 08:00 前办理，有疑问拨打 12317、12345",
        "请按会议精神找准症结，{{ count }} 条预警逐户办理",
        "天气炎热，注意安全",
    ],
)
def test_other_words_are_the_countys_to_choose(words):
    assert problem_of("dispatched", words) == ""


def test_words_of_the_county_hold_for_bell_and_mail_alike(sign_in, cast, mail, reach):
    tell(reach("township"))
    response = sign_in("admin").post(_edit(), {"title": "{{ count }} 条新预警", "text": "请到{{place}}核实"})
    assert response.url == LIST

    notice = Notice.objects.get()
    words = Wording([notice.values], chinese=True).words(notice)
    assert (words.title, words.text) == ("3 条新预警", "请到屈原镇核实")
    assert _message(notice, words).subject == "3 条新预警"
    assert "请到屈原镇核实" in sign_in("township").get("/notices/").content.decode()
    assert AuditEntry.objects.get(action="notice_template_changed").subject_id == "dispatched"


def test_a_refused_placeholder_is_named_and_the_right_ones_too(sign_in):
    response = sign_in("admin").post(_edit(), {"title": "{{ name }}", "text": "x"})

    assert response.status_code == 422
    [error] = response.context["form"].errors["title"]
    assert "{{ name }}" in error
    assert "{{ count }}" in error and "{{ place }}" in error
    assert not NoticeTemplate.objects.exists()


def test_a_preview_shows_made_up_figures_and_saves_nothing(sign_in):
    response = sign_in("admin").post(
        _edit(), {"title": "{{ count }} 条", "text": "到{{ place }}，{{ level }}", "preview": "1"}
    )
    assert (response.context["sample"].title, response.context["sample"].text) == ("12 条", "到屈原镇，红色")
    assert not NoticeTemplate.objects.exists()


def test_the_default_words_come_back(sign_in, cast):
    NoticeTemplate.objects.create(kind="dispatched", title="x", text="y", changed_by=cast.admin)
    browser = sign_in("admin")
    browser.post(reverse("notices:template-reset", args=["dispatched"]))
    assert not NoticeTemplate.objects.exists()
    assert KINDS["dispatched"].title_zh in browser.get(LIST).content.decode()


@pytest.mark.django_db
def test_english_pages_read_english_and_mail_stays_chinese(cast):
    tell(cast.township.pk)
    notice = Notice.objects.get()
    with override("en"):
        assert Wording([notice.values]).words(notice).title == "3 new alerts for you"
        assert Wording([notice.values], chinese=True).words(notice).title == "您有 3 条新预警"


def test_no_page_for_a_kind_that_is_none(sign_in):
    browser = sign_in("admin")
    assert browser.get(_edit("lunch")).status_code == 404
    assert browser.post(reverse("notices:template-reset", args=["lunch"])).status_code == 404
