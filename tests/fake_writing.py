"""Stand-ins for those who write answers, and for those who check what was written."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from threading import Event, Semaphore

from app.answering.answer import AnswerKind
from app.answering.ports import KnowledgeIndex
from app.answering.writing import Assignment, Ground, Passed, Purpose, Unwritten, UnwrittenError
from app.grounding.fault import Fault, UngroundedError
from knowledge_base.entry import Record
from models.generation import GenerationLimits, GeneratorError, Message
from tests.fakes import words_of


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
        said = words_of(text)
        record = max(self._records, key=lambda record: len(said & words_of(record.answer)))
        return Ground(record, record.answer)

    def whole(self) -> None:
        if self._checks.whole_fault is not None:
            raise UngroundedError(self._checks.whole_fault, "It says nothing.")
