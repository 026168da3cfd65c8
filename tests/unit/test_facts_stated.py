"""What staff state in structure wins over what was read from the words; what they did not state stays."""

from datetime import date

from services.contracts.events import HeldCertificate, PastWork, StatedIntention, WorkerStated
from services.kernel.text.facts import WorkerFacts, starts, worker_facts
from services.kernel.text.facts.model import Lodging, Reach, Stance
from tests.unit.said import facts, profile

_WORDS = {
    "intention_occupations": "保洁",
    "intention_places": "上海",
    "intention_pay": "4000",
    "certificates": "健康证",
    "experience": "在东莞当过保安两年",
}


def stating(intention: StatedIntention | None = None, **stated: object) -> WorkerFacts:
    said = WorkerStated.model_validate({"intention": intention or StatedIntention(), **stated})
    return worker_facts(profile(**_WORDS).model_copy(update={"stated": said}))


def test_what_nobody_stated_is_read_from_the_words() -> None:
    assert stating() == worker_facts(profile(**_WORDS))


def test_a_stated_intention_takes_the_place_of_the_words() -> None:
    found = stating(
        StatedIntention(
            occupations=("H05", "H06"),
            occupations_refused=("P06",),
            places=("440300",),
            reach="anywhere",
            pay_floor=6000,
            lodging="needed",
            live_in="wants",
            nights="refuses",
            earliest_start=date(2027, 3, 1),
            blocked_months=(10, 9),
        )
    )
    assert [work.id for work in found.wanted] == ["H05", "H06"]
    assert found.wanted[0].degree > found.wanted[1].degree
    assert found.wanted[0].span.text == "月嫂"
    assert found.wanted[0].span.field == "stated.intention.occupations"
    assert [work.id for work in found.refused] == ["P06"]
    assert [place.code for place in found.places] == ["440300"]
    assert (found.reach, found.lodging, found.live_in) == (Reach.ANYWHERE, Lodging.NEEDED, Stance.WANTS)
    assert found.nights is Stance.REFUSES
    assert found.pay is not None
    assert (found.pay.wished, found.pay.floor) == (6000, 6000)
    assert starts.earliest(found.start, date(2026, 11, 1)) == date(2027, 3, 1)
    assert starts.earliest(found.start, date(2027, 5, 1)) == date(2027, 5, 1)
    assert found.blocked_months == (9, 10)


def test_stated_papers_and_work_replace_what_was_read() -> None:
    found = stating(
        certificates=(HeldCertificate(certificate="保安员证"),),
        experience=(PastWork(occupation="H09", since=date(2020, 1, 1), until=date(2023, 1, 1)),),
        languages=("粤语",),
    )
    assert [paper.name for paper in found.certificates] == ["保安员证"]
    assert [(done.id, done.years) for done in found.experience] == [("H09", 3.0)]
    assert any(mark.id == "cantonese" and mark.holds for mark in found.marks)
    assert stating(certificates=()).certificates == ()


def test_months_needed_at_home_are_read() -> None:
    assert facts(remark="农忙要回家").blocked_months == (5, 9, 10)
    assert facts(start="随时，收烟的时候得回来帮忙").blocked_months == (7, 8, 9)
    assert facts(remark="甘蔗砍完就走").blocked_months == ()
