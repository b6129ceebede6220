"""The command `polyfaq`: one module per group of subcommands, imported when it runs."""

from app.cli.program import polyfaq


def main() -> None:
    """Run the command line; ends the process with its exit code."""
    polyfaq(prog_name="polyfaq")
