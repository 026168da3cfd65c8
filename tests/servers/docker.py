"""The same servers from their official images, where a Docker daemon answers."""

import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from tests.servers.machine import free_ports
from tests.servers.process import READY_WITHIN_S, ServerFailed
from tests.servers.server import Server


@dataclass(frozen=True, slots=True)
class Image:
    """How one server is run: `{port}` stands for the port of loopback that it is to be reached at."""

    name: str
    port: int
    url: str
    environment: Sequence[str]
    probe: Sequence[str]


POSTGRES: Final = Image(
    "postgres:15",
    5432,
    "postgresql+asyncpg://yungong@127.0.0.1:{port}/postgres",
    ("POSTGRES_USER=yungong", "POSTGRES_DB=postgres", "POSTGRES_HOST_AUTH_METHOD=trust"),
    ("pg_isready", "-h", "127.0.0.1", "-U", "yungong"),
)
KAFKA: Final = Image(
    "apache/kafka:4.1.1",
    9092,
    "kafka://127.0.0.1:{port}",
    (
        "KAFKA_PROCESS_ROLES=broker,controller",
        "KAFKA_NODE_ID=1",
        "KAFKA_CONTROLLER_QUORUM_VOTERS=1@127.0.0.1:9093",
        "KAFKA_LISTENERS=PLAINTEXT://:9092,CONTROLLER://:9093",
        "KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://127.0.0.1:{port}",
        "KAFKA_CONTROLLER_LISTENER_NAMES=CONTROLLER",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR=1",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR=1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR=1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS=0",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE=false",
    ),
    ("nc", "-z", "127.0.0.1", "9092"),
)
ELASTICSEARCH: Final = Image(
    "elasticsearch:8.19.3",
    9200,
    "http://127.0.0.1:{port}",
    ("discovery.type=single-node", "xpack.security.enabled=false", "ES_JAVA_OPTS=-Xms512m -Xmx512m"),
    ("curl", "-sf", "http://127.0.0.1:9200/_cluster/health?wait_for_status=yellow&timeout=1s"),
)


def answers() -> bool:
    """Whether a daemon can be asked."""
    return shutil.which("docker") is not None and _docker("info").returncode == 0


def starter(image: Image) -> Callable[[], Server]:
    """Something that starts a container of the image. It raises ServerFailed."""

    def start() -> Server:
        (port,) = free_ports(1)
        variables = [part for one in image.environment for part in ("-e", one.format(port=port))]
        started = _docker("run", "-d", "--rm", "-p", f"127.0.0.1:{port}:{image.port}", *variables, image.name)
        if started.returncode:
            raise ServerFailed(f"{image.name} cannot be run: {started.stderr.strip()}")
        container = started.stdout.strip()
        server = Server(image.url.format(port=port), close=lambda: _remove(container))
        deadline = time.monotonic() + READY_WITHIN_S
        while _docker("exec", container, *image.probe).returncode:
            if time.monotonic() > deadline:
                log = _docker("logs", "--tail", "40", container)
                server.stop()
                raise ServerFailed(f"{image.name} did not become ready:\n{log.stdout}{log.stderr}")
            time.sleep(0.5)
        return server

    return start


def _remove(container: str) -> None:
    _docker("rm", "-f", container)


def _docker(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)  # noqa: S603, S607 - fixed
