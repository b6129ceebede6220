"""Values as the JSON that callers get."""

from __future__ import annotations

from typing import Any

import orjson

from app.answering.answer import Alternative, Answer, AnswerText, Citation, Remark, SearchResult
from app.answering.events import Meta
from app.answering.explanation import Explanation
from app.handoff.tickets import Ticket, TicketPage, TicketQuestion
from models.language_id import IdentifiedLanguage

Document = dict[str, Any]


def to_json(document: Document) -> bytes:
    """Write a document as the bytes of a reply."""
    return orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)


def answer_document(answer: Answer) -> Document:
    """Give the JSON of an answer, as `POST /v1/ask` returns it."""
    confidence, handoff = answer.confidence, answer.handoff
    document = {
        "answer_id": answer.answer_id,
        "conversation_id": answer.conversation_id,
        "outcome": answer.outcome,
        "reason": answer.reason,
        "answer": _text(answer.text),
        "query_language": _language(answer.query_language),
        "confidence": {
            "value": round(confidence.value, 4),
            "threshold": round(confidence.threshold, 4),
        },
        "citations": [citation_document(citation) for citation in answer.citations],
        "alternatives": [_alternative(other) for other in answer.alternatives],
        "handoff": handoff
        and {
            "ticket_id": handoff.ticket_id,
            "status": handoff.status,
            "message": handoff.message,
        },
        "disclosure": answer.disclosure,
        "generation": answer.generation,
        "timings_ms": answer.timings_ms,
    }
    if answer.explanation is not None:
        document["explanation"] = _explanation(answer.explanation)
    return document


def meta_document(meta: Meta) -> Document:
    """Give the JSON of what is known before the first word: the same fields as an answer's."""
    return {
        "answer_id": meta.answer_id,
        "conversation_id": meta.conversation_id,
        "outcome": meta.outcome,
        "answer": {
            "language": meta.language,
            "direction": meta.direction,
            "kind": meta.kind,
            "ai_generated": meta.ai_generated,
            "notice": _remark(meta.remark),
        },
        "query_language": _language(meta.query_language),
        "disclosure": meta.disclosure,
        "generation": meta.generation,
    }


def citation_document(citation: Citation) -> Document:
    """Give the JSON of a record that a text was taken from."""
    return {
        "entry_id": citation.entry_id,
        "language": citation.language,
        "question": citation.question,
        "url": citation.url,
        "score": round(citation.score, 4),
        "supports": [
            {"sentence": each.sentence, "passage": each.passage} for each in citation.supports
        ],
    }


def search_document(result: SearchResult) -> Document:
    """Give the JSON of ranked entries, as `POST /v1/search` returns it."""
    return {
        "results": [
            {
                "entry_id": hit.entry_id,
                "language": hit.language,
                "question": hit.question,
                "answer": hit.answer,
                "url": hit.url,
                "score": round(hit.score, 4),
            }
            for hit in result.hits
        ],
        "query_language": _language(result.query_language),
        "generation": result.generation,
    }


def ticket_document(ticket: Ticket) -> Document:
    """Give the JSON of a ticket, as operators get it."""
    return {
        **ticket_status_document(ticket),
        "conversation_id": ticket.conversation_id,
        "language": ticket.language,
        "reason": ticket.reason,
        "contact": ticket.contact,
        "user": dict(ticket.user),
        "questions": [_question(question) for question in ticket.questions],
    }


def ticket_status_document(ticket: Ticket) -> Document:
    """Give the JSON of a ticket, as its visitor gets it."""
    return {
        "ticket_id": ticket.ticket_id,
        "status": ticket.status,
        "created_at": ticket.created_at.isoformat(),
        "updated_at": ticket.updated_at.isoformat(),
        "resolved_at": ticket.resolved_at and ticket.resolved_at.isoformat(),
    }


def ticket_page_document(page: TicketPage) -> Document:
    """Give the JSON of a list of tickets."""
    return {
        "handoffs": [ticket_document(ticket) for ticket in page.tickets],
        "next_cursor": page.next_cursor,
    }


def _explanation(explanation: Explanation) -> Document:
    confidence = explanation.confidence
    return {
        "act": explanation.act,
        "features": [
            {
                "name": feature.name,
                "value": round(feature.value, 4),
                "contribution": round(feature.contribution, 4),
            }
            for feature in confidence.features
        ],
        "intercept": round(confidence.intercept, 4),
        "language_offset": round(confidence.language_offset, 4),
        "probability": round(confidence.probability, 4),
        "threshold": round(confidence.threshold, 4),
        "verbatim": confidence.verbatim,
        "candidates": [
            {
                "entry_id": entry.entry_id,
                "language": entry.language,
                "score": round(entry.score, 4),
                "dense": round(entry.dense, 4),
                "lexical": round(entry.lexical, 4),
            }
            for entry in explanation.candidates
        ],
    }


def _text(text: AnswerText) -> Document:
    return {
        "text": text.text,
        "html": text.html,
        "language": text.language,
        "direction": text.direction,
        "kind": text.kind,
        "ai_generated": text.ai_generated,
        "notice": _remark(text.remark),
    }


def _remark(remark: Remark | None) -> Document | None:
    if remark is None:
        return None
    return {
        "text": remark.text,
        "language": remark.language,
        "direction": remark.direction,
    }


def _language(language: IdentifiedLanguage) -> Document:
    return {
        "tag": language.tag,
        "confidence": round(language.confidence, 4),
        "source": language.source,
    }


def _alternative(other: Alternative) -> Document:
    return {
        "entry_id": other.entry_id,
        "question": other.question,
        "language": other.language,
        "score": round(other.score, 4),
    }


def _question(question: TicketQuestion) -> Document:
    return {
        "text": question.text,
        "language": question.language,
        "reason": question.reason,
        "answer_id": question.answer_id,
        "generation": question.generation,
        "asked_at": question.asked_at.isoformat(),
        "retrieved": [_alternative(other) for other in question.retrieved],
    }
