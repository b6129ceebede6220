"""How an answer is cut into passages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.chunking import CHUNK_CHARACTERS, chunk_answer, plain_text, split_sentences


class TestPlainText:
    @pytest.mark.parametrize(
        ("markdown", "text"),
        [
            ("Write to [our desk](https://shop.test/desk) **today**.", "Write to our desk today."),
            ("![A parcel](parcel.png) arrives", "A parcel arrives"),
            ("Press `Send`, then wait", "Press Send, then wait"),
            ("one line\nand its rest", "one line and its rest"),
            ("# Returns\n\nSend it back.", "Returns\nSend it back."),
            ("- red\n- green\n  1. dark", "red\ngreen\ndark"),
            ("> Said once", "Said once"),
            ("5 \\* 3 &amp; more", "5 * 3 & more"),
            ("---\n\n\n", ""),
            ("", ""),
        ],
    )
    def test_is_what_a_reader_sees(self, markdown: str, text: str) -> None:
        assert plain_text(markdown) == text

    @pytest.mark.parametrize(
        "markdown",
        [
            "Run:\n\n```sh\nmake *all*\nmake [x](y)\n```\n",
            "Run:\n\n    make *all*\n    make [x](y)\n",
        ],
    )
    def test_keeps_code_as_it_is(self, markdown: str) -> None:
        assert plain_text(markdown) == "Run:\nmake *all*\nmake [x](y)"

    def test_does_not_take_html_for_markup(self) -> None:
        assert plain_text("Type <b>bold</b>") == "Type <b>bold</b>"


class TestSentences:
    @pytest.mark.parametrize(
        ("text", "sentences"),
        [
            ("Pay now. Then wait!  Is it there?", ["Pay now.", "Then wait!", "Is it there?"]),
            ("He said “Stop.” Then he went.", ["He said “Stop.”", "Then he went."]),
            ("It costs 3.50 at shop.test", ["It costs 3.50 at shop.test"]),
            ("Wait… Here it is.", ["Wait…", "Here it is."]),
            ("请先付款。“好吗？”可以！对", ["请先付款。", "“好吗？”", "可以！", "对"]),
            ("注文します。届きます。", ["注文します。", "届きます。"]),
            ("शुल्क नहीं है। कल आइए॥ ठीक", ["शुल्क नहीं है।", "कल आइए॥", "ठीक"]),
            ("هل وصل الطرد؟ نعم. شكرا", ["هل وصل الطرد؟", "نعم.", "شكرا"]),
            ("کیا یہ مفت ہے؟ ہاں۔ شکریہ", ["کیا یہ مفت ہے؟", "ہاں۔", "شکریہ"]),
            ("ส่งฟรี ใช้เวลาสามวัน", ["ส่งฟรี ใช้เวลาสามวัน"]),
            ("a list\nof lines", ["a list", "of lines"]),
            ("Odjemalci, npr. Bitcoin. Ja.", ["Odjemalci, npr. Bitcoin.", "Ja."]),
            ("Contul dvs. Este gratuit", ["Contul dvs. Este gratuit"]),
            ("Kort, f.eks. Visa. Ja.", ["Kort, f.eks. Visa.", "Ja."]),
            ("වාර්තා ඒ.ස.නි. මෙයයි. ඔව්.", ["වාර්තා ඒ.ස.නි. මෙයයි.", "ඔව්."]),
            ("Add: 1. Salt. 2. Oil.", ["Add: 1. Salt.", "2. Oil."]),
            ("It is COVID-19. Stay in.", ["It is COVID-19.", "Stay in."]),
            ("Until 14:30. Then not.", ["Until 14:30.", "Then not."]),
            ("Am 3. Mai geht es.", ["Am 3. Mai geht es."]),
            ("It weighs 5 kg. Lift it.", ["It weighs 5 kg.", "Lift it."]),
            ("Pay by DHL. Then wait.", ["Pay by DHL.", "Then wait."]),
            ("Pay with Visa. iDEAL works.", ["Pay with Visa. iDEAL works."]),
            ("  \n ", []),
        ],
    )
    def test_end_as_their_script_ends_them(self, text: str, sentences: list[str]) -> None:
        assert list(split_sentences(text)) == sentences


class TestChunks:
    def test_pack_whole_sentences_up_to_the_limit(self) -> None:
        answer = "One two three. Four five. Six seven eight nine."

        assert chunk_answer(answer, limit=26) == (
            "One two three. Four five.",
            "Six seven eight nine.",
        )

    def test_of_a_short_answer_are_one_across_its_blocks(self) -> None:
        assert chunk_answer("# Returns\n\n- Send it back.\n- Wait.") == (
            "Returns Send it back. Wait.",
        )

    def test_cut_a_sentence_that_is_too_long_between_words(self) -> None:
        assert chunk_answer("alpha beta gamma delta", limit=11) == ("alpha beta", "gamma delta")

    def test_cut_within_what_has_no_spaces(self) -> None:
        assert chunk_answer("ค่าจัดส่งฟรี", limit=5) == ("ค่าจั", "ดส่งฟ", "รี")

    @pytest.mark.parametrize("answer", ["", "   ", "\n\n", "---", "[](x)"])
    def test_of_an_answer_without_text_are_none(self, answer: str) -> None:
        assert chunk_answer(answer) == ()

    def test_of_a_very_long_answer_stay_within_the_default_limit(self) -> None:
        chunks = chunk_answer("A sentence that says a little. " * 1000)

        assert max(map(len, chunks)) <= CHUNK_CHARACTERS
        assert min(map(len, chunks[:-1])) > CHUNK_CHARACTERS // 2

    @given(st.text(max_size=300), st.integers(1, 60))
    def test_lose_nothing_but_white_space_and_keep_the_limit(self, text: str, limit: int) -> None:
        chunks = chunk_answer(text, limit)

        assert "".join("".join(chunks).split()) == "".join(plain_text(text).split())
        assert all(0 < len(chunk) <= limit for chunk in chunks)

    @given(st.lists(st.text("abcé漢ก", min_size=1, max_size=12), max_size=30))
    def test_never_cut_a_word_that_fits(self, words: list[str]) -> None:
        chunks = chunk_answer(" ".join(words), limit=12)

        assert " ".join(chunks).split() == words
