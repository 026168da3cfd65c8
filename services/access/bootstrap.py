"""The first account: the administrator whose credential lies in the data directory, or whose hash all services are given."""

from typing import Final

from services.access import repository
from services.access.account import Account, Credential
from services.access.resources import Access
from services.contracts.roles import Role
from services.kernel.audit import Actor, Entry, acting
from services.kernel.http.auth import Scope
from services.kernel.http.local_credential import LocalCredential

FIRST: Final = "a_00000000000000000000000000"
_PROCESS: Final = Actor("access", "service")


async def admit_first(access: Access, local: LocalCredential) -> None:
    """Let the local administrator in, and make the first signing key. A credential that took the place of another ends it; one
    that was revoked stays revoked."""
    now = access.clock.now()
    with acting(_PROCESS):
        async with access.store.write() as connection:
            await access.keys.signing(connection, now)
            if await repository.account(connection, FIRST) is None:
                first = Account(FIRST, "本机管理员", Role.ADMINISTRATOR, Scope.everywhere(), now, _PROCESS.id)
                await repository.add_account(connection, first)
                await access.audit.record(connection, Entry("account.granted", FIRST))
            held = await repository.credentials_of(connection, [FIRST])
            if any(one.digest == local.digest for one in held):
                return
            await repository.change_credentials(
                connection, [one.revoke(now) for one in held if one.id.startswith(_kind(local))]
            )
            await repository.add_credential(connection, Credential(local.id, FIRST, local.digest, now))


def _kind(local: LocalCredential) -> str:
    """What the ids of such credentials begin with: `local-`, `office-`. Others of the account were made by rotation."""
    return local.id.partition("-")[0] + "-"
