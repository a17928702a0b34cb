"""账号条: an A6 slip with the sign-in name and the temporary password, for its owner alone.

No form of the list in `forms/`: what stands on it is told once and kept nowhere, so it can never be printed again.
"""

from dataclasses import dataclass
from typing import Final

from desktop_app.printing.fonts import Role
from desktop_app.printing.lines import break_lines
from desktop_app.printing.sheet import GREY, PALE, Sheet, Type

SIZE: Final = (148.0, 105.0)
"""A6 across, in mm."""
_LEFT: Final = 14.0
_WIDTH: Final = SIZE[0] - 2 * _LEFT
_RULES: Final = (
    "这是临时密码，第一次登录时要换成只有您自己知道的密码。",
    "换好密码后，请把这张纸条撕碎。不要拍照，不要转给别人。",
)


@dataclass(frozen=True, slots=True)
class AccountSlip:
    """What stands on the slip; `made_on` an ISO date."""

    community: str
    name: str
    login: str
    password: str
    roles: str
    made_on: str
    made_by: str


def draw(paper: AccountSlip) -> bytes:
    """The PDF."""
    sheet = Sheet("账号条", author=paper.community)
    sheet.page(SIZE)
    sheet.text(_LEFT, 16, paper.community, Type(Role.SONG, 11, GREY), fit=_WIDTH / 2)
    sheet.text(SIZE[0] - _LEFT, 16, "邻里工作站　账号条", Type(Role.SONG, 11, GREY), "right")
    sheet.line(_LEFT, 20, _LEFT + _WIDTH, 20, 0.3, PALE)
    lines = (("姓名", paper.name), ("登录名", paper.login), ("临时密码", paper.password), ("角色", paper.roles or "—"))
    for at, (label, words) in enumerate(lines):
        top = 31.0 + at * 12
        sheet.text(_LEFT, top, label, Type(Role.SONG, 12, GREY))
        sheet.text(_LEFT + 26, top, words, Type(Role.HEI, 16), fit=_WIDTH - 26)
    kind, top = Type(Role.SONG, 10.5), 80.0
    for rule in _RULES:
        for line in break_lines(rule, _WIDTH, _WIDTH, kind.width):
            sheet.text(_LEFT, top, line, kind)
            top += 6
    sheet.text(SIZE[0] - _LEFT, SIZE[1] - 8, f"{paper.made_by}　{paper.made_on}", Type(Role.SONG, 9, GREY), "right")
    return sheet.finish()
