"""How a program says who it is: `Authorization: Bearer fl_…`."""

from __future__ import annotations

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from faceapp.accounts.models import ApiToken, User
from faceapp.accounts.services import use_token


class TokenAuthentication(BaseAuthentication):
    """Bearer tokens of ours; `Token fl_…` is understood as well.

    Raises:
        AuthenticationFailed: unknown, revoked or expired.
        PermissionDenied: a token that may only read is used to write.
    """

    keywords = (b"bearer", b"token")

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() not in self.keywords:
            return None
        token = use_token(parts[1].decode(errors="replace")) if len(parts) == 2 else None
        if token is None:
            raise AuthenticationFailed("The token is unknown, has been revoked, or has expired.")
        if token.scope == ApiToken.Scope.READ and request.method not in SAFE_METHODS:
            raise PermissionDenied("This token is read-only.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
