"""Guessing receipts: counted for each receipt and for all together, never by address.

Eighty bits are not guessed; four digits could be, by whoever found somebody's slip of paper. So each receipt, real
or not, has so many wrong tries an hour. Nobody can spend the tries of a receipt that they do not hold, and the
count of all together only tells the operator. Without the broker nobody is kept out.
"""

import logging
from functools import cache

import redis
from django.conf import settings

from alerts.reports.receipts import receipt_hash

WRONG_TRIES_AN_HOUR = 5
# So many wrong tries in an hour are no spelling mistakes any more: a line in the log, once.
TELL_AT = 1000
HOUR = 3600
log = logging.getLogger(__name__)


@cache
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=0.5)


def _count(key: str, by: int) -> int:
    """Adds to a counter that forgets itself an hour after its first count."""
    with _client(settings.REDIS_URL).pipeline() as pipe:
        pipe.incrby(key, by)
        pipe.expire(key, HOUR, nx=True)
        return int(pipe.execute()[0])


def _key(receipt: str) -> str:
    return f"receipt:{receipt_hash(receipt).hex()}"


def may_try(receipt: str) -> bool:
    """Counts a try before it is made, so that a thousand at once are a thousand."""
    try:
        return _count(_key(receipt), 1) <= WRONG_TRIES_AN_HOUR
    except redis.RedisError:
        return True


def note_right(receipt: str) -> None:
    """A right try costs nothing."""
    try:
        _count(_key(receipt), -1)
    except redis.RedisError:
        log.warning("the broker does not answer; receipts are not counted")


def note_wrong() -> None:
    try:
        if _count("receipt:all", 1) == TELL_AT:
            log.warning("%s receipts were tried in vain within an hour", TELL_AT)
    except redis.RedisError:
        log.warning("the broker does not answer; receipts are not counted")
