"""What can be set from outside, by environment variables that begin with YUNGONG_. Built only by app.py files and cli/."""

from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MIB: Final = 1024 * 1024

Directory = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]


def _store(name: str) -> Any:
    return Field(
        default_factory=lambda fields: f"sqlite+aiosqlite:///{(fields['data'] / name).as_posix()}",
        repr=False,  # a real URL may carry a password
        description=f"{name} in the data directory, or postgresql+asyncpg://…",
    )


def _embedded(name: str, other: str) -> Any:
    return Field(
        default_factory=lambda fields: f"embedded:///{quote((fields['data'] / name).as_posix())}",
        repr=False,
        description=f"{name} in the data directory, or {other}",
    )


class Settings(BaseSettings):
    """Every setting with its default: the embedded backends under one data directory, reachable from this machine only."""

    model_config = SettingsConfigDict(env_prefix="YUNGONG_", frozen=True, extra="ignore", validate_default=True)

    data: Directory = Field(Path("var"), description="the data directory; made absolute")
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535, description="0 takes any free port")

    workers_store_url: str = _store("workers.db")
    jobs_store_url: str = _store("jobs.db")
    bus_url: str = _embedded("bus.db", "kafka://host:port")
    index_url: str = _embedded("index", "http(s)://host:port")

    key_file: Path = Field(default_factory=lambda fields: fields["data"] / "vault.key", description="of the vault; 0600")
    cache: Path = Field(default_factory=lambda fields: fields["data"] / "cache", description="may be deleted at any time")

    body_limit_bytes: int = Field(MIB, ge=1024, description="largest request body, imports excepted")
    web_signs_in_locally: bool = Field(True, description="the page signs in by itself for a browser on this machine")

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "console"] = "console"
