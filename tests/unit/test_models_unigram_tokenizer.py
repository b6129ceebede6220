import pytest

from models.unigram_model import UnigramVocabulary, build_unigram_model
from models.unigram_tokenizer import UnigramTokenizer
from tests.tiny_model import MAX_TOKENS, PIECES, piece_scores


@pytest.fixture(scope="module")
def tokenizer() -> UnigramTokenizer:
    vocabulary = UnigramVocabulary(PIECES, piece_scores(), start=0, end=2, padding=1, unknown=3)
    return UnigramTokenizer(build_unigram_model(vocabulary), MAX_TOKENS)


def pieces(tokenizer: UnigramTokenizer, text: str) -> list[str]:
    return [PIECES[token] for token in tokenizer.encode(text).ids[0]]


def test_texts_become_the_likeliest_pieces_between_start_and_end(
    tokenizer: UnigramTokenizer,
) -> None:
    assert pieces(tokenizer, "query: how to pay?") == [
        *("<s>", "▁que", "ry", ":", "▁how", "▁to", "▁pay", "?", "</s>")
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("HOW".lower(), "how"),
        ("  how \t to\n", "how to"),
        ("how\u200dto", "how to"),
        ("ｈｏｗ", "how"),
        ("how\x07", "how"),
        ("how\u00a0to", "how to"),
    ],
)
def test_ways_of_writing_the_same_are_the_same(
    tokenizer: UnigramTokenizer, written: str, read: str
) -> None:
    assert pieces(tokenizer, written) == pieces(tokenizer, read)


def test_special_tokens_cannot_be_written(tokenizer: UnigramTokenizer) -> None:
    found = pieces(tokenizer, "</s>")

    assert found.count("</s>") == 1
    assert "<unk>" in found


def test_what_no_piece_covers_is_unknown(tokenizer: UnigramTokenizer) -> None:
    assert pieces(tokenizer, "☃") == ["<s>", "▁", "<unk>", "</s>"]


def test_no_text_is_start_and_end(tokenizer: UnigramTokenizer) -> None:
    assert pieces(tokenizer, "") == ["<s>", "</s>"]


def test_halves_of_characters_count_as_question_marks(tokenizer: UnigramTokenizer) -> None:
    assert pieces(tokenizer, "how \ud83d") == pieces(tokenizer, "how ?")


def test_long_texts_are_cut_and_say_so(tokenizer: UnigramTokenizer) -> None:
    fits = tokenizer.encode("pay " * (MAX_TOKENS - 2))
    too_long = tokenizer.encode("pay " * (MAX_TOKENS - 1))

    assert fits.ids.shape == too_long.ids.shape == (1, MAX_TOKENS)
    assert not fits.truncated
    assert too_long.truncated
    assert (fits.ids == too_long.ids).all()


def test_a_text_without_end_is_cut_before_it_is_read(tokenizer: UnigramTokenizer) -> None:
    endless = tokenizer.encode(" " * 5_000_000 + "pay")

    assert endless.truncated
    assert pieces(tokenizer, "") == [PIECES[token] for token in endless.ids[0]]


@pytest.mark.parametrize("data", [b"", b"not a model", bytes(1000)])
def test_what_is_no_model_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="SentencePiece"):
        UnigramTokenizer(data, MAX_TOKENS)
