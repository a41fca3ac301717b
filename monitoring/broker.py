"""The connection to the broker: a worker that lost it comes back within seconds of the broker's return."""

from typing import Any

from celery.app.amqp import AMQP
from kombu import Connection

# kombu waits up to half a minute between two tries: with the sweep on top, longer than we promise.
LONGEST_WAIT = 5


class PromptConnection(Connection):
    def ensure_connection(self, *args: Any, **kwargs: Any) -> Connection:
        return super().ensure_connection(*args, **{"interval_max": LONGEST_WAIT} | kwargs)


class PromptAMQP(AMQP):
    """Named in ``monitoring.celery``."""

    Connection = PromptConnection
