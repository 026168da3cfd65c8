"""What is answered at /v1/proposals/courses."""

from collections.abc import Sequence

from pydantic import Field

from services.kernel.http.models import ResponseModel


class CourseProposal(ResponseModel):
    """A paper that openings insist on and that is all these workers lack: a course worth holding."""

    certificate: str = Field(description="canonical name", examples=["健康证"])
    said: str = Field(examples=["12 人只差健康证，对应 5 个岗位、招 40 人"])
    occupations: Sequence[str] = Field(description="ids of the work that asks for it")
    openings: int
    vacancies: int
    workers: int
    worker_ids: Sequence[str] = Field(description="the first 200, to be enrolled by their ids")


class CourseProposals(ResponseModel):
    """Proposals, the paper that most people lack first. `postings_looked_at` of the published openings, the newest first."""

    items: Sequence[CourseProposal]
    postings_looked_at: int
