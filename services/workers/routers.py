"""The service's routes, in the order in which they are looked at: fixed words before a worker's id."""

from typing import Final

from services.workers import api
from services.workers.brands import api as brands
from services.workers.cadres import api as cadres
from services.workers.consents import api as consents
from services.workers.duplicates import api as duplicates
from services.workers.erasures import api as erasures
from services.workers.exports import api as exports
from services.workers.followups import api as followups
from services.workers.history import api as history
from services.workers.households import api as households
from services.workers.intentions import api as intentions
from services.workers.quality import api as quality
from services.workers.reveals import api as reveals
from services.workers.statistics import api as statistics
from services.workers.subjects import api as subjects
from services.workers.training import api as training
from services.workers.travel_groups import api as travel_groups

ROUTERS: Final = (
    api.imports,
    exports.router,
    statistics.router,
    quality.router,
    cadres.router,
    followups.router,
    training.router,
    travel_groups.router,
    households.router,
    brands.router,
    duplicates.router,
    history.router,
    intentions.router,
    consents.router,
    erasures.router,
    reveals.router,
    subjects.router,
    api.router,
)
