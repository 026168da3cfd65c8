"""Packages from Maven, fetched by its own client from wherever the machine's settings point."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from tests.servers.machine import Missing, alone, cache, program

HERE: Final = Path(__file__).parent


def kafka_jars() -> Path:
    """The directory with Kafka's jars (pom.xml), each as kafka.sha256 wants it. Raises Missing."""
    place = cache() / f"kafka-{_digest(HERE / 'kafka.sha256')[:16]}"
    with alone("kafka"):
        if not place.is_dir():
            fresh = _fresh(place)
            _maven(
                "-f",
                str(HERE / "pom.xml"),
                "dependency:copy-dependencies",
                "-DincludeScope=runtime",
                f"-DoutputDirectory={fresh}",
            )
            wanted = {name: digest for digest, name in map(str.split, (HERE / "kafka.sha256").read_text().splitlines())}
            found = {jar.name: _digest(jar) for jar in fresh.iterdir()}
            if found != wanted:
                raise Missing(f"Kafka's jars are not those of kafka.sha256: {dict(found.items() ^ wanted.items())}")
            fresh.rename(place)
    return place


def archive(artifact: str, sha256: str) -> Path:
    """The unpacked archive of `group:name:version:zip`. Raises Missing."""
    place = cache() / f"{artifact.split(':')[1]}-{sha256[:16]}"
    with alone(place.name):
        if not place.is_dir():
            fresh = _fresh(place)
            _maven("dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={fresh}")
            (packed,) = fresh.iterdir()
            if _digest(packed) != sha256:
                raise Missing(f"{packed.name} has not the checksum {sha256}")
            shutil.unpack_archive(packed, fresh)
            packed.unlink()
            (unpacked,) = fresh.iterdir()
            for tool in (unpacked / "bin").iterdir():
                tool.chmod(0o755)
            fresh.rename(place)
    (inside,) = place.iterdir()
    return inside


def _fresh(place: Path) -> Path:
    # Filled beside and renamed at the end: a download that was cut off is never taken for a whole one.
    fresh = place.with_suffix(".part")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    return fresh


def _maven(*arguments: str) -> None:
    command = [program("mvn"), "-q", "-B", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HERE, env=os.environ)  # noqa: S603 - fixed
    if done.returncode:
        raise Missing(f"Maven could not fetch what is wanted: {(done.stdout + done.stderr).strip()[-1000:]}")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
