"""What is learnt about languages beyond the model that they share."""

from collections.abc import Mapping

import numpy as np
import pytest

from indexer.language_offsets import fit_offsets


def offsets_of(languages: dict[str, tuple[int, int]], weight: float = 1.0) -> Mapping[str, float]:
    """Offsets where the pooled model gives every trial the odds that all trials have.

    Args:
        languages: Right and wrong trials of each.
        weight: Of every trial.
    """
    label = [
        is_right
        for right, wrong in languages.values()
        for is_right in [*[True] * right, *[False] * wrong]
    ]
    names = [name for name, counts in languages.items() for _ in range(sum(counts))]
    share = np.mean(label)
    logits = np.full(len(label), np.log(share / (1.0 - share)))
    return fit_offsets(logits, np.array(label), np.full(len(label), weight), names)


MANY = {f"l{number}": (80, 20) for number in range(8)}


def test_a_language_that_does_worse_is_lowered() -> None:
    offsets = offsets_of({**MANY, "worse": (40, 60)})

    assert set(offsets) >= {"worse"}
    assert -2.0 < offsets["worse"] < -1.0
    assert all(offset > -0.3 for name, offset in offsets.items() if name != "worse")


def test_a_language_that_does_better_is_not_raised() -> None:
    assert "better" not in offsets_of({**MANY, "better": (100, 0)})


def test_the_fewer_the_trials_the_less_is_believed() -> None:
    spread = {**MANY, "bad": (20, 80), "good": (99, 1)}
    offsets = offsets_of({**spread, "few": (2, 3), "some": (8, 12), "much": (40, 60)})

    assert offsets["much"] < offsets["some"] < offsets.get("few", 0.0) <= 0.0


def test_differences_that_chance_explains_are_hardly_believed() -> None:
    chance = np.random.default_rng(0)
    found = []
    for _ in range(20):
        right = chance.binomial(20, 0.8, 12).tolist()
        offsets = offsets_of({f"l{at}": (each, 20 - each) for at, each in enumerate(right)})
        found.append(sum(offsets.values()) / 12)

    assert np.mean(found) > -0.1


def test_trials_of_little_weight_say_little() -> None:
    counts = {**MANY, "worse": (40, 60)}

    assert offsets_of(counts, 0.05).get("worse", 0.0) > offsets_of(counts)["worse"] + 0.2


@pytest.mark.parametrize("counts", [{"en": (10, 90)}, {"en": (50, 0), "de": (50, 0)}])
def test_there_is_nothing_to_tell_where_languages_do_not_differ(
    counts: dict[str, tuple[int, int]],
) -> None:
    label = np.array([True, False] * 50)
    names = [name for name, both in counts.items() for _ in range(sum(both))]

    offsets = fit_offsets(np.zeros(100), label, np.ones(100), names)

    assert all(abs(offset) < 0.05 for offset in offsets.values())


def test_certainty_does_not_run_away() -> None:
    offsets = offsets_of({**MANY, "never": (0, 100)})

    assert np.isfinite(offsets["never"])
    assert offsets["never"] > -10.0
