"""Kafka from Maven packages: one node, broker and controller in one process (KRaft)."""

import socket
from pathlib import Path
from typing import Final

from tests.servers.machine import free_ports, program, working_directory
from tests.servers.maven import kafka_jars
from tests.servers.process import ServerProcess, run
from tests.servers.server import Server

_PROPERTIES: Final = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{advertised}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
"""

_LOGGING: Final = """
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d %p %m (%c)%n
rootLogger.level=info
rootLogger.appenderRef.console.ref=console
"""


def start(advertised: int | None = None) -> Server:
    """A new broker on a free port; `advertised` is the port of a proxy before it. Raises Missing, ServerFailed."""
    java = program("java")
    classpath = f"{kafka_jars()}/*"
    directory = working_directory("kafka")
    broker, controller = free_ports(2)
    properties = directory / "server.properties"
    properties.write_text(
        _PROPERTIES.format(broker=broker, controller=controller, advertised=advertised or broker, data=directory / "data")
    )
    logging = directory / "log4j2.properties"
    logging.write_text(_LOGGING)
    storage: list[str | Path] = [java, "-Xmx64m", "-XX:TieredStopAtLevel=1", "-cp", classpath, "kafka.tools.StorageTool"]
    cluster = run([*storage, "random-uuid"]).strip().splitlines()[-1]
    run([*storage, "format", "-t", cluster, "-c", properties])

    def ready() -> bool:
        try:
            socket.create_connection(("127.0.0.1", broker), timeout=1).close()
        except OSError:
            return False
        return "Kafka Server started" in process.log.read_text(errors="replace")

    command: list[str | Path] = [
        java,
        "-Xmx512m",
        f"-Dlog4j2.configurationFile={logging}",
        "-cp",
        classpath,
        "kafka.Kafka",
        properties,
    ]
    process = ServerProcess("Kafka", command, directory, ready, {})
    process.start()
    return Server(f"kafka://127.0.0.1:{advertised or broker}", process, directory)
