import pytest

from app.api.accepting import parse_accept_language


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("fr", (("fr", 1.0),)),
        ("fr-CA, en;q=0.5", (("fr-CA", 1.0), ("en", 0.5))),
        ("en;q=0.5, fr;q=0.9", (("fr", 0.9), ("en", 0.5))),
        ("ZH_hant ; q = 0.4", (("zh-Hant", 0.4),)),
        ("*, de;q=0", ()),
        ("nonsense!, de;q=high, es", (("es", 1.0),)),
        ("de, de;q=0.1", (("de", 1.0),)),
        ("en;q=7, fr;q=-1", (("en", 1.0),)),
        ("", ()),
        (",;,;q=,", ()),
    ],
)
def test_what_a_browser_asks_for_is_read_best_first(
    header: str, accepted: tuple[tuple[str, float], ...]
) -> None:
    assert parse_accept_language(header) == accepted


def test_an_endless_header_is_read_a_little_way() -> None:
    assert len(parse_accept_language("de, en, fr, es, it, pl, pt, ru, ar, hi, " * 1000)) == 10
