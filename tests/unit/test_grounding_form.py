"""The form of a text is that of an answer."""

import pytest

from app.grounding.fault import Fault, UngroundedError
from app.grounding.form import LONGEST_SENTENCE, FormCheck
from app.grounding.sentence import Sentence

PASSAGE = Sentence.of("You can pay by card, by transfer, or in cash when the parcel comes to you.")


def judge(*texts: str, question: str = "How can I pay?", passage: Sentence = PASSAGE) -> None:
    check = FormCheck([passage], question)
    for text in texts:
        sentence = Sentence.of(text)
        check.sentence(sentence)
        check.keep(sentence)
    check.whole()


def test_an_answer_passes() -> None:
    judge("You can pay by **card**.", " - *cash*", "\n2. `IBAN`", " 2 * 3 * 4", " [a](https://b)")


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        ([], Fault.FORM),
        (["  "], Fault.FORM),
        (["…!"], Fault.FORM),
        (["How can I pay"], Fault.FORM),
        (["Pay by card.", " Pay by card!"], Fault.FORM),
        (["aaaaaaaaaaaaaaaa"], Fault.FORM),
        (["pay pay pay pay pay pay pay"], Fault.FORM),
        (["**Pay by card."], Fault.FORM),
        (["Pay `by card."], Fault.FORM),
        (["Pay card](https://a)."], Fault.FORM),
        (["# Paying"], Fault.FORM),
        (["```\npay\n```"], Fault.FORM),
        (["> Pay"], Fault.FORM),
        (["a" + " b" * LONGEST_SENTENCE], Fault.LENGTH),
        (
            [f"Pay by card number {n}, and then look at the next one." for n in range(30)],
            Fault.LENGTH,
        ),
    ],
)
def test_any_other_form_is_a_fault(texts: list[str], fault: Fault) -> None:
    with pytest.raises(UngroundedError) as caught:
        judge(*texts)

    assert caught.value.fault is fault


def test_a_sign_behind_a_letter_opens_no_code() -> None:
    judge("Karta o`rniga naqd pul.", " Կարող եք վճարել քարտով` կանխիկ կամ այլ կերպ:")


def test_a_heading_may_stand_where_a_passage_has_one() -> None:
    judge("## Paying", passage=Sentence.of("## Payment\n\nYou can pay by card."))


def test_a_refused_sentence_is_as_if_it_had_not_been_written() -> None:
    check = FormCheck([PASSAGE], "How can I pay?")
    sentence = Sentence.of("Pay by card.")
    check.sentence(sentence)

    check.sentence(sentence)


def test_what_repeats_itself_without_end_is_found_in_no_time() -> None:
    with pytest.raises(UngroundedError):
        judge("ab" * 300 + "c" * 10)
