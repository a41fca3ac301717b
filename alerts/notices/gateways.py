"""Notices by a plain HTTP gateway: one POST with a JSON body that a county writes (SMS, chat robots).

The address is written on a page, so it must not become a way into the machine: https only, no redirects, and no
address of the machine itself, of its neighbours on the link, or of a cloud's metadata. Private networks are
allowed, because the gateways of a government stand there. The name is resolved once and that address is used.
"""

import http.client
import ipaddress
import json
import socket
import ssl
from http import HTTPStatus
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from alerts.notices.mailing import link_of
from alerts.notices.models import Gateway, Notice
from alerts.notices.outcomes import InDoubt, NotSent
from alerts.notices.placeholders import fill
from alerts.notices.wording import Words

TIMEOUT = 10
BODY_PLACEHOLDERS = ("title", "text", "phone", "id", "url")
# Metadata services that do not stand at a link-local address.
METADATA = {ipaddress.ip_address("100.100.100.200"), ipaddress.ip_address("fd00:ec2::254")}
# It was not taken; every other failure may have come after the message was passed on.
NOT_TAKEN = {HTTPStatus.SERVICE_UNAVAILABLE}


def address_is_allowed(address: str) -> bool:
    """Whether a numeric address may be called. ``GATEWAY_ALLOW_LOCAL`` allows the machine itself, for a trial."""
    ip: Any = ipaddress.ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    if ip.is_loopback:
        return settings.GATEWAY_ALLOW_LOCAL
    return not (ip in METADATA or ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip.is_reserved)


def scheme_is_allowed(scheme: str) -> bool:
    return scheme == "https" or (scheme == "http" and settings.DEBUG)


def render_body(body: str, words: dict[str, str]) -> bytes:
    """The JSON with its placeholders replaced inside its strings: a quotation mark in a value breaks nothing."""
    return json.dumps(_filled(json.loads(body), words), ensure_ascii=False).encode()


def _filled(part: Any, words: dict[str, str]) -> Any:
    if isinstance(part, str):
        return fill(part, words)
    if isinstance(part, list):
        return [_filled(each, words) for each in part]
    if isinstance(part, dict):
        return {key: _filled(value, words) for key, value in part.items()}
    return part


def send_by_gateway(gateway: Gateway, notice: Notice, words: Words, phone: str) -> None:
    """Returns when the gateway has taken it (2xx). Raises ``NotSent`` or ``InDoubt``."""
    values = {
        "title": words.title,
        "text": words.text,
        "phone": phone,
        "id": str(notice.uid),
        "url": link_of(notice),
    }
    parts = urlsplit(gateway.url)
    headers = {
        "Host": parts.netloc,
        "Content-Type": "application/json; charset=utf-8",
        # The same for every try: a gateway that heeds it sends nothing twice.
        "Idempotency-Key": str(notice.uid),
    } | _secret(gateway)
    _judge(_post(parts, render_body(gateway.body, values), headers))


def _secret(gateway: Gateway) -> dict[str, str]:
    if not gateway.secret_header:
        return {}
    value = settings.GATEWAY_SECRETS.get(gateway.secret_variable, "")
    if not value or not (value.isascii() and value.isprintable()):
        raise NotSent("no_secret", way_is_down=True)
    return {gateway.secret_header: value}


def _post(parts: SplitResult, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer; its text is not read."""
    connection = http.client.HTTPConnection(parts.hostname or "", timeout=TIMEOUT)
    connection.sock = _connect(parts)
    # A connection of its own would go round the check of the address.
    connection.auto_open = 0
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, body, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise InDoubt("no_answer") from error
    finally:
        connection.close()


def _connect(parts: SplitResult) -> socket.socket:
    """A socket to the address that was looked at, not to whatever the name leads to a moment later."""
    if not scheme_is_allowed(parts.scheme) or not parts.hostname:
        raise NotSent("forbidden_address", way_is_down=True)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NotSent("gateway_unreachable", way_is_down=True) from error
    addresses = [str(address[0]) for *_more, address in found]
    if not all(address_is_allowed(address) for address in addresses):
        raise NotSent("forbidden_address", way_is_down=True)
    try:
        plain = socket.create_connection((addresses[0], port), timeout=TIMEOUT)
        if parts.scheme == "http":
            return plain
        return ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname)
    except OSError as error:
        raise NotSent("gateway_unreachable", way_is_down=True) from error


def _judge(status: int) -> None:
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if status < HTTPStatus.BAD_REQUEST:
        raise NotSent("gateway_redirects", way_is_down=True)
    if status < HTTPStatus.INTERNAL_SERVER_ERROR or status in NOT_TAKEN:
        raise NotSent("gateway_refused")
    raise InDoubt("no_answer")
