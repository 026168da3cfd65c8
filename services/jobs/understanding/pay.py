"""What is paid, as it is stated: by the month, day, hour, order or year; on trial."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from services.jobs.understanding.fact import IMPLIED, STATED, Fact, whole
from services.jobs.understanding.notice import Notice
from services.kernel.imports import healing
from services.kernel.text.facts import amounts, numerals
from services.kernel.text.facts import pay as wages
from services.kernel.text.facts.amounts import Amount
from services.kernel.text.facts.model import PayUnit, Span
from services.kernel.text.facts.passages import Passage

_ORDER: Final = re.compile(
    r"(?P<days>\d{2}|二十[一二三四五六七八九]?)天(?:/|一|为一|算一|制?/?一?|每)(?:单)|(?P<days2>\d{2})天(?:制)?[^,.;]{0,3}(?=\d{4,5}(?!\d))|(?P<days3>\d{2})天制|\d{4,5}(?:元)?/(?P<days4>\d{2})天"
)
# A sum counts as wages where it carries a sign of money or stands after words of pay or the name of a trade.
_OF_MONEY: Final = re.compile(r"[元块kKwW千万百]|/|一(?:天|小时|个?月|单)|每|薪|月|日结")
_PAY_BEFORE: Final = re.compile(
    r"(?:薪|资|待遇|报酬|收入|到手|综合|保底|底薪|薪酬|挣|拿|开|给|跑|约|起薪|[工员师嫂姨手级牌厨长岗]|新手|熟手|[:(¥￥]|[人名]\s|转正后?|之后|满月后?|以后|天\s)(?:为|是|在|约|能|可|大概)?\s*$"
)
_TOTAL: Final = re.compile(r"(?:综合|到手|总收入|实发|税后|包干)(?:工资|收入|薪资|月薪|能|可|约|达|在|:)*\s*$")
_NOT_PAY: Final = re.compile(
    r"(?:金|费|险|贷款|学费|价值|租金|赔偿|赔|(?:不满|未满)[^,.;]{1,6}按)(?:用)?(?:为|是|约|每月)?\s*$"
)
# A public-welfare post pays an allowance.
_INCOME: Final = re.compile(_TOTAL.pattern.replace("综合|", "综合|月收入|月入|平均|"))  # beside a monthly base
_PUBLIC_PAY: Final = re.compile(r"(?:岗位|月|补贴标准|标准)(?:补贴|补助)?(?:标准)?[::为]?\s*$")
_CALLED: Final = re.compile(r"(?:月薪|工资|薪资|薪酬|月收入|综合(?:工资|薪资)?|待遇)(?:为|是|在|约|:)*\s*$")
_PHONE_OR_DATE: Final = re.compile(r"20[2-3]\d(?:[-./年]|$)")
_ENTRY: Final = re.compile(r"(?:无证|没有[^,.;]{0,4}证|没证)[^.;]{0,24}(?:可|做|转|安排)[^.;]{0,12}$")
# A figure that fills its item is a wage too: "招厨师一名，8500-10000，需持厨师证".
_ALONE: Final = re.compile(r"(?:^|[,;.:、\s])$")
_ALONE_AFTER: Final = re.compile(r"(?:$|[,;.、\s(+]|包|含|另|管|左右|起)")
_LEAST_ALONE: Final = 1500
_TRIAL: Final = re.compile(
    r"(?:教的|跟班|跟师傅|跟的时候|学徒|带的那|培训期)[^;.\d]{0,8}$|培训[^,;.\d]{0,2}\d{0,2}[天周],?每天(?:补贴|补)?\s*$|试(?:用|工|岗|做)(?:期)?[^,;.\d]{0,2}\d{0,2}[个天月周]*,?(?:工资|薪资|待遇|按)?\s*$"
)
_UNITS: Final = {
    PayUnit.MONTH: "month",
    PayUnit.DAY: "day",
    PayUnit.HOUR: "hour",
    PayUnit.ORDER: "order",
    PayUnit.YEAR: "year",
}


class _Told(NamedTuple):
    passage: Passage
    amount: Amount

    @property
    def span(self) -> Span:
        return self.passage.span(self.amount.start, self.amount.end)


def pay(notice: Notice) -> Iterator[Fact]:
    """Bounds, unit, days of an order, pay on trial. The columns of monthly pay stand before the words."""
    orders = list(_orders(notice))
    order = next(iter(orders), None)
    columns = list(_columns(notice))
    yield from columns
    told = list(_told(notice, order=bool(order)))
    regular = [one for one in told if not _another_way_in(one)]
    yield from _bounds(regular or ([] if columns else told))
    yield from orders
    if order is not None:
        yield Fact("pay_unit", "order", order.span, STATED)
    elif columns:
        yield Fact("pay_unit", "month", columns[0].span, STATED)
    yield from _trial(notice)


def _columns(notice: Notice) -> Iterator[Fact]:
    for key in ("pay_min", "pay_max"):
        for passage in notice.of(key):
            amount = healing.amount(passage.written.strip()).value
            if amount is not None:
                yield Fact(key, _plain(float(amount)), whole(passage), STATED)


def _plain(amount: float) -> float | int:
    return int(amount) if amount == int(amount) else amount


def _orders(notice: Notice) -> Iterator[Fact]:
    """26天/单: the days of an order, where pay is by the order."""
    for passage in notice.of("title", "pay", "hours", "text"):
        for match in _ORDER.finditer(passage.text):
            word = next(word for word in match.groups() if word)
            if days := int(numerals.number(word) or 0):
                yield Fact("pay_order_days", days, passage.span(match.start(), match.end()))


def _told(notice: Notice, *, order: bool) -> Iterator[_Told]:
    told: set[Span] = set()
    for passage in notice.of("pay", "title", "text", "hours"):
        column = passage in notice.columns.get("pay", ())
        for amount in amounts.amounts(passage.text, PayUnit.ORDER if order else PayUnit.MONTH):
            one = _Told(passage, amount)
            head = amount.before(passage.text)
            regular = (wages.is_wage(passage.text, amount) or _PUBLIC_PAY.search(head)) and (
                column or _money(passage.text, amount)
            )
            if regular and one.span not in told:
                told.add(one.span)
                yield one


def _money(text: str, amount: Amount) -> bool:
    said = text[amount.start : amount.end]
    head = amount.before(text)
    if _PHONE_OR_DATE.match(said.strip()) or _TRIAL.search(head) or _NOT_PAY.search(head):
        return False
    alone = _ALONE.search(head) and _ALONE_AFTER.match(text, amount.end) and amount.stated_low >= _LEAST_ALONE
    return bool(_OF_MONEY.search(said) or _PAY_BEFORE.search(head) or alone)


def _another_way_in(one: _Told) -> bool:
    """The lower offer for who lacks what is asked: 无证可以做杂工，工资四千八起."""
    sentence = one.passage.sentence_at(one.amount.start)
    head = one.passage.text[sentence.start : one.amount.start]
    return wages.is_entry(one.passage.text, one.amount) or _ENTRY.search(head) is not None


def _bounds(regular: Sequence[_Told]) -> Iterator[Fact]:
    if not regular:
        return
    base = regular[0].amount.unit is PayUnit.MONTH
    totals = [one for one in regular if _is_total(one, _INCOME if base else _TOTAL)]
    unit = totals[0].amount.unit if totals else regular[0].amount.unit
    chosen = totals or [one for one in regular if one.amount.unit is unit]
    lowest = min(chosen, key=lambda one: one.amount.stated_low)
    highest = max(chosen, key=lambda one: one.amount.stated_high)
    yield Fact("pay_min", _plain(lowest.amount.stated_low), lowest.span)
    if len(chosen) > 1 or not (highest.amount.open_above and highest.amount.stated_low == highest.amount.stated_high):
        yield Fact("pay_max", _plain(highest.amount.stated_high), highest.span)
    yield Fact("pay_unit", _UNITS[unit], chosen[0].span)


def _is_total(one: _Told, called: "re.Pattern[str]") -> bool:
    """A range that says what it all comes to (综合6000-7000), beside a base that is only a part."""
    wide = one.amount.stated_high > one.amount.stated_low
    return wide and called.search(one.amount.before(one.passage.text)) is not None


def stated_ranges(notice: Notice) -> Iterator[tuple[float, float, Span]]:
    """Monthly ranges in running text that are called the pay outright: 月薪5000-6000."""
    for one in _told(notice, order=False):
        amount, said = one.amount, one.passage.text[one.amount.start : one.amount.end]
        called = _CALLED.search(amount.before(one.passage.text)) or said.startswith(("月薪", "月工资"))
        wide = amount.stated_low < amount.stated_high and amount.unit is PayUnit.MONTH
        if wide and called and one.passage in notice.columns.get("text", ()) and not _another_way_in(one):
            yield amount.stated_low, amount.stated_high, one.span


def _trial(notice: Notice) -> Iterator[Fact]:
    for passage in notice.of("pay", "text"):
        for amount in amounts.amounts(passage.text):
            head = amount.before(passage.text)
            if wages.is_trial(passage.text, amount) or _TRIAL.search(head):
                yield Fact("trial_pay", _plain(amount.stated_low), passage.span(amount.start, amount.end), IMPLIED)
                return
