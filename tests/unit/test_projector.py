"""Events to documents: what is searchable, what stays out, and what is poison."""

from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import pytest

from services.contracts import events
from services.kernel.bus import Record
from services.kernel.index import Document, FieldKind, Point
from services.kernel.index.documents import fit
from services.kernel.text.segmenter import Segmenter
from services.matcher.indexer.documents import POSTING_FIELDS, WORKER_FIELDS, Collection, schema
from services.matcher.indexer.projector import Poison, project
from tests.services.stream_events import (
    TIME,
    posting_changed,
    posting_gone,
    worker_changed,
    worker_gone,
)

FORBIDDEN = ("sex", "gender", "ethnic", "religion", "marital", "id_number", "identity", "phone")


def projected(record: Record, segmenter: Segmenter) -> Document:
    collection = Collection.WORKERS if "workers" in record.topic.name else Collection.POSTINGS
    return project(collection, record.headers, record.value, segmenter)


def test_a_worker_is_found_by_what_is_known_and_by_the_words(segmenter: Segmenter) -> None:
    document = projected(worker_changed("w_1", 3), segmenter)
    assert (document.id, document.version, document.tombstone) == ("w_1", 3, False)
    fields = document.fields
    assert (fields["visible"], fields["birth_date"], fields["number"]) == (True, date(1984, 5, 6), "12")
    assert [fields[name] for name in ("province_code", "prefecture_code", "county_code")] == ["530000", "530600", "530627"]
    assert (fields["education"], fields["mandarin"], fields["willingness"]) == (2, 2, "W3")
    assert fields["home"] == Point(27.441622, 104.87376)
    assert "育儿嫂" in fields["intention"].split()
    assert "昆明" in fields["experience"].split()
    assert "上海" in fields["place_words"].split()
    assert fit(schema(Collection.WORKERS, "x"), document)


def test_each_certificate_is_found_by_itself(segmenter: Segmenter) -> None:
    words = {"certificates": "母婴护理员(中级)、低压电工证(27年3月到期)、保安员证（过期没换）"}
    document = projected(worker_changed("w_1", words=words, stated={}), segmenter)
    papers = {paper["name"]: (paper["state"], paper["level"], paper["expires"]) for paper in document.fields["papers"]}
    assert papers == {
        "母婴护理员证书": ("held", 4, None),
        "低压电工作业证": ("held", None, date(2027, 3, 31)),
        "保安员证": ("expired", None, None),
    }
    assert len(fit(schema(Collection.WORKERS, "x"), document).nested["papers"]) == 3


def test_certificates_stated_in_structure_take_the_place_of_the_words(segmenter: Segmenter) -> None:
    held = {"certificate": "保安员证", "level": 3, "expires_on": "2027-03-31"}
    stated = {"certificates": [held]}
    fields = projected(worker_changed("w_1", words={"certificates": "健康证"}, stated=stated), segmenter).fields
    assert [tuple(paper.values()) for paper in fields["papers"]] == [("保安员证", "held", 3, "", date(2027, 3, 31))]
    assert projected(worker_changed("w_1", stated={"certificates": []}), segmenter).fields["papers"] == []


def test_the_source_of_a_worker_is_the_event_its_facts_and_its_time(segmenter: Segmenter) -> None:
    record = worker_changed("w_1")
    source = projected(record, segmenter).source
    assert source["profile"] == orjson.loads(record.value or b"")
    assert set(source) == {"profile", "facts", "updated"}
    assert source["updated"] == TIME.isoformat()
    assert orjson.loads(orjson.dumps(source)) == source


def test_a_posting_is_found_by_what_is_known_and_by_the_words(segmenter: Segmenter) -> None:
    record = posting_changed("p_1", 2)
    document = projected(record, segmenter)
    fields = document.fields
    assert (document.id, document.version, fields["visible"]) == ("p_1", 2, True)
    assert (fields["valid_until"], fields["number"], fields["employer_kind"]) == (date(2027, 12, 31), "12", "K01")
    assert [fields[name] for name in ("province_code", "city_code", "district_code")] == ["310000", "310000", "310115"]
    assert fields["place"] == Point(31.221517, 121.544379)
    assert "住家育儿嫂" in fields["title"].split()
    assert "辅食" in fields["description"].split()
    assert document.source["posting"] == orjson.loads(record.value or b"")
    assert fit(schema(Collection.POSTINGS, "x"), document)


@pytest.mark.parametrize(
    ("changes", "visible"),
    [
        ({}, True),
        ({"basis": "consent"}, True),
        ({"basis": None}, False),
        ({"active": False}, False),
        ({"visibility": {"staff": None}}, False),
        ({"visibility": {"staff": False, "employers": True}}, False),
        ({"visibility": {}}, False),
    ],
)
def test_a_worker_is_shown_only_if_every_condition_is_known_and_holds(
    segmenter: Segmenter, changes: dict[str, Any], visible: bool
) -> None:
    fields = projected(worker_changed("w_1", **changes), segmenter).fields
    assert fields["visible"] is visible
    assert fields["audiences"] == (["employers", "ranking"] if visible else [])


@pytest.mark.parametrize(
    ("status", "visible"),
    [("published", True), ("published-restricted", True), ("paused", False), ("suspended", False), ("expired", False)],
)
def test_a_posting_is_shown_while_it_is_published(segmenter: Segmenter, status: str, visible: bool) -> None:
    assert projected(posting_changed("p_1", status=status), segmenter).fields["visible"] is visible


def test_what_is_unknown_is_left_out(segmenter: Segmenter) -> None:
    unknown = projected(worker_changed("w_1", education=None, mandarin=None, willingness=None, county_code="999999"), segmenter)
    held = fit(schema(Collection.WORKERS, "x"), unknown)
    assert not {"education", "mandarin", "willingness", "province_code", "prefecture_code", "home"} & set(held.fields)
    assert held.fields["county_code"] == ["999999"]


def test_a_worker_of_a_municipality_has_it_as_prefecture(segmenter: Segmenter) -> None:
    fields = projected(worker_changed("w_1", county_code="310115"), segmenter).fields
    assert [fields[name] for name in ("province_code", "prefecture_code", "county_code")] == ["310000", "310000", "310115"]


def test_who_is_gone_is_a_tombstone(segmenter: Segmenter) -> None:
    for record in (worker_gone("w_1", 4), posting_gone("p_1", 4)):
        assert projected(record, segmenter) == Document(record.key, 4, tombstone=True)


def _without(record: Record, header: str) -> Record:
    return replace(record, headers={name: value for name, value in record.headers.items() if name != header})


def _with(record: Record, **headers: str) -> Record:
    return replace(record, headers={**record.headers, **headers})


GOOD = worker_changed("w_1", 2)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (_without(GOOD, "ce_aggregateversion"), "ce_aggregateversion"),
        (_with(GOOD, ce_aggregateversion="0"), "version"),
        (_with(GOOD, ce_aggregateversion="3"), "disagree"),
        (_with(GOOD, ce_subject="w_2"), "disagree"),
        (_with(GOOD, ce_type="cn.yungong.worker.changed.v9"), "unknown type"),
        (_with(GOOD, ce_type=events.POSTING_CHANGED), "unknown type"),
        (replace(GOOD, value=b"{"), "json_invalid"),
        (replace(GOOD, value=None), "json_invalid"),
        (replace(GOOD, value=b"[1]"), "payload: model"),
        (replace(GOOD, value=(GOOD.value or b"").replace(b"1984-05-06", b"1984-02-30")), "birth_date"),
        (replace(GOOD, value=(GOOD.value or b"").replace("上海".encode(), b"\\ud800")), "json_invalid"),
        (replace(GOOD, value=(GOOD.value or b"").replace("上海".encode(), "长".encode() * 5_000)), "too_long"),
        (replace(GOOD, headers={}), "missing"),
    ],
)
def test_poison_is_named(segmenter: Segmenter, record: Record, reason: str) -> None:
    with pytest.raises(Poison, match=reason):
        projected(record, segmenter)


def test_poison_does_not_tell_what_people_wrote(segmenter: Segmenter) -> None:
    secret = "张三的电话"
    bad = replace(GOOD, value=(GOOD.value or b"").replace(b"1984-05-06", secret.encode()))
    with pytest.raises(Poison) as caught:
        projected(bad, segmenter)
    assert secret not in str(caught.value)
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_what_must_not_rank_is_in_no_field() -> None:
    for fields in (WORKER_FIELDS, POSTING_FIELDS):
        assert not [name for name in fields if any(word in name for word in FORBIDDEN)]


def test_a_schema_version_changes_with_fields_and_lexicon() -> None:
    versions = {schema(collection, lexicon).version for collection in Collection for lexicon in ("a", "b")}
    assert len(versions) == 4
    assert schema(Collection.WORKERS, "a") == schema(Collection.WORKERS, "a")
    assert set(schema(Collection.WORKERS, "a").fields.values()) == set(FieldKind)
