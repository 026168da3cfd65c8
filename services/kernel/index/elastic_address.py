"""Where Elasticsearch is and how it is met, from a URL:

    https://user:password@one:9200,two:9200/?prefix=yungong&ca_file=/run/secrets/ca.crt&timeout_s=10&replicas=1

`api_key_file` and `password_file` (with the user's name in the URL) keep secrets out of the environment. Everything after `?`
is optional; so are the credentials.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self
from urllib.parse import parse_qs, unquote, urlsplit

DEFAULT_PREFIX: Final = "yungong"
DEFAULT_TIMEOUT_S: Final = 10.0

_OPTIONS: Final = {"prefix", "ca_file", "api_key_file", "password_file", "timeout_s", "replicas"}


@dataclass(frozen=True, slots=True)
class ElasticAddress:
    """`hosts` are base URLs without credentials; `prefix` begins the name of every index and alias of ours."""

    hosts: tuple[str, ...]
    prefix: str = DEFAULT_PREFIX
    timeout_s: float = DEFAULT_TIMEOUT_S
    replicas: int = 0
    ca_file: Path | None = None
    basic_auth: tuple[str, str] | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, url: str) -> Self:
        """The address in a URL; reads the secrets' files. Raises ValueError for what it does not understand, OSError for a
        file that cannot be read."""
        parts = urlsplit(url)
        options = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        if unknown := sorted(set(options) - _OPTIONS):
            raise ValueError(f"unknown option of the index URL: {', '.join(unknown)}")
        credentials, _, hosts = parts.netloc.rpartition("@")
        if parts.scheme not in {"http", "https"} or not all(hosts.split(",")):
            raise ValueError("the index URL names no host: http(s)://host:port is known")
        base = parts.path.rstrip("/")
        return cls(
            hosts=tuple(f"{parts.scheme}://{_with_port(host, parts.scheme)}{base}" for host in hosts.split(",")),
            prefix=options.get("prefix", DEFAULT_PREFIX),
            timeout_s=float(options.get("timeout_s", DEFAULT_TIMEOUT_S)),
            replicas=int(options.get("replicas", 0)),
            ca_file=Path(options["ca_file"]) if "ca_file" in options else None,
            basic_auth=_basic_auth(credentials, options),
            api_key=_secret(options, "api_key_file"),
        )


def _with_port(host: str, scheme: str) -> str:
    """elasticsearch-py wants every port spelt out."""
    if urlsplit(f"//{host}").port is not None:
        return host
    return f"{host}:{443 if scheme == 'https' else 80}"


def _basic_auth(credentials: str, options: Mapping[str, str]) -> tuple[str, str] | None:
    if not credentials:
        return None
    user, _, password = credentials.partition(":")
    return unquote(user), _secret(options, "password_file") or unquote(password)


def _secret(options: Mapping[str, str], name: str) -> str | None:
    return Path(options[name]).read_text("utf-8").strip() if name in options else None
