"""What the access service refuses beyond the kernel's problems."""

from services.kernel.errors import BadRequest, Forbidden, NotFound, Unauthenticated


class AccountNotFound(NotFound):
    """There is no such account or credential, or it is not this manager's to see."""

    code = "account_not_found"
    title = "没有这个账号或凭证"


class BeyondOwnReach(Forbidden):
    """Nobody gives what they do not have."""

    code = "beyond_own_reach"
    title = "不能授予自己没有的权限或地区"


class InvalidClient(Unauthenticated):
    """RFC 6749, section 5.2: the credential is unknown, wrong, over or revoked."""

    code = "invalid_client"
    title = "凭证无效或已过期"


class InvalidGrant(BadRequest):
    """RFC 6749, section 5.2: the request is not one that this token endpoint answers."""

    code = "invalid_request"
    title = "令牌请求的写法不对"
