"""Who was erased, told so that it tells nobody: by a digest of the record's id, which only those can match who hold the id."""

import hashlib
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

PERSON_ERASED: Final = "cn.yungong.person.erased.v1"


def blind_id(worker_id: str) -> str:
    """The digest under which an erased record is known. An id holds 80 random bits: no digest can be tried out."""
    return hashlib.sha256(f"yungong.erased:{worker_id}".encode()).hexdigest()


class PersonErased(BaseModel):
    """An entry of the erasure ledger, keyed by `blind`. `version` is that of the tombstone on the stream of profiles."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    blind: str = Field(pattern=r"^[0-9a-f]{64}$")
    version: int = Field(ge=1)
    erased_at: datetime
