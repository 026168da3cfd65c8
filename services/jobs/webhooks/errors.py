"""What is refused about webhooks."""

from services.kernel.errors import Conflict, NotFound


class EndpointNotFound(NotFound):
    """There is no such endpoint, or it is another employer's."""

    code = "webhook_not_found"
    title = "没有这个回调地址"


class DeliveryNotFound(NotFound):
    """There is no such delivery, or it is kept no longer."""

    code = "delivery_not_found"
    title = "没有这次投递"


class EndpointExists(Conflict):
    """The employer has an endpoint at this URL already."""

    code = "webhook_exists"
    title = "这个回调地址已登记"


class TooManyEndpoints(Conflict):
    """An employer has at most ten."""

    code = "too_many_webhooks"
    title = "回调地址最多 10 个"
