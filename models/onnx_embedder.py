"""Embedding with ONNX Runtime, the default."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from models.embedding import (
    Embedder,
    Embeddings,
    FloatArray,
    ModelDamagedError,
    ModelIdentity,
    Role,
)
from models.idle_cores import IdleCores
from models.model_folder import GRAPH, TOKENIZER, ModelManifest, read_manifest
from models.onnx_graph_names import INPUT, OUTPUT
from models.onnx_sessions import Sessions
from models.unigram_tokenizer import UnigramTokenizer

# Texts handed to the threads at once: enough to keep them busy, few enough to stop soon.
_SLICE = 512


class OnnxEmbedder:
    """Embeds each text on its own, several texts at a time if there are threads for it.

    A text is never batched with others: the vector is then the same to the last bit whatever was
    embedded with it, nothing is spent on padding, and two threads with a text each are faster than
    one batch on two threads. It is also the same on however many cores one text is spread.
    """

    def __init__(
        self,
        folder: Path,
        manifest: ModelManifest,
        threads: int,
        idle_cores: IdleCores | None = None,
    ) -> None:
        """Load graph and tokenizer.

        Args:
            folder: The model folder.
            manifest: Its description.
            threads: Texts that are embedded at the same time within one call.
            idle_cores: Tells when a text may be spread over cores; it never is when None.

        Raises:
            ModelDamagedError: A file cannot be loaded.
        """
        self._identity = manifest.identity
        self._prefixes = {
            Role.QUERY: manifest.query_prefix,
            Role.PASSAGE: manifest.passage_prefix,
        }
        self._threads = threads
        try:
            self._tokenizer = UnigramTokenizer(
                (folder / TOKENIZER).read_bytes(), manifest.max_tokens
            )
        except (OSError, ValueError) as error:
            raise ModelDamagedError(
                f"{folder / TOKENIZER} cannot be loaded: {error}. "
                "Run `polyfaq models install` to install it again."
            ) from error
        try:
            self._sessions = Sessions(folder / GRAPH, idle_cores)
            dimension = self._embed_one("")[0].shape[1]
        except Exception as error:  # its errors have no common base but this
            raise ModelDamagedError(
                f"{folder / GRAPH} cannot be loaded: {error}. "
                "Run `polyfaq models install` to install it again."
            ) from error
        if dimension != manifest.dimension:
            raise ModelDamagedError(
                f"{folder / GRAPH} gives vectors of {dimension} numbers where the model's "
                f"description says {manifest.dimension}. Run `polyfaq models install`."
            )

    @property
    def identity(self) -> ModelIdentity:
        """The weights behind the vectors."""
        return self._identity

    def embed(
        self,
        texts: Sequence[str],
        role: Role,
        on_progress: Callable[[int], None] | None = None,
    ) -> Embeddings:
        """Embed texts; see `Embedder.embed`.

        With threads, long texts come first, so that none is left over for one thread at the end
        and the time left is estimated high rather than low.
        """
        prefix = self._prefixes[role]
        if len(texts) == 1:
            # A visitor's question: what several texts need would take a tenth of a millisecond.
            vector, cut = self._embed_one(prefix + texts[0])
            if on_progress is not None:
                on_progress(1)
            return Embeddings(vector, (0,) if cut else ())
        vectors = np.empty((len(texts), self._identity.dimension), dtype=np.float32)
        truncated = []
        for position, (vector, cut) in self._each([prefix + text for text in texts]):
            vectors[position] = vector
            if cut:
                truncated.append(position)
            if on_progress is not None:
                on_progress(1)
        return Embeddings(vectors, tuple(sorted(truncated)))

    def _each(self, texts: Sequence[str]) -> Iterator[tuple[int, tuple[FloatArray, bool]]]:
        if self._threads == 1:
            yield from enumerate(map(self._embed_one, texts))
            return
        order = sorted(range(len(texts)), key=lambda position: -len(texts[position]))
        pool = ThreadPoolExecutor(self._threads, thread_name_prefix="embed")
        try:
            for start in range(0, len(order), _SLICE):
                positions = order[start : start + _SLICE]
                results = pool.map(self._embed_one, [texts[position] for position in positions])
                yield from zip(positions, results, strict=True)
        finally:
            pool.shutdown(cancel_futures=True)

    def _embed_one(self, text: str) -> tuple[FloatArray, bool]:
        """Give a text's vector, shape (1, dimension), and whether the text was cut."""
        tokens = self._tokenizer.encode(text)
        vector: FloatArray
        (vector,) = self._sessions.choose().run([OUTPUT], {INPUT: tokens.ids})
        return vector, tokens.truncated


def load_embedder(
    folder: Path, *, threads: int = 1, idle_cores: IdleCores | None = None
) -> Embedder:
    """Load an installed model.

    Files are compared with the folder's description by size, which costs nothing; `verify_folder`
    compares every byte.

    Args:
        folder: The model folder, as `polyfaq models install` makes it.
        threads: Texts embedded at the same time within one call: 1 for serving, where requests
            have threads of their own, the number of cores for indexing.
        idle_cores: Lets a text be spread over several cores while nothing else runs on them; None
            to embed each on one.

    Returns:
        An embedder that several threads may call.

    Raises:
        ModelMissingError: There is no model, or some of its files are not there.
        ModelDamagedError: A file is not the one that was installed, or cannot be loaded.
        ValueError: `threads` is below 1.
    """
    if threads < 1:
        raise ValueError(f"threads must be at least 1, not {threads}")
    return OnnxEmbedder(folder, read_manifest(folder), threads, idle_cores)
