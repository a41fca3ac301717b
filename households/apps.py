from django.apps import AppConfig
from django.db.models.signals import post_migrate


class HouseholdsConfig(AppConfig):
    name = "households"

    def ready(self):
        from households.reference import load_after_migrate  # noqa: PLC0415  models are not ready before

        post_migrate.connect(load_after_migrate, sender=self, dispatch_uid="load_reference")
