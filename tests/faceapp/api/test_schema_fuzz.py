"""Whatever a program sends, the API answers as its schema says, and never with a 500."""

from __future__ import annotations

from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings

from faceapp.accounts.services import create_token

schemathesis = pytest.importorskip("schemathesis", reason="needs schemathesis: pip install schemathesis")

# made at import: schemathesis' own fixtures do not work with this pytest
schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))

pytestmark = pytest.mark.slow


@schema.parametrize()
@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
def test_every_answer_is_as_the_schema_says(case: Any, live_server: Any, alice: Any) -> None:
    _, token = create_token(user=alice, name="fuzz", scope="write")
    answer = case.call(base_url=live_server.url, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400 and answer.headers.get("Content-Type", "").startswith("application/json"):
        assert isinstance(answer.json()["error"], str)
    if answer.status_code < 300:
        case.validate_response(answer)
