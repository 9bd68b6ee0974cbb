"""Whatever a program sends, the API answers as its schema says, and never with a 500."""

from __future__ import annotations

from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings

from faceapp.accounts.services import create_token

schemathesis = pytest.importorskip("schemathesis", reason="needs schemathesis: pip install schemathesis")

from schemathesis.specs.openapi.checks import positive_data_acceptance  # noqa: E402

# made at import: schemathesis' own fixtures do not work with this pytest
schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))

pytestmark = pytest.mark.slow


def is_beyond_a_schema(answer: Any) -> bool:
    """A refusal that no schema can tell: for a file's content, or for one end of a range beside the other."""
    if answer.status_code not in (400, 422):
        return False
    return answer.status_code == 422 or set(answer.json().get("fields", {})) <= {"to", "file"}


@schema.parametrize()
@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
def test_every_answer_is_as_the_schema_says(case: Any, live_server: Any, alice: Any, finished_run: Any) -> None:
    """Its status, type and shape; and what the schema allows is taken."""
    _, token = create_token(user=alice, name="fuzz", scope="write")
    answer = case.call(base_url=live_server.url, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400 and answer.headers.get("Content-Type", "").startswith("application/json"):
        assert isinstance(answer.json()["error"], str)
    left_out = [positive_data_acceptance] if is_beyond_a_schema(answer) else []
    case.validate_response(answer, excluded_checks=left_out)
