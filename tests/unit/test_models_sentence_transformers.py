import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.embedding import ExtraMissingError, ModelMissingError, Role
from models.sentence_transformers_embedder import SentenceTransformersEmbedder

needs_extra = [
    pytest.mark.transformers,
    pytest.mark.skipif(
        importlib.util.find_spec("sentence_transformers") is None,
        reason="needs `pip install 'polyfaq[transformers]'`",
    ),
    # The library's own dependencies warn of one another; that is theirs to mend.
    pytest.mark.filterwarnings("default"),
]

TEXTS = ["how to pay", "my parcel", "", "how to pay for my parcel and pay and pay", "parcel"]
WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    *["how", "to", "pay", "for", "my", "parcel", "and", "q", "p", ":"],
]
LONGEST = 12


def test_without_the_extra_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)

    with pytest.raises(ExtraMissingError, match=r"pip install 'polyfaq\[transformers\]'"):
        SentenceTransformersEmbedder("someone/model")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random model of two layers, as sentence-transformers saves one."""
    import torch
    import transformers
    from sentence_transformers import SentenceTransformer, models

    place = tmp_path_factory.mktemp("st")
    encoder = place / "encoder"
    encoder.mkdir()
    (encoder / "vocab.txt").write_text("\n".join(WORDS))
    torch.manual_seed(1)
    transformers.BertModel(
        transformers.BertConfig(
            vocab_size=len(WORDS),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=32,
        )
    ).save_pretrained(encoder)
    transformers.BertTokenizerFast(str(encoder / "vocab.txt")).save_pretrained(encoder)
    words: Any = models.Transformer(str(encoder), max_seq_length=LONGEST)
    pooling = models.Pooling(32, pooling_mode="mean")
    model = SentenceTransformer(
        modules=[words, pooling], prompts={"query": "q : ", "document": "p : "}, device="cpu"
    )
    model.save(str(place / "model"))
    return place / "model"


@pytest.fixture(scope="module")
def embedder(folder: Path) -> SentenceTransformersEmbedder:
    return SentenceTransformersEmbedder(str(folder))


class TestModel:
    pytestmark = needs_extra

    def test_vectors_are_float32_of_length_1(self, embedder: SentenceTransformersEmbedder) -> None:
        vectors = embedder.embed(TEXTS, Role.PASSAGE).vectors

        assert vectors.shape == (len(TEXTS), 32)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)

    def test_a_vector_is_the_same_whatever_came_with_it(
        self, embedder: SentenceTransformersEmbedder
    ) -> None:
        together = embedder.embed(TEXTS, Role.PASSAGE).vectors
        alone = [embedder.embed([text], Role.PASSAGE).vectors[0] for text in TEXTS]

        np.testing.assert_array_equal(together, np.array(alone))

    def test_the_prompts_of_the_model_are_its_prefixes(
        self, folder: Path, embedder: SentenceTransformersEmbedder
    ) -> None:
        bare = SentenceTransformersEmbedder(str(folder), query_prefix="", passage_prefix="")
        texts = ["how to pay"]

        question = embedder.embed(texts, Role.QUERY).vectors

        spelt_out = bare.embed(["q : how to pay"], Role.QUERY).vectors
        np.testing.assert_array_equal(question, spelt_out)
        assert not np.allclose(question, embedder.embed(texts, Role.PASSAGE).vectors)

    def test_texts_that_were_cut_are_reported(self, embedder: SentenceTransformersEmbedder) -> None:
        texts = ["pay", "pay " * 30, "parcel"]

        assert embedder.embed(texts, Role.PASSAGE).truncated == (1,)

    def test_progress_counts_every_text(self, embedder: SentenceTransformersEmbedder) -> None:
        done: list[int] = []

        embedder.embed(TEXTS, Role.QUERY, done.append)

        assert sum(done) == len(TEXTS)

    def test_half_characters_have_vectors(self, embedder: SentenceTransformersEmbedder) -> None:
        assert np.isfinite(embedder.embed(["\ud83d"], Role.QUERY).vectors).all()

    def test_the_identity_is_that_of_weights_and_prefixes(
        self, folder: Path, embedder: SentenceTransformersEmbedder
    ) -> None:
        again = SentenceTransformersEmbedder(str(folder))
        other = SentenceTransformersEmbedder(str(folder), query_prefix="other ")

        assert embedder.identity == again.identity
        assert embedder.identity.dimension == 32
        assert embedder.identity.weights_sha256 != other.identity.weights_sha256

    def test_a_folder_without_a_model_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(ModelMissingError, match=str(tmp_path)):
            SentenceTransformersEmbedder(str(tmp_path))
