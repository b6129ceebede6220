"""Notices: the service's own words, in the visitor's language."""

from app.notices.catalogue import Notices, NoticeText
from app.notices.notice import Notice

__all__ = ["Notice", "NoticeText", "Notices"]
