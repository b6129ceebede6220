"""An answer as the text of a chat message: all that a page would show, in Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from app.answering.answer import Answer, Citation, Remark
from app.answering.events import AnswerEvent, Cited, Delta, Meta
from app.answering.markdown import to_markdown
from app.notices import Notice, Notices
from indexer.decision import Outcome


class ChatText:
    """Writes one answer.

    Args:
        notices: Speaks the visitor's language.
        is_first: It is the first reply of its conversation, which says that a machine speaks.
    """

    def __init__(self, notices: Notices, *, is_first: bool) -> None:
        self._notices = notices
        self._is_first = is_first
        self._remark: Remark | None = None

    def write(self, event: AnswerEvent) -> str:
        """Write what an event adds to the message; nothing for some."""
        if isinstance(event, Meta):
            self._remark = event.remark
            above = [event.disclosure] if self._is_first else []
            if event.remark is not None:
                above.append(event.remark.text)
            return "".join(f"{line}\n\n" for line in above)
        if isinstance(event, Delta):
            return event.text
        if isinstance(event, Cited):
            return ""
        return "".join(f"\n\n{part}" for part in self._below(event.answer))

    def _below(self, answer: Answer) -> Iterator[str]:
        text = answer.text
        if text.remark is not None and text.remark != self._remark:
            yield text.remark.text
        if answer.outcome is Outcome.CLARIFY:
            yield _list(to_markdown(other.question) for other in answer.alternatives)
        reader = text.language if text.remark is None else text.remark.language
        if answer.handoff is not None:
            ticket = f"`{answer.handoff.ticket_id}`"
            yield self._notices.text(Notice.TICKET_NUMBER, reader, ticket=ticket).text
        if answer.citations:
            sources = _list(_source(citation) for citation in answer.citations)
            yield f"{self._notices.text(Notice.SOURCES, reader).text}\n\n{sources}"


def _source(citation: Citation) -> str:
    label = to_markdown(citation.question)
    url = "" if citation.url is None else "%20".join(citation.url.split())
    if not url.lower().startswith(("http://", "https://")):
        return label
    return f"[{label}](<{url.translate(_IN_ANGLES)}>)"


def _list(items: Iterator[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


_IN_ANGLES = str.maketrans({"<": "%3C", ">": "%3E", "\\": "%5C"})
