"""Handing a visitor over to a person."""
