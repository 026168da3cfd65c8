"""What is handed out and comes back: cursors, entity tags, the local credential."""

import base64
import stat
from pathlib import Path

import pytest
from starlette.requests import Request

from services.contracts.permissions import Permission
from services.kernel.errors import BadRequest, PreconditionRequired, Unauthenticated, VersionMismatch
from services.kernel.http.local_credential import CredentialMissing, LocalCredential
from services.kernel.http.paging import CursorSigner
from services.kernel.http.preconditions import check_version, etag, expected_version, not_modified
from services.kernel.http.signing import SigningKey

SIGNER = CursorSigner(SigningKey(b"k" * 32))
QUERY = {"list": "postings", "number": "P001"}


def test_a_cursor_comes_back_as_it_went() -> None:
    cursor = SIGNER.encode(["p_1", 7], QUERY)
    assert SIGNER.decode(cursor, dict(reversed(QUERY.items()))) == ["p_1", 7]


def _forged(cursor: str) -> list[str]:
    signed = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    flips = []
    for place in range(len(signed)):
        changed = signed.copy()
        changed[place] ^= 1
        flips.append(base64.urlsafe_b64encode(changed).decode().rstrip("="))
    return flips


def test_no_bit_of_a_cursor_may_change() -> None:
    cursor = SIGNER.encode(["p_1"], QUERY)
    for forged in [*_forged(cursor), cursor[:-1], cursor + "A", "", "?", "Zm9v", "\xe9", cursor + "\n"]:
        with pytest.raises(BadRequest) as refused:
            SIGNER.decode(forged, QUERY)
        assert refused.value.code == "bad_cursor"


@pytest.mark.parametrize("other", [{"list": "postings"}, {"list": "postings", "number": "P002"}, {"list": "workers"} | {}])
def test_a_cursor_fits_its_own_query_only(other: dict[str, str | None]) -> None:
    with pytest.raises(BadRequest):
        SIGNER.decode(SIGNER.encode(["p_1"], QUERY), other)


def test_a_cursor_of_another_installation_is_forged() -> None:
    other = CursorSigner(SigningKey(b"x" * 32))
    with pytest.raises(BadRequest):
        SIGNER.decode(other.encode(["p_1"], QUERY), QUERY)


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "data" / "signing.key"
    first, again = SigningKey.ensure(path), SigningKey.ensure(path)
    assert first == again
    assert len(first.secret) == 32
    assert first.secret.hex() not in repr(first)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert first.mac("cursor", b"x") != first.mac("idempotency", b"x")
    assert [file.name for file in path.parent.iterdir()] == ["signing.key"]


@pytest.mark.parametrize(("header", "version"), [('"1"', 1), (' "3" ', 3), ('"999999999999999999"', 10**18 - 1)])
async def test_the_version_that_was_seen(header: str, version: int) -> None:
    assert await expected_version(header) == version


@pytest.mark.parametrize("header", ["", "*", "3", 'W/"3"', '"3", "4"', '"0"', '"-1"', '"x"', '"' + "9" * 19 + '"', '"３"'])
async def test_a_version_that_is_no_tag_of_ours(header: str) -> None:
    with pytest.raises(BadRequest) as refused:
        await expected_version(header)
    assert refused.value.code == "malformed_etag"


async def test_a_change_without_a_version() -> None:
    with pytest.raises(PreconditionRequired):
        await expected_version(None)


def test_a_version_that_is_not_the_present_one() -> None:
    check_version(3, 3)
    with pytest.raises(VersionMismatch):
        check_version(2, 3)


def _reading(header: str | None) -> Request:
    headers = [(b"if-none-match", header.encode())] if header is not None else []
    return Request({"type": "http", "headers": headers})


@pytest.mark.parametrize(
    ("header", "same"),
    [(None, False), ('"3"', True), ('W/"3"', True), ('"1", "3"', True), ("*", True), ('"2"', False), ("3", False), ("", False)],
)
def test_what_the_reader_has_already(header: str | None, same: bool) -> None:
    answer = not_modified(_reading(header), 3)
    assert (answer is not None) == same
    if answer is not None:
        assert (answer.status_code, answer.headers["etag"], answer.body) == (304, etag(3), b"")


async def test_the_local_credential_opens_everything_and_is_its_owner_s(tmp_path: Path) -> None:
    server = LocalCredential.ensure(tmp_path)
    token = LocalCredential.read(tmp_path)
    principal = await server.authenticate(token)
    assert principal.permissions == frozenset(Permission)
    assert token.startswith(f"{principal.id}.")
    assert len(token.partition(".")[2]) >= 43  # 256 bits
    assert LocalCredential.ensure(tmp_path) == server
    assert stat.S_IMODE((tmp_path / "credential").stat().st_mode) == 0o600
    assert token.partition(".")[2] not in repr(server) + (tmp_path / "credential.hash").read_text()


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t + "x", lambda t: t.partition(".")[0], lambda _: "\ud800.x"])
async def test_any_other_token_stays_out(tmp_path: Path, change: object) -> None:
    server = LocalCredential.ensure(tmp_path)
    assert callable(change)
    with pytest.raises(Unauthenticated):
        await server.authenticate(change(LocalCredential.read(tmp_path)))


async def test_a_credential_lost_in_a_crash_is_made_anew(tmp_path: Path) -> None:
    LocalCredential.ensure(tmp_path)
    (tmp_path / "credential.hash").unlink()
    server = LocalCredential.ensure(tmp_path)
    await server.authenticate(LocalCredential.read(tmp_path))


async def test_services_share_a_credential_by_its_hash_alone(tmp_path: Path) -> None:
    made, shared = tmp_path / "made", tmp_path / "shared.hash"
    LocalCredential.ensure(made)
    shared.write_text((made / "credential.hash").read_text())
    service = LocalCredential.of(tmp_path / "data", shared)
    await service.authenticate(LocalCredential.read(made))
    assert not (tmp_path / "data").exists()


def test_a_directory_without_a_credential(tmp_path: Path) -> None:
    with pytest.raises(CredentialMissing):
        LocalCredential.read(tmp_path)
