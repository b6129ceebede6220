"""A real server around parts in memory: `python -m tests.memory_server FOLDER`.

The settings come from the environment. A question that holds `slow` is embedded only when the test
opens the FOLDER's pipe; a file `broken` in it makes the model unusable. As in the real server, the
master process imports none of the parts.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.serving import serve
from app.settings import Settings

if TYPE_CHECKING:
    from app.answering.turns import Turns
    from app.services import Services

FOLDER = Path(sys.argv[1])


def build(settings: Settings, turns: Turns) -> Services:
    from app.assembly import assemble
    from app.live import LiveGeneration
    from app.metrics import Metrics
    from app.translator_choices import live_translator_for
    from knowledge_base.entry import Record
    from models.embedding import ModelMissingError
    from models.language_id import LanguageIdentifier
    from tests.fake_store import MemoryStore
    from tests.fakes import FakeIndex, HeldUpEmbedder, WordDetector

    if (FOLDER / "broken").exists():
        raise ModelMissingError("models/none: there is no model; run `polyfaq models install`")
    index = FakeIndex([Record("a", "en", "A slow question?", "A slow answer.")])
    live = LiveGeneration(
        current_id=lambda: index.id,
        open_index=lambda _: index,
        identifier=lambda languages: LanguageIdentifier(languages, WordDetector({})),
        failures=(),
    )
    live.refresh()
    embedder = HeldUpEmbedder("slow", FOLDER / "pipe")
    translator = live_translator_for(settings)
    writers = [] if translator is None else [translator]
    return assemble(
        settings, embedder, live, Metrics(), MemoryStore(), writers=writers, turns=turns
    )


if __name__ == "__main__":
    sys.exit(serve(Settings.load(), build))
