"""What `polyfaq eval` prints."""

import pytest

from app.cli.evaluation_display import show_parity
from app.evaluation.parity import LanguagePair, Parity


def parity(count: int, *, is_complete: bool = True) -> Parity:
    languages = tuple(f"l{number:02}" for number in range(count))
    pairs = (LanguagePair(a, b, 4, 3, 2, 1) for a in languages for b in languages)
    return Parity("g", languages, tuple(pairs), is_complete)


def test_pairs_are_shown_as_matrices_with_what_rows_and_columns_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_parity(parity(3))

    shown = capsys.readouterr().out
    assert "Rows: language of the question." in shown
    assert "l00  75  75  75" in shown
    assert "l02  25  25  25" in shown
    assert "R@1 0.750, another entry delivered 0.250, 24 questions" in shown


def test_too_many_languages_for_the_width_leave_the_worst_pairs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_parity(parity(60))

    shown = capsys.readouterr()
    assert "60 languages do not fit this width" in shown.err
    assert "Rows:" not in shown.out
    assert "Worst pairs" in shown.out


def test_a_comparison_that_was_cut_short_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    show_parity(parity(2, is_complete=False))

    assert "time ran out" in capsys.readouterr().err
