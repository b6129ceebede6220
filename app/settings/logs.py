"""What is logged, and how."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, Field


class LogFormat(StrEnum):
    """How log lines look."""

    JSON = "json"
    TEXT = "text"


class LogLevel(StrEnum):
    """From which severity on log lines are written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Logs(BaseModel):
    """Logs."""

    log_level: LogLevel = Field(LogLevel.INFO, description="Severity from which on is logged.")
    log_format: LogFormat = Field(LogFormat.JSON, description="How log lines look.")
