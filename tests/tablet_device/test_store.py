"""Drafts and the outbox survive what happens to a tablet."""

import pytest

from tests.tablet_device.conftest import open_vault, run, visit

pytestmark = [pytest.mark.browser, pytest.mark.once]


def states(page) -> list[list]:
    return run(page, "return (await window.store.outbox()).map(({ visit, state }) => [visit.household, state]);")


def test_a_draft_has_its_uuid_from_the_first_tap_and_survives_a_reload(store):
    uid = run(store, "return window.store.saveDraft(given.visit);", visit=visit(words="屋漏"))
    store.reload()
    open_vault(store)
    drafts = run(store, "return window.store.drafts();")
    assert [(one["uid"], one["visit"]["uid"], one["visit"]["words"]) for one in drafts] == [(uid, uid, "屋漏")]
