"""Language, servable texts, routing, composing and verifying, each alone."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from app.answering.act_grammar import DialogueAct
from app.answering.answer import AnswerKind
from app.answering.compose import compose
from app.answering.dialogue_acts import RecognisedAct
from app.answering.language import language_of_act, query_language, reader_language
from app.answering.ports import Knowledge
from app.answering.routing import heed, route
from app.answering.servable import ServableTexts
from app.answering.verify import is_verified
from app.answering.wanting import wanted_text
from app.notices import Notice, Notices
from indexer.decision import Confidence, Decision, Outcome, Reason
from indexer.ranking import Ranking, ScoredEntry
from knowledge_base.entry import Origin, Record, Status
from knowledge_base.languages import Direction
from models.language_id import UNDETERMINED, IdentifiedLanguage, LanguageIdentifier
from models.language_priors import LanguageSource, Priors
from tests.fakes import FakeIndex, WordDetector

TODAY = date(2026, 11, 22)
GERMAN = IdentifiedLanguage("de", 0.9, LanguageSource.DETECTED, 0.8)
UNKNOWN = IdentifiedLanguage(UNDETERMINED, 0.4, LanguageSource.DETECTED, 0.0)
NOTICES = Notices()


def texts(
    *records: Record, fallbacks: tuple[str, ...] = (), human_only: bool = False
) -> ServableTexts:
    return ServableTexts(FakeIndex(records), TODAY, fallbacks, human_only)


def record(entry_id: str, lang: str, **fields: Any) -> Record:  # noqa: ANN401 - of several types
    return replace(
        Record(entry_id, lang, f"{entry_id} {lang}?", f"**{entry_id}** in {lang}."), **fields
    )


def scored(*entry_ids: str, language: str = "en") -> tuple[ScoredEntry, ...]:
    return tuple(
        ScoredEntry(entry_id, 0.9 - position / 10, 0.9, 0.9, language)
        for position, entry_id in enumerate(entry_ids)
    )


def decided(outcome: Outcome, reason: Reason | None, *entry_ids: str) -> Decision:
    return Decision(outcome, reason, Confidence(0.8, 0.5), scored(*entry_ids))


def ranking(*entry_ids: str) -> Ranking:
    return Ranking(scored(*entry_ids), np.zeros(2, dtype=np.float32))


class TestLanguage:
    knowledge = Knowledge(
        FakeIndex([record("a", "en"), record("a", "pt"), record("a", "de")]),
        LanguageIdentifier(["en", "pt", "de"], WordDetector({"wo": "de", "where": "en"})),
    )

    def test_a_declared_language_is_believed_even_if_it_is_not_served(self) -> None:
        found = query_language("Where is it?", "sv", Priors(), self.knowledge)
        assert (found.tag, found.source) == ("sv", LanguageSource.DECLARED)

    def test_an_undeclared_one_is_detected(self) -> None:
        assert query_language("Wo ist es?", None, Priors(), self.knowledge).tag == "de"

    def test_a_page_in_a_variant_speaks_for_the_served_language(self) -> None:
        found = query_language("12345", None, Priors(page="pt-BR"), self.knowledge)
        assert (found.tag, found.source) == ("pt", LanguageSource.PAGE)

    def test_a_page_in_a_language_that_is_not_served_says_nothing(self) -> None:
        found = query_language("12345", None, Priors(page="sv"), self.knowledge)
        assert found.tag == UNDETERMINED

    @pytest.mark.parametrize(
        ("priors", "matched", "reader"),
        [
            (Priors(page="fr", conversation="es"), "de", "fr"),
            (Priors(conversation="es", accept=(("it", 1.0),)), "de", "es"),
            (Priors(accept=(("pl", 0.3), ("it", 0.9))), "de", "it"),
            (Priors(), "de", "de"),
            (Priors(), None, "en"),
        ],
    )
    def test_a_visitor_of_unknown_language_is_talked_to_in_the_likeliest(
        self, priors: Priors, matched: str | None, reader: str
    ) -> None:
        assert reader_language("iPhone 15?", UNKNOWN, priors, matched, "en") == reader

    @pytest.mark.parametrize(
        ("text", "priors", "matched", "reader"),
        [
            ("배송은 얼마나 걸리나요?", Priors(), "ar", "ko"),
            ("ฉันจะคืนสินค้าได้อย่างไร", Priors(), "ja", "th"),
            ("ฉันจะคืนสินค้าได้อย่างไร", Priors(page="en"), "en", "th"),
            ("Πόσο διαρκεί η αποστολή;", Priors(), None, "el"),
            ("როგორ დავაბრუნო პროდუქტი?", Priors(), "ar", "ka"),
            ("Як повернути товар і гроші?", Priors(), "de", "uk"),
            ("چگونه کالا را پس بدهم؟ پول", Priors(page="de"), "de", "fa"),
            ("Как вернуть товар?", Priors(page="uk"), "ru", "uk"),
            ("どうやって返品しますか", Priors(accept=(("en", 1.0),)), "zh", "ja"),
            ("退货", Priors(page="ja"), "zh", "ja"),
            ("ଫେରସ୍ତ", Priors(page="en"), "hi", UNDETERMINED),
        ],
    )
    def test_nobody_is_talked_to_in_letters_that_the_question_has_none_of(
        self, text: str, priors: Priors, matched: str | None, reader: str
    ) -> None:
        assert reader_language(text, UNKNOWN, priors, matched, "en") == reader

    def test_a_visitor_is_talked_to_in_the_language_of_the_question(self) -> None:
        assert reader_language("Wo ist sie?", GERMAN, Priors(page="fr"), "en", "en") == "de"


class TestLanguageOfAct:
    SWEDISH = RecognisedAct(DialogueAct.GREETING, ("sv",))
    SEVERAL = RecognisedAct(DialogueAct.GREETING, ("en", "nl"))

    def test_a_question_keeps_its_language(self) -> None:
        assert language_of_act(GERMAN, None) == GERMAN

    def test_words_that_the_language_knows_are_in_it(self) -> None:
        austrian = IdentifiedLanguage("de-AT", 0.9, LanguageSource.DETECTED, 0.8)
        known = RecognisedAct(DialogueAct.GREETING, ("de",))
        assert language_of_act(austrian, known) == austrian

    def test_words_of_one_language_alone_are_in_that_even_if_it_is_not_served(self) -> None:
        found = language_of_act(GERMAN, self.SWEDISH)
        assert (found.tag, found.source) == ("sv", LanguageSource.DETECTED)

    def test_words_of_several_other_languages_leave_it_open(self) -> None:
        found = language_of_act(GERMAN, self.SEVERAL)

        assert (found.tag, found.margin) == (UNDETERMINED, 0.0)
        assert found.confidence == 1 / len(self.SEVERAL.languages)

    def test_words_of_very_many_languages_leave_it_open_even_if_its_own_is_one(self) -> None:
        shared = RecognisedAct(DialogueAct.ACKNOWLEDGEMENT, ("de", "en", "fr", "it", "nl", "sv"))
        assert language_of_act(GERMAN, shared).tag == UNDETERMINED

    def test_what_the_page_suggests_decides_between_several(self) -> None:
        page = IdentifiedLanguage("tr", 0.9, LanguageSource.PAGE, 0.8)
        assert language_of_act(page, self.SEVERAL) == page

    def test_a_declared_language_is_believed(self) -> None:
        declared = IdentifiedLanguage("de", 1.0, LanguageSource.DECLARED, 1.0)
        assert language_of_act(declared, self.SWEDISH) == declared


class TestServableTexts:
    def test_the_readers_language_comes_first(self) -> None:
        chosen = texts(record("a", "en"), record("a", "de")).choose("a", "de")
        assert chosen is not None
        assert chosen.lang == "de"

    @pytest.mark.parametrize(
        ("wanted", "available", "lang"),
        [
            ("pt-BR", ("en", "pt"), "pt"),
            ("pt", ("en", "pt-BR"), "pt-BR"),
            ("zh-TW", ("zh", "zh-Hant"), "zh-Hant"),
            ("ca", ("en", "fr", "es"), "es"),
            ("sv", ("fr", "de", "en"), "en"),
            ("sv", ("fr", "de"), "fr"),
        ],
    )
    def test_failing_that_the_closest_then_the_configured_then_the_default(
        self, wanted: str, available: tuple[str, ...], lang: str
    ) -> None:
        servable = texts(*(record("a", tag) for tag in available), fallbacks=("es",))
        chosen = servable.choose("a", wanted)
        assert chosen is not None
        assert chosen.lang == lang

    @pytest.mark.parametrize(
        "hidden",
        [
            {"status": Status.DRAFT},
            {"status": Status.ARCHIVED},
            {"valid_from": date(2026, 11, 23)},
            {"valid_until": date(2026, 11, 21)},
        ],
    )
    def test_what_is_not_for_visitors_today_is_passed_over(self, hidden: dict[str, object]) -> None:
        servable = texts(record("a", "de", **hidden), record("a", "en"))
        chosen = servable.choose("a", "de")
        assert chosen is not None
        assert chosen.lang == "en"

    def test_an_entry_without_any_text_for_today_has_none(self) -> None:
        servable = texts(record("a", "de", status=Status.DRAFT))
        assert servable.choose("a", "de") is None
        assert not servable.has_text("a")
        assert not servable.has_text("no such entry")

    def test_machine_written_text_can_be_left_out(self) -> None:
        machine = record("a", "de", origin=Origin.MACHINE, status=Status.APPROVED)
        with_machine = texts(machine, record("a", "en")).choose("a", "de")
        without = texts(machine, record("a", "en"), human_only=True).choose("a", "de")
        assert with_machine is not None
        assert with_machine.lang == "de"
        assert without is not None
        assert without.lang == "en"


class TestRouting:
    def test_what_may_be_shown_is_left_as_decided(self) -> None:
        decision = decided(Outcome.ANSWERED, None, "a")
        assert route(decision, GERMAN, texts(record("a", "de"))) == decision

    def test_an_entry_that_may_not_be_shown_is_not_answered_with_nor_is_the_next(self) -> None:
        servable = texts(record("a", "de", status=Status.ARCHIVED), record("b", "de"))
        routed = route(decided(Outcome.ANSWERED, None, "a", "b"), GERMAN, servable)
        assert (routed.outcome, routed.reason) == (Outcome.HANDOFF, Reason.LOW_CONFIDENCE)
        assert [entry.entry_id for entry in routed.candidates] == ["b"]

    def test_one_entry_left_is_nothing_to_choose_from(self) -> None:
        servable = texts(record("a", "de"))
        routed = route(decided(Outcome.CLARIFY, Reason.LOW_CONFIDENCE, "a", "b"), GERMAN, servable)
        assert (routed.outcome, routed.reason) == (Outcome.HANDOFF, Reason.LOW_CONFIDENCE)

    def test_nothing_similar_in_no_known_language_is_handed_over_for_its_language(self) -> None:
        decision = decided(Outcome.HANDOFF, Reason.NOTHING_SIMILAR)
        assert route(decision, UNKNOWN, texts()).reason is Reason.UNDETERMINED_LANGUAGE
        assert route(decision, GERMAN, texts()).reason is Reason.NOTHING_SIMILAR

    def test_a_good_match_needs_no_known_language(self) -> None:
        decision = decided(Outcome.ANSWERED, None, "a")
        assert route(decision, UNKNOWN, texts(record("a", "de"))).outcome is Outcome.ANSWERED


class TestHeeding:
    answered = decided(Outcome.ANSWERED, None, "a")

    def test_a_question_stays_as_decided(self) -> None:
        assert heed(None, self.answered, is_verbatim=False) == self.answered

    def test_a_wish_goes_to_a_person_and_keeps_what_is_likely_meant(self) -> None:
        heeded = heed(DialogueAct.WISH_FOR_PERSON, self.answered, is_verbatim=True)
        assert (heeded.outcome, heeded.reason) == (Outcome.HANDOFF, Reason.REQUESTED)
        assert heeded.candidates == self.answered.candidates

    def test_a_wish_does_not_drag_along_what_is_merely_closest(self) -> None:
        unlikely = decided(Outcome.HANDOFF, Reason.LOW_CONFIDENCE, "a", "b")
        assert heed(DialogueAct.WISH_FOR_PERSON, unlikely, is_verbatim=False).candidates == ()

    def test_small_talk_is_neither_an_answer_nor_a_handoff(self) -> None:
        heeded = heed(DialogueAct.THANKS, self.answered, is_verbatim=False)
        assert (heeded.outcome, heeded.reason) == (Outcome.SMALL_TALK, None)
        assert heeded.candidates == ()

    def test_an_entry_for_those_very_words_is_delivered(self) -> None:
        assert heed(DialogueAct.IDENTITY, self.answered, is_verbatim=True) == self.answered


class TestComposing:
    @pytest.mark.parametrize(
        ("act", "notice"),
        [
            (DialogueAct.GREETING, Notice.SMALL_TALK_GREETING),
            (DialogueAct.HOW_ARE_YOU, Notice.SMALL_TALK_HOW_ARE_YOU),
            (DialogueAct.IDENTITY, Notice.SMALL_TALK_IDENTITY),
            (DialogueAct.THANKS, Notice.SMALL_TALK_THANKS),
            (DialogueAct.GOODBYE, Notice.SMALL_TALK_GOODBYE),
            (DialogueAct.ACKNOWLEDGEMENT, Notice.SMALL_TALK_ACKNOWLEDGEMENT),
        ],
    )
    def test_small_talk_gets_its_reply_and_nothing_else(
        self, act: DialogueAct, notice: Notice
    ) -> None:
        servable = texts(record("a", "de"))
        composed = compose(
            decided(Outcome.SMALL_TALK, None), ranking("a"), "ja", servable, NOTICES, act=act
        )
        assert composed.text.text == NOTICES.text(notice, "ja").text
        assert (composed.text.kind, composed.text.language) == (AnswerKind.NOTICE, "ja")
        assert (composed.citations, composed.alternatives) == ((), ())

    def test_a_wish_is_confirmed_with_what_is_likely_meant_alone(self) -> None:
        servable = texts(*(record(entry_id, "de") for entry_id in "ab"))
        composed = compose(
            decided(Outcome.HANDOFF, Reason.REQUESTED, "a"),
            ranking("a", "b"),
            "de",
            servable,
            NOTICES,
        )
        assert composed.text.text == NOTICES.text(Notice.HANDOFF_REQUESTED, "de").text
        assert [other.entry_id for other in composed.alternatives] == ["a"]

    def test_the_approved_text_is_delivered_word_for_word_and_cited(self) -> None:
        servable = texts(record("a", "de", url="https://shop.example/a"), record("a", "en"))
        composed = compose(
            decided(Outcome.ANSWERED, None, "a"), ranking("a"), "de", servable, NOTICES
        )
        assert composed.text.text == "**a** in de."
        assert composed.text.html == "<p><strong>a</strong> in de.</p>"
        assert composed.text.kind is AnswerKind.CURATED
        assert composed.text.remark is None
        assert not composed.text.ai_generated
        (citation,) = composed.citations
        assert (citation.entry_id, citation.language, citation.url) == (
            "a",
            "de",
            "https://shop.example/a",
        )

    def test_another_language_is_an_original_that_says_so_in_the_readers(self) -> None:
        composed = compose(
            decided(Outcome.ANSWERED, None, "a"),
            ranking("a"),
            "ar",
            texts(record("a", "en")),
            NOTICES,
        )
        remark = composed.text.remark
        assert composed.text.kind is AnswerKind.ORIGINAL
        assert (composed.text.language, composed.text.direction) == ("en", Direction.LTR)
        assert remark is not None
        assert (remark.language, remark.direction) == ("ar", Direction.RTL)
        assert "{" not in remark.text

    @pytest.mark.parametrize(("reader", "is_wanted"), [("fr", True), (UNDETERMINED, False)])
    def test_a_machine_writes_for_readers_of_a_known_language_alone(
        self, reader: str, *, is_wanted: bool
    ) -> None:
        servable = texts(record("a", "en"))
        decision = decided(Outcome.ANSWERED, None, "a")
        composed = compose(decision, ranking("a"), reader, servable, NOTICES)

        assert composed.text.kind is AnswerKind.ORIGINAL
        assert (wanted_text(decision, composed, reader, servable) is not None) is is_wanted

    def test_the_base_language_is_no_other_language(self) -> None:
        composed = compose(
            decided(Outcome.ANSWERED, None, "a"),
            ranking("a"),
            "pt-BR",
            texts(record("a", "pt")),
            NOTICES,
        )
        assert composed.text.kind is AnswerKind.CURATED

    def test_approved_machine_text_says_that_a_machine_wrote_it(self) -> None:
        machine = record("a", "de", origin=Origin.MACHINE)
        composed = compose(
            decided(Outcome.ANSWERED, None, "a"), ranking("a"), "de", texts(machine), NOTICES
        )
        assert composed.text.ai_generated

    def test_alternatives_are_the_three_next_best_in_the_readers_language(self) -> None:
        servable = texts(
            *(record(entry_id, "en") for entry_id in "abcde"),
            record("b", "de"),
            record("c", "en", status=Status.ARCHIVED),
        )
        composed = compose(
            decided(Outcome.ANSWERED, None, "a"), ranking(*"abcde"), "de", servable, NOTICES
        )
        assert [(other.entry_id, other.language) for other in composed.alternatives] == [
            ("b", "de"),
            ("d", "en"),
            ("e", "en"),
        ]

    @pytest.mark.parametrize(
        ("outcome", "reason", "notice"),
        [
            (Outcome.CLARIFY, Reason.LOW_CONFIDENCE, Notice.CLARIFY),
            (Outcome.HANDOFF, Reason.LOW_CONFIDENCE, Notice.HANDOFF_LOW_CONFIDENCE),
            (Outcome.HANDOFF, Reason.NOTHING_SIMILAR, Notice.HANDOFF_NOTHING_SIMILAR),
            (Outcome.HANDOFF, Reason.UNDETERMINED_LANGUAGE, Notice.HANDOFF_UNDETERMINED_LANGUAGE),
        ],
    )
    def test_without_an_answer_a_notice_stands_and_the_alternatives_begin_with_the_top(
        self, outcome: Outcome, reason: Reason, notice: Notice
    ) -> None:
        servable = texts(*(record(entry_id, "de") for entry_id in "abcd"))
        composed = compose(
            decided(outcome, reason, "a", "b"), ranking(*"abcd"), "de", servable, NOTICES
        )
        assert composed.text.text == NOTICES.text(notice, "de").text
        assert composed.text.kind is AnswerKind.NOTICE
        assert composed.citations == ()
        assert [other.entry_id for other in composed.alternatives] == ["a", "b", "c"]


class TestVerifying:
    servable = texts(record("a", "de"), record("b", "de", status=Status.DRAFT))
    composed = compose(decided(Outcome.ANSWERED, None, "a"), ranking("a"), "de", servable, NOTICES)

    def test_the_approved_text_passes(self) -> None:
        assert is_verified(self.composed, self.servable)

    def test_one_changed_letter_does_not(self) -> None:
        changed = replace(self.composed.text, text=self.composed.text.text + " ")
        assert not is_verified(replace(self.composed, text=changed), self.servable)

    def test_neither_does_a_text_without_a_source(self) -> None:
        assert not is_verified(replace(self.composed, citations=()), self.servable)

    def test_nor_one_that_is_no_longer_approved(self) -> None:
        draft = self.servable.index.record("b", "de")
        assert draft is not None
        cited = replace(self.composed.citations[0], entry_id="b")
        text = replace(self.composed.text, text=draft.answer)
        assert not is_verified(replace(self.composed, text=text, citations=(cited,)), self.servable)
