"""Errors of the API as problem details (RFC 9457): a stable code for programs, Chinese and English for people."""

from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

from alerts.travel.given import MoveRefused
from households.filtering import BadParameters, ParameterProblem
from households.refusal import Refused

CONTENT_TYPE = "application/problem+json"

# Codes are part of the interface and never change their meaning (docs/api.md).
TEXTS: dict[str, Promise] = {
    "bad_parameters": _("Some parameters are unknown or have a value that is not allowed."),
    "bad_request": _("The request cannot be understood."),
    "not_authenticated": _("Send the key in the header: Authorization: Api-Key <prefix>.<secret>"),
    "key_invalid": _("There is no such key."),
    "key_expired": _("This key has expired. Ask the county for a new one."),
    "key_revoked": _("This key has been revoked."),
    "scope_missing": _("This key may not be used for this."),
    "permission_denied": _("This is not allowed."),
    "not_found": _("There is nothing here, or it lies outside the area of this key."),
    "method_not_allowed": _("This address does not take this method; the header Allow names those it takes."),
    "not_acceptable": _("The answer is JSON only: accept application/json."),
    "unsupported_media_type": _("The request body has a type that is not understood."),
    "body_too_large": _("The request body is too large."),
    "idempotency_key_missing": _("Send a key of your own for each write in the header Idempotency-Key."),
    "idempotency_key_invalid": _("An Idempotency-Key has 1 to 80 visible ASCII characters."),
    "idempotency_key_reused": _("This Idempotency-Key was used for another request."),
    "idempotency_in_progress": _("A request with this Idempotency-Key is being carried out. Ask again."),
    "move_not_possible": _("This move is not possible from where the alert stands."),
    "move_needs": _("Something that this move needs is missing or wrong; field names it."),
    "alert_changed": _("Somebody changed the alert after you had read it. Read it again and decide anew."),
    "report_refused": _("This report cannot be taken here."),
}
# Refusals of the table of moves: the request was understood, the alert or what was given forbids it.
STATUS_OF_REFUSAL = {"move_not_possible": 409, "alert_changed": 409, "move_needs": 422}


class ApiProblem(exceptions.APIException):
    """A problem with a code of ``TEXTS``. ``more``: members of its body beside the usual ones."""

    def __init__(self, code: str, status: int, *, headers: dict[str, str] | None = None, **more: object):
        super().__init__(TEXTS[code], code)
        self.status_code = status
        self.headers = headers or {}
        self.more = more


SIMPLE = (
    (Http404, "not_found", 404),
    (PermissionDenied, "permission_denied", 403),
    (SuspiciousOperation, "bad_request", 400),
)


def _both(text: str | Promise) -> dict[str, str]:
    """The text in both languages of the system."""
    both = {}
    for key, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            both[key] = str(text)
    return both


def _parameter(problem: ParameterProblem) -> dict[str, object]:
    return {
        "parameter": problem.parameter,
        "code": problem.code,
        "text": _both(problem.text),
        "allowed": list(problem.allowed),
    }


def _problem(code: str, status: int, **more: object) -> dict[str, Any]:
    text = TEXTS[code]
    return {
        "type": f"urn:monitoring:problem:{code}",
        "title": str(text),
        "status": status,
        "code": code,
        "text": _both(text),
        **more,
    }


def _code_of(error: exceptions.APIException) -> str:
    code = getattr(error.detail, "code", "")
    return code if code in TEXTS else "bad_request"


def problem_of(error: Exception) -> dict[str, Any]:
    """The body of what is no error of REST framework; empty for what is not ours either."""
    if isinstance(error, BadParameters):
        return _problem("bad_parameters", 400, errors=[_parameter(problem) for problem in error.problems])
    if isinstance(error, MoveRefused):
        more = {"field": error.field} if error.field else {}
        return _problem(error.code, STATUS_OF_REFUSAL[error.code], detail=str(error), **more)
    if isinstance(error, Refused):
        return _problem("report_refused", 422, detail=str(error))
    for kind, code, status in SIMPLE:
        if isinstance(error, kind):
            return _problem(code, status)
    return {}


def problem_response(error: Exception, context: dict[str, object]) -> Response | None:
    """What REST framework calls when a view raises. None: not ours, a server error as everywhere else."""
    headers = {}
    body = problem_of(error)
    if isinstance(error, exceptions.APIException):
        body = _problem(_code_of(error), error.status_code, **getattr(error, "more", {}))
        headers |= getattr(error, "headers", {})
        if header := getattr(error, "auth_header", None):
            headers["WWW-Authenticate"] = header
        scope = getattr(context["view"], "required_scope", None)
        if body["code"] == "scope_missing" and scope:
            body["scope"] = scope
    if not body:
        return None
    return Response(body, body["status"], headers=headers, content_type=CONTENT_TYPE)
