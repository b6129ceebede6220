"""What is kept: conversations, answers, feedback, tickets and replies, in SQLite or PostgreSQL."""

from app.store.errors import StoreError, StoreSettingError
from app.store.schema import prepare, upgrade
from app.store.store import Store, open_store

__all__ = ["Store", "StoreError", "StoreSettingError", "open_store", "prepare", "upgrade"]
