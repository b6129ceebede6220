"""JSON, YAML, Markdown, PO and HTML: layouts accepted, and faults with their lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.entry import Record, Status, source_hash
from knowledge_base.files import Content, read_file, write_file
from knowledge_base.problems import Code, ContentError, Problem


def read(folder: Path, name: str, text: str) -> Content:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return read_file(path)


def at(problem: Problem) -> tuple[Code, int | None]:
    return problem.code, problem.location.line if problem.location else None


GOOD = '{"id": "a", "lang": "en", "question": "Q", "answer": "A"}'
A = Record("a", "en", "Q", "A")


class TestJson:
    @pytest.mark.parametrize(
        "text",
        [f"[{GOOD}]", f"  [\n{GOOD}\n]\n", f'{{"entries": [{GOOD}]}}', f"[{GOOD},]"],
        ids=["list", "indented", "under entries", "comma at the end"],
    )
    def test_layouts(self, text: str, tmp_path: Path) -> None:
        content = read(tmp_path, "faq.json", text)

        assert content.problems == ()
        assert content.records == (A,)

    def test_a_faulty_element_does_not_lose_the_others(self, tmp_path: Path) -> None:
        text = (
            '[\n{"id": "b", "lang": "en" "question": "Q"},\n'
            '{"id": "c",\n "lang": NaN},\n7 ,\n[],\n'
            f'{{"id": "d", "id": "d"}},\n{GOOD}\n]'
        )

        content = read(tmp_path, "faq.json", text)

        assert content.records == (A,)
        assert [at(problem) for problem in content.errors] == [
            (Code.SYNTAX, 2),
            (Code.SYNTAX, 3),
            (Code.SYNTAX, 4),
            (Code.SYNTAX, 6),
            (Code.SYNTAX, 7),
        ]

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("hello", "no list of records"),
            ('{"id": "a"}', "no list of records"),
            (f"[{GOOD}", "not closed"),
            (f"[{GOOD}] and more", "text after the list"),
            ("[7]", "no record"),
        ],
    )
    def test_what_is_no_list_of_records(self, text: str, words: str, tmp_path: Path) -> None:
        content = read(tmp_path, "faq.json", text)

        assert any(words in problem.message for problem in content.errors)

    def test_lines_are_judged_alone_in_jsonl(self, tmp_path: Path) -> None:
        content = read(tmp_path, "faq.jsonl", f"{GOOD}\n\n{{oops\n[1]\n")

        assert content.records == (A,)
        assert [at(problem) for problem in content.errors] == [(Code.SYNTAX, 3), (Code.SYNTAX, 4)]

    def test_values_of_the_wrong_kind_are_named(self, tmp_path: Path) -> None:
        content = read(
            tmp_path,
            "faq.jsonl",
            '{"id": 7, "lang": ["en"], "question": {"a": 1}, "answer": "A", "metadata": "x",'
            ' "tags": "x, y", "alternates": [["a"]]}',
        )

        assert [problem.field for problem in content.errors] == [
            "lang", "question", "alternates", "metadata",
        ]  # fmt: skip

    def test_lone_surrogates_are_refused(self, tmp_path: Path) -> None:
        content = read(tmp_path, "faq.jsonl", GOOD.replace('"Q"', '"\\ud800"'))

        assert [at(problem) for problem in content.errors] == [(Code.CONTROL_CHARACTER, 1)]
        assert "U+D800" in content.errors[0].message

    def test_metadata_may_be_nested_or_flat(self, tmp_path: Path) -> None:
        more = '"metadata": {"year": 2026, "new": true}, "metadata.product": "lamp"}'

        content = read(tmp_path, "faq.jsonl", GOOD.replace("}", f", {more}"))

        (record,) = content.records
        assert record.metadata == {"year": "2026", "new": "true", "product": "lamp"}


class TestYaml:
    def test_values_are_texts_and_never_guessed(self, tmp_path: Path) -> None:
        content = read(
            tmp_path,
            "faq.yaml",
            "- id: 007\n  lang: no\n  question: yes\n  answer: 1.0\n  tags: [on, 2026-01-01]\n"
            "  url:\n  metadata:\n    level: 08\n",
        )

        assert content.problems == ()
        assert content.records == (
            Record("007", "nb", "yes", "1.0", tags=("on", "2026-01-01"), metadata={"level": "08"}),
        )

    def test_records_may_stand_under_entries_and_in_several_documents(self, tmp_path: Path) -> None:
        one = "- {id: a, lang: en, question: Q, answer: A}\n"

        wrapped = read(tmp_path, "a.yaml", f"entries:\n{one}")
        several = read(tmp_path, "b.yaml", f"{one}---\n{one.replace('id: a', 'id: b')}")

        assert wrapped.records == (A,)
        assert [record.id for record in several.records] == ["a", "b"]

    def test_faults_carry_the_line_their_record_begins_at(self, tmp_path: Path) -> None:
        content = read(
            tmp_path,
            "faq.yaml",
            "- id: a\n  lang: en\n  question: Q\n  answer: A\n\n"
            "- id: b\n  lang: en\n  question: Q\n  answr: A\n- just text\n",
        )

        assert content.records == (A,)
        assert [at(problem) for problem in content.problems] == [
            (Code.UNKNOWN_FIELD, 6),
            (Code.MISSING_FIELD, 6),
            (Code.SYNTAX, 10),
        ]

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("- id: a\n  answer: a: b\n", 2),
            ("- id: 'a\n", 2),
            ("id: a\n", 1),
            ("just text", 1),
            ("- id: a\n  id: b\n", 2),
            ("entries:\n- id: a\nmore: x\n", 3),
            ("- id: \x07\n", None),
        ],
    )
    def test_what_cannot_be_read_is_named_with_its_line(
        self, text: str, line: int | None, tmp_path: Path
    ) -> None:
        content = read(tmp_path, "faq.yaml", text)

        assert (Code.SYNTAX, line) in [at(problem) for problem in content.errors]

    def test_long_texts_are_written_as_blocks_with_emoji_as_they_are(self, tmp_path: Path) -> None:
        write_file([Record("a", "en", "Q", "One 😀\n\ntwo")], tmp_path / "out.yaml")

        assert "  answer: |-\n    One 😀\n\n    two\n" in (tmp_path / "out.yaml").read_text()


class TestMarkdown:
    PAGE = "---\nid: a\nlang: en\ntags: [x]\n---\n\n# Q #1 *?*\n\nSome\n\n# Heading\n\ntext\n"

    def test_heading_is_the_question_and_the_rest_the_answer(self, tmp_path: Path) -> None:
        content = read(tmp_path, "a.md", self.PAGE)

        assert content.records == (
            Record("a", "en", "Q #1 *?*", "Some\n\n# Heading\n\ntext", tags=("x",)),
        )

    @pytest.mark.parametrize("name", ["fr/orders/track.md", "orders/track.fr.md"])
    def test_key_and_language_may_come_from_the_path(self, name: str, tmp_path: Path) -> None:
        from knowledge_base.files import read_content

        read(tmp_path, name, "# Q\nA\n")

        content = read_content([tmp_path])

        assert content.records == (Record("orders/track", "fr", "Q", "A"),)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("---\nid: a\nlang: en\n", (Code.SYNTAX, 1)),
            ("---\nid: a\nlang: en\n---\nNo heading\n", (Code.SYNTAX, 5)),
            ("---\nid: a\nlang: [\n---\n# Q\nA\n", (Code.SYNTAX, 4)),
            ("---\n- id\n---\n# Q\nA\n", (Code.SYNTAX, 1)),
            ("---\nid: a\nlang: en\n---\n# Q\n", (Code.MISSING_FIELD, 1)),
            ("# Q\nA\n", (Code.MISSING_FIELD, 1)),
        ],
    )
    def test_faults(self, text: str, expected: tuple[Code, int], tmp_path: Path) -> None:
        content = read(tmp_path, "a.md", text)

        assert at(content.errors[0]) == expected

    def test_a_page_holds_one_record(self, tmp_path: Path) -> None:
        with pytest.raises(ContentError, match="name a folder"):
            write_file([A, A], tmp_path / "out.md")


PO = """msgid ""
msgstr "Language: fr\\nX-Source-Language: en\\n"

msgctxt "a:question"
msgid "Q"
msgstr "Qf"

#, fuzzy
msgctxt "a:answer"
msgid "A"
msgstr "Af"

msgctxt "b:question"
msgid "Q2"
msgstr "Q2f"

msgctxt "b:answer"
msgid "A2"
msgstr ""

msgctxt "c:question"
msgid "Q3"
msgstr ""

msgid "Loose"
msgstr "Libre"
"""


class TestPo:
    def test_a_translation_follows_from_its_messages(self, tmp_path: Path) -> None:
        content = read(tmp_path, "any.po", PO)

        assert content.records == (
            Record("a", "fr", "Qf", "Af", status=Status.DRAFT, source_hash=source_hash("Q", "A")),
        )
        assert [at(problem) for problem in content.problems] == [
            (Code.UNKNOWN_FIELD, 25),
            (Code.UNTRANSLATED, 13),
        ]
        assert not content.has_errors

    def test_the_language_may_come_from_the_name(self, tmp_path: Path) -> None:
        content = read(tmp_path, "faq.pt_BR.po", PO.replace("Language: fr\\n", "", 1))

        assert [record.lang for record in content.records] == ["pt-BR"]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (PO.replace("Language: fr\\n", "", 1), (Code.MISSING_FIELD, 1)),
            (PO.replace('msgstr "Qf"', 'msgstr Q"f"x'), (Code.SYNTAX, 6)),
            (PO + 'msgctxt "a:answer"\nmsgid "A"\nmsgstr "B"\n', (Code.DUPLICATE_ENTRY, 27)),
            ("/etc/hostname", (Code.SYNTAX, 1)),
        ],
    )
    def test_faults(self, text: str, expected: tuple[Code, int], tmp_path: Path) -> None:
        content = read(tmp_path, "any thing.po", text)

        assert expected in [at(problem) for problem in content.errors]

    def test_texts_without_translation_wait_in_the_file(self, tmp_path: Path) -> None:
        records = [A, Record("b", "en", "Q2", "A2"), Record("a", "fr", "Qf", "Af")]

        write_file(records, tmp_path / "fr.po")

        text = (tmp_path / "fr.po").read_text()
        assert 'msgctxt "b:question"\nmsgid "Q2"\nmsgstr ""' in text
        assert [record.id for record in read_file(tmp_path / "fr.po").records] == ["a"]

    def test_which_language_is_meant_must_be_clear(self, tmp_path: Path) -> None:
        records = [Record("a", lang, "Q", "A") for lang in ("en", "fr", "de")]

        with pytest.raises(ContentError, match=r"\{lang\}\.po"):
            write_file(records, tmp_path / "translations.po")


JSON_LD = """<html lang="en"><script type="application/ld+json">
{"@context": "https://schema.org", "@graph": [{"@type": ["WebPage", "FAQPage"], "mainEntity": [
  {"@type": "Question", "@id": "https://shop.example/faq#orders/track", "name": "A &amp; B?",
   "acceptedAnswer": {"@type": "Answer", "text": "<p>Go <b>now</b>:</p><ul><li>one</li></ul>"}},
  {"@type": "Question", "name": "Où est-il ?", "inLanguage": "fr",
   "acceptedAnswer": {"@type": "Answer", "text": "Fish &amp; chips"}}]}]}
</script></html>"""

MICRODATA = """<!doctype html><html lang="de"><body>
<div itemscope itemtype="https://schema.org/FAQPage">
 <section itemscope itemprop="mainEntity" itemtype="https://schema.org/Question" id="shipping/cost">
  <h2 itemprop="name">Was kostet <i>der</i> Versand?</h2>
  <div itemscope itemprop="acceptedAnswer" itemtype="https://schema.org/Answer">
   <div itemprop="text"><p>4,90 Euro, <a href="https://shop.example/s?a=1&amp;b=2">mehr</a>.<br>
    Ab 59 Euro &lt;frei&gt;.</p><div>Gut.</div></div>
  </div>
 </section>
</div></body></html>"""


class TestHtml:
    def test_json_ld_questions_become_records_in_markdown(self, tmp_path: Path) -> None:
        content = read(tmp_path, "faq.html", JSON_LD)

        assert content.records == (
            Record("orders/track", "en", "A & B?", "Go **now**:\n\n- one"),
            Record("ou-est-il", "fr", "Où est-il ?", "Fish & chips"),
        )
        assert [at(problem) for problem in content.problems] == [(Code.DERIVED_ID, 1)]

    def test_microdata_questions_become_records_in_markdown(self, tmp_path: Path) -> None:
        content = read(tmp_path, "faq.html", MICRODATA)

        assert content.problems == ()
        (record,) = content.records
        assert (record.id, record.lang) == ("shipping/cost", "de")
        assert record.question == "Was kostet der Versand?"
        assert "[mehr](https://shop.example/s?a=1&b=2)" in record.answer
        assert "<frei>" in record.answer
        assert record.answer.endswith("Gut.")
        assert record.location is not None
        assert record.location.line == 3

    def test_an_answer_edited_in_the_html_wins_over_the_kept_markdown(self, tmp_path: Path) -> None:
        write_file([Record("a", "en", "Q", "Go *now*.")], tmp_path / "faq.html")
        page = (tmp_path / "faq.html").read_text()

        edited = page.replace("\\u003cem>now\\u003c/em>", "\\u003cb>later\\u003c/b>")
        content = read(tmp_path, "faq.html", edited)

        assert [record.answer for record in content.records] == ["Go **later**."]

    def test_no_text_can_end_the_script_or_bring_markup_in(self, tmp_path: Path) -> None:
        write_file(
            [Record("a", "en", "</script><img src=x>", "<script>alert(1)</script>")],
            tmp_path / "faq.html",
        )

        page = (tmp_path / "faq.html").read_text()

        assert page.count("</script>") == 1
        assert "<img" not in page
        assert page.count("<script") == 1

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("<p>Hello</p>", (Code.SYNTAX, None)),
            ("\n<script type='application/ld+json'>{oops}</script>", (Code.SYNTAX, 2)),
            (JSON_LD.replace(' lang="en"', ""), (Code.MISSING_FIELD, 1)),
        ],
    )
    def test_faults(self, text: str, expected: tuple[Code, int | None], tmp_path: Path) -> None:
        content = read(tmp_path, "faq.html", text)

        assert at(content.errors[0]) == expected

    def test_an_answer_with_broken_markup_is_named(self, tmp_path: Path) -> None:
        broken = JSON_LD.replace("<p>Go", "<![x><p>Go")

        content = read(tmp_path, "faq.html", broken)

        assert [at(problem) for problem in content.errors] == [(Code.FORBIDDEN_SYNTAX, 1)]
        assert [record.lang for record in content.records] == ["fr"]
