"""Texts that a chat model writes from what people wrote, and that nobody sees unchecked."""
