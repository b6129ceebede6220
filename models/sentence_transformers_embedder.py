"""Embedding with any sentence-transformers model, for those who install that extra."""

import hashlib
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

import numpy as np

from models.embedding import (
    Embeddings,
    ExtraMissingError,
    ModelIdentity,
    ModelMissingError,
    Progress,
    Role,
)


class SentenceTransformersEmbedder:
    """Embeds each text on its own, so that its vector does not depend on its neighbours."""

    def __init__(
        self,
        model: str,
        *,
        query_prefix: str | None = None,
        passage_prefix: str | None = None,
    ) -> None:
        """Load the model.

        Args:
            model: A folder, or a repository on the hub.
            query_prefix: Put before questions; None for the prompt that the model itself names
                `query`, if it does.
            passage_prefix: Put before passages; None for the model's `passage` or `document`.

        Raises:
            ExtraMissingError: sentence-transformers is not installed.
            ModelMissingError: There is no such model, or the hub cannot be reached.
        """
        library = _library()
        try:
            self._model = library.SentenceTransformer(model, device="cpu")
        except Exception as error:  # the library and its hub client raise all sorts
            raise ModelMissingError(
                f"The sentence-transformers model {model!r} cannot be loaded: {error}. Name a "
                "folder that holds one, or a repository that the hub has."
            ) from error
        prompts = dict(getattr(self._model, "prompts", None) or {})
        passage = prompts.get("passage") or prompts.get("document") or ""
        self._prefixes = {
            Role.QUERY: (prompts.get("query") or "") if query_prefix is None else query_prefix,
            Role.PASSAGE: passage if passage_prefix is None else passage_prefix,
        }
        probe = self._model.encode([""], normalize_embeddings=True, show_progress_bar=False)
        self._identity = ModelIdentity(model, self._digest(), int(probe.shape[1]))

    @property
    def identity(self) -> ModelIdentity:
        """The weights behind the vectors."""
        return self._identity

    def embed(
        self, texts: Sequence[str], role: Role, on_progress: Progress | None = None
    ) -> Embeddings:
        """Embed texts; see `Embedder.embed`."""
        prefix = self._prefixes[role]
        vectors = np.empty((len(texts), self._identity.dimension), dtype=np.float32)
        truncated = []
        for position, text in enumerate(texts):
            # Tokenizers refuse halves of characters, which JSON can carry.
            whole = (prefix + text).encode("utf-8", "replace").decode()
            vectors[position] = self._model.encode(
                [whole],
                prompt="",
                batch_size=1,
                normalize_embeddings=True,
                show_progress_bar=False,
                convert_to_numpy=True,
            )[0]
            if self._is_longer_than_read(whole):
                truncated.append(position)
            if on_progress is not None:
                on_progress(1)
        return Embeddings(vectors, tuple(truncated))

    def _is_longer_than_read(self, text: str) -> bool:
        limit = self._model.max_seq_length
        if limit is None:
            return False
        tokens = self._model.tokenizer(text, truncation=False, verbose=False)["input_ids"]
        return bool(len(tokens) > limit)

    def _digest(self) -> str:
        torch = import_module("torch")
        digest = hashlib.sha256()
        for name, tensor in sorted(self._model.state_dict().items()):
            values = tensor.detach().cpu().contiguous()
            digest.update(f"{name} {values.dtype} {tuple(values.shape)}".encode())
            digest.update(values.flatten().view(torch.uint8).numpy().data)
        for role, prefix in sorted(self._prefixes.items()):
            digest.update(f"\0{role} {prefix}".encode())
        return digest.hexdigest()


def _library() -> ModuleType:
    try:
        return import_module("sentence_transformers")
    except ImportError as error:
        raise ExtraMissingError(
            "The model named in the settings needs sentence-transformers, which is not installed. "
            "Run `pip install 'polyfaq[transformers]'`, or use a model of `polyfaq models list`."
        ) from error
