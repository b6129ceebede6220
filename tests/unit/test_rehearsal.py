"""What writing needs is loaded before the first text."""

import subprocess
import sys

import pytest

from app.generating.families import Family
from app.rehearsal import rehearse

_SECOND_TEXT = """
import sys
from app.generating.families import Family
from app.rehearsal import rehearse

rehearse(["de"], Family.DEFAULT)
sys.addaudithook(lambda event, args: print(args[0]) if event == "open" else None)
rehearse(["de"], Family.DEFAULT)
"""


@pytest.mark.parametrize("family", Family)
def test_no_language_and_no_family_fails(family: Family) -> None:
    rehearse(["en", "zh-Hant", "ja", "ar", "th", "tlh"], family)


def test_after_it_no_file_is_opened_for_a_text() -> None:
    found = subprocess.run(
        [sys.executable, "-c", _SECOND_TEXT], capture_output=True, text=True, check=True
    )

    assert found.stdout == ""
