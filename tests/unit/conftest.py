import os
from pathlib import Path

import pytest

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
