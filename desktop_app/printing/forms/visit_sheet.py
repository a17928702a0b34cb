"""入户走访登记表: one A4 sheet for a home, blank, with what the register knows, or with a visit that was recorded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, sheet_of
from desktop_app.printing.forms.table import draw_footer
from desktop_app.printing.lines import break_lines, visible
from desktop_app.printing.page import rules
from desktop_app.printing.places import building_names
from desktop_app.printing.sheet import A4, BLACK, GREY, PALE, Sheet, Type
from desktop_app.printing.tables import Column, Style, draw_rows, lay_out
from desktop_app.printing.walks import home_of
from desktop_app.printing.words import spoken_date
from desktop_app.profiles.desk import desk_codes
from desktop_app.residents import queries as residents
from desktop_app.residents.model import Household
from desktop_app.residents.rules import age_on
from desktop_app.store.database import Database
from desktop_app.visits.campaigns import Home, homes_in, route
from desktop_app.visits.model import Visit
from desktop_app.visits.queries import last_visit

BLANK = "空白"
"""The subject of a sheet for a home nobody has registered yet."""
_MEMBERS = (
    Column("姓　名", 30, "centre"),
    Column("与户主关系", 28, "centre"),
    Column("性别", 14, "centre"),
    Column("年龄", 14, "centre"),
    Column("关怀、特殊情况", 88),
)
_WIDTHS = [column.width or 0.0 for column in _MEMBERS]
_ROOMS = (
    ("家庭情况", 1.0),
    ("走访情况", 1.3),
    ("困难需求", 1.0),
    ("诉求与建议", 1.4),
    ("后续工作", 0.9),
)
"""The boxes to write in, and how high they are among themselves."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody in the home."""

    name: str
    relation: str
    sex: str
    age: str
    tags: str


@dataclass(frozen=True, slots=True)
class VisitPaper:
    """What stands on one sheet; what is empty is left to be written.

    `told` is text for the boxes by their name; `modes` and `results` are the words to tick.
    """

    community: str
    address: str = ""
    head: str = ""
    members: tuple[MemberRow, ...] = ()
    last_on: str = ""
    on: str = ""
    workers: str = ""
    mode: str = ""
    result: str = ""
    purpose: str = ""
    goods: str = ""
    next_due_on: str = ""
    told: tuple[tuple[str, str], ...] = ()
    modes: tuple[str, ...] = ()
    results: tuple[str, ...] = ()


class VisitSheet:
    """The form."""

    name: ClassVar[str] = "visit_sheet"
    title: ClassVar[str] = "入户走访登记表"
    sizes: ClassVar[tuple[str, ...]] = ("A4",)
    subject: ClassVar[Subject] = "building"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[VisitPaper]:
        """A sheet for each visit, household, room or resident, one for each home of a building, or a blank one."""
        papers: list[VisitPaper] = []
        for subject in subjects:
            visit = desk.db.get(Visit, subject)
            if subject == BLANK:
                papers.append(_blank(desk))
            elif visit:
                papers.append(_of_visit(desk, visit))
            elif building_names(desk.db, [subject]):
                papers += [_of_home(desk, home) for home in homes_in(desk.db, [subject])]
            else:
                papers.append(_of_home(desk, home_of(desk.db, subject)))
        return papers

    def draw(self, papers: Sequence[VisitPaper], choice: Choice = DEFAULT) -> bytes:
        """One page each."""
        sheet = sheet_of(self.title, papers, choice)
        for number, paper in enumerate(papers, start=1):
            sheet.page(A4)
            _draw(sheet, paper)
            draw_footer(sheet, A4, choice.footer, number, len(papers))
        return sheet.finish()


def _blank(desk: Desk) -> VisitPaper:
    modes, results = (desk_codes(desk.db, table).names() for table in ("visit_modes", "visit_results"))
    return VisitPaper(desk.community.name, modes=modes, results=results)


def _of_home(desk: Desk, home: Home) -> VisitPaper:
    stops = route(desk.db, [home])
    household = desk.db.get(Household, home.household_id)
    last = last_visit(desk.db, household_id=home.household_id) if home.household_id else None
    return replace(
        _blank(desk),
        address=stops[0].address if stops else "",
        head=stops[0].name if stops else "",
        members=_members(desk, household) if household else (),
        last_on=spoken_date(last),
    )


def _of_visit(desk: Desk, visit: Visit) -> VisitPaper:
    said = f"{visit.opinions or ''}（{visit.opinions_n}条）" if visit.opinions_n else visit.opinions or ""
    return replace(
        _of_home(desk, Home(visit.household_id, visit.room_id)),
        last_on="",
        on=spoken_date(visit.on),
        workers=visit.workers,
        mode=visit.mode,
        result=visit.result,
        purpose=visit.purpose or "",
        goods=visit.goods or "",
        next_due_on=spoken_date(visit.next_due_on),
        told=(("走访情况", visit.findings or ""), ("诉求与建议", said), ("后续工作", visit.note or "")),
    )


def _members(desk: Desk, household: Household) -> tuple[MemberRow, ...]:
    today, tags = desk.clock.today(), _tags_in(desk.db, household.id)
    rows = []
    for member in residents.members(desk.db, household):
        age = age_on(member.birth, today)
        relation = member.relation or ("户主" if member.is_head else "")
        words = "、".join(tags.get(member.person_id, ()))
        rows.append(MemberRow(member.name, relation, member.sex or "", "" if age is None else str(age), words))
    return tuple(rows)


def _tags_in(db: Database, household_id: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for person, tag in db.rows(
        "SELECT t.person_id,t.tag FROM household_member m JOIN person_tag t ON t.person_id=m.person_id "
        "AND t.sync_del=0 AND t.to_on IS NULL "
        "WHERE m.household_id=? AND m.sync_del=0 AND m.to_on IS NULL ORDER BY t.local_no",
        (household_id,),
    ):
        found.setdefault(person, []).append(tag)
    return found


def _draw(sheet: Sheet, paper: VisitPaper) -> None:
    data = rules("visits")["sheet"]
    left, width = data["left"], A4[0] - data["left"] - data["right"]
    sheet.text(left + width / 2, data["top"] + 9, VisitSheet.title, Type(Role.TITLE, data["title"]), "centre")
    note = Type(Role.SONG, data["small"] + 1)
    sheet.text(left, data["top"] + 17.5, paper.community, note)
    if paper.last_on:
        sheet.text(left + width, data["top"] + 17.5, f"上次走访：{paper.last_on}", note, "right")
    top = data["top"] + 20
    y = _draw_facts(sheet, paper, left, top, width)
    y = _draw_members(sheet, paper, left, y)
    bottom = A4[1] - data["bottom"] - data["gap"] - 16
    _draw_rooms(sheet, paper, left, y, width, bottom)
    sheet.box(left, top, width, bottom - top, stroke=BLACK, thick=0.4)
    _draw_signatures(sheet, paper, left, bottom + data["gap"] + 3, width)


def _draw_facts(sheet: Sheet, paper: VisitPaper, left: float, y: float, width: float) -> float:
    """Rows of labels with what is known, or room to write it; returns where they end."""
    data = rules("visits")["sheet"]
    half = width / 2
    rows = (
        (("走访时间", paper.on or "　　　　年　　月　　日　　时"), ("走访方式", _ticked(paper.modes, paper.mode))),
        (("地　　点", paper.address), ("走访对象", paper.head)),
        (("走访人员", paper.workers), ("记 录 人", "")),
        (("走访事由", paper.purpose), ("发放物品", paper.goods)),
    )
    for row in rows:
        for at, (name, words) in enumerate(row):
            _fact(sheet, left + at * half, y, half, name, words)
        y += data["row"]
    _fact(sheet, left, y, width, "结　　果", _ticked(paper.results, paper.result))
    sheet.line(left + half, y, left + half, y - data["row"] * len(rows), 0.2)
    sheet.line(left, y + data["row"], left + width, y + data["row"], 0.2)
    return y + float(data["row"])


def _fact(sheet: Sheet, x: float, y: float, width: float, name: str, words: str) -> None:
    data = rules("visits")["sheet"]
    base = y + data["row"] / 2 + 1.4
    sheet.line(x, y, x + width, y, 0.2)
    sheet.text(x + data["label"] / 2, base, name, Type(Role.HEI, data["body"] - 0.5), "centre")
    sheet.line(x + data["label"], y, x + data["label"], y + data["row"], 0.2)
    sheet.text(x + data["label"] + 2, base, words, Type(Role.SONG, data["body"] - 0.5), fit=width - data["label"] - 4)


def _ticked(words: Sequence[str], chosen: str) -> str:
    return "　".join(f"{'√' if word == chosen else '□'}{word}" for word in words)


def _draw_members(sheet: Sheet, paper: VisitPaper, left: float, y: float) -> float:
    data = rules("visits")["sheet"]
    style = Style(data["small"] + 0.5, least=data["member"])
    told = [(one.name, one.relation, one.sex, one.age, one.tags) for one in paper.members]
    told += [("", "", "", "", "")] * (data["members"] - len(told))
    rows = [lay_out(row, _WIDTHS, style) for row in told]
    return draw_rows(sheet, left, y, _MEMBERS, _WIDTHS, rows, style)


def _draw_rooms(sheet: Sheet, paper: VisitPaper, left: float, y: float, width: float, bottom: float) -> None:
    """The boxes with what was told, and dotted lines where there is nothing yet."""
    data = rules("visits")["sheet"]
    label, told = data["label"], dict(paper.told)
    whole, high = sum(share for _, share in _ROOMS), bottom - y
    for name, share in _ROOMS:
        height = high * share / whole
        sheet.line(left, y, left + width, y, 0.2)
        sheet.line(left + label, y, left + label, y + height, 0.2)
        sheet.text(left + label / 2, y + height / 2 + 1.4, name, Type(Role.HEI, data["body"] - 0.5), "centre")
        _write(sheet, told.get(name, ""), (left + label + 3, y), width - label - 6, height)
        y += height


def _write(sheet: Sheet, words: str, corner: tuple[float, float], width: float, height: float) -> None:
    """Words in a box, smaller where they are many, and dotted lines in what is left of it."""
    x, y = corner
    data = rules("visits")["sheet"]
    for size in (data["body"] - 0.5, data["small"], data["small"] * 0.75, data["small"] * 0.5):
        kind = Type(Role.SONG, size)
        lines = [visible(line) for line in break_lines(words, width, width, kind.width)] if words else []
        pitch = data["pitch"] if len(lines) * data["pitch"] <= height else kind.em * 1.35
        if len(lines) * pitch <= height:
            break
    for at, line in enumerate(lines):
        sheet.text(x, y + at * pitch + pitch * 0.72, line, kind, fit=width)
    for at in range(len(lines), int(height / data["pitch"])):
        base = y + (at + 1) * data["pitch"] - 0.8
        if pitch == data["pitch"] and base < y + height - 1:
            sheet.line(x, base, x + width, base, 0.12, PALE, (0.6, 0.8))


def _draw_signatures(sheet: Sheet, paper: VisitPaper, left: float, y: float, width: float) -> None:
    kind = Type(Role.HEI, rules("visits")["sheet"]["body"] - 0.5)
    third = width / 3
    for at, name in enumerate(("被访人签名：", "走访人签名：", "下次走访日期：")):
        x = left + at * third
        end = x + sheet.text(x, y, name, kind)
        sheet.line(end, y + 1.2, x + third - 5, y + 1.2, 0.2, BLACK)
    sheet.text(end, y, paper.next_due_on, Type(Role.SONG, kind.size), fit=third - 30)
    sheet.text(left, y + 7, "走访所知的个人情况只用于服务，不得外传。", Type(Role.SONG, 8, GREY))
