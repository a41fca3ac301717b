"""Errors of the API as problem details (RFC 9457): a stable code for programs, Chinese and English for people."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

from households.filtering import BadParameters, ParameterProblem

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
    "method_not_allowed": _("This address is only read: use GET."),
    "not_acceptable": _("The answer is JSON only: accept application/json."),
    "unsupported_media_type": _("The request body has a type that is not understood."),
}


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


def _problem(code: str, status: int, **more: object) -> dict[str, object]:
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


def problem_response(error: Exception, context: dict[str, object]) -> Response | None:
    """What REST framework calls when a view raises. None: not ours, a server error as everywhere else."""
    headers = {}
    if isinstance(error, BadParameters):
        body = _problem("bad_parameters", 400, errors=[_parameter(problem) for problem in error.problems])
    elif isinstance(error, Http404):
        body = _problem("not_found", 404)
    elif isinstance(error, PermissionDenied):
        body = _problem("permission_denied", 403)
    elif isinstance(error, SuspiciousOperation):
        body = _problem("bad_request", 400)
    elif isinstance(error, exceptions.APIException):
        body = _problem(_code_of(error), error.status_code)
        if header := getattr(error, "auth_header", None):
            headers["WWW-Authenticate"] = header
        scope = getattr(context["view"], "required_scope", None)
        if body["code"] == "scope_missing" and scope:
            body["scope"] = scope
    else:
        return None
    return Response(body, body["status"], headers=headers, content_type=CONTENT_TYPE)
