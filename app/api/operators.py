"""Endpoints that only operators may call."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import request
from pydantic import SecretStr

from app.api.problems import ProblemError

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

SECURITY = "operatorKey"
OPERATORS_ONLY = {401: "The operator key is wrong or missing.", 404: "Switched off, or not there."}


class OperatorKey:
    """Tells operators by the key they send as `Authorization: Bearer KEY`.

    Args:
        key: What they have to send; None switches their endpoints off.
    """

    def __init__(self, key: SecretStr | None) -> None:
        self._key = None if key is None else key.get_secret_value().encode()

    def is_shown(self) -> bool:
        """Tell whether this request comes from an operator."""
        scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
        return (
            self._key is not None
            and scheme.lower() == "bearer"
            and hmac.compare_digest(shown.strip().encode("utf-8", "replace"), self._key)
        )

    def check(self) -> None:
        """Let an operator pass.

        Raises:
            ProblemError: 401 for anybody else, 404 where there are no operators.
        """
        if self._key is None:
            detail = "Operator endpoints are off; set POLYFAQ_OPERATOR_KEY to switch them on."
            raise ProblemError(404, "operator_endpoints_off", detail)
        if not self.is_shown():
            detail = "Send the operator key: `Authorization: Bearer KEY`."
            raise ProblemError(401, "unauthorized", detail, headers={"WWW-Authenticate": "Bearer"})

    def required(self, view: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        """Let only operators call a view; others get 401, or 404 where there are none."""

        @wraps(view)
        def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            self.check()
            return view(*args, **kwargs)

        return guarded
