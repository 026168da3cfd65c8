"""Requests and responses of /v1/webhooks."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from services.jobs.schemas import EmployerId
from services.jobs.webhooks.endpoint import EVENT_TYPES, Endpoint, State
from services.kernel.http.models import RequestModel, ResponseModel
from services.kernel.http.validation import refusal, unknown_code


def _event_type(name: str) -> str:
    if name not in EVENT_TYPES:
        raise unknown_code(name, "事件类型")
    return name


Url = Annotated[str, Field(min_length=1, max_length=500, examples=["https://portal.example.cn/yungong"])]
EventType = Annotated[str, Field(max_length=60), AfterValidator(_event_type)]
EventTypes = Annotated[list[EventType], Field(max_length=len(EVENT_TYPES), description="none: all of them")]


class NewEndpoint(RequestModel):
    """Where to be told. An employer's own credential names no employer; staff do."""

    url: Url
    event_types: EventTypes = Field(default_factory=list)
    employer_id: EmployerId | None = None


class EndpointChanges(RequestModel):
    """What to amend. `state` active brings a disabled endpoint back: what waited for it is delivered then."""

    url: Url | None = None
    event_types: EventTypes | None = None
    state: Literal["active", "disabled"] | None = None

    @field_validator("url", "event_types", "state", mode="after")
    @classmethod
    def _not_null(cls, value: Any) -> Any:
        if value is None:
            raise refusal("null_not_allowed", "不能为空")
        return value

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise refusal("nothing_to_change", "没有要修改的内容")
        return self


class EndpointView(ResponseModel):
    """An endpoint as it is read; its secrets are not."""

    id: str
    version: int
    employer_id: str
    url: str
    event_types: tuple[str, ...]
    state: State
    reason: str = Field(description="why it is disabled: by_owner, gone (it answered 410), dead (ten attempts over three days)")
    failing_since: datetime | None
    secret_valid_until: datetime | None = Field(description="until when the secret before the present one is valid, too")
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, endpoint: Endpoint) -> Self:
        """The view of an endpoint."""
        old = [secret.until for secret in endpoint.secrets if secret.until is not None]
        return cls(secret_valid_until=max(old, default=None), **{name: getattr(endpoint, name) for name in _PLAIN})


_PLAIN: Final = tuple(name for name in EndpointView.model_fields if name in Endpoint.__dataclass_fields__)


class EndpointMade(EndpointView):
    """A new endpoint, or an old one with a new secret: the only time it is shown."""

    secret: str = Field(description="whsec_…, see Standard Webhooks")

    @classmethod
    def with_secret(cls, endpoint: Endpoint) -> Self:
        """The view with the present secret."""
        return cls(secret=endpoint.secrets[0].value, **EndpointView.of(endpoint).model_dump())


class Endpoints(ResponseModel):
    """All endpoints of the caller, and what can be subscribed to."""

    items: list[EndpointView]
    event_types: tuple[str, ...] = EVENT_TYPES


class AttemptView(ResponseModel):
    """How one attempt went: the answer's status, or what kept it from being had."""

    number: int
    at: datetime
    status: int | None
    error: str
    duration_ms: int


class DeliveryView(ResponseModel):
    """One message to one endpoint. `due_at`: when it is tried next."""

    id: str
    event_type: str
    state: Literal["pending", "delivered", "failed"]
    attempts: int
    created_at: datetime
    due_at: datetime | None


class DeliveryDetail(DeliveryView):
    """The same with what is sent and how the attempts went."""

    body: str
    log: list[AttemptView]
