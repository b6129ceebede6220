"""Which core each process keeps to."""

import os

import pytest

from app.own_cores import cores_to_keep_to, least_taken
from app.settings import Settings


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {5, 3})


def test_with_a_process_for_each_core_each_has_its_own() -> None:
    assert cores_to_keep_to(Settings.load()) == (3, 5)
    assert cores_to_keep_to(Settings.load(workers=2)) == (3, 5)


@pytest.mark.parametrize("workers", [1, 3])
def test_fewer_or_more_processes_than_cores_go_where_there_is_room(workers: int) -> None:
    assert cores_to_keep_to(Settings.load(workers=workers)) == ()


def test_what_takes_several_cores_by_itself_is_not_bound_to_one() -> None:
    with_torch = Settings.load(embedding_model="an/other-model")
    translating = Settings.load(live_translation=True, translator="apertium")

    assert cores_to_keep_to(with_torch) == ()
    assert cores_to_keep_to(translating) == ()


def test_one_more_process_gets_the_core_that_is_free() -> None:
    assert least_taken((3, 5), []) == 3
    assert least_taken((3, 5), [3]) == 5
    assert least_taken((3, 5), [5]) == 3


def test_while_old_processes_end_new_ones_are_spread_all_the_same() -> None:
    assert least_taken((3, 5), [3, 5]) == 3
    assert least_taken((3, 5), [3, 5, 3]) == 5
