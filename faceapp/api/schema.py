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
        return {"type": "http", "scheme": "bearer", "description": "A token, made under Settings."}


ANY_TIME = {
    "401": "No token and no session, or one that is unknown or revoked.",
    "403": "A token that may only read, or a form from elsewhere.",
    "429": "Asked too often; `Retry-After` says how many seconds to wait.",
}


def add_common_answers(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """drf-spectacular's hook: what every address may answer, whatever its view says."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    for operations in result["paths"].values():
        for operation in operations.values():
            for status, words in ANY_TIME.items():
                operation["responses"].setdefault(status, {"description": words, "content": content})
    return result
