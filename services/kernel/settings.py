"""What can be set from outside, by environment variables that begin with YUNGONG_. Built only by app.py files and cli/."""

import os
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SecretsSettingsSource, SettingsConfigDict

from services.kernel.urls import embedded_url
from services.kernel.vault import KeySource, Suite

MIB: Final = 1024 * 1024
PREFIX: Final = "YUNGONG_"
SECRETS_DIR: Final = f"{PREFIX}SECRETS_DIR"

Directory = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]


def _store(name: str) -> Any:
    return Field(
        default_factory=lambda fields: f"sqlite+aiosqlite:///{(fields['data'] / name).as_posix()}",
        repr=False,  # a real URL may carry a password
        description=f"{name} in the data directory, or postgresql+asyncpg://…",
    )


def _embedded(name: str, other: str) -> Any:
    return Field(
        default_factory=lambda fields: embedded_url(fields["data"] / name),
        repr=False,
        description=f"{name} in the data directory, or {other}",
    )


def _file(name: str, what: str) -> Any:
    return Field(default_factory=lambda fields: fields["data"] / name, description=what)


class SecretsDirectoryMissing(Exception):
    """YUNGONG_SECRETS_DIR names no directory. Starting without the secrets would make new ones, or reach other backends."""


class Settings(BaseSettings):
    """Every setting with its default: the embedded backends under one data directory, reachable from this machine only.

    A value comes from the call, else from the environment, else from a file in YUNGONG_SECRETS_DIR that is named like the
    variable in lower case (`yungong_workers_store_url`), else it is the default. Raises SecretsDirectoryMissing.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", validate_default=True)

    data: Directory = Field(Path("var"), description="the data directory; made absolute")
    secrets_dir: Path | None = Field(None, description="a directory of files, one a setting, such as /run/secrets")
    host: str = Field("127.0.0.1", description="the address to listen on; the default is reached from this machine only")
    port: int = Field(8000, ge=0, le=65535, description="the port to listen on; 0 takes any free port")
    health_port: int = Field(8081, ge=0, le=65535, description="where relay and indexer tell their health and metrics")
    api_url: str = Field("http://127.0.0.1:8000", description="the public interface, for pages in a process of their own")

    workers_store_url: str = _store("workers.db")
    jobs_store_url: str = _store("jobs.db")
    access_store_url: str = _store("access.db")
    bus_url: str = _embedded("bus.db", "kafka://host:port")
    index_url: str = _embedded("index", "http(s)://host:port")

    key_file: Path = _file("vault.key", "master keys of the vault, 0600; the same for workers and jobs")
    key_ring: str | None = Field(None, repr=False, description="what a key file holds, given instead of one")
    key_cipher: Suite = Field(Suite.AES_256_GCM, description="for new keys: aes-256-gcm, or sm4-gcm; old ones keep theirs")
    signing_key_file: Path = _file("signing.key", "key of cursors and request fingerprints, 0600; one for all of a service")
    access_key_file: Path = _file("access.key", "key that seals the access service's signing keys, 0600; its alone")
    web_key_file: Path = _file("web.key", "key of the pages' sessions, 0600; one for all processes that serve pages")
    credential_hash_file: Path | None = Field(
        None, description="hash of the first administrator's credential; without it the data directory's own is made"
    )
    access_url: str | None = Field(
        None, description="the access service; a service alone without it knows the one credential of credential_hash_file"
    )
    oidc_issuer: str | None = Field(None, description="an OpenID provider whose tokens are taken beside our own: its `iss`")
    oidc_audience: str | None = Field(None, description="the `aud` that its tokens for us name")
    oidc_jwks_url: str | None = Field(None, description="where its public keys are")
    oidc_claims: str = Field(
        "", description="role, regions, workplaces, employer_id, fair_id, permissions = claim; yungong_role and so on if unsaid"
    )
    oidc_roles: str = Field("", description="the provider's word for a role = ours; words that are ours need none")

    priority_window_days: int = Field(
        0, ge=0, le=30, description="days for which new openings are for poverty households first; 0: for everybody at once"
    )
    webhooks_reach_private: bool = Field(
        False, description="for development: webhooks may go to private addresses and over plain http"
    )

    match_poverty_first: bool = Field(True, description="of candidates as good as equal, poverty households first (优先聘用)")
    match_rotate: bool = Field(True, description="of candidates as good as equal, others first for every opening and day")

    body_limit_bytes: int = Field(MIB, ge=1024, description="largest request body, imports excepted")
    employer_candidate_pages_a_day: int = Field(
        200, ge=0, description="lists of candidates that one employer may read in a day"
    )
    employer_contact_reveals_a_day: int = Field(20, ge=0, description="contacts that one employer may have revealed in a day")
    retention_import_days: int = Field(90, ge=1, description="days after which what an import sent back is deleted")
    retention_withdrawn_days: int = Field(1095, ge=1, description="days after which who left the register is erased")
    web_signs_in_locally: bool = Field(True, description="the page signs in by itself for a browser on this machine")

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="the least that is logged")
    log_format: Literal["auto", "json", "console"] = Field("auto", description="auto: console on a terminal, else JSON lines")

    @property
    def keys(self) -> KeySource:
        """Where the vault's keys are."""
        return KeySource(self.key_file, self.key_ring, self.key_cipher)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's; there is no .env file
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - ours knows its directory from the environment
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The order of sources."""
        directory = os.environ.get(SECRETS_DIR)
        if not directory:
            return init_settings, env_settings
        if not Path(directory).is_dir():
            raise SecretsDirectoryMissing(directory)
        return init_settings, env_settings, SecretsSettingsSource(settings_cls, secrets_dir=directory)
