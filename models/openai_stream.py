"""The chat API of OpenAI on the wire: what is asked, and the events of the reply."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from models.generation import BrokenReplyError, Message, TooLongError

_SHOWN = 200
_END = "[DONE]"


def request_body(model: str, messages: Sequence[Message], tokens: int) -> bytes:
    """Ask for the likeliest next message, as it is written.

    Args:
        model: As the server names it.
        messages: The conversation.
        tokens: At most so many are written.
    """
    asked = {
        "model": model,
        "messages": [{"role": each.author, "content": each.text} for each in messages],
        "max_tokens": tokens,
        "temperature": 0,
        "stream": True,
    }
    return json.dumps(asked, ensure_ascii=True).encode()


def written(pieces: Iterable[bytes]) -> Iterator[str]:
    """Read the text of a reply from its server-sent events, as they come.

    Raises:
        BrokenReplyError: They are none, tell of an error, or end before the text does.
        TooLongError: The text was cut at the number of tokens.
    """
    has_ended = False
    is_empty = True
    for data in _events(pieces):
        if data == _END:
            has_ended = True
            break
        text, reason = _read(data)
        if text:
            is_empty = is_empty and not text.strip()
            yield text
        if reason == "length":
            raise TooLongError("the text was cut: it has more tokens than it may have")
        if reason == "content_filter":
            raise BrokenReplyError("the server's own filter withheld the text")
        has_ended = has_ended or reason is not None
    if not has_ended:
        raise BrokenReplyError("the reply broke off")
    if is_empty:
        raise BrokenReplyError("the reply is empty")


def error_message(body: bytes) -> str:
    """Find what a server says of an error: in one line, shortened."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return "no JSON"
    return _message(said) or "no reason given"


def _events(pieces: Iterable[bytes]) -> Iterator[str]:
    """Take the data of events from the lines of a stream; one line an event, as all servers do."""
    for line in _lines(pieces):
        try:
            text = line.decode()
        except UnicodeDecodeError:
            raise BrokenReplyError("the reply is not UTF-8") from None
        if text.startswith("data:"):
            yield text.removeprefix("data:").strip()
        elif text.startswith("error:"):
            raise BrokenReplyError(f"the server says: {_short(text)}")


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    begun: list[bytes] = []
    for piece in pieces:
        *lines, rest = piece.split(b"\n")
        for line in lines:
            yield b"".join([*begun, line]).rstrip(b"\r")
            begun = []
        begun.append(rest)
    yield b"".join(begun)


def _read(data: str) -> tuple[str, str | None]:
    try:
        event = json.loads(data)
    except (ValueError, RecursionError):
        raise BrokenReplyError(f"an event of the reply is no JSON: {_short(data)}") from None
    if not isinstance(event, Mapping):
        raise BrokenReplyError("an event of the reply is no object")
    if event.get("error"):
        raise BrokenReplyError(f"the server says: {_message(event) or 'error'}")
    choices = event.get("choices")
    if not isinstance(choices, list):
        raise BrokenReplyError("an event of the reply is not one of the chat API")
    if not choices:
        return "", None  # such as the one that counts tokens
    choice = choices[0] if isinstance(choices[0], Mapping) else {}
    delta, reason = choice.get("delta"), choice.get("finish_reason")
    text = delta.get("content") if isinstance(delta, Mapping) else None
    return text if isinstance(text, str) else "", reason if isinstance(reason, str) else None


def _message(said: object) -> str:
    error = said.get("error", said) if isinstance(said, Mapping) else said
    text = error.get("message", "") if isinstance(error, Mapping) else error
    return _short(str(text)) if text else ""


def _short(text: str) -> str:
    return " ".join(text.split())[:_SHOWN]
