"""The HTTP API: what websites and operators call."""
