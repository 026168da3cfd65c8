"""What a kafka:// URL may say, and what is refused."""

import ssl
from pathlib import Path

import certifi
import pytest

from services.contracts.topics import DEAD_LETTERS, TOPICS, WORKER_PROFILES, Topic
from services.kernel.bus.kafka_settings import KafkaSettings
from services.kernel.bus.kafka_topics import topic_settings


def test_several_servers_without_security() -> None:
    settings = KafkaSettings.parse("kafka://one:9092,two:9093")
    assert settings.client["bootstrap_servers"] == ["one:9092", "two:9093"]
    assert settings.client["security_protocol"] == "PLAINTEXT"
    assert (settings.replication, settings.partitions) == (1, None)


def test_topics_are_created_as_the_url_says() -> None:
    settings = KafkaSettings.parse("kafka://one:9092?replication=3&partitions=12")
    assert (settings.replication, settings.partitions) == (3, 12)


def test_a_user_and_password_in_the_url() -> None:
    client = KafkaSettings.parse("kafka://us%40er:p%3Aw%2F@one:9092?security=sasl_plaintext&mechanism=PLAIN").client
    assert client["bootstrap_servers"] == ["one:9092"]
    assert (client["sasl_plain_username"], client["sasl_plain_password"]) == ("us@er", "p:w/")
    assert (client["security_protocol"], client["sasl_mechanism"]) == ("SASL_PLAINTEXT", "PLAIN")


def test_a_password_in_a_file_and_a_certificate_authority(tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("s3cret\n")
    url = f"kafka://one:9092?security=sasl_ssl&username=user&password_file={password}&ca_file={certifi.where()}"
    settings = KafkaSettings.parse(url)
    assert settings.client["sasl_plain_password"] == "s3cret"
    assert settings.client["ssl_context"].verify_mode == ssl.CERT_REQUIRED
    assert settings.client["ssl_context"].check_hostname
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("kafka://", "host:port"),
        ("kafka://one:9092?securty=ssl", "securty"),
        ("kafka://one:9092?security=tls", "plaintext, ssl"),
        ("kafka://one:9092?security=sasl_plaintext", "password"),
        ("kafka://one:9092?replication=many", "many"),
    ],
)
def test_what_makes_no_sense_is_refused(url: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        KafkaSettings.parse(url)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_every_topic_is_compacted_and_keeps_its_tombstones(topic: Topic) -> None:
    settings = topic_settings(topic, replication=3)
    assert settings["cleanup.policy"] == "compact"
    assert int(settings["delete.retention.ms"]) > 10 * 365 * 86_400_000
    assert settings["min.insync.replicas"] == "2"


def test_a_dead_letter_has_room_for_the_largest_record_in_base64() -> None:
    largest = int(topic_settings(WORKER_PROFILES, 1)["max.message.bytes"])
    assert int(topic_settings(DEAD_LETTERS, 1)["max.message.bytes"]) > largest * 4 / 3 + 100_000
