"""The schema tells every answer that a program may get at any address."""

from __future__ import annotations

from typing import Any

from drf_spectacular.generators import SchemaGenerator


def test_every_address_says_what_it_answers_without_a_right_and_when_asked_too_often() -> None:
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    assert "error" in schema["components"]["schemas"]["Error"]["properties"]
    operations = [operation for path in schema["paths"].values() for operation in path.values()]
    assert len(operations) > 8
    for operation in operations:
        assert {"401", "403", "429"} <= set(operation["responses"]), operation["operationId"]
