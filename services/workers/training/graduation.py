"""What a completed course adds to a profile: the course itself, and the paper it led to. Pure."""

from dataclasses import dataclass, replace
from datetime import date

from services.kernel.text.facts import certificates as readings
from services.kernel.text.facts.model import CertificateState
from services.kernel.text.facts.passages import Passage
from services.workers.certificates import Certificate
from services.workers.experience import Training
from services.workers.profile import Profile
from services.workers.training.course import Course


@dataclass(frozen=True, slots=True)
class Paper:
    """The certificate as it was handed out; `level` 5 (lowest) to 1."""

    number: str = ""
    level: int | None = None
    issued_on: date | None = None
    expires_on: date | None = None


def graduated(profile: Profile, course: Course, paper: Paper | None, actor: str, today: date) -> Profile:
    """The profile of somebody who completed the course; `paper` None: without a certificate. `actor` saw the paper.

    What the words tell of papers stays: it is written down beside the new one, because what is stated goes before words.
    """
    done = Training(course.title, course.occupation, course.hours, course.ends_on, course.certificate if paper else "")
    stated = profile.stated
    training = tuple(one for one in stated.training or () if (one.course, one.ended_on) != (done.course, done.ended_on))
    stated = replace(stated, training=(*training, done))
    if paper is not None and course.certificate:
        stated = replace(stated, certificates=(*_others(profile, course, paper), _certificate(course, paper, actor, today)))
    return replace(profile, stated=stated)


def _certificate(course: Course, paper: Paper, actor: str, today: date) -> Certificate:
    return Certificate(
        name=course.certificate,
        level=paper.level,
        number=paper.number,
        issued_on=paper.issued_on or min(course.ends_on, today),
        expires_on=paper.expires_on,
        verified_by=actor,
        verified_on=today,
    )


def _others(profile: Profile, course: Course, paper: Paper) -> tuple[Certificate, ...]:
    """The other papers: those stated, else those that the words tell of."""
    held = profile.stated.certificates
    if held is None:
        read = readings.held(Passage("certificates", profile.words.certificates))
        held = tuple(
            Certificate(one.name, one.level, one.branch, expires_on=one.expires)
            for one in read
            if one.state is CertificateState.HELD
        )
    return tuple(one for one in held if (one.name, one.level) != (course.certificate, paper.level))
