"""How the index is built, and how sure an answer must be."""

from __future__ import annotations

from pydantic import BaseModel, Field


class Indexing(BaseModel):
    """The index, and how sure an answer must be."""

    embedding_model: str = Field(
        "multilingual-e5-small",
        min_length=1,
        description="Name in the catalogue; or name or folder of a sentence-transformers model.",
    )
    error_budget: float = Field(
        0.05,
        gt=0,
        lt=1,
        description="Share of answers that may be wrong; what is surer than that is answered.",
    )
    golden_loss: float = Field(
        0.05,
        ge=0,
        le=1,
        description="How far the share of golden questions that are found, or dealt with rightly, "
        "may fall from one index to the next.",
    )
