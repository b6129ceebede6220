"""The page that `polyfaq eval --html` writes."""

import numpy as np
import pytest
from selectolax.lexbor import LexborHTMLParser

from app.evaluation.page import at_coverages, evaluation_page
from app.evaluation.parity import LanguagePair, Parity
from app.evaluation.risk import RiskOrder
from app.evaluation.score import Evaluation, evaluate_index
from knowledge_base.entry import Record
from knowledge_base.golden import GoldenQuestion
from tests.fakes import FakeIndex

INDEX = FakeIndex(
    [
        Record("shipping", "en", "how long does shipping take", "Three days."),
        Record("returns", "en", "how can I return something", "Print the label."),
    ]
)
QUESTIONS = [
    GoldenQuestion("how long does shipping take", "en", "shipping"),
    GoldenQuestion("how long does shipping take", "en", "returns"),
    GoldenQuestion("bonjour", "fr", None),
]
PARITY = Parity(
    "g",
    ("de", "en"),
    (
        LanguagePair("de", "de", 4, 4, 2, 0),
        LanguagePair("de", "en", 4, 3, 2, 1),
        LanguagePair("en", "de", 4, 1, 2, 0),
        LanguagePair("en", "en", 0, 0, 0, 0),
    ),
    is_complete=True,
)


def evaluation(questions: list[GoldenQuestion]) -> Evaluation:
    vectors = np.zeros((len(questions), 2), np.float32)
    return evaluate_index(INDEX, questions, vectors, error_budget=0.05)


def parsed(evaluated: Evaluation | None, parity: Parity | None = None) -> LexborHTMLParser:
    return LexborHTMLParser(evaluation_page(evaluated, parity))


def text(page: LexborHTMLParser, selector: str) -> list[str]:
    return [node.text(strip=True) for node in page.css(selector)]


@pytest.mark.parametrize("questions", [QUESTIONS, QUESTIONS[:1], QUESTIONS[2:], QUESTIONS * 30])
@pytest.mark.parametrize("parity", [None, PARITY])
def test_the_page_loads_nothing(questions: list[GoldenQuestion], parity: Parity | None) -> None:
    html = evaluation_page(evaluation(questions), parity)

    assert "default-src 'none'" in html
    assert not LexborHTMLParser(html).css("script, link, img, [src], [href], iframe")
    assert "url(" not in html
    assert "@import" not in html


def test_every_plot_has_a_name_and_a_table_beside_it() -> None:
    page = parsed(evaluation(QUESTIONS * 30), PARITY)

    plots = page.css("svg")
    assert len(plots) == 6
    for plot in plots:
        names = (plot.attributes["aria-labelledby"] or "").split()
        assert plot.attributes["role"] == "img"
        assert names
        assert all(text(page, f"#{name}") > [""] for name in names)
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert len(ids) == len(set(ids))
    assert len(page.css("table caption")) >= len(plots)
    assert all(cell.attributes.get("scope") for cell in page.css("th"))


def test_each_language_and_all_have_a_row_of_counts() -> None:
    page = parsed(evaluation(QUESTIONS))

    table = page.css("table")[0]
    rows = [[cell.text(strip=True) for cell in row.css("th, td")] for row in table.css("tbody tr")]
    assert rows == [
        ["en", "2", "2", "1", "1", "0", "0", "0", "0"],
        ["fr", "1", "0", "0", "0", "0", "0", "1", "1"],
        ["all", "3", "2", "1", "1", "0", "0", "1", "1"],
    ]


def test_shapes_say_what_they_show() -> None:
    titles = text(parsed(evaluation(QUESTIONS), PARITY), "svg title")

    assert "en: 1 of 2 answered wrongly" in titles
    assert any(
        title.startswith("at present: 66.7% answered, 50.0% of the answers") for title in titles
    )
    assert (
        "asked in en, entry only in de: 25.0% of the right entries come first, of 4 questions"
        in (titles)
    )


def test_too_few_questions_for_a_calibration_error_are_called_so() -> None:
    assert "3 questions are too few" in parsed(evaluation(QUESTIONS)).text()
    assert "too few" not in parsed(evaluation(QUESTIONS * 30)).text()


def test_pairs_without_questions_are_left_blank_and_the_worst_named() -> None:
    page = parsed(None, PARITY)

    worst = page.css("table")[0]
    assert [cell.text() for cell in worst.css("tbody tr")[0].css("td")] == [
        "en",
        "de",
        "4",
        "25.0%",
        "0.0%",
    ]
    matrix = page.css("table")[1]
    assert [cell.text() for cell in matrix.css("tbody td")] == ["1.000", "0.750", "0.250", "–"]
    assert "50.0%; 12.5% are answered with another entry" in page.text()


def test_one_language_alone_has_no_pairs() -> None:
    alone = Parity("g", ("en",), (LanguagePair("en", "en", 3, 3, 3, 0),), is_complete=True)

    assert "there is no pair to compare" in parsed(None, alone).text()


def test_a_comparison_that_was_cut_short_says_so() -> None:
    short = Parity("g", PARITY.languages, PARITY.pairs, is_complete=False)

    assert "Time ran out" in parsed(None, short).text()
    assert "Time ran out" not in parsed(None, PARITY).text()


def test_what_the_index_does_not_have_is_named_and_escaped() -> None:
    odd = GoldenQuestion("where", "tlh", "<b>no such")

    html = evaluation_page(evaluation([odd]), None)

    assert "&lt;b&gt;no such" in html
    assert "no text in tlh" in html


def test_a_curve_is_read_at_each_tenth() -> None:
    curve = RiskOrder(np.linspace(0, 1, 7), np.zeros(7)).curve()

    assert [round(point.coverage * 7) for point in at_coverages(curve)] == [
        1,
        2,
        3,
        3,
        4,
        5,
        5,
        6,
        7,
        7,
    ]
