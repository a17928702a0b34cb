"""数据恢复单: one A4 page with the recovery code, to be put in a safe.

No form of the list in `forms/`: what stands on it is told once and kept nowhere, so it can never be printed again.
"""

from dataclasses import dataclass
from typing import Final

from desktop_app.printing.fonts import Role
from desktop_app.printing.lines import break_lines
from desktop_app.printing.sheet import A4, GREY, PALE, Sheet, Type

_LEFT: Final = 28.0
_WIDTH: Final = A4[0] - 2 * _LEFT
_STEPS: Final = (
    "在新电脑上安装邻里工作站，打开后选“从备份恢复”。",
    "选取备份文件（以 linli- 开头、以 .db 结尾；同名的 .recovery.json 要在旁边）。",
    "照下面输入恢复码。字母不分大小写，短横线可以不输。",
    "恢复后在“同步”里用新的接入码重新接入服务器；没有上报的内容会自动补传。",
)
_RULES: Final = (
    "恢复码加上任意一份备份，就能打开全部居民资料。请装入信封密封，由社区书记锁在保险柜里。",
    "不要拍照、不要复印、不要与备份放在一起。丢失或有人看过，请在“设置”里换一份新的。",
    "换新之后，旧恢复单打不开以后的备份，但仍能打开以前的备份：请连同以前的备份一起销毁。",
)


@dataclass(frozen=True, slots=True)
class RecoverySheet:
    """What stands on the sheet; `code` in its groups, `made_on` an ISO date."""

    community: str
    store: str
    code: str
    made_on: str
    made_by: str


def draw(paper: RecoverySheet) -> bytes:
    """The PDF.  It must reach no disk but the printer's: the window prints it straight away."""
    sheet = Sheet("数据恢复单", author=paper.community)
    sheet.page(A4)
    sheet.text(A4[0] / 2, 42, "数据恢复单", Type(Role.TITLE, 28), "centre", spacing=3)
    sheet.text(A4[0] / 2, 54, paper.community, Type(Role.HEI, 16), "centre", fit=_WIDTH)
    sheet.text(A4[0] / 2, 62, f"数据编号 {paper.store}", Type(Role.SONG, 11, GREY), "centre")
    _code(sheet, 76, paper.code)
    at = _listed(sheet, 138, "怎样恢复", _STEPS)
    at = _listed(sheet, at + 8, "怎样保管", _RULES)
    _signed(sheet, paper)
    return sheet.finish()


def _code(sheet: Sheet, top: float, code: str) -> None:
    """Two rows of three groups, large enough to be read by lamplight."""
    groups = code.split("-")
    sheet.box(_LEFT, top, _WIDTH, 50, stroke=GREY, thick=0.5, radius=2)
    sheet.text(A4[0] / 2, top + 10, "恢　复　码", Type(Role.HEI, 13, GREY), "centre")
    kind, step = Type(Role.HEI, 26), _WIDTH / 3
    for place, group in enumerate(groups):
        row, column = divmod(place, 3)
        sheet.text(_LEFT + step * (column + 0.5), top + 25 + 16 * row, group, kind, "centre", spacing=1.2)


def _listed(sheet: Sheet, top: float, title: str, lines: tuple[str, ...]) -> float:
    sheet.text(_LEFT, top, title, Type(Role.HEI, 14))
    kind, at = Type(Role.SONG, 12), top + 9
    room = _WIDTH - 2 * kind.em
    for number, words in enumerate(lines, 1):
        sheet.text(_LEFT, at, f"{number}．", kind)
        for line in break_lines(words, room, room, kind.width):
            sheet.text(_LEFT + 2 * kind.em, at, line, kind)
            at += 7
    return at


def _signed(sheet: Sheet, paper: RecoverySheet) -> None:
    bottom = A4[1] - 30
    sheet.line(_LEFT, bottom - 8, _LEFT + _WIDTH, bottom - 8, 0.3, PALE)
    kind = Type(Role.SONG, 12)
    sheet.text(_LEFT, bottom, f"制单：{paper.made_by}　{paper.made_on}", kind)
    sheet.text(_LEFT + _WIDTH, bottom, "保管人签字：＿＿＿＿＿＿＿＿", kind, "right")
