"""What reads labour brands."""

from services.kernel.http.auth import Scope
from services.workers.brands import repository
from services.workers.brands.brand import Brand, figures
from services.workers.brands.commands import BrandNotFound
from services.workers.brands.schemas import BrandFigures, BrandList, BrandView
from services.workers.resources import WorkersService


async def brand(service: WorkersService, scope: Scope, brand_id: str) -> Brand:
    """One brand. Raises BrandNotFound."""
    async with service.store.read() as connection:
        found = await repository.get(connection, brand_id, scope)
    if found is None:
        raise BrandNotFound()
    return found


async def brands(service: WorkersService, scope: Scope) -> BrandList:
    """The brands of the divisions that the caller serves."""
    async with service.store.read() as connection:
        return BrandList(items=[BrandView.of(one) for one in await repository.all_of(connection, scope)])


async def brand_figures(service: WorkersService, scope: Scope, brand_id: str) -> BrandFigures:
    """A brand's figures today. Raises BrandNotFound."""
    found = await brand(service, scope, brand_id)
    async with service.store.read() as connection:
        trained = await repository.trained(connection, brand_id)
        certified = await repository.certified(connection, found)
        members = await service.workers.by_ids(connection, dict.fromkeys((*trained, *certified)))
    profiles = [worker.profile for worker in members.values()]
    told = figures(profiles, found.occupation, service.clock.today())
    return BrandFigures.of(found, told, trained=len(trained), certified=len(certified))
