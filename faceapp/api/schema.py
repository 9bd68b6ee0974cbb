"""How the OpenAPI schema names our way to sign in."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """`Authorization: Bearer fl_…`, made under Settings."""

    target_class = "faceapp.accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A token, created under Settings."}


ANY_TIME = {
    "401": "The token or session is missing, unknown, revoked or expired.",
    "403": "The token is read-only, or the form came from another site.",
    "429": "Too many requests. `Retry-After` gives the seconds to wait.",
    "503": "The server is busy, or its database is restarting. `Retry-After` gives the seconds to wait.",
}


def add_common_answers(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """drf-spectacular's hook: what every address may answer, whatever its view says."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    for operations in result["paths"].values():
        for operation in operations.values():
            for status, words in ANY_TIME.items():
                operation["responses"].setdefault(status, {"description": words, "content": content})
    return result
