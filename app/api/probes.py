"""Whether the process lives, can answer, and how it fares."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response

from app.api.problems import ProblemError
from app.api.replies import json_reply
from app.api.responses import HealthOut, ReadinessOut
from app.metrics import CONTENT_TYPE, Metrics
from app.readiness import Readiness


def probes_blueprint(readiness: Readiness, metrics: Metrics) -> APIBlueprint:
    """Make the endpoints that machines watch the service by."""
    blueprint = APIBlueprint("probes", __name__, tag="Operation")

    @blueprint.get("/healthz")
    @blueprint.output(HealthOut, description="The process lives.")
    def healthz() -> Response:
        """Tell whether the process lives."""
        return json_reply({"status": "ok"})

    @blueprint.get("/readyz")
    @blueprint.output(ReadinessOut, description="Questions can be answered.")
    @blueprint.doc(responses={503: "Nothing to answer from yet, or stopping."})
    def readyz() -> Response:
        """Tell whether questions can be answered."""
        if readiness.is_draining:
            raise ProblemError(
                503, "draining", "This server is stopping.", headers={"Retry-After": "1"}
            )
        return json_reply({"status": "ready", "generation": readiness.generation()})

    @blueprint.get("/metrics")
    @blueprint.doc(hide=True)
    def show_metrics() -> Response:
        """Give figures in Prometheus' text format."""
        return Response(metrics.render(), content_type=CONTENT_TYPE)

    return blueprint
