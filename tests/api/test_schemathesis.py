"""Our own description of the API, held against the API by generated requests."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from tests.api.conftest import OPERATOR_KEY, Site

ENDPOINTS = [
    ("POST", "/v1/ask"),
    ("POST", "/v1/search"),
    ("POST", "/v1/chat/completions"),
    ("GET", "/v1/models"),
    ("GET", "/v1/models/{name}"),
    ("POST", "/v1/answers/{answer_id}/feedback"),
    ("POST", "/v1/handoffs"),
    ("GET", "/v1/handoffs"),
    ("GET", "/v1/handoffs/{ticket_id}"),
    ("POST", "/v1/handoffs/{ticket_id}/resolve"),
    ("GET", "/v1/languages"),
    ("GET", "/v1/ui/{language}"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
]


def test_no_endpoint_is_left_out(site: Site) -> None:
    spec = site.client.get("/openapi.json").json
    assert spec is not None
    assert sorted(ENDPOINTS) == sorted(
        (method.upper(), path) for path, methods in spec["paths"].items() for method in methods
    )


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_no_request_breaks_the_api_or_its_description(site: Site, method: str, path: str) -> None:
    schema = schemathesis.openapi.from_wsgi("/openapi.json", site.client.application)

    @given(case=schema[path][method].as_strategy())
    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {OPERATOR_KEY}"})

    send()
