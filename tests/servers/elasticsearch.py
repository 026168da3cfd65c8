"""Elasticsearch from the archive that its makers publish to Maven for tests: the official server without optional modules."""

import shutil
import urllib.request
from pathlib import Path
from typing import Final

from tests.servers.machine import free_ports, give, program, working_directory
from tests.servers.maven import archive
from tests.servers.process import ServerProcess
from tests.servers.server import Server

ARTIFACT: Final = "org.elasticsearch.distribution.integ-test-zip:elasticsearch:8.19.3:zip"
SHA256: Final = "c4b08b70523700efde9f3e4c9287229f085c2c0db1efca5c6a7d65abbdb9f2e1"
_SETTINGS: Final = """
discovery.type: single-node
network.host: 127.0.0.1
http.port: {port}
transport.port: {transport}
path.data: {data}
path.logs: {logs}
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
"""


def start(heap: str = "512m") -> Server:
    """A new node on a free port. Raises Missing, ServerFailed."""
    java = Path(program("java")).resolve()
    home = archive(ARTIFACT, SHA256)
    directory = working_directory("elasticsearch")
    port, transport = free_ports(2)
    shutil.copytree(home / "config", directory / "config")
    places = {name: directory / name for name in ("data", "logs", "temporary")}
    for place in places.values():
        place.mkdir()
    settings = _SETTINGS.format(port=port, transport=transport, data=places["data"], logs=places["logs"])
    (directory / "config" / "elasticsearch.yml").write_text(settings)
    give(directory)
    url = f"http://127.0.0.1:{port}"

    def ready() -> bool:
        try:
            # Not `GET /`: this archive lacks the module that answers it.
            with urllib.request.urlopen(f"{url}/_cluster/health?wait_for_status=yellow&timeout=1s", timeout=5) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except OSError:
            return False

    environment = {
        "ES_JAVA_HOME": str(java.parent.parent),
        "ES_PATH_CONF": str(directory / "config"),
        "ES_TMPDIR": str(places["temporary"]),
        "ES_JAVA_OPTS": f"-Xms{heap} -Xmx{heap}",
    }
    process = ServerProcess("Elasticsearch", [home / "bin" / "elasticsearch"], directory, ready, environment)
    process.start()
    return Server(url, process, directory)
