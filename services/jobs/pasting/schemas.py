"""Request and response of /v1/postings/from-text."""

from typing import Annotated, Any, Literal

from pydantic import Field

from services.jobs.schemas import PostingSource
from services.jobs.understanding.schemas import Understood
from services.jobs.views import PostingView
from services.kernel.http.models import RequestModel, ResponseModel


class Message(RequestModel):
    """A message as it was pasted. `fields` are those of a new posting, and stand before what the message says."""

    text: Annotated[str, Field(min_length=1, max_length=8000)]
    source: PostingSource = "O6"
    fields: dict[Annotated[str, Field(max_length=40)], Any] = Field(
        {}, max_length=40, examples=[{"division_code": "310115"}], description="fields of POST /v1/postings"
    )
    intent: Literal["publish", "draft"] = "draft"


class Pasted(ResponseModel):
    """The posting that was made of a message, and what was understood of it, to be confirmed."""

    posting: PostingView
    understood: Understood
