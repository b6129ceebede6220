"""Offline: knowledge base to a published index generation; and its read side."""
