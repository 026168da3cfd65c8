"""Place names as people write them, found in the table of divisions."""

import pytest

from services.contracts.vocabulary import divisions, tables
from services.contracts.vocabulary.divisions import Place


@pytest.fixture(scope="module")
def table() -> divisions.Divisions:
    return divisions.load()


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (("", "红河州", "金平县"), "532530"),
        (("", "怒江州", "福贡县"), "533323"),
        (("", "", "双江县"), "530925"),
        (("云南省", "红河州", "屏边苗族自治县"), "532523"),
        (("", "大理州", "大理"), "532901"),
        (("", "文山州", "文山市"), "532601"),
        (("", "文山州", ""), "532600"),
        (("沪", "", "嘉定"), "310114"),
        (("上海市", "上海市", "浦东新区"), "310115"),
        (("", "", "香格里拉县"), "533401"),
        (("上海", "", "浦东"), "310115"),
        (("", "", "云南省昭通市镇雄县"), "530627"),
        (("", "昭通 市", "镇　雄县"), "530627"),
    ],
)
def test_short_and_full_names_are_found(table: divisions.Divisions, cells: tuple[str, str, str], code: str) -> None:
    place = table.resolve(*cells)
    assert place is not None
    assert place.code == code
    assert not place.conflict


@pytest.mark.parametrize(
    ("cells", "city", "text"),
    [
        (("广东省", "东莞市", "长安镇"), "441900", "长安镇"),
        (("", "", "东莞长安镇"), "441900", "长安镇"),
        (("广东省", "中山市", "石岐街道"), "442000", "石岐街道"),
        (("", "", "松山湖"), "441900", "松山湖"),
        (("广东", "惠州", "大亚湾"), "441300", "大亚湾"),
        (("广东省", "珠海市", "横琴"), "440400", "横琴"),
        (("广东省", "惠州市", "大亚湾西区街道"), "441300", "大亚湾西区街道"),
    ],
)
def test_towns_and_zones_without_a_code_go_to_their_city(
    table: divisions.Divisions, cells: tuple[str, str, str], city: str, text: str
) -> None:
    assert table.resolve(*cells) == Place("440000", city, None, text)


@pytest.mark.parametrize("cells", [("", "昭通市", "不存在县"), ("", "", "北京市"), ("", "", ""), ("", "", "？？")])
def test_an_unknown_place_is_none(table: divisions.Divisions, cells: tuple[str, str, str]) -> None:
    assert table.resolve(*cells) is None


def test_a_county_named_with_another_city_is_found_and_marked(table: divisions.Divisions) -> None:
    place = table.resolve(city="曲靖市", county="镇雄县")
    assert place is not None
    assert (place.county_code, place.conflict) == ("530627", True)
    former_name_of_the_city = table.resolve(city="思茅", county="江城县")
    assert former_name_of_the_city is not None
    assert former_name_of_the_city.county_code == "530826"


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (("云南省", "昭通市", "云南省昭通市镇雄县乌峰街道"), "530627"),
        (("", "大理", "云南省大理鹤庆"), "532932"),
        (("", "大理", "大理鹤庆县"), "532932"),
        (("", "大理州", "云南省大理市"), "532901"),
        (("", "大理州", "大理"), "532901"),
        (("", "昭通市镇雄县", "镇雄县"), "530627"),
        (("上海市", "市辖区", "青浦区"), "310118"),
        (("", "", "云南省/昭通市/镇雄县"), "530627"),
        (("", "", "云南-昭通-镇雄"), "530627"),
        (("", "清远", "清新"), "441803"),
    ],
)
def test_what_is_above_may_be_said_again_or_parted(table: divisions.Divisions, cells: tuple[str, str, str], code: str) -> None:
    place = table.resolve(*cells)
    assert place is not None
    assert (place.code, place.conflict) == (code, False)


def test_a_zone_is_looked_for_inside_what_was_named(table: divisions.Divisions) -> None:
    assert table.resolve(province="上海市", county="张江") == Place("310000", "310000", "310115", "张江")
    assert table.resolve(province="云南省", county="张江") == Place("530000", None, None, "张江")


@pytest.mark.parametrize("row", list(tables.rows("divisions")), ids=lambda row: str(row["code"]))
def test_every_division_is_found_by_its_own_full_name(table: divisions.Divisions, row: dict[str, str]) -> None:
    division = table.get(row["code"])
    assert division is not None
    assert division.level in {"province", "prefecture", "county"}
    names = [step.name for code in table.path(row["code"]) if (step := table.get(code))]
    place = table.resolve("".join(names))
    assert place is not None
    assert place.code == row["code"]


def test_a_former_code_leads_to_its_successor(table: divisions.Divisions) -> None:
    assert table.former("310108") == "310106"  # 闸北区 went into 静安区
    assert table.former("310106") is None


def test_distance_between_zhenxiong_and_pudong(table: divisions.Divisions) -> None:
    distance = table.distance_km("530627", "310115")
    assert distance is not None
    assert 1600 < distance < 1750
