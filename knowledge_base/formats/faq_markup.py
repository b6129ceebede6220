"""What an HTML page marks up: its JSON-LD, and the questions of its FAQPage microdata."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905
)
_JSON_LD = "application/ld+json"


@dataclass(slots=True)
class MarkedQuestion:
    """A question in microdata, as far as it has been read.

    Attributes:
        line: The line it begins at.
        identifier: Its `itemid` or `id`, empty if it has none.
        name: The question's text.
        answer: The accepted answer as HTML.
        lang: The nearest `lang` around it.
    """

    line: int
    identifier: str
    lang: str
    name: str = ""
    answer: str = ""


@dataclass(slots=True)
class MarkedPage:
    """What was found in a page.

    Attributes:
        lang: The page's language as its `html` element states it.
        scripts: The text of each JSON-LD script with the line it begins at.
        questions: The questions in microdata.
        marked: Whether there is a FAQPage in microdata, even one without questions.
    """

    lang: str = ""
    marked: bool = False
    scripts: list[tuple[int, str]] = field(default_factory=list)
    questions: list[MarkedQuestion] = field(default_factory=list)


@dataclass(slots=True)
class _Capture:
    """A property's content being collected until its element ends."""

    prop: str
    tag: str
    depth: int = 1
    parts: list[str] = field(default_factory=list)


class MarkupParser(HTMLParser):
    """Walks over the tags once; keeps no tree, so that nesting costs nothing.

    It is fed, and never closed: what the page leaves open at its end is not searched again.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = MarkedPage()
        self._script: list[str] | None = None
        self._script_line = 0
        self._capture: _Capture | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a script, a question, or a property of one."""
        values = {name: value or "" for name, value in attrs}
        if self._capture is not None:
            self._nested(tag, values)
            return
        if tag == "html":
            self.page.lang = values.get("lang", "")
        if tag == "script" and values.get("type", "").strip().lower() == _JSON_LD:
            self._script, self._script_line = [], self.getpos()[0]
        kind = values.get("itemtype", "").rstrip("/").rpartition("/")[2]
        if kind == "FAQPage":
            self.page.marked = True
            self.page.lang = values.get("lang", self.page.lang)
        elif kind == "Question" and self.page.marked:
            identifier = values.get("itemid") or values.get("id", "")
            lang = values.get("lang", self.page.lang)
            self.page.questions.append(MarkedQuestion(self.getpos()[0], identifier, lang))
        self._property(tag, values)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Treat `<br/>` as `<br>`, and any other such tag as one that stays open."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Finish a script, or the property that ends here."""
        if tag == "script" and self._script is not None:
            self.page.scripts.append((self._script_line, "".join(self._script)))
            self._script = None
        capture = self._capture
        if capture is None or tag in _VOID:
            return
        if tag == capture.tag:
            capture.depth -= 1
            if capture.depth == 0:
                self._finish(capture)
                return
        if capture.prop == "text":
            capture.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Keep text within a script or a property."""
        if self._script is not None:
            self._script.append(data)
        elif self._capture is not None:
            is_html = self._capture.prop == "text"
            self._capture.parts.append(escape(data, quote=False) if is_html else data)

    def _nested(self, tag: str, values: dict[str, str]) -> None:
        capture = self._capture
        if capture is None:
            return
        if tag == capture.tag:
            capture.depth += 1
        if capture.prop == "text":
            shown = "".join(
                f' {name}="{escape(values[name])}"'
                for name in ("href", "src", "alt", "title")
                if name in values
            )
            capture.parts.append(f"<{tag}{shown}>")

    def _property(self, tag: str, values: dict[str, str]) -> None:
        prop = values.get("itemprop", "")
        if prop not in {"name", "text"} or not self.page.questions:
            return
        question = self.page.questions[-1]
        if question.answer if prop == "text" else question.name:
            return
        capture = _Capture(prop, tag)
        if tag in _VOID:
            content = values.get("content", "")
            capture.parts.append(escape(content, quote=False) if prop == "text" else content)
            self._finish(capture)
        else:
            self._capture = capture

    def _finish(self, capture: _Capture) -> None:
        self._capture = None
        question = self.page.questions[-1]
        if capture.prop == "text":
            question.answer = "".join(capture.parts).strip()
        else:
            question.name = "".join(capture.parts).strip()
