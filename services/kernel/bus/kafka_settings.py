"""What a `kafka://` URL says."""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

CLIENT: Final = "yungong"
_PARAMETERS: Final = frozenset(
    {
        "security",
        "mechanism",
        "username",
        "password_file",
        "ca_file",
        "certificate_file",
        "key_file",
        "replication",
        "partitions",
    }
)
_SECURITIES: Final = {"plaintext": "PLAINTEXT", "ssl": "SSL", "sasl_plaintext": "SASL_PLAINTEXT", "sasl_ssl": "SASL_SSL"}


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """`client`: arguments that every aiokafka client takes. `partitions` None: as many as each topic asks for."""

    client: dict[str, Any] = field(repr=False)
    replication: int = 1
    partitions: int | None = None

    @classmethod
    def parse(cls, url: str) -> Self:
        """From `kafka://[user:password@]host:port[,host:port…][?parameters]`. Raises ValueError, naming what is wrong.

        Parameters: `security` (plaintext, ssl, sasl_plaintext, sasl_ssl), `mechanism` (PLAIN, SCRAM-SHA-256, SCRAM-SHA-512),
        `username`, `password_file`, `ca_file`, `certificate_file`, `key_file` (PEM), `replication` (of topics that are created)
        and `partitions` (in the place of what a topic asks for).
        """
        parts = urlsplit(url)
        parameters = {name: values[-1] for name, values in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()}
        if unknown := parameters.keys() - _PARAMETERS:
            raise ValueError(f"a kafka:// URL has no parameter {', '.join(sorted(unknown))}")
        security = parameters.get("security", "plaintext")
        if security not in _SECURITIES:
            raise ValueError(f"security is one of {', '.join(_SECURITIES)}, not {security!r}")
        client: dict[str, Any] = {
            "bootstrap_servers": _servers(parts),
            "client_id": CLIENT,
            "security_protocol": _SECURITIES[security],
            "metadata_max_age_ms": 30_000,
        }
        if security.endswith("ssl"):
            client["ssl_context"] = _context(parameters)
        if security.startswith("sasl"):
            client |= _credentials(parts, parameters)
        partitions = parameters.get("partitions")
        return cls(client, int(parameters.get("replication", "1")), int(partitions) if partitions else None)


def _servers(parts: SplitResult) -> list[str]:
    servers = [server for server in parts.netloc.rpartition("@")[2].split(",") if server]
    if not servers:
        raise ValueError("a kafka:// URL names at least one host:port")
    return servers


def _context(parameters: dict[str, str]) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=parameters.get("ca_file"))
    if certificate := parameters.get("certificate_file"):
        context.load_cert_chain(certificate, parameters.get("key_file"))
    return context


def _credentials(parts: SplitResult, parameters: dict[str, str]) -> dict[str, str]:
    user, _, password = parts.netloc.rpartition("@")[0].partition(":")
    username = parameters.get("username") or unquote(user)
    file = parameters.get("password_file")
    password = Path(file).read_text("utf-8").strip() if file else unquote(password)
    if not (username and password):
        raise ValueError("SASL wants a user and a password (user:password@, or username= and password_file=)")
    return {
        "sasl_mechanism": parameters.get("mechanism", "SCRAM-SHA-512"),
        "sasl_plain_username": username,
        "sasl_plain_password": password,
    }
