"""What is told of completeness."""

from collections.abc import Sequence
from typing import Self

from pydantic import Field

from services.kernel.http.models import ResponseModel
from services.workers.profile import Profile
from services.workers.quality.score import missing, missing_fields, score


class MissingField(ResponseModel):
    """A field that would help: its name, what people call it, the points that it would bring."""

    field: str
    label: str
    points: int


class ProfileQuality(ResponseModel):
    """How complete one profile is."""

    score: int = Field(ge=0, le=100, description="points of 100, by what matching can do with the profile")
    missing: Sequence[MissingField] = Field(description="what would help most, first")

    @classmethod
    def of(cls, profile: Profile) -> Self:
        """The quality of a profile."""
        return cls.of_bits(missing(profile))

    @classmethod
    def of_bits(cls, bits: int) -> Self:
        """The quality that the database holds of a profile."""
        fields = [MissingField(field=one.name, label=one.label, points=one.points) for one in missing_fields(bits)]
        return cls(score=score(bits), missing=fields)
