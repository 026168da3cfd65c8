"""What a scope holds, and that SQL and index filters hold the same."""

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from services.kernel import scoping
from services.kernel.http.auth import Scope
from services.kernel.index.port import AnyOf, Term

CODES = ("530000", "530600", "530627", "530602", "532301", "310000", "310115", "440000", "441900", "440304")
SCOPES = st.builds(
    Scope,
    regions=st.none() | st.frozensets(st.sampled_from(CODES), max_size=3),
    workplaces=st.none() | st.frozensets(st.sampled_from(CODES), max_size=3),
    employer_id=st.none() | st.sampled_from(["e_1", "e_2"]),
    fair_id=st.none() | st.just("f_1"),
)

metadata = sa.MetaData()
places = sa.Table("places", metadata, sa.Column("code", sa.Text), sa.Column("employer_id", sa.Text))


def test_a_prefecture_holds_its_counties_and_no_others() -> None:
    zhaotong = Scope(regions=frozenset({"530600"}))
    assert [code for code in CODES if zhaotong.serves(code)] == ["530600", "530627", "530602"]
    assert Scope(regions=frozenset({"530000"})).serves("532301")
    assert not Scope(regions=frozenset({"530627"})).serves("530602")
    assert not Scope().serves("530627")
    assert Scope.everywhere().serves("310115")


@given(SCOPES)
def test_a_scope_survives_being_told(scope: Scope) -> None:
    assert Scope.of_document(scope.document()) == scope


def test_what_is_not_told_is_nothing() -> None:
    assert Scope.of_document({}) == Scope()


@given(SCOPES)
def test_sql_holds_what_the_scope_holds(scope: Scope) -> None:
    rows = [{"code": code, "employer_id": owner} for code in CODES for owner in (None, "e_1", "e_2")]
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        connection.execute(sa.insert(places), rows)
        served = select_rows(connection, scoping.residents(scope, places.c.code))
        kept = select_rows(connection, scoping.writable(scope, places.c.employer_id, places.c.code))
        hidden = select_rows(connection, scoping.readable(scope, sa.false(), places.c.employer_id, places.c.code))
        shown = select_rows(connection, scoping.readable(scope, sa.true(), places.c.employer_id, places.c.code))
    engine.dispose()
    everything = {(row["code"], row["employer_id"]) for row in rows}
    assert served == {row for row in everything if scope.serves(str(row[0]))}
    assert kept == {row for row in everything if scope.keeps(str(row[0]), row[1])}
    assert hidden == kept
    assert shown == (everything if scope.employer_id is None else kept)


def select_rows(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> set[tuple[str | None, str | None]]:
    """What the condition leaves."""
    return {(row.code, row.employer_id) for row in connection.execute(sa.select(places).where(condition))}


def test_the_index_filter_asks_each_level_for_its_own_codes() -> None:
    assert scoping.residents_indexed(Scope.everywhere()) is None
    assert scoping.residents_indexed(Scope()) == AnyOf([])
    mixed = Scope(regions=frozenset({"530000", "310115", "440300"}))
    assert scoping.residents_indexed(mixed) == AnyOf(
        [Term("province_code", ["530000"]), Term("prefecture_code", ["440300"]), Term("county_code", ["310115"])]
    )


@given(SCOPES, SCOPES)
def test_who_covers_another_reaches_all_that_it_reaches(one: Scope, other: Scope) -> None:
    if one.covers(other):
        assert all(one.serves(code) for code in CODES if other.serves(code))
        owners = (None, "e_1", "e_2")
        assert all(one.keeps(code, owner) for code in CODES for owner in owners if other.keeps(code, owner))
    assert one.covers(one)
    assert not Scope(employer_id="e_1").covers(Scope(employer_id="e_2"))
