"""Which rows of a batch are done with: whatever the outcomes, each key's rows are marked in order and none is marked unsent."""

from hypothesis import given
from hypothesis import strategies as st

from services.contracts.topics import Topic
from services.kernel.bus import Record
from services.kernel.outbox.queue import Waiting
from services.kernel.outbox.relay import settled_ids

TOPICS = (Topic("one", 1), Topic("two", 1))


@given(st.lists(st.tuples(st.sampled_from(TOPICS), st.sampled_from("abc"), st.booleans())))
def test_a_row_is_settled_when_it_and_all_before_it_of_its_key_arrived(batch: list[tuple[Topic, str, bool]]) -> None:
    rows = [Waiting(number, Record(topic, key, b"")) for number, (topic, key, _arrived) in enumerate(batch)]
    expected = [
        number
        for number, (topic, key, _arrived) in enumerate(batch)
        if all(arrived for other, same, arrived in batch[: number + 1] if (other, same) == (topic, key))
    ]
    assert settled_ids(rows, [arrived for _topic, _key, arrived in batch]) == expected
