"""Kafka from Maven packages: one node, broker and controller in one process (KRaft)."""

import socket
from pathlib import Path
from typing import Final

from tests.servers.certificate import write_certificate
from tests.servers.machine import free_ports, program, working_directory
from tests.servers.maven import kafka_jars
from tests.servers.process import ServerProcess, run
from tests.servers.server import Server

PASSWORD: Final = "made-up-for-tests"
_PROPERTIES: Final = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller},SECURE://127.0.0.1:{secure}
advertised.listeners=PLAINTEXT://127.0.0.1:{advertised},SECURE://127.0.0.1:{secure}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL
ssl.keystore.type=PEM
ssl.keystore.location={certificate}
listener.name.secure.sasl.enabled.mechanisms=PLAIN
listener.name.secure.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \\
  user_yungong="{password}";
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
    broker, controller, secure = free_ports(3)
    certificate, authority = directory / "certificate.pem", directory / "authority.pem"
    write_certificate(certificate, authority)
    properties = directory / "server.properties"
    properties.write_text(
        _PROPERTIES.format(
            broker=broker,
            controller=controller,
            secure=secure,
            advertised=advertised or broker,
            data=directory / "data",
            certificate=certificate,
            password=PASSWORD,
        )
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
    query = f"security=sasl_ssl&mechanism=PLAIN&ca_file={authority}"
    secure_url = f"kafka://yungong:{PASSWORD}@127.0.0.1:{secure}?{query}"
    return Server(f"kafka://127.0.0.1:{advertised or broker}", process, directory, secure_url=secure_url)
