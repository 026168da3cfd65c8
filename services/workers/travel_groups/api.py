"""The routes of /v1/travel-groups."""

from fastapi import APIRouter, Response

from services.kernel.http.documentation import problem_responses
from services.workers.dependencies import Reader, Resources, Retryable, Writer
from services.workers.travel_groups import commands, queries
from services.workers.travel_groups.schemas import GroupFields, GroupView

router = APIRouter(prefix="/v1/travel-groups", tags=["households"])


@router.post("", status_code=201, response_model=GroupView, responses=problem_responses(404, 409, 422))
async def form_group(body: GroupFields, resources: Resources, writer: Writer, call: Retryable) -> Response:
    """Let people go together: a couple, kin, villagers. Others know the group by its id only."""
    return (await commands.form(resources, writer.scope, body, call)).response()


@router.get("/{group_id}", responses=problem_responses(404))
async def read_group(group_id: str, resources: Resources, reader: Reader) -> GroupView:
    """A group, with the members whom the caller serves."""
    return await queries.read(resources, reader.scope, group_id)


@router.post("/{group_id}/members", response_model=GroupView, responses=problem_responses(404, 409, 422))
async def change_group(group_id: str, body: GroupFields, resources: Resources, writer: Writer, call: Retryable) -> Response:
    """Other members or another kind: the whole list again."""
    return (await commands.change(resources, writer.scope, group_id, body, call)).response()


@router.post("/{group_id}/dissolution", status_code=204, response_class=Response, responses=problem_responses(404, 409))
async def dissolve_group(group_id: str, resources: Resources, writer: Writer) -> Response:
    """Everybody goes alone."""
    await commands.dissolve(resources, writer.scope, group_id)
    return Response(status_code=204)
