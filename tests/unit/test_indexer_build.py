"""What `polyfaq index` does to what serves."""

from dataclasses import replace
from pathlib import Path

import pytest

from indexer.build import build
from indexer.build_report import BuildOutcome, BuildRequest
from indexer.build_steps import Step
from indexer.confidence import ConfidenceModel
from indexer.errors import IndexWriteError
from indexer.far_questions import far_questions
from indexer.features import FEATURES
from indexer.gate import Gate
from indexer.generations import Generations
from indexer.golden import Verdict
from indexer.logistic import Logistic
from indexer.material import Material, read_material
from indexer.probability import Probability
from indexer.pruning import prune
from knowledge_base.problems import Code, MissingPathError
from models.embedding import Embedder
from tests.fakes import FakeEmbedder
from tests.sample_shop import ENTRIES, TODAY, Shop, row


@pytest.fixture(autouse=True)
def _only_content_is_embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the questions on other topics, so that what is counted is the content's."""
    monkeypatch.setattr("indexer.build.far_questions", tuple)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.fixture
def sure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every index answer with the first entry it finds."""
    nothing = Probability(Logistic(0.0, (0.0,) * len(FEATURES)))
    model = ConfidenceModel(nothing, nothing, 0.0, "always sure")
    monkeypatch.setattr(ConfidenceModel, "fit", lambda *_args, **_options: model)


def test_the_first_build_publishes_what_was_written(shop: Shop) -> None:
    report = shop.build()

    assert report.outcome is BuildOutcome.PUBLISHED
    assert report.previous is None
    assert report.generation == shop.generations.current_id()
    assert report.diff.of("en").added == tuple(sorted(ENTRIES))
    live = shop.live()
    assert live.id == report.generation
    assert live.languages == ("en",)
    assert live.default_language == "en"
    assert shop.best("How do I get my money back?") == "refund"
    record = live.record("refund", "en")
    assert record is not None
    assert record.answer == ENTRIES["refund"][1]


def test_the_report_counts_per_language(shop: Shop) -> None:
    shop.write(
        [
            row("refund"),
            row("track"),
            row("refund", "de", question="Wie bekomme ich mein Geld?", alternates=["Geld zurück"]),
            row("track", "de", status="draft"),
        ]
    )

    german, english = shop.build().languages

    assert (german.lang, german.entries, german.held_back, german.added) == ("de", 1, 1, 1)
    assert german.passages == 3
    assert german.embedded == 3
    assert (english.lang, english.entries, english.held_back) == ("en", 2, 0)


def test_the_manifest_says_what_the_generation_is_made_of(shop: Shop) -> None:
    shop.write_golden(("How do I get my money back?", "refund"))
    shop.build()

    manifest = shop.generations.current_manifest()

    assert manifest.model == shop.embedder.identity
    assert manifest.entries == len(ENTRIES)
    assert manifest.passages == 2 * len(ENTRIES)
    assert [language.lang for language in manifest.languages] == ["en"]
    assert manifest.languages[0].entries == len(ENTRIES)
    assert [Path(source.path).name for source in manifest.sources] == ["faq.jsonl"]
    assert manifest.golden is not None
    assert manifest.golden.asked == 1


def test_unchanged_content_is_left_alone_and_the_model_is_not_even_loaded(shop: Shop) -> None:
    first = shop.build()

    def never() -> Embedder:
        raise AssertionError

    second = build(shop.request, shop.generations, shop.model(load=never))

    assert second.outcome is BuildOutcome.UNCHANGED
    assert second.generation == first.generation
    assert [timing.step for timing in second.timings] == [Step.COMPARE_FILES]
    assert shop.generations.ids() == (first.generation,)


def test_content_that_is_only_written_differently_is_left_alone(shop: Shop) -> None:
    first = shop.build()
    (shop.content / "faq.jsonl").rename(shop.content / "shop.jsonl")

    second = shop.build()

    assert second.outcome is BuildOutcome.UNCHANGED
    assert second.generation == first.generation
    assert shop.embedder.embedded_texts == []


def test_the_model_is_loaded_once(shop: Shop) -> None:
    shop.write_golden(("How do I get my money back?", "refund"))
    loads: list[int] = []

    def load() -> Embedder:
        loads.append(1)
        return shop.embedder

    build(shop.request, shop.generations, shop.model(load))

    assert len(loads) == 1


def test_only_what_changed_is_embedded(shop: Shop) -> None:
    shop.build()
    rows = [row(entry_id) for entry_id in ENTRIES]
    rows[0]["answer"] = "We pay you back within two days."
    rows[1]["alternates"] = ["Parcel where?"]
    shop.write([*rows[:-1], row("gift", question="Is there gift wrap?")])

    report = shop.build()

    assert report.outcome is BuildOutcome.PUBLISHED
    assert report.diff.of("en").changed == ("gift", "refund", "track")
    assert sorted(set(shop.embedded_texts)) == [
        "How do I get my money back?\nWe pay you back within two days.",
        "Is there gift wrap?",
        "Is there gift wrap?\nYes, choose gift wrap when you pay.",
        "Parcel where?",
        "We pay you back within two days.",
    ]
    assert report.embedded == 4
    assert report.reused == 2 * len(ENTRIES) + 1 - 4


def test_a_reused_vector_finds_its_entry_like_a_fresh_one(shop: Shop) -> None:
    shop.build()
    shop.write([row(entry_id) for entry_id in reversed(ENTRIES)] + [row("refund", "fr")])
    shop.build()

    for entry_id, (question, _) in ENTRIES.items():
        assert shop.best(question) == entry_id


def test_a_full_build_embeds_everything_anew(shop: Shop) -> None:
    first = shop.build()

    report = shop.build(full=True)

    assert report.outcome is BuildOutcome.PUBLISHED
    assert report.generation != first.generation
    assert len(set(shop.embedded_texts)) == 3 * len(ENTRIES)
    assert not report.diff


def test_another_model_means_another_index(shop: Shop) -> None:
    shop.build()
    shop.embedder = FakeEmbedder(dimension=32, name="other")

    report = shop.build()

    assert report.outcome is BuildOutcome.PUBLISHED
    assert not report.diff
    assert len(set(shop.embedded_texts)) == 3 * len(ENTRIES)
    assert shop.live().manifest.model == shop.embedder.identity


def test_another_default_language_means_another_index(shop: Shop) -> None:
    shop.build()

    assert shop.build(default_language="de").outcome is BuildOutcome.PUBLISHED
    assert shop.live().default_language == "de"


def test_content_that_is_edited_while_it_is_read_is_read_again_next_time(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_late(request: BuildRequest) -> Material:
        shop.write([row("refund"), row("gift")])
        return read_material(request)

    with monkeypatch.context() as patched:
        patched.setattr("indexer.build.read_material", read_late)
        shop.build()
    shop.write([row(entry_id) for entry_id in ENTRIES])

    assert shop.build().outcome is BuildOutcome.PUBLISHED
    assert shop.live().record("track", "en") is not None


def test_removed_entries_are_gone(shop: Shop) -> None:
    shop.build()
    shop.write([row(entry_id) for entry_id in list(ENTRIES)[1:]])

    report = shop.build()

    assert report.diff.of("en").removed == ("refund",)
    assert shop.live().record("refund", "en") is None
    assert shop.best("How do I get my money back?") != "refund"


def test_drafts_archived_and_machine_texts_are_held_back(shop: Shop) -> None:
    shop.write(
        [
            row("refund"),
            row("track", status="draft"),
            row("gift", status="archived"),
            row("invoice", origin="machine"),
            row("warranty", origin="machine", status="approved"),
        ]
    )
    shop.build()

    live = shop.live()
    assert [name for name in ENTRIES if live.records_of(name)] == ["refund", "warranty"]


def test_an_approval_is_reported_as_an_addition(shop: Shop) -> None:
    shop.write([row("refund"), row("track", status="draft")])
    shop.build()
    shop.write([row("refund"), row("track")])

    assert shop.build().diff.of("en").added == ("track",)


def test_texts_whose_time_has_not_come_or_is_over_are_indexed_for_the_server_to_judge(
    shop: Shop,
) -> None:
    shop.write(
        [
            row("refund"),
            row("gift", valid_from="2026-12-01"),
            row("track", valid_until="2026-01-01"),
        ]
    )
    shop.build()

    gift, track = shop.live().record("gift", "en"), shop.live().record("track", "en")
    assert gift is not None
    assert track is not None
    assert not gift.is_servable(TODAY)
    assert not track.is_servable(TODAY)


def test_faulty_content_is_not_published_and_every_fault_is_told(shop: Shop) -> None:
    first = shop.build()
    shop.write([row("refund"), row("refund"), row("track", lang="not a language"), row("gift")])

    report = shop.build()

    assert report.outcome is BuildOutcome.INVALID
    assert report.generation == first.generation == shop.generations.current_id()
    assert {problem.code for problem in report.errors} >= {
        Code.DUPLICATE_ENTRY,
        Code.INVALID_FIELD,
    }
    assert shop.embedder.calls == []


def test_warnings_do_not_stop_a_build(shop: Shop) -> None:
    shop.write([row("refund", related=["nowhere"]), row("track", "de")])

    report = shop.build()

    assert report.outcome is BuildOutcome.PUBLISHED
    assert {problem.code for problem in report.problems} >= {
        Code.UNREACHABLE_RELATED,
        Code.MISSING_DEFAULT_LANGUAGE,
    }


def test_content_without_an_approved_text_is_an_error(shop: Shop) -> None:
    shop.write([row("refund", status="draft")])

    report = shop.build()

    assert report.outcome is BuildOutcome.INVALID
    (problem,) = report.errors
    assert "no approved text" in problem.message
    assert str(shop.content) in problem.message


def test_a_path_that_does_not_exist_is_named(shop: Shop) -> None:
    shop.request = replace(shop.request, content=(shop.content / "nowhere",))

    with pytest.raises(MissingPathError, match="nowhere"):
        shop.build()


def test_texts_that_the_model_cuts_are_listed(shop: Shop) -> None:
    shop.embedder = FakeEmbedder(max_characters=30)

    first = shop.build()
    again = shop.build(dry_run=True, default_language="de")

    for report in (first, again):  # also when the vector comes from the cache
        cut = {(passage.entry_id, passage.lang, passage.kind.value) for passage in report.truncated}
        assert ("refund", "en", "answer") in cut
        assert ("password", "en", "question") not in cut


def test_progress_tells_how_many_texts_there_are_and_how_many_are_done(shop: Shop) -> None:
    class Watcher:
        def __init__(self) -> None:
            self.steps: list[Step] = []
            self.total = self.done = 0

        def begin(self, step: Step) -> None:
            self.steps.append(step)

        def embedding(self, total: int) -> None:
            self.total += total

        def embedded(self, count: int) -> None:
            self.done += count

    watcher = Watcher()
    report = build(shop.request, shop.generations, shop.model(), watcher)

    assert watcher.total == watcher.done >= 2 * len(ENTRIES)
    assert watcher.steps == [timing.step for timing in report.timings] == list(Step)


class TestDryRun:
    def test_tells_what_would_change_and_publishes_nothing(self, shop: Shop) -> None:
        first = shop.build()
        shop.write([row("refund", answer="Tomorrow."), row("gift", "fr"), row("gift")])

        report = shop.build(dry_run=True)

        assert report.outcome is BuildOutcome.DRY_RUN
        assert report.generation == shop.generations.current_id() == first.generation
        assert shop.generations.ids() == (first.generation,)
        assert report.diff.of("en").changed == ("refund",)
        assert report.diff.of("en").removed == ("invoice", "password", "track", "warranty")
        assert report.diff.of("fr").added == ("gift",)

    @pytest.mark.usefixtures("sure")
    def test_shows_golden_questions_whose_answer_would_change_before_and_after(
        self, shop: Shop
    ) -> None:
        shop.write_golden(
            ("How do I get my money back?", "refund"),
            ("Where is my parcel right now?", "track"),
        )
        shop.build()
        question = ENTRIES["track"][0]
        shop.write(
            [row("refund"), row("gift", question=question), row("track", question="Tracking")]
            + [row(entry_id) for entry_id in ("password", "invoice", "warranty")]
        )

        report = shop.build(dry_run=True)

        assert report.golden is not None
        (change,) = report.golden.changes
        assert change.before.question == "Where is my parcel right now?"
        assert change.before.top_entry_id == "track"
        assert change.after.top_entry_id == "gift"

    def test_of_a_first_build_has_nothing_to_compare_with(self, shop: Shop) -> None:
        shop.write_golden(("How do I get my money back?", "refund"))

        report = shop.build(dry_run=True)

        assert report.generation is None
        assert report.golden is not None
        assert report.golden.changes == ()
        assert report.golden.before is None
        assert shop.generations.current_id() is None


@pytest.mark.usefixtures("sure")
class TestGate:
    BAD = (("How do I get my money back?", "gift"), ("Where is my parcel right now?", "gift"))

    def test_refuses_what_answers_wrongly(self, shop: Shop) -> None:
        shop.write_golden(*self.BAD)

        report = shop.build()

        assert report.outcome is BuildOutcome.REFUSED
        assert report.generation is None
        assert report.golden is not None
        assert [answer.verdict for answer in report.golden.answers] == [Verdict.WRONG] * 2
        assert "2 of 2 answers to golden questions are wrong" in report.golden.objections[0]

    def test_gives_way_to_force(self, shop: Shop) -> None:
        shop.write_golden(*self.BAD)

        report = shop.build(force=True)

        assert report.outcome is BuildOutcome.PUBLISHED
        assert report.golden is not None
        assert report.golden.objections

    def test_tolerates_what_the_error_budget_allows(self, shop: Shop) -> None:
        shop.write_golden(*self.BAD)

        assert shop.build(gate=Gate(error_budget=1.0)).outcome is BuildOutcome.PUBLISHED

    def test_compares_with_what_serves_on_questions_that_are_new_to_it(self, shop: Shop) -> None:
        shop.build()
        shop.write_golden(*self.BAD)
        shop.write([row(entry_id) for entry_id in ENTRIES] + [row("refund", "fr")])

        report = shop.build()

        assert report.outcome is BuildOutcome.PUBLISHED, "it does no worse than what serves"
        assert report.golden is not None
        assert report.golden.before is not None
        assert report.golden.before.wrong == 2

    def test_golden_questions_alone_do_not_make_a_new_generation(self, shop: Shop) -> None:
        first = shop.build()
        shop.write_golden(("How do I get my money back?", "refund"))

        report = shop.build()

        assert report.outcome is BuildOutcome.UNCHANGED
        assert shop.generations.ids() == (first.generation,)
        assert report.golden is not None
        assert report.golden.summary.right == 1

    def test_a_golden_question_that_expects_an_unknown_entry_is_an_error(self, shop: Shop) -> None:
        shop.write_golden(("How?", "no-such-entry"))

        report = shop.build()

        assert report.outcome is BuildOutcome.INVALID
        assert [problem.code for problem in report.errors] == [Code.UNKNOWN_EXPECTATION]


class TestWhatServesIsDamaged:
    def test_a_build_replaces_it_and_says_so(self, shop: Shop) -> None:
        first = shop.build()
        path = shop.generations.folder_of(str(first.generation)) / "records.jsonl"
        path.write_bytes(path.read_bytes().replace(b"parcel", b"PARCEL"))

        report = shop.build()

        assert report.outcome is BuildOutcome.PUBLISHED
        assert "records.jsonl does not have the checksum" in str(report.live_fault)
        assert report.generation != first.generation
        assert shop.best("Where is my parcel right now?") == "track"

    @pytest.mark.parametrize("content", [b"", b"../../etc", b"2026-01-01T00-00-00Z-0000\n"])
    def test_a_pointer_to_nothing_is_replaced(self, shop: Shop, content: bytes) -> None:
        shop.build()
        (shop.generations.folder / "current").write_bytes(content)

        report = shop.build()

        assert report.outcome is BuildOutcome.PUBLISHED
        assert report.live_fault is not None
        assert shop.live().id == report.generation

    def test_a_lost_cache_costs_time_only(self, shop: Shop) -> None:
        shop.build()
        for path in shop.generations.embeddings_folder.iterdir():
            path.write_bytes(b"rubbish")
        shop.write([row("refund"), row("track")])

        report = shop.build()

        assert report.outcome is BuildOutcome.PUBLISHED
        assert report.embedded == 4


class TestPruning:
    def test_keeps_the_latest_generations(self, shop: Shop) -> None:
        made = [shop.build(full=True).generation for _ in range(3)]

        report = shop.build(full=True, keep=2)

        assert report.pruned == (made[1], made[0])
        assert shop.generations.ids() == (report.generation, made[2])

    def test_forgets_vectors_that_no_kept_generation_uses(self, shop: Shop) -> None:
        shop.build()
        shop.write([row("refund")])
        shop.build()
        prune(shop.generations, keep=1)
        shop.write([row("refund"), row("track")])

        assert shop.build().embedded == 2

    def test_keeps_vectors_that_a_kept_generation_uses(self, shop: Shop) -> None:
        shop.build()
        shop.write([row("refund")])
        shop.build(keep=2)
        shop.write([row("refund"), row("track")])

        assert shop.build().embedded == 0


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, shop: Shop) -> None:
    (tmp_path / "file").write_text("in the way")
    shop.generations = Generations(tmp_path / "file" / "generations")

    with pytest.raises(IndexWriteError, match=r"file/generations.*still serves"):
        shop.build()


def test_questions_on_other_topics_are_embedded_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.build.far_questions", far_questions)
    far = {question.text for question in far_questions()}
    shop.build()
    assert far <= set(shop.embedder.embedded_texts)
    shop.write([row("refund")])

    shop.build()

    assert far.isdisjoint(shop.embedder.embedded_texts)
