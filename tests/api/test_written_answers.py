"""Answers that machines write where people have not: who is asked, and what visitors are told."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.answering.answer import AnswerKind
from app.answering.events import AnswerEvent, Cited, Delta, Final, Meta
from app.answering.ports import KnowledgeIndex
from app.answering.question import Question
from app.answering.writing import Assignment, Passed, Purpose, Unwritten
from app.api.answer_responses import AnswerOut
from app.notices import Notice
from tests.api.conftest import MakeSite, Site
from tests.fake_writing import FakeWriter

CANCEL = {"question": "Can I cancel it?", "language": "fr"}
SHIPPING = {"question": "What does shipping do?", "language": "en"}
WRITTEN = "Oui, jusqu'à l'emballage."


def ask(site: Site, **body: object) -> AnswerOut:
    response = site.client.post("/v1/ask", json=body)
    assert response.status_code == 200, response.text
    return AnswerOut.model_validate_json(response.data)


def events(site: Site, question: str, language: str) -> Iterator[AnswerEvent]:
    return site.services.answering.events(Question(question, language=language))


def notice(site: Site, notice: Notice, language: str, **values: str) -> str:
    return site.services.notices.text(notice, language, **values).text


def test_what_exists_in_another_language_alone_is_written_in_the_visitors(
    make_site: MakeSite,
) -> None:
    writer = FakeWriter("Oui, ", "jusqu'à l'emballage.")
    site = make_site(writers=[writer])
    answer = ask(site, **CANCEL)
    text = answer.answer
    assert (answer.outcome, answer.reason) == ("answered", None)
    assert (text.text, text.language, text.kind, text.ai_generated) == (
        WRITTEN,
        "fr",
        "generated",
        True,
    )
    assert text.notice is not None
    assert text.notice.text == notice(site, Notice.GENERATED, "fr")
    assert [(each.entry_id, each.language) for each in answer.citations] == [
        ("orders/cancel", "en")
    ]
    (asked,) = writer.asked
    assert (asked.purpose, asked.reader) == (Purpose.LANGUAGE, "fr")
    assert [record.answer for record in asked.records] == ["Yes, until it is packed."]


def test_a_translation_names_the_language_that_it_was_made_from(make_site: MakeSite) -> None:
    site = make_site(writers=[FakeWriter(WRITTEN, kind=AnswerKind.TRANSLATED)])
    text = ask(site, **CANCEL).answer
    assert text.kind == "translated"
    assert text.notice is not None
    assert text.notice.text == notice(site, Notice.TRANSLATED, "fr", original="anglais")


def test_a_translation_from_another_text_of_the_entry_cites_that(make_site: MakeSite) -> None:
    class FromSpanish(FakeWriter):
        def write(self, assignment: Assignment, index: KnowledgeIndex) -> Iterator[Passed]:
            del index
            (english,) = assignment.records
            yield Passed(WRITTEN, replace(english, lang="es", question="¿Puedo cancelarlo?"))

    site = make_site(writers=[FromSpanish(kind=AnswerKind.TRANSLATED)])
    answer = ask(site, **CANCEL)
    (citation,) = answer.citations
    assert (citation.language, citation.question) == ("es", "¿Puedo cancelarlo?")
    assert answer.answer.notice is not None
    assert answer.answer.notice.text == notice(site, Notice.TRANSLATED, "fr", original="espagnol")
    told = list(events(site, CANCEL["question"], "fr"))
    assert [each.citation.language for each in told if isinstance(each, Cited)] == ["es"]
    (remark,) = [each.remark for each in told if isinstance(each, Meta)]
    assert remark is not None
    assert remark.text == answer.answer.notice.text


def test_what_people_wrote_in_the_visitors_language_is_never_written_anew(
    make_site: MakeSite,
) -> None:
    writer = FakeWriter("never")
    answer = ask(make_site(writers=[writer]), question="Où est ma commande ?")
    assert answer.answer.kind == "curated"
    assert writer.asked == []


@pytest.mark.parametrize("mode", ["curated", "retrieve"])
def test_no_machine_writes_unless_it_may(make_site: MakeSite, mode: str) -> None:
    writer = FakeWriter("never")
    answer = ask(make_site(writers=[writer]), **CANCEL, mode=mode)
    assert answer.answer.kind == "original"
    assert writer.asked == []


def test_a_question_that_is_handed_over_is_not_written_about(make_site: MakeSite) -> None:
    writer = FakeWriter("never")
    answer = ask(make_site(writers=[writer]), question="zebra", language="fr")
    assert answer.outcome == "handoff"
    assert writer.asked == []


def test_an_answer_may_lie_across_entries_that_are_likely_meant(make_site: MakeSite) -> None:
    writer = FakeWriter("It takes two days, ", "and 4.90 euro.")
    answer = ask(make_site(writers=[writer]), **SHIPPING)
    assert (answer.outcome, answer.answer.kind) == ("answered", "generated")
    assert {each.entry_id for each in answer.citations} == {"shipping/cost", "shipping/time"}
    assert not {each.entry_id for each in answer.alternatives} & {"shipping/cost", "shipping/time"}
    assert writer.asked[0].purpose is Purpose.ENTRIES


def test_each_sentence_is_cited_with_the_passage_that_it_rests_on(make_site: MakeSite) -> None:
    writer = FakeWriter(
        "It takes two days,", " and 4.90 euro.", passages=["Two days.", "4.90 euro."]
    )
    answer = ask(make_site(writers=[writer]), **SHIPPING)
    supports = {
        support.sentence: support.passage
        for citation in answer.citations
        for support in citation.supports
    }
    assert supports == {"It takes two days,": "Two days.", "and 4.90 euro.": "4.90 euro."}
    told = list(events(make_site(writers=[writer]), SHIPPING["question"], "en"))
    assert [each.passage for each in told if isinstance(each, Delta)] == ["Two days.", "4.90 euro."]


def test_a_question_is_asked_back_where_that_could_not_be_written(make_site: MakeSite) -> None:
    site = make_site(writers=[FakeWriter(failure=Unwritten.NOT_TOLD)], unwritten="handoff")
    answer = ask(site, **SHIPPING)
    assert answer.outcome == "clarify"
    shown = {each.entry_id for each in answer.alternatives[:2]}
    assert shown == {"shipping/cost", "shipping/time"}


def test_a_text_that_does_not_end_is_not_delivered_at_all(make_site: MakeSite) -> None:
    site = make_site(writers=[FakeWriter("Oui, ", failure=Unwritten.REFUSED)])
    answer = ask(site, **CANCEL)
    assert (answer.outcome, answer.answer.kind) == ("answered", "original")
    assert answer.answer.notice is not None
    assert site.store.tickets.requests == []


def test_a_person_is_asked_instead_where_that_is_wanted(make_site: MakeSite) -> None:
    site = make_site(writers=[FakeWriter(failure=Unwritten.TIMED_OUT)], unwritten="handoff")
    answer = ask(site, **CANCEL)
    assert (answer.outcome, answer.reason) == ("handoff", "unverified")
    assert answer.alternatives[0].entry_id == "orders/cancel"
    assert answer.handoff is not None
    assert site.store.tickets.requests[0].reason == "unverified"


def test_the_next_one_writes_what_the_first_could_not(make_site: MakeSite) -> None:
    first = FakeWriter(kind=AnswerKind.TRANSLATED, failure=Unwritten.NO_ROUTE)
    answer = ask(make_site(writers=[first, FakeWriter(WRITTEN)]), **CANCEL)
    assert answer.answer.kind == "generated"
    assert len(first.asked) == 1


def test_who_does_not_take_a_text_is_not_asked(make_site: MakeSite) -> None:
    idle = FakeWriter("never", purposes=[Purpose.ENTRIES])
    answer = ask(make_site(writers=[idle]), **CANCEL)
    assert answer.answer.kind == "original"
    assert idle.asked == []


def test_a_question_asked_again_may_be_written_about_again(make_site: MakeSite) -> None:
    site = make_site(writers=[FakeWriter(failure=Unwritten.BUSY)])
    assert ask(site, **CANCEL).answer.kind == "original"
    assert ask(make_site(writers=[FakeWriter(WRITTEN)]), **CANCEL).answer.kind == "generated"


def test_a_text_is_told_as_it_is_written(make_site: MakeSite) -> None:
    site = make_site(writers=[FakeWriter("  It takes two days, ", "and 4.90 euro.", " Yes.")])
    meta, *told, final = events(site, "What does shipping do?", "en")
    assert isinstance(meta, Meta)
    assert (meta.kind, meta.ai_generated, meta.language) == ("generated", True, "en")
    assert meta.disclosure
    assert meta.remark is not None
    assert isinstance(final, Final)
    pieces = [each.text for each in told if isinstance(each, Delta)]
    assert "".join(pieces) == final.answer.text.text == "It takes two days, and 4.90 euro. Yes."
    cited = [each.citation for each in told if isinstance(each, Cited)]
    assert cited == list(final.answer.citations)
    assert final.answer.answer_id == meta.answer_id


def test_curated_text_is_told_at_once(make_site: MakeSite) -> None:
    told = list(events(make_site(), "Where is my order?", "fr"))
    assert [type(each) for each in told] == [Meta, Delta, Cited, Final]


def test_what_was_told_stands_when_the_rest_fails(make_site: MakeSite) -> None:
    site = make_site(writers=[FakeWriter("Oui.", failure=Unwritten.REFUSED)])
    *_, final = events(site, "Can I cancel it?", "fr")
    assert isinstance(final, Final)
    text = final.answer.text
    assert (text.text, text.kind) == ("Oui.", "generated")
    assert text.remark is not None
    assert text.remark.text == notice(site, Notice.PARTIAL, "fr")


def test_nobody_goes_on_with_what_another_began(make_site: MakeSite) -> None:
    second = FakeWriter("never")
    site = make_site(writers=[FakeWriter("Oui.", failure=Unwritten.FAILED), second])
    list(events(site, "Can I cancel it?", "fr"))
    assert second.asked == []


def test_the_original_is_told_where_nothing_was_written(make_site: MakeSite) -> None:
    site = make_site(writers=[FakeWriter(failure=Unwritten.REFUSED)])
    meta, delta, _, final = events(site, "Can I cancel it?", "fr")
    assert isinstance(meta, Meta)
    assert (meta.kind, meta.ai_generated) == ("original", False)
    assert isinstance(delta, Delta)
    assert delta.text == "Yes, until it is packed."
    assert isinstance(final, Final)


def test_a_visitor_who_leaves_ends_the_writing_and_what_was_told_is_recorded(
    make_site: MakeSite,
) -> None:
    writer = FakeWriter("Oui, ", "jusqu'à l'emballage.")
    site = make_site(writers=[writer])
    with site.services:
        site.services.start()
        told = events(site, "Can I cancel it?", "fr")
        assert [type(next(told)), type(next(told))] == [Meta, Delta]
        assert writer.open == 1
        told.close()  # type: ignore[attr-defined] # a generator, as whoever streams knows
        assert writer.open == 0
    (kept,) = site.store.journal.records
    assert (kept.kind, kept.entry_id) == ("generated", "orders/cancel")


def test_a_visitor_who_leaves_before_the_first_word_was_told_nothing(make_site: MakeSite) -> None:
    site = make_site(writers=[FakeWriter(WRITTEN)])
    with site.services:
        site.services.start()
        events(site, "Can I cancel it?", "fr").close()  # type: ignore[attr-defined] # the same
    assert site.store.journal.records == []
