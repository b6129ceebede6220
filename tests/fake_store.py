"""A store in memory: tickets, answers, replies and spending."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.answering.question import UserValue
from app.generating.budgets import Allowance, Budget, SpendingUnavailableError
from app.handoff.tickets import (
    CursorError,
    Ticket,
    TicketPage,
    TicketQuestion,
    TicketRequest,
    TicketStatus,
    TicketsUnavailableError,
)
from app.idempotency import IdempotencyKey, KeyReusedError, RepliesUnavailableError, Reply
from app.journal import AnswerRecord, Feedback, JournalUnavailableError
from tests.fakes import SteppingClock


class MemoryTickets:
    """Tickets that last as long as the test; `is_down` makes every call fail."""

    def __init__(self) -> None:
        self.is_down = False
        self.requests: list[TicketRequest] = []
        self._tickets: dict[str, Ticket] = {}
        self._by_key: dict[str, str] = {}
        self._now = SteppingClock()

    def open(self, request: TicketRequest) -> Ticket:
        self._check()
        if request.idempotency_key in self._by_key:
            return self._tickets[self._by_key[request.idempotency_key]]
        self.requests.append(request)
        ticket = self._with_question(request)
        self._tickets[ticket.ticket_id] = ticket
        if request.idempotency_key is not None:
            self._by_key[request.idempotency_key] = ticket.ticket_id
        return ticket

    def find(self, ticket_id: str) -> Ticket | None:
        self._check()
        return self._tickets.get(ticket_id)

    def page(
        self, status: TicketStatus | None = None, limit: int = 50, cursor: str | None = None
    ) -> TicketPage:
        self._check()
        if cursor is not None and not cursor.isdecimal():
            raise CursorError(cursor)
        start = int(cursor or 0)
        found = [t for t in reversed(self._tickets.values()) if status in {None, t.status}]
        end = start + limit
        return TicketPage(tuple(found[start:end]), str(end) if end < len(found) else None)

    def resolve(self, ticket_id: str) -> Ticket | None:
        self._check()
        ticket = self._tickets.get(ticket_id)
        if ticket is not None and ticket.status is TicketStatus.OPEN:
            now = self._now()
            ticket = replace(ticket, status=TicketStatus.RESOLVED, updated_at=now, resolved_at=now)
            self._tickets[ticket_id] = ticket
        return ticket

    def _with_question(self, request: TicketRequest) -> Ticket:
        now = self._now()
        question = TicketQuestion(
            text=request.question,
            language=request.language,
            reason=request.reason,
            retrieved=request.retrieved,
            answer_id=request.answer_id,
            generation=request.generation,
            asked_at=now,
        )
        for ticket in self._tickets.values():
            if (
                ticket.conversation_id == request.conversation_id
                and ticket.status is TicketStatus.OPEN
            ):
                return replace(
                    ticket,
                    language=request.language,
                    reason=request.reason,
                    questions=(*ticket.questions, question),
                    contact=request.contact or ticket.contact,
                    updated_at=now,
                )
        user: Mapping[str, UserValue] = request.user
        return Ticket(
            ticket_id=f"T-{len(self._tickets) + 1}",
            status=TicketStatus.OPEN,
            conversation_id=request.conversation_id,
            language=request.language,
            reason=request.reason,
            questions=(question,),
            contact=request.contact,
            user=user,
            created_at=now,
            updated_at=now,
            resolved_at=None,
        )

    def _check(self) -> None:
        if self.is_down:
            raise TicketsUnavailableError("the test took the store /secret/path.db down")


class MemoryJournal:
    """A journal that lasts as long as the test; `is_down` makes every call fail."""

    def __init__(self) -> None:
        self.is_down = False
        self.records: list[AnswerRecord] = []
        self.feedback: dict[str, Feedback] = {}
        self.lookups: list[str] = []

    def append(self, records: Sequence[AnswerRecord]) -> None:
        self._check()
        self.records.extend(records)

    def last_language(self, conversation_id: str) -> str | None:
        self._check()
        self.lookups.append(conversation_id)
        known = [r.language for r in self.records if r.conversation_id == conversation_id]
        return known[-1] if known else None

    def add_feedback(self, feedback: Feedback) -> bool:
        self._check()
        if all(record.answer_id != feedback.answer_id for record in self.records):
            return False
        self.feedback[feedback.answer_id] = feedback
        return True

    def _check(self) -> None:
        if self.is_down:
            raise JournalUnavailableError("the test took the store /secret/path.db down")


class MemoryReplies:
    """Replies that last as long as the test; `is_down` makes every call fail."""

    def __init__(self) -> None:
        self.is_down = False
        self._replies: dict[tuple[str, str], tuple[str, Reply]] = {}

    def find(self, key: IdempotencyKey) -> Reply | None:
        if self.is_down:
            raise RepliesUnavailableError("the test took the store /secret/path.db down")
        digest, reply = self._replies.get((key.scope, key.value), (key.digest, None))
        if digest != key.digest:
            raise KeyReusedError(key.value)
        return reply

    def keep(self, key: IdempotencyKey, reply: Reply) -> Reply:
        kept = self.find(key)
        if kept is None:
            self._replies[key.scope, key.value] = (key.digest, reply)
        return kept or reply


class MemorySpending:
    """Texts counted for as long as the test lasts; `is_down` makes every call fail."""

    def __init__(self) -> None:
        self.is_down = False
        self.of_conversations: Counter[str] = Counter()

    def spend(self, conversation_id: str, allowance: Allowance) -> Budget | None:
        self._check()
        if self.of_conversations.total() >= allowance.per_day:
            return Budget.DAY
        if self.of_conversations[conversation_id] >= allowance.per_conversation:
            return Budget.CONVERSATION
        self.of_conversations[conversation_id] += 1
        return None

    def give_back(self, conversation_id: str) -> None:
        self._check()
        self.of_conversations[conversation_id] -= 1

    def _check(self) -> None:
        if self.is_down:
            raise SpendingUnavailableError("the test took the store /secret/path.db down")


class MemoryStore:
    """All that is kept, for as long as the test lasts."""

    def __init__(self) -> None:
        self.tickets = MemoryTickets()
        self.journal = MemoryJournal()
        self.replies = MemoryReplies()
        self.spending = MemorySpending()
        self.is_closed = False

    def close(self) -> None:
        self.is_closed = True
