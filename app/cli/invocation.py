"""What the options before the subcommand say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Invocation:
    """One run of the command.

    Attributes:
        config: The settings file; None for `polyfaq.toml` in the working folder, if there is one.
        debug: Whether failures show where they happened.
    """

    config: Path | None = None
    debug: bool = False

    def settings(self, **overrides: object) -> Settings:
        """Read the settings; remark on variables that look like settings but are none.

        Args:
            overrides: Values by setting; those that are None do not override.

        Raises:
            SettingsError: A setting cannot be used.
        """
        from app.cli.output import note  # noqa: PLC0415 - `--help` need not wait for rich
        from app.settings import Settings  # noqa: PLC0415 - the same, for pydantic

        for stray in Settings.strays():
            note(stray, "yellow")
        given = {key: value for key, value in overrides.items() if value is not None}
        return Settings.load(self.config, **given)


pass_invocation = click.make_pass_decorator(Invocation, ensure=True)
