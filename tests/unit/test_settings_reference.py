from pathlib import Path

from app.settings_reference import settings_table

PAGE = Path(__file__).parents[2] / "docs" / "operators" / "settings.md"


def test_the_documentation_lists_every_setting_as_it_is() -> None:
    assert settings_table() in PAGE.read_text(encoding="utf-8")
