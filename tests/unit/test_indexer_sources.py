import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from indexer.sources import fingerprint
from knowledge_base.limits import Limits


@pytest.fixture
def content(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "en.yaml").write_text("one")
    (tmp_path / "de.yaml").write_text("two")
    return tmp_path


def taken(
    *paths: Path, settings: Sequence[str] = ("en",), limits: Limits | None = None
) -> str | None:
    return fingerprint(paths, settings, limits or Limits())


def test_the_same_files_and_settings_have_the_same_fingerprint(content: Path) -> None:
    before = taken(content)
    (content / "de.yaml").write_text("two")

    assert before is not None
    assert taken(content) == before


def test_a_changed_file_changes_it(content: Path) -> None:
    before = taken(content)
    (content / "shop" / "en.yaml").write_text("One")

    assert taken(content) != before


def test_a_new_a_renamed_and_a_removed_file_change_it(content: Path) -> None:
    seen = {taken(content)}
    (content / "fr.yaml").write_text("three")
    seen.add(taken(content))
    (content / "fr.yaml").rename(content / "fr.yml")
    seen.add(taken(content))
    (content / "de.yaml").unlink()
    seen.add(taken(content))

    assert len(seen) == 4


def test_hidden_files_do_not_count(content: Path) -> None:
    before = taken(content)
    (content / ".de.yaml.swp").write_text("an editor's own")
    (content / ".git").mkdir()
    (content / ".git" / "HEAD").write_text("a tool's own")

    assert taken(content) == before


def test_settings_and_limits_count(content: Path) -> None:
    assert taken(content, settings=["de"]) != taken(content)
    assert taken(content, limits=Limits(tags=7)) != taken(content)


def test_a_file_may_be_named_by_itself(content: Path) -> None:
    file = content / "de.yaml"
    before = taken(file)
    file.write_text("changed")

    assert before is not None
    assert taken(file) != before


def test_what_lies_where_is_told_apart(content: Path) -> None:
    assert taken(content / "shop", content / "de.yaml") != taken(
        content / "de.yaml", content / "shop"
    )


@pytest.mark.parametrize("limits", [Limits(files=1), Limits(file_bytes=2), Limits(content_bytes=5)])
def test_beyond_the_limits_there_is_none(content: Path, limits: Limits) -> None:
    assert taken(content, limits=limits) is None


def test_what_cannot_be_read_has_none(content: Path) -> None:
    (content / "gone.yaml").symlink_to(content / "nowhere")

    assert taken(content) is None


def test_a_named_pipe_does_not_keep_it_waiting(content: Path) -> None:
    os.mkfifo(content / "pipe.yaml")

    assert taken(content) is None
