"""The lexicon: what it holds, and that it holds together."""

from services.kernel.text.lexicon import Lexicon, ambiguous_terms


def test_a_term_is_led_to_the_head_of_its_group() -> None:
    lexicon = Lexicon.load()
    assert lexicon.canonical["母婴护理员"] == ("月嫂",)
    assert "月嫂" not in lexicon.canonical


def test_exactly_the_declared_terms_stand_in_two_groups() -> None:
    lexicon = Lexicon.load()
    doubled = {term for term, heads in lexicon.canonical.items() if len(heads) > 1}
    assert doubled == set(ambiguous_terms())


def test_levels_and_places_stay_out_of_the_general_synonyms() -> None:
    lexicon = Lexicon.load()
    assert "五级" not in lexicon.canonical
    assert lexicon.levels["五级"] == ("初级",)
    assert not {"沪", "上海市", "滇"} & set(lexicon.canonical)


def test_the_user_dictionary_is_in_the_spelling_that_is_cut() -> None:
    words = Lexicon.load().words
    assert len(words) > 1_000
    assert "x光机操作员" in words
    assert not any(word != word.lower() for word in words)


def test_the_version_names_the_data() -> None:
    assert Lexicon.load().version == Lexicon.load().version
    assert len(Lexicon.load().version) == 12
