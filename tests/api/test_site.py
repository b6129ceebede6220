"""Probes, pages, documentation, and what every response carries."""

import re

import pytest

from app.api.application import WEB_FOLDER
from app.api.responses import InterfaceTextsOut, LanguagesOut
from tests.api.conftest import MakeSite, Site
from tests.fakes import FakeIndex


class TestProbes:
    def test_the_process_lives_with_or_without_an_index(self, make_site: MakeSite) -> None:
        assert make_site(is_published=False).client.get("/healthz").json == {"status": "ok"}

    def test_it_is_ready_from_the_first_generation_on(self, make_site: MakeSite) -> None:
        site = make_site(is_published=False)
        assert site.client.get("/readyz").status_code == 503
        site.publish(site.index)
        assert site.client.get("/readyz").json == {
            "status": "ready",
            "generation": site.index.id,
        }

    def test_it_is_ready_no_more_while_it_drains_but_still_answers(self, site: Site) -> None:
        site.services.readiness.drain()
        response = site.client.get("/readyz")
        assert response.status_code == 503
        assert response.json is not None
        assert response.json["code"] == "draining"
        assert site.client.post("/v1/ask", json={"question": "order"}).status_code == 200

    def test_metrics_count_answers_requests_and_what_waits(self, site: Site) -> None:
        site.client.post("/v1/ask", json={"question": "Where is my order?"})
        site.client.post("/v1/ask", json={"question": ""})
        text = site.client.get("/metrics").text
        assert 'polyfaq_answers_total{outcome="answered",reason="none"} 1.0' in text
        assert 'polyfaq_requests_total{endpoint="asking.ask",status="422"} 1.0' in text
        assert 'polyfaq_step_seconds_count{step="embed"} 1.0' in text
        assert "polyfaq_journal_waiting 1.0" in text


class TestLanguages:
    def test_languages_with_content_are_listed_by_their_own_names(self, site: Site) -> None:
        found = LanguagesOut.model_validate_json(site.client.get("/v1/languages").data)
        assert [(one.tag, one.name, one.direction) for one in found.languages] == [
            ("ar", "العربية", "rtl"),
            ("en", "English", "ltr"),
            ("fr", "français", "ltr"),
        ]
        assert found.default_language == "en"

    @pytest.mark.parametrize(
        ("asked", "given"), [("fr", "fr"), ("pt-BR", "pt"), ("eo", "en"), ("ZH_hant", "zh")]
    )
    def test_the_pages_texts_come_in_the_closest_language(
        self, site: Site, asked: str, given: str
    ) -> None:
        response = site.client.get(f"/v1/ui/{asked}")
        texts = InterfaceTextsOut.model_validate_json(response.data)
        assert texts.language == given
        assert texts.texts["ask"]
        assert "max-age" in response.headers["Cache-Control"]

    def test_the_page_begins_with_the_english_texts(self, site: Site) -> None:
        told = InterfaceTextsOut.model_validate_json(site.client.get("/v1/ui/en").data).texts
        page = (WEB_FOLDER / "index.html").read_text(encoding="utf-8")
        script = (WEB_FOLDER / "static" / "texts.js").read_text(encoding="utf-8")
        shown = [
            *re.findall(r'data-text="(\w+)"[^>]*>([^<]*)<', page),
            *(
                (name, text)
                for text, name in re.findall(r'aria-label="([^"]+)" data-label="(\w+)"', page)
            ),
            *re.findall(r'^  (\w+):\s*"(.*)",$', script, re.MULTILINE),
        ]
        assert len(shown) > 50
        assert [(name, text) for name, text in shown if told[name] != text] == []

    def test_texts_that_a_browser_has_are_not_sent_again(self, site: Site) -> None:
        etag = site.client.get("/v1/ui/fr").headers["ETag"]
        response = site.client.get("/v1/ui/fr", headers={"If-None-Match": etag})
        assert (response.status_code, response.data) == (304, b"")

    def test_what_is_no_language_is_named(self, site: Site) -> None:
        assert site.client.get("/v1/ui/nonsense").status_code == 404


class TestPages:
    def test_the_page_runs_nothing_from_elsewhere_and_nothing_inline(self, site: Site) -> None:
        response = site.client.get("/")
        assert response.mimetype == "text/html"
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy

    def test_a_file_that_a_browser_has_is_not_sent_again(self, site: Site) -> None:
        etag = site.client.get("/").headers["ETag"]
        assert site.client.get("/", headers={"If-None-Match": etag}).status_code == 304

    def test_every_file_of_the_page_is_served_with_its_type(self, site: Site) -> None:
        types = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
        files = [path for path in (WEB_FOLDER / "static").rglob("*") if path.is_file()]
        assert files
        for path in files:
            name = path.relative_to(WEB_FOLDER / "static").as_posix()
            response = site.client.get(f"/static/{name}")
            assert response.data == path.read_bytes()
            assert response.mimetype == types.get(path.suffix, response.mimetype)

    @pytest.mark.parametrize(
        "path",
        ["/static/", "/static/../index.html", "/static/%2e%2e/index.html", "/static//etc/passwd"],
    )
    def test_nothing_else_is_served(self, site: Site, path: str) -> None:
        assert site.client.get(path).status_code in {308, 404}


class TestDocumentation:
    def test_it_describes_every_endpoint_of_the_api(self, site: Site) -> None:
        spec = site.client.get("/openapi.json").json
        assert spec is not None
        assert spec["openapi"].startswith("3.1")
        described = {
            (method.upper(), path) for path, methods in spec["paths"].items() for method in methods
        }
        served = {
            (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
            for rule in site.client.application.url_map.iter_rules()
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
            if rule.endpoint.partition(".")[0] not in {"documentation", "pages"}
        }
        assert described == served - {("GET", "/metrics")}

    def test_every_reference_in_it_leads_somewhere(self, site: Site) -> None:
        text = site.client.get("/openapi.json").text
        spec = site.client.get("/openapi.json").json
        assert spec is not None
        names = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
        assert names <= set(spec["components"]["schemas"])

    def test_errors_are_described_as_problems(self, site: Site) -> None:
        spec = site.client.get("/openapi.json").json
        assert spec is not None
        responses = spec["paths"]["/v1/ask"]["post"]["responses"]
        assert {"400", "413", "415", "422", "429", "503"} <= set(responses)
        assert all(
            list(response["content"]) == ["application/problem+json"]
            for status, response in responses.items()
            if status >= "400"
        )

    def test_the_page_for_people_loads_nothing(self, site: Site) -> None:
        response = site.client.get("/docs")
        assert "/v1/handoffs/{ticket_id}/resolve" in response.text
        assert "<code>retrieve</code> decides the same" in response.text
        assert "`" not in response.text
        assert not re.search(r"<script|<link|<img|@import|url\(", response.text)
        assert "script-src" not in response.headers["Content-Security-Policy"]


class TestHeaders:
    def test_a_request_has_an_id(self, site: Site) -> None:
        ids = {site.client.get("/healthz").headers["X-Request-Id"] for _ in range(3)}
        assert len(ids) == 3

    def test_an_id_from_outside_is_kept_if_it_is_one(self, site: Site) -> None:
        for given, kept in (("abc-1", True), ("a b", False), ("x" * 101, False), ("é", False)):
            response = site.client.get("/healthz", headers={"X-Request-Id": given})
            assert (response.headers["X-Request-Id"] == given) is kept

    @pytest.mark.parametrize("path", ["/healthz", "/", "/nope", "/v1/ask"])
    def test_every_response_is_protected(self, site: Site, path: str) -> None:
        headers = site.client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "no-referrer"

    def test_answers_are_not_cached(self, site: Site) -> None:
        response = site.client.post("/v1/ask", json={"question": "order"})
        assert response.headers["Cache-Control"] == "no-store"


class TestCrossOrigin:
    ORIGIN = "https://shop.example"

    def test_scripts_of_other_websites_may_read_nothing_by_default(self, site: Site) -> None:
        response = site.client.get("/healthz", headers={"Origin": self.ORIGIN})
        assert "Access-Control-Allow-Origin" not in response.headers

    def test_those_of_listed_websites_may(self, make_site: MakeSite) -> None:
        client = make_site(cors_origins=[self.ORIGIN]).client
        allowed = client.get("/healthz", headers={"Origin": self.ORIGIN})
        refused = client.get("/healthz", headers={"Origin": "https://elsewhere.example"})
        assert allowed.headers["Access-Control-Allow-Origin"] == self.ORIGIN
        assert "Access-Control-Allow-Origin" not in refused.headers
        assert "Origin" in allowed.headers["Vary"]
        assert "Origin" in refused.headers["Vary"]

    def test_a_star_lets_all_of_them(self, make_site: MakeSite) -> None:
        response = make_site(cors_origins=["*"]).client.get(
            "/healthz", headers={"Origin": self.ORIGIN}
        )
        assert response.headers["Access-Control-Allow-Origin"] == "*"

    def test_a_browser_is_told_beforehand_what_it_may_send(self, make_site: MakeSite) -> None:
        response = make_site(cors_origins=[self.ORIGIN]).client.options(
            "/v1/ask",
            headers={"Origin": self.ORIGIN, "Access-Control-Request-Method": "POST"},
        )
        assert response.status_code == 204
        assert "POST" in response.headers["Access-Control-Allow-Methods"]
        assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]


def test_a_generation_published_later_is_listed(make_site: MakeSite) -> None:
    site = make_site(is_published=False)
    assert site.client.get("/v1/languages").status_code == 503
    site.publish(FakeIndex([]))
    assert site.client.get("/v1/languages").status_code == 200
