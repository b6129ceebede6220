"""The folder of generations: what is in it, what serves, and how that is changed."""

from pathlib import Path
from shutil import rmtree

import pytest

from indexer.decision import Outcome
from indexer.errors import (
    GenerationDamagedError,
    GenerationMissingError,
    IndexerRunningError,
    IndexMissingError,
    ModelMismatchError,
)
from indexer.generation import Generation
from indexer.generations import Generations
from indexer.pruning import prune
from indexer.publishing import exclusively
from indexer.query import Query
from models.embedding import Role
from tests.fakes import FakeEmbedder
from tests.sample_shop import ENTRIES, Shop, row


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def published(shop: Shop, *names: str) -> str:
    """Publish a generation of some entries."""
    shop.write([row(name) for name in names or ENTRIES])
    report = shop.build()
    assert report.generation is not None
    return report.generation


def rolled_back(shop: Shop, generation_id: str | None = None) -> str:
    with exclusively(shop.generations) as publisher:
        return publisher.rollback(generation_id).id


class TestOneGeneration:
    def test_ranks_decides_and_finds_texts(self, shop: Shop) -> None:
        shop.write([row("refund"), row("refund", "de"), row("track"), row("gift")])
        shop.build()
        live = shop.live()
        question = "How do I get my money back?"
        vector = shop.embedder.embed([question], Role.QUERY).vectors[0]

        ranking = live.rank(Query(question, "en", vector), limit=2)

        assert [entry.entry_id for entry in ranking.entries][:1] == ["refund"]
        assert len(ranking.entries) == 2
        assert live.decide(ranking).outcome in set(Outcome)
        assert live.languages_of("refund") == ("de", "en")
        assert set(live.records_of("refund")) == {"de", "en"}
        assert live.record("refund", "fr") is None

    def test_every_file_is_verified_before_it_is_used(self, shop: Shop) -> None:
        folder = shop.generations.folder_of(published(shop))
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        assert len(files) > 4

        for path in files:
            content = path.read_bytes()
            for damaged in (content[:-1], content + b" ", bytes([content[0] ^ 1]) + content[1:]):
                if path.name == "manifest.json" and damaged.strip() == content.strip():
                    continue  # white space around a manifest changes nothing
                path.write_bytes(damaged)
                with pytest.raises(GenerationDamagedError, match=path.name):
                    Generation.open(folder, shop.embedder.identity)
            path.unlink()
            with pytest.raises(GenerationDamagedError, match=rf"{path.name} is missing"):
                Generation.open(folder, shop.embedder.identity)
            path.write_bytes(content)

        assert Generation.open(folder, shop.embedder.identity).id == folder.name

    def test_is_not_asked_with_another_model(self, shop: Shop) -> None:
        published(shop)

        with pytest.raises(ModelMismatchError, match=r"built with fake .*with other .*polyfaq"):
            shop.generations.open_current(FakeEmbedder(name="other").identity)

    def test_keeps_serving_while_its_folder_is_removed(self, shop: Shop) -> None:
        published(shop)
        live = shop.live()
        shop.write([row("refund")])
        shop.build(keep=1)

        record = live.record("track", "en")
        assert record is not None
        assert record.question == ENTRIES["track"][0]
        assert not shop.generations.folder_of(live.id).exists()


class TestTheFolder:
    def test_is_empty_before_the_first_build(self, tmp_path: Path) -> None:
        generations = Generations(tmp_path / "nowhere")

        assert generations.current_id() is None
        assert generations.ids() == ()
        assert generations.list() == ()
        with pytest.raises(IndexMissingError, match=r"nowhere yet\. Run `polyfaq index FOLDER`"):
            generations.current_manifest()

    def test_says_what_to_run_when_what_was_published_is_gone(self, shop: Shop) -> None:
        only = published(shop, "refund")
        rmtree(shop.generations.folder_of(only))

        with pytest.raises(IndexMissingError, match=rf"{only}.* is gone\. Run `polyfaq index`"):
            shop.generations.current_manifest()

    def test_lists_the_latest_first_and_marks_the_current(self, shop: Shop) -> None:
        first, second = published(shop, "refund"), published(shop, "refund", "gift")

        latest, oldest = shop.generations.list()

        assert (latest.id, latest.is_current) == (second, True)
        assert (oldest.id, oldest.is_current) == (first, False)
        assert latest.manifest is not None
        assert latest.manifest.entries == 2

    def test_lists_a_damaged_generation_with_its_fault(self, shop: Shop) -> None:
        name = published(shop)
        (shop.generations.folder_of(name) / "manifest.json").write_text("{}")

        (listed,) = shop.generations.list()

        assert listed.manifest is None
        assert "is no manifest" in str(listed.fault)

    def test_names_of_generations_are_ordered_however_fast_they_are_built(self, shop: Shop) -> None:
        names = [published(shop, name) for name in list(ENTRIES)[:4]]

        assert names == sorted(names)
        assert shop.generations.ids() == tuple(reversed(names))

    def test_tells_how_two_generations_differ(self, shop: Shop) -> None:
        before, after = published(shop, "refund", "gift"), published(shop, "refund", "track")

        diff = shop.generations.diff(before, after).of("en")

        assert (diff.added, diff.changed, diff.removed) == (("track",), (), ("gift",))

    def test_does_not_compare_with_a_damaged_generation(self, shop: Shop) -> None:
        before, after = published(shop, "refund"), published(shop, "track")
        (shop.generations.folder_of(before) / "records.jsonl").write_text("{}\n")

        with pytest.raises(GenerationDamagedError, match=r"records\.jsonl"):
            shop.generations.diff(before, after)

    @pytest.mark.parametrize("name", ["", "..", "../../etc", "current", "embeddings", "2026"])
    def test_what_is_no_name_of_a_generation_names_none(self, shop: Shop, name: str) -> None:
        with pytest.raises(GenerationMissingError, match="index list"):
            shop.generations.manifest(name)


class TestRollback:
    def test_goes_back_to_the_one_before(self, shop: Shop) -> None:
        first, _ = published(shop, "refund"), published(shop, "track")

        assert rolled_back(shop) == first
        assert shop.live().id == first
        assert shop.live().record("track", "en") is None

    def test_goes_to_any_generation_also_forward(self, shop: Shop) -> None:
        first, second = published(shop, "refund"), published(shop, "track")

        assert rolled_back(shop, first) == first
        assert rolled_back(shop, second) == second == shop.generations.current_id()

    def test_stops_where_there_is_none_before(self, shop: Shop) -> None:
        first = published(shop)

        with pytest.raises(GenerationMissingError, match=f"no generation before {first}"):
            rolled_back(shop)

    def test_refuses_a_generation_that_is_damaged_or_gone(self, shop: Shop) -> None:
        first, second = published(shop, "refund"), published(shop, "track")
        (shop.generations.folder_of(first) / "records.jsonl").write_text("{}\n")

        with pytest.raises(GenerationDamagedError):
            rolled_back(shop, first)
        with pytest.raises(GenerationMissingError):
            rolled_back(shop, "2026-01-01T00-00-00Z-0000")
        assert shop.generations.current_id() == second

    def test_the_next_build_publishes_the_content_again(self, shop: Shop) -> None:
        published(shop, "refund")
        second = published(shop, "track")
        rolled_back(shop)

        report = shop.build()

        assert report.generation not in {None, second}
        assert shop.live().record("track", "en") is not None
        assert report.embedded == 0


class TestPrune:
    def test_keeps_the_latest_and_the_current(self, shop: Shop) -> None:
        names = [published(shop, name) for name in list(ENTRIES)[:4]]
        rolled_back(shop, names[0])

        pruned = prune(shop.generations, keep=1)

        assert pruned.generations == (names[2], names[1])
        assert shop.generations.ids() == (names[3], names[0])
        assert shop.live().id == names[0]

    def test_never_removes_what_serves(self, shop: Shop) -> None:
        name = published(shop)

        assert prune(shop.generations, keep=0).generations == ()
        assert shop.live().id == name

    def test_drops_vectors_of_removed_generations_and_of_other_models(self, shop: Shop) -> None:
        published(shop, "refund")
        published(shop, "track")
        shop.embedder = FakeEmbedder(name="other")
        published(shop, "gift", "track")
        published(shop, "track")

        pruned = prune(shop.generations, keep=1)

        assert len(pruned.generations) == 3
        assert pruned.vectors == 4, "the gift's question in both roles, its answer with and without"
        assert len(list(shop.generations.embeddings_folder.iterdir())) == 1

    def test_leaves_nothing_of_itself(self, shop: Shop) -> None:
        published(shop, "refund")
        published(shop, "track")
        prune(shop.generations, keep=1)

        assert [path.name for path in shop.generations.folder.rglob(".*")] == []


class TestTheLock:
    def test_lets_one_change_the_folder_at_a_time(self, shop: Shop) -> None:
        with (
            exclusively(shop.generations),
            pytest.raises(IndexerRunningError, match=r"pid \d+"),
            exclusively(shop.generations),
        ):
            pass

    def test_does_not_keep_anyone_from_reading(self, shop: Shop) -> None:
        name = published(shop)
        with exclusively(shop.generations):
            assert shop.live().id == name

    def test_leftovers_of_killed_runs_are_removed(self, shop: Shop) -> None:
        name = published(shop)
        folder = shop.generations.folder
        for leftover in (f".building-{name}", ".removing-2026-01-01T00-00-00Z-0000"):
            (folder / leftover).mkdir()
            (folder / leftover / "file").write_text("half")
        (folder / ".current.new").write_text("half")

        with exclusively(shop.generations):
            assert [path.name for path in folder.glob(".*")] == []
        assert shop.live().id == name
