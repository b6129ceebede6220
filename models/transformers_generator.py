"""Any causal chat model in this process, for those who install the extra `transformers`."""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

from models.chat_model import ChatModel, load_chat_model
from models.generation import (
    BrokenReplyError,
    GenerationFailedError,
    GenerationLimits,
    GenerationTimedOutError,
    GeneratorError,
    Message,
    ModelTooLargeError,
    TooLongError,
)
from models.turns import Turns

_LOG = logging.getLogger(__name__)


class TransformersGenerator:
    """Writes with one copy of a model, which is loaded when it is first needed."""

    def __init__(
        self, model: str, *, turns: Turns, load: Callable[[str], ChatModel] = load_chat_model
    ) -> None:
        """Name the model; it is not loaded yet.

        Args:
            model: A folder, or a repository on the hub.
            turns: Bounds how many texts are written at once.
            load: Loads the model.
        """
        self._name = model
        self._turns = turns
        self._load = load
        self._loading = Lock()
        self._loaded: ChatModel | None = None

    @property
    def identity(self) -> str:
        """The model's folder or repository."""
        return f"transformers {self._name}"

    def generate(self, messages: Sequence[Message], limits: GenerationLimits) -> Iterator[str]:
        """Write in a thread of its own; see `Generator.generate`.

        Raises:
            GenerationModelError: The model cannot be loaded.
            GenerationTimedOutError: The text was not whole in time.
            TooLongError: The messages are longer than the model reads, or the text than it may be.
            BrokenReplyError: The model wrote nothing, or cannot work on these messages.
            GeneratorBusyError: There was no turn in time.
        """
        try:
            yield from self._generate(messages, limits)
        except GeneratorError as error:
            _LOG.warning("generator: %s: %s", self._name, error)
            raise

    def _generate(self, messages: Sequence[Message], limits: GenerationLimits) -> Iterator[str]:
        chat = self._chat()
        deadline = monotonic() + limits.seconds
        self._turns.take(limits.seconds)
        try:
            run = _Run(chat, messages, limits, deadline, self._turns.give)
        except BaseException:
            self._turns.give()
            raise
        run.start()
        yield from run.pieces()

    def _chat(self) -> ChatModel:
        with self._loading:
            if self._loaded is None:
                try:
                    self._loaded = self._load(self._name)
                except MemoryError:
                    raise ModelTooLargeError(
                        f"there is not enough memory for {self._name}; choose a smaller model"
                    ) from None
            return self._loaded


class _Run:
    """One text: a thread writes it, the caller takes the pieces."""

    def __init__(
        self,
        chat: ChatModel,
        messages: Sequence[Message],
        limits: GenerationLimits,
        deadline: float,
        on_end: Callable[[], None],
    ) -> None:
        self._chat = chat
        self._limits = limits
        self._deadline = deadline
        self._on_end = on_end
        self._is_unwanted = Event()
        self._failure: GenerationFailedError | None = None
        self._transformers: Any = import_module("transformers")
        self._streamer = self._transformers.TextIteratorStreamer(
            chat.tokenizer, skip_prompt=True, skip_special_tokens=True
        )
        # Only what this class itself puts there ends the text, once it is known how it ended.
        self._streamer.stop_signal = ""
        self._ends = _ends(chat)
        self._tokens = self._encoded(messages)

    def start(self) -> None:
        """Begin to write; the thread ends by itself, late by one token at most."""
        # No daemon: the library ends the process by force where it is cut off amid its work.
        Thread(target=self._write, name="generator").start()

    def pieces(self) -> Iterator[str]:
        """Give what is written, until it is whole."""
        is_empty = True
        try:
            while True:
                piece = self._next()
                if piece is None:
                    break
                if piece:
                    is_empty = is_empty and not piece.strip()
                    yield piece
        finally:
            self._is_unwanted.set()
        if self._failure is not None:
            raise self._failure
        if is_empty:
            raise BrokenReplyError("the model wrote nothing")

    def _next(self) -> str | None:
        # Reading a long text cannot be interrupted, so that the wait has to be.
        try:
            piece: str | None = self._streamer.text_queue.get(
                timeout=max(self._deadline - monotonic(), 0.001)
            )
        except queue.Empty:
            raise self._late() from None
        return piece

    def _encoded(self, messages: Sequence[Message]) -> Any:  # noqa: ANN401 - a tensor by name
        asked = [{"role": str(each.author), "content": each.text} for each in messages]
        try:
            tokens = self._chat.tokenizer.apply_chat_template(
                asked, add_generation_prompt=True, return_tensors="pt", return_dict=True
            )
        except Exception as error:
            raise BrokenReplyError(
                f"the model's chat template does not take these messages: {error}"
            ) from error
        asked_for = tokens["input_ids"].shape[1] + self._limits.tokens
        if asked_for > self._chat.most_tokens:
            raise TooLongError(
                f"messages and text may have {asked_for} tokens together, and the model reads "
                f"{self._chat.most_tokens}"
            )
        return tokens

    def _write(self) -> None:
        torch: Any = import_module("torch")
        try:
            with torch.inference_mode():
                written = self._chat.model.generate(
                    **self._tokens,
                    generation_config=self._configuration(),
                    streamer=self._streamer,
                    stopping_criteria=self._transformers.StoppingCriteriaList([self._must_stop]),
                )
            self._failure = self._fault(written[0])
        except MemoryError:
            self._failure = GenerationFailedError("there is not enough memory for this text")
        except Exception as error:  # noqa: BLE001 - the library raises all sorts
            self._failure = BrokenReplyError(f"the model cannot work on this: {error}")
        finally:
            self._on_end()
            self._streamer.text_queue.put(None)

    def _configuration(self) -> Any:  # noqa: ANN401 - the library has no types
        own = self._chat.model.generation_config
        padding = own.pad_token_id
        if padding is None and self._ends:
            padding = self._ends[0]
        return self._transformers.GenerationConfig(
            do_sample=False,
            max_new_tokens=self._limits.tokens,
            bos_token_id=own.bos_token_id,
            eos_token_id=self._ends or None,
            pad_token_id=padding,
        )

    def _must_stop(self, tokens: Any, _: Any, **__: Any) -> Any:  # noqa: ANN401 - called by the library
        torch: Any = import_module("torch")
        stops = self._is_unwanted.is_set() or monotonic() >= self._deadline
        return torch.full((tokens.shape[0],), stops, dtype=torch.bool)

    def _fault(self, written: Any) -> GenerationFailedError | None:  # noqa: ANN401 - a tensor
        if int(written[-1]) in self._ends:
            return None
        if monotonic() >= self._deadline:
            return self._late()
        return TooLongError("the text was cut: it has more tokens than it may have")

    def _late(self) -> GenerationTimedOutError:
        return GenerationTimedOutError(f"no whole text within {self._limits.seconds:g} s")


def _ends(chat: ChatModel) -> list[int]:
    """List the tokens that end a message."""
    own = chat.model.generation_config.eos_token_id
    listed = own if isinstance(own, list) else [own, chat.tokenizer.eos_token_id]
    return [token for token in dict.fromkeys(listed) if token is not None]
