"""Where somebody would go, as bureaus count it: stated places first, else what the words are read as; the farthest counts."""

import pytest

from services.workers.intentions.destination import destination
from services.workers.intentions.intention import Intention


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("上海", "D1"),
        ("上海，浦东最好，路熟", "D1"),
        ("江浙沪", "D1"),
        ("哪点都得，管吃住", "D1"),
        ("昆明", "D2"),
        ("省内工地", "D2"),
        ("近处，最远昆明", "D2"),
        ("县城或者昭通", "D2"),
        ("镇雄", "D3"),
        ("本乡", "D3"),
        ("离家近点", "D3"),
        ("跟邹定芬走", None),
        ("", None),
    ],
)
def test_words_are_read_as_everywhere(words: str, expected: str | None) -> None:
    assert destination(Intention(), words, "530627") == expected


def test_what_was_stated_stands_in_the_place_of_the_words() -> None:
    assert destination(Intention(places=("530627",)), "上海", "530627") == "D3"
    assert destination(Intention(places=("530627", "440300")), "", "530627") == "D1"
    assert destination(Intention(reach="province"), "上海", "530627") == "D2"
    assert destination(Intention(places=()), "上海", "530627") is None
