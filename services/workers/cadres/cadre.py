"""A person who looks after workers: a village cadre, a member of the resident team, a liaison. Rules only."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Cadre:
    """`post` is what they are (村支书, 驻村队员 …); `principal` the public part of the credential that they sign in with, "" if
    they do not. Who is not `active` keeps no new workers."""

    id: str
    version: int
    name: str = field(repr=False)
    phone: str = field(repr=False)
    post: str
    county_code: str
    township: str
    principal: str = ""
    active: bool = True
