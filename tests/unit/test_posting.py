"""The rules of a posting."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.contracts.events import POSTING_CHANGED, POSTING_GONE, PostingChanged, PostingWords
from services.jobs.errors import PostingWithdrawn
from services.jobs.events import envelope, posting_changed
from services.jobs.opening import Opening
from services.jobs.posting import Posting, Status
from services.jobs.verdict import Verdict
from services.kernel.errors import InvalidInput

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
LATER = datetime(2026, 11, 2, 4, tzinfo=UTC)
TODAY = date(2026, 11, 1)
CLEAR = Verdict()
OPENING = Opening(
    employer_name="上海棠梨湾家庭服务有限公司",
    title="住家育儿嫂",
    province_code="310000",
    city_code="310000",
    district_code="310115",
    headcount=3,
    number="P001",
    pay_min=7000,
    pay_max=9000,
    valid_until=date(2026, 11, 1),
)


def _posting(opening: Opening = OPENING) -> Posting:
    return Posting.draft("p_1", opening, NOW, TODAY).published_at_once(CLEAR, NOW, TODAY, 0)


def _taken() -> Posting:
    return Posting.take_over("p_1", OPENING, NOW, TODAY, verdict=CLEAR)


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"pay_min": 9001}, "/pay_max", "below_minimum"),
        ({"headcount": 0}, "/headcount", "out_of_range"),
        ({"headcount": 10_001}, "/headcount", "out_of_range"),
        ({"pay_min": -1}, "/pay_min", "out_of_range"),
        ({"pay_max": 1_000_001}, "/pay_max", "out_of_range"),
        ({"valid_until": date(2026, 10, 31)}, "/valid_until", "in_the_past"),
    ],
)
def test_what_no_posting_may_say(changes: dict[str, object], pointer: str, code: str) -> None:
    wrong = replace(OPENING, **changes)  # type: ignore[arg-type]  # each case is a field of Opening
    with pytest.raises(InvalidInput) as published:
        _posting(wrong)
    with pytest.raises(InvalidInput) as amended:
        _posting().amend(changes, CLEAR, LATER, TODAY)
    for refused in (published, amended):
        assert [(error.pointer, error.code) for error in refused.value.errors] == [(pointer, code)]


def test_equal_bounds_and_the_last_day_itself_are_fine() -> None:
    posting = _posting(replace(OPENING, pay_min=9000, headcount=10_000))
    assert (posting.version, posting.status, posting.created_at) == (1, Status.PUBLISHED, NOW)


def test_amending_makes_a_new_version() -> None:
    amended = _posting().amend({"headcount": 5}, CLEAR, LATER, TODAY)
    assert (amended.version, amended.opening.headcount, amended.created_at, amended.updated_at) == (2, 5, NOW, LATER)


def test_amending_nothing_changes_nothing() -> None:
    posting = _posting()
    assert posting.amend({"headcount": 3}, CLEAR, LATER, TODAY) is posting


def test_an_expired_posting_may_be_corrected_and_renewed() -> None:
    after = date(2026, 12, 1)
    assert _posting().amend({"title": "月嫂"}, CLEAR, LATER, after).version == 2
    assert not _posting().amend({"valid_until": after}, CLEAR, LATER, after).opening.expired(after)
    with pytest.raises(InvalidInput):
        _posting().amend({"valid_until": date(2026, 11, 30)}, CLEAR, LATER, after)


def test_withdrawing_is_for_good() -> None:
    gone = _posting().withdraw("other", "已招满", LATER)
    assert (gone.version, gone.status, gone.status_since, gone.reason) == (2, Status.WITHDRAWN, LATER, "已招满")
    assert gone.withdraw("filled", "又一次", LATER) is gone
    with pytest.raises(PostingWithdrawn):
        gone.amend({"headcount": 5}, CLEAR, LATER, TODAY)


def test_the_same_row_again_changes_nothing() -> None:
    taken = _taken()
    assert taken.take_row(OPENING, CLEAR, LATER, TODAY) is taken


def test_an_old_sheet_does_not_undo_what_was_amended_since() -> None:
    amended = _taken().amend({"headcount": 9}, CLEAR, LATER, TODAY)
    assert amended.take_row(OPENING, CLEAR, LATER, TODAY).opening.headcount == 9
    newer = amended.take_row(replace(OPENING, title="月嫂"), CLEAR, LATER, TODAY)
    assert (newer.version, newer.opening.title, newer.opening.headcount) == (3, "月嫂", 3)


def test_a_row_that_says_what_is_known_makes_no_version() -> None:
    known = _posting().take_row(OPENING, CLEAR, LATER, TODAY)
    assert (known.version, known.imported_digest) == (1, OPENING.digest())


def test_a_withdrawn_posting_does_not_come_back_by_a_sheet() -> None:
    gone = _taken().withdraw("other", "", LATER)
    assert gone.take_row(replace(OPENING, headcount=9), CLEAR, LATER, TODAY) is gone


def test_a_digest_is_of_what_is_said() -> None:
    assert OPENING.digest() == replace(OPENING, words=PostingWords()).digest()
    assert OPENING.digest() != replace(OPENING, words=PostingWords(hours="做六休一")).digest()
    assert OPENING.digest() != replace(OPENING, number="", title="P001").digest()


def test_the_event_holds_no_phone_and_no_identity_number() -> None:
    words = PostingWords(description="电话13800001111找王姐，身份证530103198001011234", lodging="包住，月薪5000-6000")
    event = posting_changed(_posting(replace(OPENING, title="保洁 138 0000 1111", words=words)))
    told = event.model_dump_json()
    assert "13800001111" not in told
    assert "138 0000 1111" not in told
    assert "530103198001011234" not in told
    assert event.words.lodging == "包住，月薪5000-6000"


def test_a_change_is_told_with_its_version() -> None:
    told = envelope(_posting(), NOW)
    assert (told.type, told.subject, told.version) == (POSTING_CHANGED, "p_1", 1)
    payload = PostingChanged.model_validate_json(told.data or b"")
    assert (payload.posting_id, payload.version, payload.district_code, payload.status) == ("p_1", 1, "310115", "published")


def test_a_withdrawal_is_told_as_a_tombstone() -> None:
    told = envelope(_posting().withdraw("other", "", LATER), LATER)
    assert (told.type, told.version, told.data) == (POSTING_GONE, 2, None)


@pytest.mark.parametrize(
    ("code", "text", "told"), [("O2", "沪滇劳务协作平台", "O2"), (None, "街道公告", "街道公告"), (None, "", "")]
)
def test_the_source_is_told_by_code_or_else_by_words(code: str | None, text: str, told: str) -> None:
    assert posting_changed(_posting(replace(OPENING, source=code, source_text=text))).source == told
