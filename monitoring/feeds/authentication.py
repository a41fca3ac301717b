"""Who asks: an API client with its key. What for: one of its scopes."""

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission

from monitoring.feeds.keys import secret_matches, split_key
from monitoring.feeds.models import ApiClient
from monitoring.feeds.problems import TEXTS

KEYWORD = "Api-Key"
# Compared with where no client has the prefix, so that an answer takes as long as for one that exists.
NOBODY = bytes(32)


def _refused(code: str) -> AuthenticationFailed:
    return AuthenticationFailed(TEXTS[code], code)


class ApiKeyAuthentication(BaseAuthentication):
    """``Authorization: Api-Key <prefix>.<secret>``."""

    def authenticate(self, request) -> tuple[ApiClient, None] | None:
        word, _sep, key = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if word.lower() != KEYWORD.lower():
            return None
        parts = split_key(key.strip())
        if parts is None:
            raise _refused("key_invalid")
        client = self._client(*parts)
        self._note_use(client)
        return client, None

    def authenticate_header(self, request) -> str:
        return f'{KEYWORD} realm="api"'

    def _client(self, prefix: str, secret: str) -> ApiClient:
        client = ApiClient.objects.filter(prefix=prefix).first()
        matches = secret_matches(secret, bytes(client.key_hash) if client else NOBODY)
        if client is None or not matches:
            raise _refused("key_invalid")
        # Only who holds the key learns why it does not work any more.
        if client.revoked_at is not None:
            raise _refused("key_revoked")
        if not client.is_current:
            raise _refused("key_expired")
        return client

    def _note_use(self, client: ApiClient) -> None:
        """Once a day: the page of clients asks for no more, and a feed is read every second."""
        today = timezone.localdate()
        if client.last_used_on != today:
            ApiClient.objects.filter(pk=client.pk).update(last_used_on=today)


class HasScope(BasePermission):
    """The view names its scope; a view that names none answers nobody."""

    code = "scope_missing"
    message = TEXTS["scope_missing"]

    def has_permission(self, request, view) -> bool:
        needed = getattr(view, "required_scope", None)
        return isinstance(request.user, ApiClient) and needed is not None and needed in request.user.scopes
