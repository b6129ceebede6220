import os
import shutil
from pathlib import Path

import pytest

from models.apertium_translator import ApertiumTranslator
from models.translation import Pair
from tests.unit.cli_run import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Where commands run: settings of the machine that runs the tests do not count."""
    ours: dict[str, str | None] = {name: None for name in os.environ if name.startswith("POLYFAQ_")}
    ours |= {
        "POLYFAQ_HOME": str(tmp_path / "var"),
        "POLYFAQ_CONTENT": str(tmp_path / "content"),
        "NO_COLOR": "1",
    }
    return Home(tmp_path, ours)


@pytest.fixture(scope="session")
def apertium() -> ApertiumTranslator:
    """The real one, where it is installed."""
    made = ApertiumTranslator()
    if shutil.which("apertium") is None or Pair("eng", "spa") not in made.pairs():
        reason = "apertium with eng-spa is not installed: apt-get install apertium-eng-spa"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return made
