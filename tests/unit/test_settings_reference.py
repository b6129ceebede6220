from pathlib import Path

from app.settings.reference import settings_tables

PAGE = Path(__file__).parents[2] / "docs" / "operators" / "settings.md"


def test_the_documentation_lists_every_setting_as_it_is() -> None:
    assert settings_tables() in PAGE.read_text(encoding="utf-8")
