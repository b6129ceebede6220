"""The first step: which language is the question in?"""

from __future__ import annotations

from collections.abc import Sequence

from app.answering.dialogue_acts import SHARED, RecognisedAct
from app.answering.ports import Knowledge
from knowledge_base.languages import base_language, closest_tag
from models.language_id import UNDETERMINED, IdentifiedLanguage
from models.language_letters import likeliest_language, telling_script
from models.language_priors import LanguageSource, Priors
from models.scripts import scripts_of


def query_language(
    text: str, declared: str | None, priors: Priors, knowledge: Knowledge
) -> IdentifiedLanguage:
    """Take the declared language, or identify it from the text and what suggests it.

    Args:
        text: The question as typed.
        declared: Canonical tag, believed without a look at the text; it need not be served.
        priors: Canonical tags, each of a served language or not.
        knowledge: Which languages are served.
    """
    if declared is not None:
        return IdentifiedLanguage(declared, 1.0, LanguageSource.DECLARED, 1.0)
    return knowledge.identifier.identify(text, _known(priors, knowledge.identifier.languages))


def reader_language(
    text: str, identified: IdentifiedLanguage, priors: Priors, matched: str | None, default: str
) -> str:
    """Choose the language to talk to the visitor in.

    Where the question's own is not known, that is what the page, the conversation or the browser
    suggests, then the language of the text that matched. None of them counts that is written in
    other letters than the question: who asks in Thai does not read whatever matched, though it may
    be all there is. Then letters tell the language, which need not be served.

    Args:
        text: The question as typed.
        identified: Its language, as far as that is known.
        priors: What suggests it.
        matched: The language of the text that matched, if any did.
        default: Spoken where nothing suggests anything.
    """
    if identified.tag != UNDETERMINED:
        return identified.tag
    accepted = max(priors.accept, key=lambda choice: choice[1], default=(None, 0.0))[0]
    suggested = [tag for tag in (priors.page, priors.conversation, accepted, matched) if tag]
    script = telling_script(text)
    if script is not None:
        suggested = [tag for tag in suggested if script in scripts_of(tag)]
        default = likeliest_language(text, script) or UNDETERMINED
    return suggested[0] if suggested else default


def language_of_act(
    identified: IdentifiedLanguage, recognised: RecognisedAct | None
) -> IdentifiedLanguage:
    """Correct the language by words that are known as an act.

    Such words are few and often in a language that has no content, between which no detector
    could choose. Where one language alone knows them, it is that. Where several others do, what
    was detected is wrong, and where very many do, it is a guess. What was declared is believed,
    what a page suggests is no worse.
    """
    if (
        recognised is None
        or identified.source is LanguageSource.DECLARED
        or (
            base_language(identified.tag) in recognised.languages
            and len(recognised.languages) <= SHARED
        )
    ):
        return identified
    if len(recognised.languages) == 1:
        return IdentifiedLanguage(recognised.languages[0], 1.0, LanguageSource.DETECTED, 1.0)
    if identified.source is LanguageSource.DETECTED:
        guess = 1.0 / len(recognised.languages)
        return IdentifiedLanguage(UNDETERMINED, guess, LanguageSource.DETECTED, 0.0)
    return identified


def _known(priors: Priors, languages: Sequence[str]) -> Priors:
    if not (priors.page or priors.conversation or priors.accept):
        return priors
    accept = (
        (tag, quality)
        for wanted, quality in priors.accept
        if (tag := closest_tag(wanted, languages)) is not None
    )
    return Priors(
        page=priors.page and closest_tag(priors.page, languages),
        conversation=priors.conversation and closest_tag(priors.conversation, languages),
        accept=tuple(accept),
    )
