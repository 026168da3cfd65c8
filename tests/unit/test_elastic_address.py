"""The URL that says where Elasticsearch is and how it is met."""

from pathlib import Path

import pytest

from services.kernel.index.elastic_address import ElasticAddress


def test_a_plain_url_takes_the_defaults() -> None:
    address = ElasticAddress.parse("http://127.0.0.1:9200")
    assert (address.hosts, address.prefix, address.timeout_s) == (("http://127.0.0.1:9200",), "yungong", 10.0)
    assert (address.basic_auth, address.api_key, address.ca_file, address.replicas) == (None, None, None, 0)


def test_everything_can_be_said(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("aWQ6c2VjcmV0\n")
    url = f"https://one:9200,two/search/?prefix=hr&timeout_s=2.5&replicas=1&ca_file=/run/ca.crt&api_key_file={key}"
    address = ElasticAddress.parse(url)
    assert address.hosts == ("https://one:9200/search", "https://two:443/search")
    assert (address.prefix, address.timeout_s, address.replicas) == ("hr", 2.5, 1)
    assert (address.ca_file, address.api_key) == (Path("/run/ca.crt"), "aWQ6c2VjcmV0")


def test_a_password_comes_from_the_url_or_from_a_file(tmp_path: Path) -> None:
    assert ElasticAddress.parse("http://elastic:a%40b@es:9200").basic_auth == ("elastic", "a@b")
    (tmp_path / "password").write_text("secret\n")
    from_file = ElasticAddress.parse(f"http://elastic@es:9200?password_file={tmp_path / 'password'}")
    assert from_file.basic_auth == ("elastic", "secret")
    assert from_file.hosts == ("http://es:9200",)


def test_secrets_are_not_shown() -> None:
    shown = repr(ElasticAddress.parse("http://elastic:hunter2@es:9200"))
    assert "hunter2" not in shown


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://", "no host"),
        ("http://one:9200,,two", "no host"),
        ("ftp://es", "no host"),
        ("http://es:9200?prefx=x", "prefx"),
        ("http://es:9200?timeout_s=soon", "soon"),
    ],
)
def test_what_is_not_understood_is_refused(url: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        ElasticAddress.parse(url)


def test_a_secret_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ElasticAddress.parse(f"http://es:9200?api_key_file={tmp_path / 'none'}")
