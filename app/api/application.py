"""The web application, put together."""

from __future__ import annotations

from pathlib import Path

from apiflask import APIFlask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.api.asking import asking_blueprint
from app.api.chat import chat_blueprint
from app.api.documentation import documentation_blueprint
from app.api.feedback import feedback_blueprint
from app.api.handoffs import handoffs_blueprint
from app.api.headers import Exchanges, add_headers
from app.api.languages import languages_blueprint
from app.api.openapi import describe_api
from app.api.operators import OperatorKey
from app.api.pages import pages_blueprint
from app.api.parsing import use_strict_parsing
from app.api.plain_questions import PlainQuestions, raise_failure
from app.api.probes import probes_blueprint
from app.api.problems import handle_problems
from app.api.rate_limit import RateLimit
from app.services import Services

WEB_FOLDER = Path(__file__).parent.parent / "web"


def create_app(services: Services) -> APIFlask:
    """Make a web application of its own around services."""
    use_strict_parsing()
    settings = services.settings
    app = APIFlask(
        "polyfaq",
        title="polyfaq",
        version=services.version,
        spec_path=None,
        docs_path=None,
        json_errors=False,
        static_folder=None,  # type: ignore[arg-type] # as Flask has it; pages are served by us
    )
    app.config["MAX_CONTENT_LENGTH"] = settings.body_limit
    describe_api(app)
    handle_problems(app)
    exchanges = Exchanges(services.metrics, settings.cors_origins)
    add_headers(app, exchanges)
    app.before_request(raise_failure)
    key = OperatorKey(settings.operator_key)
    limit = RateLimit(settings.rate_limit)
    app.register_blueprint(
        asking_blueprint(
            services.answering,
            services.searching,
            services.replies,
            key=key,
            limit=limit,
            ping_seconds=settings.ping_seconds,
        )
    )
    app.register_blueprint(
        chat_blueprint(
            services.answering,
            tickets=services.tickets,
            replies=services.replies,
            notices=services.notices,
            limit=limit,
            ping_seconds=settings.ping_seconds,
        )
    )
    app.register_blueprint(feedback_blueprint(services.feedback, services.replies))
    app.register_blueprint(
        handoffs_blueprint(services.handoffs, services.tickets, services.replies, key, limit)
    )
    app.register_blueprint(languages_blueprint(services.live.knowledge, services.notices))
    app.register_blueprint(probes_blueprint(services.readiness, services.metrics))
    app.register_blueprint(documentation_blueprint(app))
    app.register_blueprint(pages_blueprint(WEB_FOLDER))
    app.wsgi_app = PlainQuestions(  # type: ignore[method-assign]
        app.wsgi_app, services.answering, exchanges, limit, settings.body_limit
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    return app
