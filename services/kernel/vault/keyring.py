"""A key ring as text: master keys by version, the one that wraps, and the key of the blind indexes."""

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from services.kernel.vault.port import VaultSealed
from services.kernel.vault.suites import Sealer, Suite, new_key

FORMAT: Final = 2
_BLIND_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class KeyRing:
    """`masters`: version -> cipher and key. The highest version wraps; lower ones only unwrap what is not rewrapped yet."""

    masters: Mapping[int, tuple[Suite, bytes]] = field(repr=False)
    blind: bytes = field(repr=False)

    @property
    def current(self) -> int:
        """The version that wraps."""
        return max(self.masters)

    @classmethod
    def new(cls, suite: Suite) -> Self:
        """A ring with one new master."""
        return cls({1: (suite, new_key(suite))}, secrets.token_bytes(_BLIND_BYTES))

    def with_new_master(self, suite: Suite) -> Self:
        """The same ring with one more master, which wraps from now on."""
        return replace(self, masters={**self.masters, self.current + 1: (suite, new_key(suite))})

    def without_old_masters(self) -> Self:
        """The same ring with the current master only."""
        return replace(self, masters={self.current: self.masters[self.current]})

    def sealer(self, version: int) -> Sealer:
        """The master of that version at work. Raises VaultSealed when the ring does not hold it."""
        if version not in self.masters:
            raise VaultSealed(f"master key {version} is not in the key ring")
        return Sealer(*self.masters[version])

    def text(self) -> str:
        """The ring as it is kept."""
        masters = {str(version): {"suite": suite, "key": _b64(key)} for version, (suite, key) in self.masters.items()}
        return json.dumps({"format": FORMAT, "masters": masters, "blind": _b64(self.blind)})

    @classmethod
    def parse(cls, text: str, whose: str) -> Self:
        """The ring in a text. Raises VaultSealed, saying whose it is and never what it holds."""
        try:
            kept: Any = json.loads(text)
            masters = {
                int(version): (Suite(one["suite"]), base64.b64decode(one["key"], validate=True))
                for version, one in kept["masters"].items()
            }
            blind = base64.b64decode(kept["blind"], validate=True)
            known = kept["format"] == FORMAT
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
            raise VaultSealed(f"{whose} is damaged") from None
        if not known or not masters or min(masters) < 1 or len(blind) != _BLIND_BYTES:
            raise VaultSealed(f"{whose} is damaged or of another format")
        for suite, key in masters.values():
            Sealer(suite, key)
        return cls(masters, blind)


def _b64(key: bytes) -> str:
    return base64.b64encode(key).decode()
