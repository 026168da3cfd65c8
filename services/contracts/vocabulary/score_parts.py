"""What people call the parts of a score, wherever they are shown."""

from typing import Final

PART_NAMES: Final = {
    "occupation_wanted": "想做的工种",
    "experience": "做过的工作",
    "certificates": "证书",
    "mandarin": "普通话",
    "schooling": "文化程度",
    "abilities": "能力",
    "place": "地点",
    "pay": "工资",
    "lodging": "食宿",
    "hours": "工作时间",
    "start": "上岗时间",
    "readiness": "就业意愿",
    "work_limits": "身体条件",
    "age_wish": "年龄要求",
    "text": "文字相关",
    "overall": "综合",
    "poverty_first": "优先聘用",
    "rotation": "轮换",
}


def part_name(name: str) -> str:
    """What people call a part of the score; a part that is new here keeps its own name."""
    return PART_NAMES.get(name, name)
