"""The setting of a posting: what kind of work for whom, on which the lawful exceptions depend."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from services.jobs.understanding.notice import Notice

_HOUSEHOLD: Final = re.compile(r"个人雇主|雇主[\u4e00-\u9fff]|业主[\u4e00-\u9fff]|(?:先生|女士|小姐|太太|太|生)(?:$|[(])|^K05$")
_HOUSEHOLD_TOLD: Final = re.compile(r"我家(?!公司)|住在我家|我妈|我爸|我婆婆|主人家")
# Domestic work that no firm seems to offer is a household's own message.
_AT_HOME: Final = frozenset({"H02", "H03", "H06", "H10"})
_FIRM: Final = re.compile(r"公司|我司|集团|中心|会所|护理院|养老院|医院|工厂|酒店|连锁|招聘[^,.;]{0,12}\d+[名人]")
_PUBLIC: Final = re.compile(r"公益性?岗|护林员|护草员|管护员|乡村公益|以工代赈|就业困难人员|公益特岗|[护巡]河员")
_CARE: Final = frozenset({"H09", "H10", "H11"})
_CARE_TOLD: Final = re.compile(r"护工|陪护|卧床|失能|失智|翻身|擦身|大小便|助浴|端屎|照[顾看护][^,.;]{0,6}老|护理[^,.;]{0,4}老")
# Where one sex serves its own in bath and changing rooms or dormitories (特定性别为工作所必需).
_ONE_SEX: Final = re.compile(r"[男女](?:宾|浴|更衣|澡|厕|卫生间|搓澡|按摩区|监|寝|生楼|宿管|生?宿舍|生公寓|病区|舍)")
_COUPLE: Final = re.compile(r"夫妻工|一对夫妻|夫妻档|夫妻岗|招[^,.;]{0,4}夫妻|双职工夫妻|两口子(?:一起)?(?:来|做)")
_BOTH: Final = re.compile(r"男方[^.]{0,60}女方|女方[^.]{0,60}男方|男的[^.]{0,20}女的")


@dataclass(frozen=True)
class Setting:
    """A notice with what the exceptions ask about it."""

    notice: Notice

    @cached_property
    def works(self) -> frozenset[str]:
        """The ids of the main work."""
        return frozenset(work.id for work in self.notice.works)

    @cached_property
    def household(self) -> bool:
        """A private household: no employer in the sense of labour law (家政服务条例: civil contract)."""
        employer = f"{self.notice.column('employer_kind')}\n{self.notice.column('employer')}"
        if employer.strip():
            return any(_HOUSEHOLD.search(line) for line in employer.splitlines())
        at_home = any(work in _AT_HOME for work in self.works) and not _FIRM.search(self.notice.words)
        return at_home or _HOUSEHOLD_TOLD.search(self.notice.words) is not None

    @cached_property
    def public_post(self) -> bool:
        """A public-welfare post, which the law keeps for residents and people in need (就业促进法52-54)."""
        return _PUBLIC.search(self.notice.words) is not None

    @cached_property
    def personal_care(self) -> bool:
        """Care of the body, or a private household: a sex wish is looked at by a person."""
        return self.household or bool(self.works & _CARE) or _CARE_TOLD.search(self.notice.words) is not None

    @cached_property
    def one_sex_only(self) -> bool:
        """Bath, changing room, dormitory of one sex; or a couple hired together."""
        words = self.notice.words
        couple = _COUPLE.search(words) is not None and _BOTH.search(words) is not None
        return _ONE_SEX.search(words) is not None or couple
