"""The credential that the embedded default makes for itself, so that a newcomer on the same machine types no key.

`<data>/credential` holds `id.secret` and is readable by its owner alone; `<data>/credential.hash` is all that the server
needs. Which of the two is kept decides who is in: the server never reads the secret again.
"""

import contextlib
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from services.contracts.permissions import Permission, PrincipalKind
from services.kernel.errors import Unauthenticated
from services.kernel.http.auth import Principal, Scope

SECRET_BYTES: Final = 32
_OWNER_ONLY: Final = 0o600


class CredentialMissing(Exception):
    """No credential lies in this data directory: `yungong up` has not run there yet, or it belongs to somebody else."""


def _digest(token: str) -> str:
    # The secret has 256 random bits: a plain hash cannot be searched, a slow one would only slow down every request.
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def write_private(path: Path, text: str, *, keep_present: bool = False) -> None:
    """Write a file that only its owner can read, whole or not at all; `keep_present`: of two writers at once the first wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if not keep_present:
        draft.replace(path)
        return
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()


@dataclass(frozen=True, slots=True)
class LocalCredential:
    """An Authenticator that knows one principal, who may do everything."""

    id: str
    digest: str

    @classmethod
    def ensure(cls, data_dir: Path) -> Self:
        """The credential of this data directory, made the first time. Raises OSError when it cannot be written."""
        kept, hashed = data_dir / "credential", data_dir / "credential.hash"
        if not (kept.exists() and hashed.exists()):
            token = f"local-{secrets.token_hex(4)}.{secrets.token_urlsafe(SECRET_BYTES)}"
            write_private(kept, token + "\n")
            write_private(hashed, f"{token.partition('.')[0]} {_digest(token)}\n")
        return cls.known(hashed)

    @classmethod
    def known(cls, hash_file: Path) -> Self:
        """The credential whose hash this file holds; the secret is somewhere else. Raises OSError."""
        identity, digest = hash_file.read_text("utf-8").split()
        return cls(identity, digest)

    @classmethod
    def of(cls, data_dir: Path, hash_file: Path | None) -> Self:
        """The one that all services share if its hash is given, else the data directory's own. Raises OSError."""
        return cls.ensure(data_dir) if hash_file is None else cls.known(hash_file)

    @staticmethod
    def read(data_dir: Path) -> str:
        """The token to present. Raises CredentialMissing."""
        try:
            return (data_dir / "credential").read_text("utf-8").strip()
        except OSError as unreadable:
            raise CredentialMissing(str(data_dir)) from unreadable

    async def authenticate(self, token: str) -> Principal:
        """The local administrator. Raises Unauthenticated."""
        if not hmac.compare_digest(_digest(token), self.digest):
            raise Unauthenticated("凭证无效")
        return Principal(self.id, frozenset(Permission), PrincipalKind.STAFF, Scope.everywhere(), token)
