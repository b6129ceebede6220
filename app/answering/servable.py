"""Which text of an entry a visitor may be shown today, in which language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.answering.ports import KnowledgeIndex
from knowledge_base.entry import Origin, Record
from knowledge_base.languages import closest_tag, fallback_chain


@dataclass(frozen=True, slots=True)
class ServableTexts:
    """What visitors may see of one index on one day.

    Attributes:
        index: Where the records are.
        today: The day that validity is judged by.
        fallbacks: Canonical tags to try, in this order, where the visitor's language has no text.
        human_only: Leave out what a machine wrote, approved or not.
    """

    index: KnowledgeIndex
    today: date
    fallbacks: Sequence[str] = ()
    human_only: bool = False

    def choose(self, entry_id: str, language: str) -> Record | None:
        """Choose an entry's text for a reader.

        The reader's language comes first, then its base language, its other variants, the
        configured languages, the default one, and whatever there is.

        Returns:
            None where no text of the entry may be shown today.
        """
        for tag in fallback_chain(language):
            record = self.index.record(entry_id, tag)
            if record is not None and self.may_show(record):
                return record
        records = {
            tag: record
            for tag, record in self.index.records_of(entry_id).items()
            if self.may_show(record)
        }
        for wanted in (language, *self.fallbacks, self.index.default_language):
            closest = closest_tag(wanted, records)
            if closest is not None:
                return records[closest]
        return next(iter(records.values()), None)

    def has_text(self, entry_id: str) -> bool:
        """Tell whether any text of an entry may be shown."""
        return self.choose(entry_id, self.index.default_language) is not None

    def may_show(self, record: Record) -> bool:
        """Tell whether a text is approved, valid today and of an author that is wanted."""
        return record.is_servable(self.today) and not (
            self.human_only and record.origin is Origin.MACHINE
        )
