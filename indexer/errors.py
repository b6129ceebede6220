"""What can go wrong with index generations; every message says where, why, and the way out."""

from __future__ import annotations


class IndexerError(Exception):
    """An index generation cannot be built, read or published."""


class GenerationMissingError(IndexerError):
    """There is no such generation."""


class IndexMissingError(GenerationMissingError):
    """There is nothing to answer from: none was ever published, or what was published is gone."""


class GenerationDamagedError(IndexerError):
    """A generation's files are not those that were published."""


class GenerationFormatError(IndexerError):
    """A generation was written by a version of the program that lays files out differently."""


class ModelMismatchError(IndexerError):
    """A generation was built with other weights than those it would be asked with."""


class IndexWriteError(IndexerError):
    """The disk did not take what was written; what was published before still serves."""


class IndexerRunningError(IndexerError):
    """Another process is changing the same folder of generations."""
