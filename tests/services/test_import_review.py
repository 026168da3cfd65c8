"""Imports that are tried first, laid over records by a policy, decided cell by cell, and read by a county's own headings."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.kernel.errors import Conflict, InvalidInput, NotFound
from services.kernel.http.auth import Scope
from services.kernel.imports.outcomes import Policy, Terms
from services.kernel.imports.review import KEPT_FOR
from tests.builders import CLOCK, STAFF
from tests.registers import Desk, csv_file, desk, person, table, xlsx

DRY = Terms(dry_run=True)
ELSEWHERE = replace(STAFF, id="elsewhere", scope=Scope(regions=frozenset({"532500"})))


class _Later:
    """The tests' clock, a while on."""

    ahead = timedelta()

    def now(self) -> datetime:
        return CLOCK.now() + self.ahead

    def today(self) -> date:
        return CLOCK.today()


@pytest.fixture
async def register(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk(tmp_path) as opened:
        yield opened


def sheet(*people: dict[str, Any]) -> bytes:
    return xlsx(table(people))


async def test_a_trial_tells_what_would_be_and_changes_nothing(register: Desk) -> None:
    await register.take(sheet(person(1)))
    published = await register.count("outbox")
    audited = await register.count("audit")
    tried = await register.take(sheet(person(1, 联系电话="15400009999"), person(2), person(3, 姓名="")), terms=DRY)
    assert (tried.state, tried.created, tried.changed, tried.rejected) == ("checked", 1, 1, 1)
    assert await register.count("workers") == 1
    assert await register.count("outbox") == published
    assert await register.count("audit") == audited + 1  # that it was submitted
    assert (await register.held("A0001")).profile.phone == person(1)["联系电话"]


async def test_what_was_tried_is_carried_out_once_it_is_confirmed(register: Desk) -> None:
    tried = await register.take(sheet(person(1), person(2), person(3, 姓名="")), terms=DRY)
    await register.imports.review.confirm(tried.id, STAFF)
    await register.imports.review.confirm(tried.id, STAFF)
    assert await register.imports.step(asyncio.Event())
    done = await register.imports.view(tried.id, STAFF)
    assert (done.state, done.dry_run, done.created, done.rejected) == ("done", False, 2, 1)
    assert done.report.findings_total == 1
    assert await register.count("import_rejects") == 1
    assert await register.count("import_files") == 0
    assert not await register.imports.step(asyncio.Event())


async def test_a_file_that_nobody_confirms_is_forgotten(tmp_path: Path) -> None:
    clock = _Later()
    async with desk(tmp_path, clock) as register:
        tried = await register.take(sheet(person(1)), terms=DRY)
        await register.imports.review.lapse()
        assert await register.count("import_files") == 1
        clock.ahead = KEPT_FOR + timedelta(seconds=1)
        await register.imports.review.lapse()
        assert await register.count("import_files") == 0
        assert (await register.imports.view(tried.id, STAFF)).state == "lapsed"
        with pytest.raises(Conflict) as refused:
            await register.imports.review.confirm(tried.id, STAFF)
        assert refused.value.code == "import_lapsed"


@pytest.mark.parametrize(
    ("policy", "phone", "remark", "decisions"),
    [
        (Policy.NEWER_WINS, "15400009999", "新的", {"taken": 1}),
        (Policy.FILL_EMPTY, person(1)["联系电话"], "新的", {"kept": 1}),
        (Policy.ASK, person(1)["联系电话"], "新的", {"open": 1}),
    ],
)
async def test_a_row_is_laid_over_the_record_by_the_policy(
    register: Desk, policy: Policy, phone: str, remark: str, decisions: dict[str, int]
) -> None:
    await register.take(sheet(person(1)))
    taken = await register.take(sheet(person(1, 联系电话="15400009999", 备注="新的")), terms=Terms(policy=policy))
    assert taken.differences == decisions
    held = (await register.held("A0001")).profile
    assert (held.phone, held.words.remark) == (phone, remark)


async def test_a_blank_cell_takes_nothing_away(register: Desk) -> None:
    await register.take(sheet(person(1, 备注="会做饭")))
    taken = await register.take(sheet(person(1, 备注="", 文化程度="", 联系电话="")))
    assert taken.differences == {}
    held = (await register.held("A0001")).profile
    assert (held.words.remark, held.education, held.phone) == ("会做饭", "E2", person(1)["联系电话"])


async def test_differences_are_masked_and_decided_by_their_ids(register: Desk) -> None:
    await register.take(sheet(person(1), person(2)))
    asked = [person(n, 联系电话=f"1540000888{n}", 意向工种="保安", 文化程度="高中") for n in (1, 2)]
    taken = await register.take(sheet(*asked), terms=Terms(policy=Policy.ASK))
    page = await register.imports.review.differences(taken.id, STAFF, "open", after=0, limit=4)
    rest = await register.imports.review.differences(taken.id, STAFF, "open", after=page.next_after or 0, limit=4)
    assert page.counts == {"open": 6}
    found = [*page.items, *rest.items]
    assert rest.next_after is None
    first = {one.column: one for one in found if one.row == 2}
    assert set(first) == {"联系电话", "意向工种", "文化程度"}
    assert (first["联系电话"].held, first["联系电话"].offered) == ("154****0001", "154****8881")
    assert (first["意向工种"].held, first["意向工种"].offered) == ("保洁", "保安")

    take, keep = [first["联系电话"].id, first["文化程度"].id], [first["意向工种"].id]
    decided = await register.imports.review.decide(taken.id, STAFF, take, keep)
    assert (decided.taken, decided.counts) == (2, {"open": 3, "taken": 2, "kept": 1})
    held = await register.held("A0001")
    assert held.version == 2
    told = (held.profile.phone, held.profile.education, held.profile.words.education, held.profile.words.intention_occupations)
    assert told == ("15400008881", "E3", "高中", "保洁")
    assert (await register.held("A0002")).version == 1

    again = await register.imports.review.decide(taken.id, STAFF, keep, take)
    assert (again.taken, again.counts) == (0, decided.counts)
    assert (await register.held("A0001")).version == 2


async def test_a_row_that_was_held_back_is_compared_again(register: Desk) -> None:
    await register.take(sheet(person(1)))
    changed = sheet(person(1, 联系电话="15400009999"))
    await register.take(changed, terms=Terms(policy=Policy.FILL_EMPTY))
    taken = await register.take(changed)
    assert taken.changed == 1
    assert (await register.held("A0001")).profile.phone == "15400009999"
    assert (await register.take(changed)).unchanged == 1


async def test_another_region_sees_and_decides_nothing(register: Desk) -> None:
    await register.take(sheet(person(1)))
    taken = await register.take(sheet(person(1, 联系电话="15400009999")), terms=Terms(policy=Policy.ASK))
    with pytest.raises(NotFound):
        await register.imports.review.differences(taken.id, ELSEWHERE, None, after=0, limit=10)
    with pytest.raises(NotFound):
        await register.imports.review.decide(taken.id, ELSEWHERE, [1], [])
    with pytest.raises(NotFound):
        await register.imports.review.confirm(taken.id, ELSEWHERE)


async def test_a_trial_is_confirmed_before_it_is_decided(register: Desk) -> None:
    await register.take(sheet(person(1)))
    terms = Terms(dry_run=True, policy=Policy.ASK)
    tried = await register.take(sheet(person(1, 联系电话="15400009999")), terms=terms)
    assert tried.differences == {"open": 1}
    with pytest.raises(Conflict) as refused:
        await register.imports.review.decide(tried.id, STAFF, [1], [])
    assert refused.value.code == "import_not_done"


async def test_a_county_s_own_headings_are_learnt_once(register: Desk) -> None:
    rows = [["编码", "当事人", "身份识别码", "县", "想干啥"]]
    rows.append(["A0001", "测试人", person(1)["身份证号"], "镇雄县", "保洁"])
    content = csv_file(rows, "gb18030")
    refused = await register.take(content, "台账.csv")
    assert refused.refusal is not None
    assert refused.refusal.code in ("headings_missing", "headings_not_found")
    own = {"编码": "序号", "当事人": "姓名", "身份识别码": "身份证号", "想干啥": "意向工种"}
    await register.imports.templates.put("530627", own, "clerk")
    terms = Terms(synonyms=await register.imports.templates.synonyms("530627"))
    taken = await register.take(content, "台账.csv", terms=terms)
    assert (taken.created, taken.report.unknown_headings) == (1, [])
    assert (await register.held("A0001")).profile.words.intention_occupations == "保洁"
    await register.imports.templates.put("530627", {}, "clerk")
    assert await register.imports.templates.all() == []


async def test_a_template_names_columns_that_there_are(register: Desk) -> None:
    with pytest.raises(InvalidInput) as refused:
        await register.imports.templates.put("530627", {"编码": "没有的列", " ": "姓名", "编 码": "序号"}, "clerk")
    assert [error.code for error in refused.value.errors] == ["unknown_heading", "bad_heading", "repeated_heading"]
