"""What a worker asks for and what a posting offers, in CNY per month."""

import re
from typing import Final

from services.kernel.text.facts.amounts import Amount, amounts
from services.kernel.text.facts.model import Pay, PayUnit, PayWish
from services.kernel.text.facts.passages import Passage

_FLOOR_BEFORE: Final = re.compile(r"(?:少于|低于|不到|最低|最少|至少|不低于|不少于|起码|底线|少了)[^,]{0,3}$")
_FLOOR_AFTER: Final = re.compile(r"^[^,]{0,3}(?:以下不|少了不|不去|打底)|^,?(?:少了|低了|少一分|少于)(?:就|都)?(?:不|莫)")
_READY_FOR: Final = re.compile(r"^[^,]{0,3}(?:也干|也行|也可以|也得|也做|也成|就满足|就行|就得|就够|就可以)")
_FOR_TWO: Final = re.compile(r"(?:两个人|两口子|夫妻|我们俩|二人|两人)[^,]{0,4}$|合计[^,]{0,4}$")
_DAILY: Final = re.compile(r"日结|天结|按天|日薪")
_ENTRY: Final = re.compile(
    r"(?:无证|没证|没有?[^,]{0,4}证的?|新手|学徒|生手|没到数|没经验|无经验|杂工|年纪大|闲的)[^;.\d]{0,14}$"
)
_TRIAL: Final = re.compile(r"(?:试用|试工|培训期|实习|学的时候|带教|见习)[^;.\d]{0,8}$")
_NOT_WAGES: Final = re.compile(
    r"(?:补贴|补助|餐补|房租|租|奖|另加|另补|再加|外快|扣|罚|押金|车票|考证|费用|每天补|全勤|红包|体检|油费|加|补|年龄|身高|预支|租费用)[^,;.]{0,5}$"
)
_NOT_WAGES_AFTER: Final = re.compile(
    r"^\s*(?:/|每)?(?:元|块)?(?:的)?(?:奖|补贴|户|张|台|斤|平|米|岁|人|床|名|个(?!月)|户|次|步|份|年(?!薪)|分钟|盏|栋|层|家|学生|住户|业主|员工|方|余|亩|株|间|公里)"
)


def pay_wish(passage: Passage) -> PayWish | None:
    """What is asked for; None when no plausible sum is named."""
    default = PayUnit.DAY if _DAILY.search(passage.text) else PayUnit.MONTH
    found = list(amounts(passage.text, default))
    if not found:
        return None
    floors = [amount for amount in found if _is_floor(passage.text, amount)]
    wishes = [amount for amount in found if not _FLOOR_BEFORE.search(passage.text[: amount.start])] or found
    first = wishes[0]
    for_two = _FOR_TWO.search(passage.text[: first.start]) is not None
    share = 0.5 if for_two else 1.0
    return PayWish(
        wished=first.low * share,
        floor=floors[0].low * share if floors else None,
        unit=first.unit,
        for_two=for_two,
        span=passage.span(first.start, first.end),
    )


def _is_floor(text: str, amount: Amount) -> bool:
    """Refuses less outright, or says to be content with this."""
    after = text[amount.end :]
    return any((_FLOOR_BEFORE.search(text[: amount.start]), _FLOOR_AFTER.search(after), _READY_FOR.search(after)))


def posted_pay(at_least: float | None, at_most: float | None, description: Passage) -> Pay | None:
    """What is offered: the columns first, else the words; `entry` from the words in any case."""
    told = [amount for amount in amounts(description.text) if is_wage(description.text, amount)]
    entries = [amount for amount in told if is_entry(description.text, amount)]
    entry = min((amount.low for amount in entries), default=None)
    if at_least is not None or at_most is not None:
        low, high = at_least or at_most, at_most or at_least
        return Pay(at_least=low, at_most=high, entry=entry)
    regular = [amount for amount in told if amount not in entries]
    if not regular:
        return Pay(entry=entry) if entry is not None else None
    monthly = [amount for amount in regular if amount.unit is PayUnit.MONTH] or regular
    first = monthly[0]
    for_two = _FOR_TWO.search(description.text[: first.start]) is not None
    share = 0.5 if for_two else 1.0
    return Pay(
        at_least=min(amount.low for amount in monthly) * share,
        at_most=max(amount.high for amount in regular) * share,
        entry=entry,
        unit=first.unit,
        for_two=for_two,
        span=description.span(first.start, first.end),
    )


def is_entry(text: str, amount: Amount) -> bool:
    """Whether a sum is the lower offer for who lacks what is asked."""
    return _ENTRY.search(amount.before(text)) is not None


def is_trial(text: str, amount: Amount) -> bool:
    """Whether a sum is paid while on trial or learning."""
    return _TRIAL.search(amount.before(text)) is not None


def is_wage(text: str, amount: Amount) -> bool:
    """Whether a sum in a posting's words is the regular wage: no allowance, fee, rent or trial pay."""
    before, after = amount.before(text), text[amount.end : amount.end + 12]
    return not any((_NOT_WAGES.search(before), _TRIAL.search(before), _NOT_WAGES_AFTER.search(after)))
