"""Other people whom a worker names in the register's words: 和婆娘吕光艳一起, 同村吴桂英.

They never agreed to travel with somebody else's profile, so their names are found here to be blotted out of the event. Pure.
A name is told from other words by what stands before and behind it: a relation (老公, 同村), or "with X together".
"""

import re
from collections.abc import Iterable
from typing import Final

_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范"
    "金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔汤赖邢施洪代普沙鲁阿祝晏和木车岩刀"
    "桑寸蓝骆柳殷耿字起茶左禹柏欧詹聂庞樊缪保吉成古宁农郎禄蒙申虎敖盘常浦侬安自勒俸毕谷尚鲍扎"
)
_RELATION: Final = (
    "老公|丈夫|男人|婆娘|媳妇|妻子|老婆|爱人|老伴|对象|男朋友|女朋友|朋友|姐姐|妹妹|哥哥|弟弟|[表堂][姐妹哥弟]|姊妹|兄弟|儿子|女儿|姑娘|"
    "侄[儿女子]|嫂子|弟媳|舅舅|叔叔|姑妈|姨妈|同村|同寨|同乡|本村|本寨|老乡|邻居|亲戚|同学|工友|名叫|叫"
)
_NO_NAMES: Final = (
    "(?!高[一二三中考]|马上|方便|白天|阿[姨妈爸]|和[他她我你]|万一|江[苏西门川城]|石[家屏林]|夏天|车[间上库]|左右|起[来去码]"
    "|代[填替办]|安[置排全心]|自[己家]|常[年在常]|成[家年绩都])"
)
_COMPOUND: Final = (
    "欧阳|上官|司徒|司马|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|东方|独孤|南宫|濮阳|端木|百里|呼延|澹台|申屠|钟离|闻人"
)
_HAN: Final = r"[\u4e00-\u9fff]"
_TOGETHER: Final = "一起|一路|一同|一道|同去|同行|同走|夫妻|两口|两人|两个|搭伴|结伴|作伴|走"
_ENDS: Final = rf"(?=$|[^\u4e00-\u9fff]|{_TOGETHER}|在|去|也|都|家的)"
_RELATED: Final = re.compile(rf"(?:{_RELATION})的?{_NO_NAMES}((?:{_COMPOUND}|[{_SURNAMES}]){_HAN}{{1,2}}?){_ENDS}")
# Two characters after "with" are as often a place (和徐州): here only names of three.
_THREE: Final = rf"(?:{_COMPOUND}){_HAN}{{1,2}}|[{_SURNAMES}]{_HAN}{{2}}"
_TOGETHER_WITH: Final = re.compile(rf"(?:和|跟着?|与|同){_NO_NAMES}({_THREE})(?={_TOGETHER})")


def people_named(texts: Iterable[str]) -> tuple[str, ...]:
    """The full names in `texts`, the longest first; each of them may stand elsewhere in the same person's words."""
    found = {name for text in texts for pattern in (_RELATED, _TOGETHER_WITH) for name in pattern.findall(text)}
    return tuple(sorted(found, key=lambda name: (-len(name), name)))
