"""Links between pages lead somewhere, and pages name nothing of one machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, anchors, name_of, without_code

LINK = re.compile(r"\]\(([^)\s]+)\)")
ELSEWHERE = re.compile(r"^(https?:|mailto:)")
ONE_MACHINE = re.compile(r"(?<![\w.])/(work|tmp|root|home)/|\.\./shared")
MAY_NAME_SHARED_DATA = {"docs/benchmarks.md"}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_and_pictures_lead_to_files_and_headings(page: Path) -> None:
    for target in LINK.findall(without_code(page.read_text(encoding="utf-8"))):
        if ELSEWHERE.match(target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page

        assert file.is_file(), f"{name_of(page)} links to {target}"
        if anchor:
            assert anchor in anchors(file.read_text(encoding="utf-8")), f"{name_of(page)}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_page_names_a_path_of_one_machine(page: Path) -> None:
    found = ONE_MACHINE.findall(page.read_text(encoding="utf-8"))

    assert not found or name_of(page) in MAY_NAME_SHARED_DATA


def test_the_readme_leads_to_every_page_that_is_no_index_of_others() -> None:
    linked = set()
    for start in ("README.md", "docs/adr/README.md"):
        page = ROOT / start
        targets = LINK.findall(without_code(page.read_text(encoding="utf-8")))
        linked |= {(page.parent / t.partition("#")[0]).resolve() for t in targets}

    assert [
        name_of(page) for page in PAGES if page not in linked and page.name != "README.md"
    ] == []
