"""Who may be hired by age (劳动法 15, 58; 保安服务管理条例 16), and who may hire for others (人力资源市场暂行条例 18)."""

import re
from collections.abc import Iterator
from typing import Final

from services.jobs.compliance.finding import Category, Finding, Severity
from services.jobs.compliance.setting import Setting
from services.jobs.understanding import ages
from services.kernel.text.facts.model import Span

_WORKING_AGE: Final = 16
_ADULT: Final = 18
_LOWEST_RETIREMENT: Final = 50
"""Years. The lowest statutory retirement age; an upper wish from here on follows the law's own bound."""
_LATE: Final = 35
"""Years. A lower wish from here on shuts young people out."""
# Guards, special operations, places of entertainment: from 18 (保安服务管理条例 16; 安全生产法 30; 娱乐场所管理条例 24).
_ADULTS_ONLY_WORK: Final = frozenset({"P01", "P03", "P09", "P13", "P15"})
_ADULTS_ONLY: Final = re.compile(
    r"保安|安保|秩序维护|护卫|押运|电工|焊工|电焊|高[空处]|登高|外墙|叉车|起重|吊车|塔吊|锅炉|司炉|制冷|电梯(?:维修|安装|工)|"
    r"消防(?:控制|中控)|危[险化]|爆破|井下|煤矿|有毒|夜总会|酒吧|夜场|KTV|ktv|网吧|网咖|网管|足浴|歌厅|洗浴"
)
_AGENCY: Final = re.compile(r"人力资源|劳务(?:派遣|公司|输出|服务|中介|有限)|职业介绍|职介|猎头|中介机构|代招")
_AGENCY_TOLD: Final = re.compile(r"职业介绍所|职介所|劳务中介|中介机构|代招(?!商)|劳务公司(?:代|直)?招|人力资源公司")
_LICENSED: Final = re.compile(r"许可证|备案(?:编?号|回执)|人社局(?:主办|直属)|公共就业")
_PUBLIC_BODY: Final = re.compile(r"(?:人力资源和社会保障|人社)[局厅所]|人力资源(?:市场|服务)中心(?!有限)|公共就业")


def age_wishes(setting: Setting) -> Iterator[Finding]:
    """Wishes for ages beyond what the law itself bounds: advice, never a filter (就业促进法 26)."""
    wishes = list(ages.wishes(setting.notice))
    lowest = min((wish.least for wish in wishes if wish.least is not None), default=0)
    for wish in wishes:
        young = wish.most is not None and wish.most < _LOWEST_RETIREMENT
        late = wish.least is not None and lowest >= _LATE
        if young or late:
            yield Finding(
                category=Category.AGE_WISH,
                severity=Severity.ADVICE,
                span=wish.span,
                article="就业促进法26",
                reason="年龄与能否胜任多半无关；本平台只作提示，不据此排除求职者",
                rewording="写“年满 18 周岁、未达法定退休年龄，能胜任本岗位者均可”",
            )


def minors(setting: Setting) -> Iterator[Finding]:
    """Under 16 anywhere; under 18 for guards, special operations and places of entertainment."""
    title = f"{setting.notice.column('title')}\n{setting.notice.words[:60]}"
    adults_only = bool(setting.works & _ADULTS_ONLY_WORK) or _ADULTS_ONLY.search(title) is not None
    for wish in ages.wishes(setting.notice):
        if wish.least is None or wish.least >= _ADULT or (wish.least >= _WORKING_AGE and not adults_only):
            continue
        child = wish.least < _WORKING_AGE
        yield Finding(
            category=Category.UNDER_18,
            severity=Severity.BLOCKS,
            span=wish.span,
            article="劳动法15" if child else "保安服务管理条例16",
            reason="不得招用未满十六周岁的未成年人" if child else "保安、特种作业和娱乐场所须年满十八周岁",
            rewording="写“年满 18 周岁”",
        )


def unlicensed(setting: Setting) -> Iterator[Finding]:
    """Who finds workers for others and names no licence."""
    words = setting.notice.words
    if _LICENSED.search(words):
        return
    for passage in setting.notice.of("employer"):
        match = _AGENCY.search(passage.text)
        if match and not _PUBLIC_BODY.search(passage.text):
            yield _unlicensed(passage.span(0, len(passage.written)))
    for passage in setting.notice.of("title", "text"):
        for match in _AGENCY_TOLD.finditer(passage.text):
            yield _unlicensed(passage.span(match.start(), match.end()))


def _unlicensed(span: Span) -> Finding:
    return Finding(
        category=Category.AGENCY_LICENCE,
        severity=Severity.STAFF,
        span=span,
        article="人力资源市场暂行条例18",
        reason="从事职业中介、劳务派遣须有许可证，公示其编号",
        rewording="补充人力资源服务许可证（或劳务派遣经营许可证）编号和有效期",
    )
