"""Every stand-in that the tests use, in one place."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Semaphore

import numpy as np

from app.answering.answer import AnswerKind
from app.answering.ports import KnowledgeIndex
from app.answering.question import UserValue
from app.answering.writing import Assignment, Ground, Passed, Purpose, Unwritten, UnwrittenError
from app.generating.budgets import Allowance, Budget, SpendingUnavailableError
from app.grounding.fault import Fault, UngroundedError
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
from indexer.debias import LanguageDebias
from indexer.decision import Confidence, Decision, Outcome, Reason
from indexer.explanation import ConfidenceExplanation, FeatureShare
from indexer.query import Query
from indexer.ranking import Ranking, ScoredEntry
from indexer.support import SupportModel
from knowledge_base.entry import Record
from models.embedding import Embeddings, ModelIdentity, Role
from models.generation import GenerationLimits, GeneratorError, Message
from models.marked_text import Marked, MarkedText, from_html, to_html
from models.translation import (
    Pair,
    Translated,
    TranslationFailedError,
    TranslatorUnavailableError,
)


class FakeEmbedder:
    """Vectors from hashed character trigrams: alike strings are near, and no model is needed.

    The role is ignored, so that a question is nearest to itself. `calls` keeps every batch that
    was embedded, for tests that specify what must not be embedded twice.
    """

    def __init__(
        self, dimension: int = 64, name: str = "fake", max_characters: int | None = None
    ) -> None:
        self._identity = ModelIdentity(
            name=name,
            weights_sha256=hashlib.sha256(f"{name}/{dimension}".encode()).hexdigest(),
            dimension=dimension,
        )
        self._max_characters = max_characters
        self.calls: list[tuple[Role, tuple[str, ...]]] = []

    @property
    def identity(self) -> ModelIdentity:
        return self._identity

    @property
    def embedded_texts(self) -> list[str]:
        return [text for _, texts in self.calls for text in texts]

    def embed(
        self,
        texts: Sequence[str],
        role: Role,
        on_progress: Callable[[int], None] | None = None,
    ) -> Embeddings:
        self.calls.append((role, tuple(texts)))
        vectors = np.empty((len(texts), self._identity.dimension), dtype=np.float32)
        truncated = []
        for position, text in enumerate(texts):
            if self._max_characters is not None and len(text) > self._max_characters:
                truncated.append(position)
                text = text[: self._max_characters]  # noqa: PLW2901 - what the model would read
            vectors[position] = self._vector(text)
            if on_progress is not None:
                on_progress(1)
        return Embeddings(vectors=vectors, truncated=tuple(truncated))

    def _vector(self, text: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        padded = f"  {text.casefold()} "
        vector = np.zeros(self._identity.dimension, dtype=np.float32)
        for start in range(len(padded) - 2):
            digest = hashlib.blake2b(
                padded[start : start + 3].encode("utf-8", "surrogatepass"), digest_size=4
            ).digest()
            number = int.from_bytes(digest, "little")
            vector[(number >> 1) % len(vector)] += 1.0 if number & 1 else -1.0
        length = float(np.linalg.norm(vector))
        if length == 0.0:
            vector[0], length = 1.0, 1.0
        return vector / np.float32(length)


class HeldUpEmbedder(FakeEmbedder):
    """Embeds texts that hold a word only when someone has written to a named pipe."""

    def __init__(self, word: str, pipe: Path) -> None:
        super().__init__()
        self._word = word
        self._pipe = pipe

    def embed(
        self,
        texts: Sequence[str],
        role: Role,
        on_progress: Callable[[int], None] | None = None,
    ) -> Embeddings:
        if any(self._word in text for text in texts):
            self._pipe.read_bytes()
        return super().embed(texts, role, on_progress)


class SteppingClock:
    """A clock that is `step` later at every look, so that times differ without waiting."""

    def __init__(self, step: timedelta = timedelta(seconds=1)) -> None:
        self.now = datetime(2026, 11, 22, 10, 38, 11, tzinfo=UTC)
        self.step = step

    def __call__(self) -> datetime:
        self.now += self.step
        return self.now


class FakeIndex:
    """Ranks entries by the words they share with the question; made of records, not of files.

    An entry that shares at least half of all words is answered, two of like score are to choose
    from, one that shares no word is nothing similar.
    """

    def __init__(
        self,
        records: Sequence[Record],
        id: str = "2026-11-22T10-38-11Z-1f3a",  # noqa: A002 - the name that the port has
        default_language: str = "en",
        support: SupportModel | None = None,
    ) -> None:
        self.id = id
        self.support = support or no_support_learnt()
        self.default_language = default_language
        self.languages = tuple(dict.fromkeys(record.lang for record in records))
        self.ranked: list[Query] = []
        self._records: dict[str, dict[str, Record]] = {}
        for record in records:
            self._records.setdefault(record.id, {})[record.lang] = record

    def rank(self, query: Query, limit: int = 10) -> Ranking:
        self.ranked.append(query)
        entries = [
            self._score(entry_id, query.text)
            for entry_id, records in self._records.items()
            if self._may_answer(next(iter(records.values())), query)
        ]
        entries.sort(key=lambda entry: -entry.score)
        best = [entry.score for entry in entries[:2]]
        return Ranking(tuple(entries[:limit]), np.array(best, dtype=np.float32))

    def decide(self, ranking: Ranking) -> Decision:
        scores = [entry.score for entry in ranking.entries]
        confidence = Confidence(scores[0] if scores else 0.0, 0.5)
        if not scores or scores[0] == 0.0:
            closest = ranking.entries[:3]
            return Decision(Outcome.HANDOFF, Reason.NOTHING_SIMILAR, confidence, closest)
        if len(scores) > 1 and scores[1] > 0 and scores[0] - scores[1] < 0.05:
            both = ranking.entries[:2]
            return Decision(Outcome.CLARIFY, Reason.LOW_CONFIDENCE, confidence, both)
        if scores[0] >= 0.5:
            return Decision(Outcome.ANSWERED, None, confidence, ranking.entries[:1])
        return Decision(Outcome.HANDOFF, Reason.LOW_CONFIDENCE, confidence, ranking.entries[:3])

    def explain(self, ranking: Ranking) -> ConfidenceExplanation:
        found = tuple(
            FeatureShare("words shared", float(value), float(value) * 2)
            for value in ranking.features[:1]
        )
        probability = found[0].value if found else 0.0
        return ConfidenceExplanation(found, -1.0, 0.0, probability, 0.5, ranking.verbatim)

    def record(self, entry_id: str, lang: str) -> Record | None:
        return self._records.get(entry_id, {}).get(lang)

    def records_of(self, entry_id: str) -> Mapping[str, Record]:
        return self._records.get(entry_id, {})

    @property
    def entry_ids(self) -> Iterable[str]:
        return self._records.keys()

    def _score(self, entry_id: str, text: str) -> ScoredEntry:
        asked = _words(text)
        shares = {
            lang: len(asked & known) / len(asked | known)
            for lang, record in self._records[entry_id].items()
            if (known := _words(record.question)) or asked
        }
        language = max(shares, key=shares.__getitem__)
        score = shares[language]
        return ScoredEntry(entry_id, score, score, score, language)

    def _may_answer(self, record: Record, query: Query) -> bool:
        filters = query.filters
        return (not filters.tags or bool(filters.tags & set(record.tags))) and all(
            record.metadata.get(key) == value for key, value in filters.metadata.items()
        )


def no_support_learnt(dimension: int = 64) -> SupportModel:
    """The bounds shipped with polyfaq, for vectors of no language in particular."""
    nothing = LanguageDebias.fit(np.zeros((0, dimension), np.float32), [], [])
    return SupportModel.shipped(nothing, 0, 0)


def _words(text: str) -> set[str]:
    return {word.strip("?!.,") for word in text.casefold().split()} - {""}


class WordDetector:
    """Knows the language of texts by a word each of them holds."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words

    def probabilities(self, text: str) -> Mapping[str, float]:
        found = [tag for word, tag in self._words.items() if word in text.casefold()]
        return {found[0]: 1.0} if found else {}


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


class FixedDetector:
    """Finds the same language probabilities in every text, and keeps the texts it has read."""

    def __init__(self, found: Mapping[str, float]) -> None:
        self._found = found
        self.texts: list[str] = []

    def probabilities(self, text: str) -> Mapping[str, float]:
        self.texts.append(text)
        return self._found


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


class FakeWriter:
    """Writes these pieces for every text of the purposes it takes, then fails if it is told to.

    `asked` keeps what it was given; `open` counts the texts that are being written.
    """

    def __init__(
        self,
        *pieces: str,
        kind: AnswerKind = AnswerKind.GENERATED,
        failure: Unwritten | Exception | None = None,
        purposes: Sequence[Purpose] = tuple(Purpose),
        passages: Sequence[str | None] = (),
    ) -> None:
        self.kind = kind
        self.passages = passages
        self.pieces = pieces
        self.failure = failure
        self.purposes = purposes
        self.asked: list[Assignment] = []
        self.open = 0

    def takes(self, assignment: Assignment) -> bool:
        return assignment.purpose in self.purposes

    def write(self, assignment: Assignment, index: KnowledgeIndex) -> Iterator[Passed]:
        self.asked.append(assignment)
        self.open += 1
        try:
            for place, piece in enumerate(self.pieces):
                record = assignment.records[min(place, len(assignment.records) - 1)]
                shown = index.record(record.id, record.lang)
                passage = self.passages[place] if place < len(self.passages) else None
                yield Passed(piece, record if shown is None else shown, passage)
            if isinstance(self.failure, Exception):
                raise self.failure
            if self.failure is not None:
                raise UnwrittenError(self.failure, "it did not come to its end")
        finally:
            self.open -= 1


class HeldUpWriter(FakeWriter):
    """Writes each piece only when the test lets it."""

    def __init__(self, *pieces: str) -> None:
        super().__init__(*pieces)
        self._leave = Semaphore(0)
        self.has_begun = Event()

    def let(self, pieces: int = 1) -> None:
        self._leave.release(pieces)

    def write(self, assignment: Assignment, index: KnowledgeIndex) -> Iterator[Passed]:
        with closing(super().write(assignment, index)) as written:  # type: ignore[type-var] # a generator
            for piece in written:
                self.has_begun.set()
                self._leave.acquire(timeout=60)
                yield piece


class FakeGenerator:
    """Knows by heart what to write after texts in `<text>` tags; others it writes in capitals.

    `asked` and `limits` keep what it was given; `errors` are raised for the texts that they name.
    """

    def __init__(self, phrases: Mapping[str, str] | None = None) -> None:
        self.phrases = {} if phrases is None else dict(phrases)
        self.errors: dict[str, GeneratorError] = {}
        self.asked: list[tuple[Message, ...]] = []
        self.limits: list[GenerationLimits] = []

    @property
    def identity(self) -> str:
        return "fake"

    def generate(self, messages: Sequence[Message], limits: GenerationLimits) -> Iterator[str]:
        self.asked.append(tuple(messages))
        self.limits.append(limits)
        text = messages[-1].text.rpartition("<text>")[2].removesuffix("</text>")
        if text in self.errors:
            raise self.errors[text]
        written = self.phrases.get(text, text.upper())
        middle = len(written) // 2
        yield from (written[:middle], written[middle:])


class ScriptedGenerator:
    """Writes these replies, one after the other; an error within one is raised at its place.

    `asked` and `limits` keep what it was given; `open` counts the texts that are being written.
    """

    def __init__(self, *replies: Sequence[str | GeneratorError]) -> None:
        self.replies = list(replies)
        self.asked: list[tuple[Message, ...]] = []
        self.limits: list[GenerationLimits] = []
        self.taken = 0
        self.open = 0

    @property
    def identity(self) -> str:
        return "scripted"

    def generate(self, messages: Sequence[Message], limits: GenerationLimits) -> Iterator[str]:
        self.asked.append(tuple(messages))
        self.limits.append(limits)
        self.open += 1
        try:
            for piece in self.replies.pop(0):
                if isinstance(piece, GeneratorError):
                    raise piece
                self.taken += 1
                yield piece
        finally:
            self.open -= 1


class FakeChecks:
    """Refuses sentences that hold certain words, and texts as a whole where it is told to.

    `begun` keeps what each text was to be judged by.
    """

    def __init__(
        self, refused: Mapping[str, Fault] | None = None, whole: Fault | None = None
    ) -> None:
        self.refused = {} if refused is None else dict(refused)
        self.whole_fault = whole
        self.begun: list[tuple[Sequence[Record], str, str, Sequence[str], str]] = []

    def begin(
        self,
        index: KnowledgeIndex,
        records: Sequence[Record],
        reader: str,
        question: str,
        *,
        canaries: Sequence[str] = (),
        system_text: str = "",
    ) -> "FakeCheck":
        del index
        self.begun.append((records, reader, question, canaries, system_text))
        return FakeCheck(self, records, canaries, system_text)


class FakeCheck:
    """What `FakeChecks` begins: sentences are grounded in the record whose words they share."""

    def __init__(
        self,
        checks: FakeChecks,
        records: Sequence[Record],
        canaries: Sequence[str],
        system_text: str,
    ) -> None:
        self._checks = checks
        self._records = records
        self._canaries = canaries
        self._system_text = system_text

    def sentence(self, text: str) -> Ground:
        if text.strip() in self._system_text or any(canary in text for canary in self._canaries):
            raise UngroundedError(Fault.INSTRUCTION, "It repeats what it was told.")
        for word, fault in self._checks.refused.items():
            if word in text:
                raise UngroundedError(fault, f'No passage says "{word}".')
        said = _words(text)
        record = max(self._records, key=lambda record: len(said & _words(record.answer)))
        return Ground(record, record.answer)

    def whole(self) -> None:
        if self._checks.whole_fault is not None:
            raise UngroundedError(self._checks.whole_fault, "It says nothing.")


class FakeTranslator:
    """Knows phrases by heart; marks and pieces are written as HTML on both sides.

    What it does not know comes back with each word spelled backwards. `calls` keeps what it was
    asked; `broken` are texts that it fails on, `unknown` how many words of a text it does not know,
    `on_call` is called each time.
    """

    def __init__(
        self,
        phrases: Mapping[str, str] | None = None,
        pairs: Sequence[tuple[str, str]] = (("en", "fr"),),
    ) -> None:
        self.phrases = {} if phrases is None else dict(phrases)
        self.known = frozenset(Pair(*pair) for pair in pairs)
        self.calls: list[tuple[Pair, tuple[str, ...]]] = []
        self.unknown: dict[str, int] = {}
        self.broken: set[str] = set()
        self.is_down = False
        self.on_call: Callable[[], object] = lambda: None

    @property
    def identity(self) -> str:
        return "fake"

    @property
    def texts_at_once(self) -> int:
        return 48

    @property
    def asked(self) -> list[str]:
        return [text for _, texts in self.calls for text in texts]

    def pairs(self) -> frozenset[Pair]:
        return self.known

    def translate(self, texts: Sequence[MarkedText], pair: Pair) -> tuple[Translated, ...]:
        written = tuple(to_html(text) for text in texts)
        self.calls.append((pair, written))
        self.on_call()
        if self.is_down:
            raise TranslatorUnavailableError("the test took the translator down")
        if self.broken & set(written):
            raise TranslationFailedError("the test broke these texts")
        return tuple(
            Translated(
                from_html(self.phrases[html]) if html in self.phrases else _backwards(text),
                self.unknown.get(html, 0),
            )
            for html, text in zip(written, texts, strict=True)
        )


class WaitingTranslator(FakeTranslator):
    """Says that it has begun, and translates when it is told to go on."""

    def __init__(self, phrases: Mapping[str, str] | None = None) -> None:
        super().__init__(phrases)
        self.has_begun = Event()
        self.go_on = Event()
        self.on_call = self._wait

    def _wait(self) -> None:
        self.has_begun.set()
        self.go_on.wait(60)


def _backwards(text: MarkedText) -> MarkedText:
    return tuple(
        re.sub(r"[^\W\d_]+", lambda word: word.group()[::-1], part)
        if isinstance(part, str)
        else replace(part, parts=_backwards(part.parts))
        if isinstance(part, Marked)
        else part
        for part in text
    )


class SilentTranslation:
    """Progress that nobody looks at."""

    def translating(self, total: int) -> None:
        pass

    def translated(self, count: int) -> None:
        pass
