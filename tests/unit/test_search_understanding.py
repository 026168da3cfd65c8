"""Search texts as staff type them: what is understood, what is turned round, what is left aside."""

import pytest

from services.kernel.text.segmenter import Segmenter
from services.matcher.indexer.documents import Collection
from services.matcher.search.concepts import Understanding
from services.matcher.search.understanding import understand
from tests.builders import TODAY

WORKERS, POSTINGS = Collection.WORKERS, Collection.POSTINGS


@pytest.fixture
def read(segmenter: Segmenter) -> "Read":
    return Read(segmenter)


class Read:
    """Reads a text on the tests' day."""

    def __init__(self, segmenter: Segmenter) -> None:
        self._segmenter = segmenter

    def __call__(self, text: str, over: Collection) -> Understanding:
        return understand(text, over, TODAY, self._segmenter)

    def labels(self, text: str, over: Collection) -> list[str]:
        """What people are told; what decides who is a hit ends with "!"."""
        concepts = self(text, over).concepts
        return [one.label + ("!" if one.must is not None and one.meets is None else "") for one in concepts]


CASES = [
    (WORKERS, "四十岁以下 有电工证 想去佛山", ["年龄不超过40岁!", "有低压电工作业证", "想去佛山市"]),
    (WORKERS, "不要住家的阿姨", ["不住家!", "做家政服务员、住家保姆、白班保姆"]),
    (WORKERS, "过完年能走的保安", ["2027-02-20前能上岗!", "做保安员"]),
    (WORKERS, "春节后才能出来的月嫂", ["2027-02-13以后才能上岗!", "做月嫂"]),
    (WORKERS, "保按 东莞", ["做保安员", "想去东莞市"]),
    (WORKERS, "不当保安 不去上海", ["不做保安员!", "不去上海市!"]),
    (WORKERS, "三年以上经验的月嫂", ["做过月嫂3年以上"]),
    (WORKERS, "昭通彝良人 做过养老护理", ["家在昭通市彝良县!", "做过养老护理员"]),
    (WORKERS, "在上海干过的保洁", ["在上海市做过", "做过物业保洁员、家庭保洁员"]),
    (WORKERS, "月薪要求不超过4000的帮厨", ["期望月薪不超过4000元!", "做食堂帮工"]),
    (WORKERS, "有C1驾照 不抽烟", ["有机动车驾驶证（C1）", "不抽烟"]),
    (WORKERS, "不会说普通话的", ["普通话不会说!"]),
    (WORKERS, "90后 大专以上", ["年龄26–36岁!", "大专以上!"]),
    (WORKERS, "能倒班 脱贫户 退伍军人", ["能上夜班!", "脱贫户!", "退伍军人"]),
    (WORKERS, "不倒夜班 会粤语", ["不上夜班", "会粤语"]),
    (WORKERS, "深圳或者东莞的保安", ["想去深圳市、东莞市", "做保安员"]),
    (POSTINGS, "包吃住 五千以上 保安", ["包吃", "包住", "月薪5000元以上", "做保安员"]),
    (POSTINGS, "照顾老人 不要证 住家", ["做家庭照护员", "不要求证书", "住家"]),
    (POSTINGS, "一天200以上", ["月薪5200元以上"]),
    (POSTINGS, "五十五岁能做的保洁", ["55岁的人", "做物业保洁员、家庭保洁员"]),
    (POSTINGS, "做饭的 不要照顾老人", ["做家庭厨师", "不是家庭照护员!"]),
    (POSTINGS, "能带孩子上班的", ["方便带孩子"]),
    (POSTINGS, "不要大专 不去上海", ["不要求大专!", "不在上海市!"]),
]


@pytest.mark.parametrize(("over", "text", "labels"), CASES)
def test_what_is_said_is_understood(read: Read, over: Collection, text: str, labels: list[str]) -> None:
    assert read.labels(text, over) == labels


@pytest.mark.parametrize("text", ["女保洁", "只要男的 保安", "彝族月嫂", "未婚 前台", "保洁 不要乙肝携带者"])
def test_what_the_law_forbids_to_ask_is_told_and_left_aside(read: Read, text: str) -> None:
    understood = read(text, WORKERS)
    assert [one.reason for one in understood.ignored if "依法" in one.reason]
    assert all(one.kind == "work" for one in understood.concepts)
    assert not {"女", "男", "彝族", "未婚", "乙肝", "携带者"} & set(understood.tokens)


def test_a_diet_a_girl_and_a_festival_are_no_such_question(read: Read) -> None:
    ignored = read("清真饮食 过完彝族年能走 送女儿上学", WORKERS).ignored
    assert [one for one in ignored if "依法" in one.reason] == []


def test_words_that_nobody_reads_are_looked_for_as_words(read: Read) -> None:
    understood = read("会打钉子 榫卯", WORKERS)
    assert [one.kind for one in understood.concepts] == ["text", "text"]
    assert "榫卯" in understood.tokens


def test_words_of_asking_are_left_aside_and_told(read: Read) -> None:
    understood = read("帮我找 保洁 哪里的都可以", WORKERS)
    assert "帮我找" in {one.text for one in understood.ignored}


@pytest.mark.parametrize(
    "text", ["", "   ", "，，，", "的", "\ud800", "(" * 200, "0" * 200, "9999999999岁以下", "不" * 200, "十" * 200]
)
@pytest.mark.parametrize("over", [WORKERS, POSTINGS])
def test_nonsense_is_read_without_harm(read: Read, text: str, over: Collection) -> None:
    assert read(text, over).text == text


def test_every_concept_names_its_own_words(read: Read) -> None:
    for over, text, _ in CASES:
        for concept in read(text, over).concepts:
            assert 0 <= concept.start < concept.end <= len(text)


def test_gains_are_exact_in_a_float(read: Read) -> None:
    """Both indexes must add them up alike."""
    for over, text, _ in CASES:
        gains = [rung.gain for concept in read(text, over).concepts for rung in concept.rungs]
        assert all(gain > 0 and gain * 4 == int(gain * 4) for gain in gains)
