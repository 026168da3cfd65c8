"""Where a webhook may go: an address is resolved once, judged, and exactly that address is connected to.

A name that is resolved for the check and again for the connection may answer differently the second time (DNS rebinding).
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import Final
from urllib.parse import urlsplit

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host. Raises OSError."""

RESOLVE_WITHIN_S: Final = 5.0
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_LOW_32_BITS: Final = 0xFFFFFFFF


class NotAllowed(Exception):
    """The address is not one that a webhook may go to. The message says why, in English, for the delivery log."""


async def by_system(host: str, port: int) -> Sequence[str]:
    """As the machine resolves names; odd forms such as 0x7f.1 or 2130706433 become addresses here, and are judged as such."""
    async with asyncio.timeout(RESOLVE_WITHIN_S):
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def public(address: str) -> bool:
    """Whether the address is one of the public network, also behind the ways to write an IPv4 address in IPv6."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        if found.teredo is not None or found.sixtofour is not None:
            return False
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif found in _NAT64:
            found = ipaddress.IPv4Address(int(found) & _LOW_32_BITS)
    return found.is_global and not found.is_multicast and not found.is_reserved


async def allowed_address(host: str, port: int, resolve: Resolve, *, reach_private: bool) -> str:
    """The one address to connect to. Every address of the name must be allowed. Raises NotAllowed, OSError, TimeoutError."""
    addresses = await resolve(host, port)
    if not addresses:
        raise NotAllowed("the name has no address")
    if not reach_private and not all(public(address) for address in addresses):
        raise NotAllowed("the name leads to a private address")
    return addresses[0]


def fault_of(url: str, *, reach_private: bool) -> str | None:
    """What is wrong with an endpoint's URL, in Chinese; None when it will do. Names are judged at each delivery."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "不是有效的网址"
    if parts.scheme != "https" and not (reach_private and parts.scheme == "http"):
        return "只接受 https:// 开头的网址"
    if not parts.hostname or parts.username is not None or parts.password is not None or parts.fragment or port == 0:
        return "网址里要有主机名，不能带用户名、密码或 # 之后的部分"
    if not reach_private and _is_private_literal(parts.hostname):
        return "网址不能指向内部地址"
    return None


def _is_private_literal(host: str) -> bool:
    try:
        return not public(host)
    except ValueError:  # a name
        return host == "localhost" or host.endswith(".localhost")
