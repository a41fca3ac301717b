"""Rows inside and outside a scope, one property for each kind, and the part of a URL that names each."""

import datetime as dt
import uuid
from functools import cached_property

from django.utils import timezone

from alerts.models import Gateway, Notice
from households.imports.readers import READERS
from households.models import Area, Doubt, Import, ImportContent, Level, Posting, Role, StagedRow, User
from households.privacy.seal import seal
from households.visits.models import VisitPhoto
from monitoring.feeds.models import ApiClient
from monitoring.judgment.models import JudgmentRun
from monitoring.suggestions.models import Suggestion
from monitoring.tablet.shell import shell
from tests import factories
from tests.conftest import VILLAGES


class World:
    """Rows that the URLs name.

    ``place``: the village where they lie; ``county``: that of county-wide rows; ``department``: whose files.
    """

    def __init__(self, *, place: str, county: str, department: str):
        self.place = place
        self.county = county
        self.department = department

    @cached_property
    def household(self):
        return factories.household(village=self.place, members=1)

    @cached_property
    def line(self):
        return factories.income(household=self.household, amount=1)

    @cached_property
    def bill(self):
        return factories.bill(person=self.household.memberships.get().person, self_pay=1)

    @cached_property
    def alert(self):
        return factories.alert(household=self.household)

    @cached_property
    def visit(self):
        return factories.visit(household=self.household)

    @cached_property
    def photo(self):
        return VisitPhoto.objects.create(visit=self.visit, sha256="0" * 64, sealed=seal("jpeg"), size=4)

    @cached_property
    def area_event(self):
        return factories.area_event(village=self.place, by=User.objects.create_user(f"who-{self.place}", "某人"))

    @cached_property
    def campaign(self):
        return factories.campaign(village=self.place, by=User.objects.create_user(f"opener-{self.place}", "某人"))

    @cached_property
    def asked(self):
        return factories.visit_answer(visit=self.visit)

    @cached_property
    def upload(self):
        return factories.upload(household=self.household, sender=User.objects.get(username="specialist"))

    @cached_property
    def upload_photo(self):
        return factories.held_photo(upload=self.upload)

    @cached_property
    def report(self):
        return factories.report(village=self.place, phone="13812345678")

    @cached_property
    def run(self):
        june = dt.date(2022, 6, 1)
        return JudgmentRun.objects.create(month=june, event_month=june, revision=1, county=self.county, cutoff=0)

    def _import(self, county, **fields):
        return Import.objects.create(
            form="medical",
            file_name="list.csv",
            size=1,
            sha256="0" * 64,
            department=self.department,
            county=county,
            **fields,
        )

    @cached_property
    def import_file(self):
        row = self._import("420527", state="staged")
        header = ",".join(column.title for column in READERS["medical"].columns)
        ImportContent.objects.create(of=row, sealed=seal(f"{header}\n"))
        return row

    @cached_property
    def answered_file(self):
        return self._import("420527", state="committed", batch=factories.batch(), month=dt.date(2022, 6, 1))

    @cached_property
    def waiting_row(self):
        row = self._import(self.county, state="committed", batch=factories.batch())
        return StagedRow.objects.create(import_file=row, row_number=2, outcome="waiting")

    @cached_property
    def doubt(self):
        return Doubt.objects.create(import_file=self._import(self.county), code="missing_from_export")

    @cached_property
    def county_area(self):
        return Area.objects.get_or_create(
            code=self.county, defaults={"name": "邻县", "level": Level.COUNTY, "county": self.county}
        )[0]

    @cached_property
    def notice(self):
        recipient = User.objects.get(username="specialist" if self.place == VILLAGES[0] else "neighbour")
        return Notice.objects.create(recipient=recipient, kind="test", key="test:1", created_at=timezone.now())

    @cached_property
    def gateway(self):
        return Gateway.objects.create(name=self.county, url="https://sms.example.org/", body="{}")

    @cached_property
    def threshold(self):
        return factories.threshold(area=self.county_area)

    @cached_property
    def client(self):
        owner = User.objects.create_user(f"owner-{self.county}", "某人")
        return ApiClient.objects.create(
            name="某系统",
            prefix=self.county,
            key_hash=b"x",
            area=self.county_area,
            expires_at=timezone.now() + dt.timedelta(days=1),
            created_by=owner,
        )

    @cached_property
    def posting(self):
        user = User.objects.create_user(f"somebody-{self.county}", "某人")
        return Posting.objects.create(
            user=user, role=Role.COUNTY_STAFF, area=self.county_area, valid_from=dt.date(2020, 1, 1)
        )

    @cached_property
    def suggestion(self):
        return Suggestion.objects.create(
            kind="suggestion", words="建议", token=uuid.uuid4(), written_by=self.posting.user
        )


def household(world: World) -> dict[str, object]:
    return {"pk": world.household.pk}


def member(world: World) -> dict[str, object]:
    return {"pk": world.household.pk, "person_pk": world.household.memberships.get().person_id}


def line(world: World) -> dict[str, object]:
    return {"pk": world.household.pk, "line_pk": world.line.pk}


def bill(world: World) -> dict[str, object]:
    return {"pk": world.household.pk, "bill_pk": world.bill.pk}


def report(world: World) -> dict[str, object]:
    return {"pk": world.report.pk}


def alert(world: World) -> dict[str, object]:
    return {"pk": world.alert.pk}


def alert_moved(world: World) -> dict[str, object]:
    return {"pk": world.alert.pk, "code": "acknowledge"}


def visit(world: World) -> dict[str, object]:
    return {"pk": world.visit.pk}


def photo(world: World) -> dict[str, object]:
    return {"pk": world.visit.pk, "photo_pk": world.photo.pk}


def area_event(world: World) -> dict[str, object]:
    return {"pk": world.area_event.pk}


def event_village(world: World) -> dict[str, object]:
    return {"pk": world.area_event.pk, "code": world.place}


def campaign(world: World) -> dict[str, object]:
    return {"pk": world.campaign.pk}


def campaign_village(world: World) -> dict[str, object]:
    return {"pk": world.campaign.pk, "code": world.place}


def asked(world: World) -> dict[str, object]:
    return {"pk": world.asked.visit_id}


def upload(world: World) -> dict[str, object]:
    return {"pk": world.upload.pk}


def upload_photo(world: World) -> dict[str, object]:
    return {"pk": world.upload.pk, "photo_pk": world.upload_photo.pk}


def run(world: World) -> dict[str, object]:
    return {"pk": world.run.pk}


def imported(world: World) -> dict[str, object]:
    return {"pk": world.import_file.pk}


def answered(world: World) -> dict[str, object]:
    return {"pk": world.answered_file.pk}


def waiting(world: World) -> dict[str, object]:
    return {"pk": world.waiting_row.pk}


def doubt(world: World) -> dict[str, object]:
    return {"pk": world.doubt.pk}


def client(world: World) -> dict[str, object]:
    return {"pk": world.client.pk}


def suggestion(world: World) -> dict[str, object]:
    return {"pk": world.suggestion.pk}


def account(world: World) -> dict[str, object]:
    return {"pk": world.posting.user_id}


def posting(world: World) -> dict[str, object]:
    return {"pk": world.posting.user_id, "posting_pk": world.posting.pk}


def notice(world: World) -> dict[str, object]:
    return {"pk": world.notice.pk}


def gateway(world: World) -> dict[str, object]:
    return {"pk": world.gateway.pk}


def threshold(_world: World) -> dict[str, object]:
    return {"code": "income_line"}


def dated_threshold(world: World) -> dict[str, object]:
    return {"code": "income_line", "pk": world.threshold.pk}


def village(world: World) -> dict[str, object]:
    return {"code": world.place}


def unsent_photo(_world: World) -> dict[str, object]:
    """Of a visit that nobody has sent."""
    return {"uid": uuid.uuid4(), "sha256": "0" * 64}


def shell_file(_world: World) -> dict[str, object]:
    return {"version": shell().version, "name": "app.js"}
