"""A posting's words read as facts."""

from services.contracts.events import PostingChanged, PostingWords
from services.kernel.text.facts import audience, living, marks, pay, posted_work, requirements
from services.kernel.text.facts.model import PostingFacts
from services.kernel.text.facts.passages import Passage

_HOUSEHOLD_KINDS = frozenset({"K01", "K05"})  # home-service companies and private employers


def posting_facts(posting: PostingChanged) -> PostingFacts:
    """The facts in a posting's columns and words. Pure; what is not said stays unknown."""
    words = {name: Passage(f"words.{name}", getattr(posting.words, name)) for name in PostingWords.model_fields}
    title = Passage("title", posting.title)
    everything = [title, *words.values()]
    record = "\n".join(passage.text for passage in (*everything, Passage("employer_name", posting.employer_name)))
    works = posted_work.works(title, words["description"], record)
    lodging = living.posted_lodging(words["lodging"], words["description"])
    home = words["description"] if posting.employer_kind in _HOUSEHOLD_KINDS else None
    live_in = living.posted_live_in([title, words["lodging"], words["hours"]], home)
    nights, nights_span = living.posted_nights([words["hours"], words["lodging"], title, words["description"]])
    ages = requirements.ages(words["age"])
    education = requirements.education(words["education"])
    mandarin = requirements.mandarin(words["description"])
    who = audience.audience(posting, works, [title, words["description"]])
    return PostingFacts(
        works=works,
        pay=pay.posted_pay(posting.pay_min, posting.pay_max, words["description"]),
        place_code=posting.district_code or posting.city_code or posting.province_code,
        lodging=lodging.lodging,
        lodging_span=lodging.span,
        board=living.posted_board(words["lodging"], words["description"]).lodging,
        live_in=live_in.stance,
        live_in_span=live_in.span,
        nights=nights,
        nights_span=nights_span,
        certificates=requirements.certificates_needed(words["certificates"], words["description"], works),
        experience=requirements.experience(words["description"], words["education"]),
        education_at_least=education.code,
        education_strength=education.strength,
        education_span=education.span,
        age_from=ages.least,
        age_to=ages.most,
        age_span=ages.span,
        mandarin_at_least=mandarin.code,
        mandarin_span=mandarin.span,
        demands=marks.demands([words["certificates"], *everything]),
        offers=marks.offers(everything),
        strains=requirements.strains(everything, works),
        residents_of=who.residents_of,
        residents_township=who.township,
        poverty_household_only=who.poverty,
        relocated_only=who.relocated,
        residents_span=who.span,
        couples_only=who.couples,
    )
