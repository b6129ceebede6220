"""What callers may send."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from app.answering.question import Mode, Question, SearchQuestion
from app.handoff.tickets import TicketStatus
from app.journal import Rating
from indexer.query import Filters
from knowledge_base.languages import canonical_tag

AcceptedLanguages = tuple[tuple[str, float], ...]

_CONTROL = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f"
_TEXT = f"^[^{_CONTROL}]*$"
# Marks of direction, joiners, variation selectors, blank letters: nobody sees them alone.
_UNSEEN = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
_SPOKEN = rf"^[^{_CONTROL}]*[^\s\u0000-\u001f\u007f{_UNSEEN}][^{_CONTROL}]*$"
_IDENTIFIER = r"^[A-Za-z0-9._~-]{1,100}$"
_TAG = r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*$"
_MOST_KEYS = 20

TAG_FORMAT: Final = "bcp47"
"""Marks a language tag in a schema, where a pattern then tells which languages there are."""

PATTERN_MESSAGES: Final = {
    _TEXT: "must not hold control characters",
    _SPOKEN: "must hold text, and no control characters",
    _IDENTIFIER: "must be 1 to 100 letters, digits or one of . _ ~ -",
    _TAG: "must be a BCP 47 language tag, such as en, pt-BR or zh-Hant",
}
"""What is wrong with a text that does not match a pattern, in words."""

Identifier = Annotated[str, Field(pattern=_IDENTIFIER)]
Tag = Annotated[
    str,
    Field(
        pattern=_TAG,
        max_length=64,
        description="BCP 47 tag, such as `en`, `pt-BR` or `zh-Hant`.",
        json_schema_extra={"format": TAG_FORMAT},
    ),
    AfterValidator(canonical_tag),
]
SpokenText = Annotated[str, Field(min_length=1, max_length=1000, pattern=_SPOKEN)]
Key = Annotated[str, Field(min_length=1, max_length=64, pattern=_TEXT)]
ShortText = Annotated[str, Field(max_length=200, pattern=_TEXT)]
LongText = Annotated[str, Field(max_length=2000, pattern=_TEXT)]
Number = Annotated[float, Field(allow_inf_nan=False)]
User = Annotated[
    dict[Key, ShortText | bool | int | Number | None],
    Field(
        max_length=_MOST_KEYS,
        description="What the website tells about its visitor; passed on with a ticket.",
        json_schema_extra={"additionalProperties": False},
    ),
]


def _without_fraction(value: object) -> object:
    # To JSON, 10.0 is the same whole number as 10.
    return int(value) if isinstance(value, float) and value.is_integer() else value


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FiltersIn(BaseModel):
    """Which entries may answer: those with one of the tags and all of the other values."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)
    __pydantic_extra__: dict[str, ShortText] = Field(init=False)

    tags: Annotated[
        list[ShortText],
        Field(max_length=_MOST_KEYS, description="At least one must be among an entry's tags."),
    ] = []

    def filters(self) -> Filters:
        """Give the filters as the index takes them."""
        return Filters(frozenset(self.tags), self.__pydantic_extra__ or {})


class AskIn(_Request):
    """A question to be answered."""

    question: SpokenText
    language: Annotated[Tag | None, Field(description="Overrides detection.")] = None
    page_language: Annotated[Tag | None, Field(description="Weighed, not obeyed.")] = None
    conversation_id: Annotated[
        Identifier | None, Field(description="Of an earlier answer; a new one is made if missing.")
    ] = None
    user: User = {}
    filters: FiltersIn | None = None
    mode: Annotated[
        Mode,
        Field(
            description="`curated` never delivers machine-written text; `retrieve` decides the "
            "same as `auto` but opens no ticket."
        ),
    ] = Mode.AUTO
    explain: Annotated[
        bool,
        Field(description="Adds `explanation`; for operators, who send their key."),
    ] = False
    stream: Annotated[
        bool, Field(description="Answers as `text/event-stream`: the text as it comes about.")
    ] = False

    def to_question(self, accepted: AcceptedLanguages, key: str | None) -> Question:
        """Give the question as the pipeline takes it.

        Args:
            accepted: What the Accept-Language header says.
            key: What the Idempotency-Key header says.
        """
        return Question(
            text=self.question,
            language=self.language,
            page_language=self.page_language,
            accept_languages=accepted,
            conversation_id=self.conversation_id,
            user=self.user,
            filters=_NO_FILTERS if self.filters is None else self.filters.filters(),
            mode=self.mode,
            explain=self.explain,
            idempotency_key=key,
        )


class SearchIn(_Request):
    """A question to rank entries by."""

    question: SpokenText
    language: Annotated[Tag | None, Field(description="Overrides detection.")] = None
    filters: FiltersIn | None = None
    limit: Annotated[int, Field(ge=1, le=100), BeforeValidator(_without_fraction)] = 10

    def to_question(self, accepted: AcceptedLanguages) -> SearchQuestion:
        """Give the question as the search takes it."""
        return SearchQuestion(
            text=self.question,
            language=self.language,
            accept_languages=accepted,
            filters=_NO_FILTERS if self.filters is None else self.filters.filters(),
            limit=self.limit,
        )


class FeedbackIn(_Request):
    """What a visitor thought of an answer."""

    rating: Rating
    reason: Annotated[
        ShortText | None, Field(description="A keyword of the website's own, such as `outdated`.")
    ] = None
    comment: LongText | None = None
    correction: Annotated[
        LongText | None, Field(description="What the answer should have been.")
    ] = None


class HandoffIn(_Request):
    """A visitor's wish for a person."""

    question: SpokenText | None = None
    conversation_id: Identifier | None = None
    answer_id: Annotated[
        Identifier | None, Field(description="The answer that the visitor was not helped by.")
    ] = None
    language: Tag | None = None
    page_language: Tag | None = None
    contact: Annotated[
        ShortText | None, Field(description="How to reach the visitor, such as an e-mail address.")
    ] = None
    user: User = {}


class HandoffsQuery(_Request):
    """Which tickets to list."""

    status: Annotated[TicketStatus | None, Field(description="All when missing.")] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[
        str | None, Field(max_length=200, pattern=_TEXT, description="`next_cursor` of a page.")
    ] = None


_NO_FILTERS = Filters()
