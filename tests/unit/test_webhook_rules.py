"""Webhooks: the specification's vectors, addresses that are allowed, attempts and secrets over time."""

from datetime import UTC, datetime, timedelta

import pytest

from services.jobs.opening import Opening
from services.jobs.posting import Posting
from services.jobs.verdict import Verdict
from services.jobs.webhooks.addresses import NotAllowed, allowed_address, by_system, fault_of, public
from services.jobs.webhooks.endpoint import RETRY_AFTER, Attempt, Endpoint, Secret, State, next_attempt
from services.jobs.webhooks.messages import type_of
from services.jobs.webhooks.signing import headers, new_secret, signature

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
DAY = timedelta(days=1)


def test_the_vector_of_the_reference_libraries() -> None:
    """The one that the libraries of Standard Webhooks are tested with."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signed = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_every_part_is_signed() -> None:
    secret = new_secret()
    signed = signature(secret, "msg_1", 1, b"{}")
    others = [
        signature(new_secret(), "msg_1", 1, b"{}"),
        signature(secret, "msg_2", 1, b"{}"),
        signature(secret, "msg_1", 2, b"{}"),
        signature(secret, "msg_1", 1, b"{ }"),
    ]
    assert signed not in others


def test_while_a_secret_changes_both_sign() -> None:
    old, new = new_secret(), new_secret()
    sent = headers([new, old], "msg_1", NOW, b"{}")
    assert sent["webhook-signature"].split() == [signature(one, "msg_1", int(NOW.timestamp()), b"{}") for one in (new, old)]


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8"])
def test_public_addresses(address: str) -> None:
    assert public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.9.9.9",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "224.0.0.1",
        "255.255.255.255",
        "198.18.0.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:0:53aa:64c:0:fbff:f5ff:fffe",
    ],
)
def test_addresses_that_are_refused(address: str) -> None:
    assert not public(address)


@pytest.mark.parametrize("host", ["0x7f.1", "2130706433", "0177.0.0.1", "127.1", "localhost"])
async def test_odd_forms_are_judged_as_what_they_lead_to(host: str) -> None:
    with pytest.raises((NotAllowed, OSError)):
        await allowed_address(host, 443, by_system, reach_private=False)


async def test_one_private_address_among_many_refuses_all() -> None:
    async def mixed(_host: str, _port: int) -> list[str]:
        return ["93.184.216.34", "10.0.0.1"]

    with pytest.raises(NotAllowed):
        await allowed_address("portal.example", 443, mixed, reach_private=False)
    assert await allowed_address("portal.example", 443, mixed, reach_private=True) == "93.184.216.34"


@pytest.mark.parametrize(
    "url",
    [
        "http://portal.example/hook",
        "ftp://portal.example/hook",
        "https://user:word@portal.example/hook",
        "https://portal.example/hook#part",
        "https:///hook",
        "https://127.0.0.1/hook",
        "https://[::1]/hook",
        "https://[::ffff:10.0.0.1]/",
        "https://localhost/hook",
        "https://portal.example:99999/",
        "portal.example/hook",
    ],
)
def test_urls_that_will_not_do(url: str) -> None:
    assert fault_of(url, reach_private=False) is not None


def test_urls_that_will() -> None:
    assert fault_of("https://portal.example:8443/hook?tenant=1", reach_private=False) is None
    assert fault_of("http://127.0.0.1:9000/hook", reach_private=True) is None


def test_pauses_grow_over_days_and_end() -> None:
    failed = Attempt(500)
    due = [next_attempt(made, failed, NOW, 1.0) for made in range(1, 11)]
    assert [moment and moment - NOW for moment in due] == [*RETRY_AFTER, None]
    assert timedelta(days=3) < sum(RETRY_AFTER, timedelta()) < timedelta(days=4)


def test_an_answer_may_ask_for_more_time_and_for_no_more_at_all() -> None:
    assert next_attempt(1, Attempt(503, retry_after=timedelta(minutes=2)), NOW, 1.0) == NOW + timedelta(minutes=2)
    assert next_attempt(1, Attempt(503, retry_after=timedelta(days=9)), NOW, 1.0) == NOW + timedelta(days=1)
    assert next_attempt(1, Attempt(410), NOW, 1.0) is None


@pytest.mark.parametrize(
    ("status", "accepted"), [(200, True), (204, True), (301, False), (307, False), (404, False), (None, False)]
)
def test_only_a_2xx_has_arrived(status: int | None, accepted: bool) -> None:
    assert Attempt(status).accepted is accepted


def test_a_secret_is_valid_for_a_day_after_it_was_changed() -> None:
    endpoint = Endpoint("we_1", 1, "e_1", "https://portal.example", (), (Secret("one"),), NOW, NOW)
    turned = endpoint.rotate("two", NOW).rotate("three", NOW + DAY / 2)
    assert turned.valid_secrets(NOW + DAY / 2) == ("three", "two", "one")
    assert turned.valid_secrets(NOW + DAY) == ("three", "two")
    assert turned.valid_secrets(NOW + 2 * DAY) == ("three",)


def test_what_is_brought_back_starts_afresh() -> None:
    endpoint = Endpoint("we_1", 1, "e_1", "https://portal.example", ("posting.filled",), (), NOW, NOW, failing_since=NOW)
    assert endpoint.wants("posting.filled")
    assert not endpoint.wants("posting.paused")
    dead = endpoint.disable("dead", NOW)
    assert not dead.wants("posting.filled")
    back = dead.amend(NOW, state=State.ACTIVE)
    assert (back.reason, back.failing_since, back.version) == ("", None, 3)


def test_steps_of_a_life_are_told_by_their_names() -> None:
    draft = Posting.draft("p_1", Opening("某公司", "保洁", "310000", 3), NOW, NOW.date())
    shown = draft.submit(Verdict(), NOW, NOW.date(), 2)
    opened = shown.pass_time(NOW + 3 * DAY, (NOW + 3 * DAY).date())
    told = [
        type_of(None, draft),
        type_of(draft, shown),
        type_of(shown, opened),
        type_of(opened, opened.hide(NOW, hidden=True)),
        type_of(opened, opened.pause("other", "", NOW)),
        type_of(opened, opened.withdraw("other", "", NOW)),
    ]
    assert told == [
        None,
        "posting.published",
        "posting.amended",
        "posting.suspended",
        "posting.paused",
        "posting.withdrawn",
    ]
