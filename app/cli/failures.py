"""Errors as the command line tells them: one message, one exit code, no stack trace."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType

import click


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    INPUT = 1
    USAGE = 2
    SYSTEM = 3
    INTERRUPTED = 130


class InputFailure(click.ClickException):
    """What was given cannot be worked with; the message says why and what to do."""

    exit_code = ExitCode.INPUT


class UsageFailure(click.ClickException):
    """The command or its settings were used wrongly."""

    exit_code = ExitCode.USAGE


class SystemFailure(click.ClickException):
    """The disk, a model, the network or the store failed."""

    exit_code = ExitCode.SYSTEM


class Interruption(click.ClickException):
    """The user ended the command."""

    exit_code = ExitCode.INTERRUPTED


FAILURES: Mapping[str, type[click.ClickException]] = MappingProxyType(
    {
        "app.answering.ports.NotReadyError": SystemFailure,
        "app.handoff.tickets.CursorError": InputFailure,
        "app.handoff.tickets.TicketsUnavailableError": SystemFailure,
        "app.listening.AddressError": SystemFailure,
        "app.settings.SettingsError": UsageFailure,
        "app.store.errors.StoreSettingError": UsageFailure,
        "app.store.errors.StoreError": SystemFailure,
        "app.translating.memory.MemoryUnusableError": SystemFailure,
        "indexer.errors.GenerationMissingError": InputFailure,
        "indexer.errors.IndexMissingError": SystemFailure,
        "indexer.errors.IndexerError": SystemFailure,
        "knowledge_base.problems.KnowledgeBaseError": InputFailure,
        "models.catalogue.UnknownModelError": InputFailure,
        "models.embedding.EmbedderError": SystemFailure,
        "models.generation.GeneratorError": SystemFailure,
        "models.translation.TranslatorError": SystemFailure,
    }
)
"""What each kind of error is, by its full name, so that none of the modules need be imported."""


def failure_of(error: Exception) -> click.ClickException:
    """Give any error its message and exit code."""
    for kind in type(error).__mro__:
        failure = FAILURES.get(f"{kind.__module__}.{kind.__qualname__}")
        if failure is not None:
            return failure(str(error))
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename is not None else ""
        return SystemFailure(f"{place}{error.strerror or error}")
    if isinstance(error, MemoryError):
        return SystemFailure("there is not enough memory")
    return SystemFailure(
        f"this should not have happened: {type(error).__name__}: {error}\n"
        "`polyfaq --debug` before the subcommand shows where."
    )
