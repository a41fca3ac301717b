"""Whoever reviews or closes sees what was found, and says why where the outcome does not follow from it."""

import datetime as dt

import pytest
from django.utils import timezone

from alerts.models import Alert, Outcome, Verdict
from alerts.travel.given import Given, MoveRefused
from alerts.travel.mover import Mover
from alerts.travel.moves import make_move
from households.models import Area
from monitoring.feeds.models import FeedScope
from monitoring.feeds.services import create_client
from tests import factories
from tests.feeds.conftest import Pulling

pytestmark = pytest.mark.django_db

SURPRISING = {
    ("confirmed", "no_risk"), ("no_risk", "to_identify"), ("unclear", "no_risk"), ("unclear", "to_identify"),
}  # fmt: skip


def reviewed(verdict: str, **fields) -> Alert:
    fields |= {"risks": ["illness", "income"]} if verdict == "confirmed" else {}
    fields |= {"reason": "solved"} if verdict == "no_risk" else {}
    return factories.alert(
        household=factories.household(),
        **{"status": "reviewed", "holder": "county", "verdict": verdict, "verified_at": timezone.now()} | fields,
    )


def ticks(*alerts: Alert) -> list[str]:
    return [f"{alert.pk}:{alert.stamp}" for alert in alerts]


@pytest.mark.parametrize("verdict", Verdict.values)
@pytest.mark.parametrize("outcome", Outcome.values)
def test_an_outcome_that_does_not_follow_from_the_verdict_needs_a_note(cast, verdict, outcome):
    alert, by = reviewed(verdict), Mover.of_user(cast.staff)

    def close(note: str) -> str:
        given = Given(outcome=outcome, note=note)
        return make_move(alert_id=alert.pk, move="close", given=given, by=by).status

    if (verdict, outcome) in SURPRISING:
        with pytest.raises(MoveRefused) as refused:
            close(" ")
        assert refused.value.field == "note"
        assert close("会议研究决定") == "closed"
    else:
        assert close("") == "closed"


def test_of_many_those_whose_verdict_says_otherwise_are_told_and_left(sign_in):
    confirmed, no_risk, unclear = alerts = [reviewed(verdict) for verdict in Verdict.values]
    client = sign_in("staff")
    sent = {"picked": ticks(*alerts), "work": "", "confirmed": "1", "outcome": "to_identify"}

    outcomes = {each.alert.pk: each for each in client.post("/work/moves/close/", sent).context["outcomes"]}

    assert {pk: each.moved for pk, each in outcomes.items()} == {
        confirmed.pk: True, no_risk.pk: False, unclear.pk: False,
    }  # fmt: skip
    assert "无风险" in outcomes[no_risk.pk].sentence and "请说明原因" in outcomes[no_risk.pk].sentence
    again = {"picked": ticks(no_risk, unclear), "work": "", "confirmed": "1", "outcome": "to_identify"}
    response = client.post("/work/moves/close/", again | {"note": "会议研究决定"})
    assert response.context["moved"] == 2


@pytest.mark.parametrize(
    ("verdict", "when"),
    [("confirmed", ["no_risk"]), ("no_risk", ["to_identify"]), ("unclear", ["to_identify", "no_risk"])],
)
def test_a_program_is_told_when_a_note_is_needed(cast, verdict, when):
    alert, tomorrow = reviewed(verdict), timezone.localdate() + dt.timedelta(days=1)
    county = Area.objects.get(pk="420527")
    issued = create_client(name="c", area=county, scopes=FeedScope.values, last_day=tomorrow, by=cast.admin)
    county = Pulling(issued.client, issued.key)

    moves = {move["move"]: move for move in county.get(f"/api/v1/alerts/{alert.pk}/moves/").json()["moves"]}

    asked = {field["name"]: field for field in moves["close"]["fields"]}
    assert asked["note"]["when"] == {"outcome": when}
    answer = county.move(alert, "close", outcome=when[0])
    assert (answer.status_code, answer.json()["code"]) == (422, "move_needs")
    assert county.move(alert, "close", outcome=when[0], note="会议研究决定").status_code == 200


@pytest.mark.parametrize(
    ("verdict", "words"),
    [("confirmed", "确认有风险：因病、收入偏低"), ("no_risk", "无风险：问题已解决"), ("unclear", "暂不能确定")],
)
def test_lists_bulk_and_the_page_show_what_was_found(sign_in, verdict, words):
    alert = reviewed(verdict)
    client = sign_in("staff")
    pages = [
        client.get("/work/"),
        client.post("/work/moves/close/", {"picked": ticks(alert), "work": ""}),
        client.get(f"/alerts/{alert.pk}/"),
        client.post(f"/alerts/{alert.pk}/moves/close/", {}),
    ]

    assert [page.status_code for page in pages] == [200, 200, 200, 422]
    for page in pages:
        assert words in page.content.decode()


def test_a_whole_list_is_shown_before_it_passes_the_review(sign_in):
    alerts = [reviewed(verdict, status="verified", holder="township") for verdict in Verdict.values]
    client = sign_in("township")

    asked = client.post("/work/moves/review/", {"all": "1", "work": "tab=mine"})

    assert {alert.pk for alert, _subject, _place in asked.context["chosen"]} == {alert.pk for alert in alerts}
    assert set(Alert.objects.values_list("status", flat=True)) == {"verified"}
    sent = {"picked": asked.context["picked"], "work": "tab=mine", "confirmed": "1"}
    assert client.post("/work/moves/review/", sent).context["moved"] == 3


def test_what_must_be_given_is_not_called_optional(sign_in, cast):
    alert = factories.alert(household=factories.household(), status="acknowledged", holder="village")

    page = sign_in("specialist").get(f"/alerts/{alert.pk}/").content.decode()

    verify = page.partition('data-move="verify"')[2].partition("</form>")[0]
    for part in ("only-risks", "only-reason"):
        field = verify.partition(part)[2].partition('for="verify-note')[0]
        assert "optional" not in field.partition("only-reason")[0]
    marked = [tag for tag in verify.split("<") if "data-needs-note" in tag]
    assert [('value="unclear"' in tag, 'value="other"' in tag) for tag in marked] == [(True, False), (False, True)]


def test_the_outcome_that_needs_a_note_is_marked_on_the_form(sign_in):
    page = sign_in("staff").get(f"/alerts/{reviewed('no_risk').pk}/").content.decode()

    (marked,) = [tag for tag in page.split("<") if "data-needs-note" in tag]
    assert 'value="to_identify"' in marked


def test_what_is_missing_is_said_first_with_a_link_to_its_field(sign_in):
    alert = factories.alert(household=factories.household(), status="acknowledged", holder="village")

    response = sign_in("specialist").post(f"/alerts/{alert.pk}/moves/verify/", {"verdict": "confirmed"})

    page = response.content.decode()
    top = page.partition('class="sentence')[0]
    assert response.status_code == 422
    assert "请勾选风险类型" in top or response.context["bound"].errors["risks"][0] in top
    assert 'href="#verify-risks_error"' in top
    assert 'id="verify-risks_error"' in page
