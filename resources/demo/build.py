"""Makes the three workbooks of the demonstration community from demo.toml; the same seed gives the same files.

They look as community offices keep them, a little untidy on purpose: `python resources/demo/build.py [folder]`.
"""

import sys
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlsxwriter.worksheet import Worksheet

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from people import Home, Lot, Someone, community, key  # noqa: E402 the folder is no package

MADE = datetime(2026, 11, 1, tzinfo=UTC).replace(tzinfo=None)  # a fixed date, so that the files can be compared
NUMERALS = "〇一二三四五六七八九"
BASIC = ("姓名", "性别", "身份证号", "出生年月", "民族", "文化程度", "婚姻状况", "手机")
PLACE = ("小区", "楼栋", "单元", "房号", "与户主关系", "居住情况")
PARTY = ("政治面貌", "入党时间", "所在党支部")
TAGS = ("独居老人", "低保", "残疾", "退役军人", "党员", "志愿者")
CENTRES_WANTED = 21


# ---------------------------------------------------------------------------------------------- how offices write cells
def building_cell(lot: Lot, no: str) -> str:
    return lot.pick.choices((f"{no}栋", f"{no}号楼", f"{no}#"), (80, 14, 6))[0]


def unit_cell(lot: Lot, unit: str) -> str:
    return lot.pick.choices((f"{unit}单元", f"{NUMERALS[int(unit)]}单元", unit), (84, 6, 10))[0] if unit else ""


def date_cell(lot: Lot, day: date) -> str:
    forms = (
        f"{day:%Y-%m-%d}",
        f"{day:%Y.%m.%d}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y-%m}",
    )
    return lot.pick.choices(forms, (66, 10, 8, 8, 8))[0]


def phone_cell(lot: Lot, phones: list[str]) -> str | float:
    if not phones:
        return ""
    first = phones[0]
    kind = lot.pick.choices(("text", "number", "dashes", "two"), (62, 30, 5, 3))[0]
    if kind == "number":
        return float(first)
    if kind == "dashes":
        return f"{first[:3]}-{first[3:7]}-{first[7:]}"
    return f"{first}/{lot.phone()}" if kind == "two" else first


def name_cell(lot: Lot, name: str) -> str:
    kind = lot.pick.choices(("plain", "inner", "trailing"), (95, 3, 2))[0]
    if kind == "inner" and len(name) == 2:  # noqa: PLR2004 only two characters are spread out
        return f"{name[0]}　{name[1]}"
    return f"{name} " if kind == "trailing" else name.replace("·", lot.pick.choice("·•"))


def political_cell(lot: Lot, one: Someone, age: int) -> str:
    if one.party:
        return lot.pick.choice(("中共党员", "中共党员", "党员"))
    young = 14 <= age < 28 and lot.chance(0.4)  # noqa: PLR2004 the age of the league
    return lot.pick.choice(("共青团员", "团员")) if young else "群众"


def tag_cell(lot: Lot, one: Someone, tag: str) -> str:
    if tag not in one.tags:
        return ""
    if tag == "残疾" and one.detail:
        return one.detail
    return lot.pick.choices(("√", "✓", "是"), (80, 12, 8))[0]


# -------------------------------------------------------------------------------------------------- slips in the roster
def slips(lot: Lot, everybody: list[Someone]) -> dict[int, str | float]:
    """What stands in the identity column of some rows instead of the number; never in a named household."""
    free = [index for index, one in enumerate(everybody) if not one.named]
    drawn = iter(lot.pick.sample(free, 18))
    cells: dict[int, str | float] = {}
    plan: tuple[tuple[int, Callable[[str], str | float]], ...] = (
        (6, lambda no: f"{no[:6]} {no[6:14]} {no[14:]}"),
        (3, lambda no: f"'{no}"),
        (2, lambda no: no[:17] + "0123456789X"[(("0123456789X".index(no[17])) + 3) % 11]),
        (1, lambda no: no[:17]),
        (1, lambda no: no[:6] + no[8:17]),
        (1, float_of),
        (2, lambda _: ""),
        (2, str.lower),
    )
    for count, spoil in plan:
        for _ in range(count):
            index = next(drawn)
            cells[index] = spoil(everybody[index].id_no)
    return cells


def float_of(number: str) -> float:
    """What a spreadsheet makes of a number typed as one: the last three digits are gone."""
    return float(number[:15] + "000")


def row_of(lot: Lot, one: Someone, id_cell: str | float, today: date) -> list[Any]:
    age = (today - one.birth).days // 365
    return [
        name_cell(lot, one.name),
        one.sex,
        id_cell,
        date_cell(lot, one.birth),
        one.ethnic.removesuffix("族") if one.ethnic == "汉族" and lot.chance(0.2) else one.ethnic,
        one.education,
        one.marital,
        phone_cell(lot, one.phones),
        one.home.estate,
        building_cell(lot, one.home.building),
        unit_cell(lot, one.home.unit),
        one.home.room + ("室" if lot.chance(0.1) else ""),
        one.relation,
        one.living,
        political_cell(lot, one, age),
        date_cell(lot, one.party) if one.party else "",
        one.branch,
        *(tag_cell(lot, one, tag) for tag in TAGS),
        one.remark,
    ]


# ------------------------------------------------------------------------------------------------------------ workbooks
class Paper:
    """One sheet with a title, a remark and a header, the way the office lays it out."""

    def __init__(self, path: Path, sheet: str, title: str, remark: str, widths: tuple[int, ...]) -> None:
        self.book = Workbook(str(path), {"in_memory": True})
        self.book.set_properties({"created": MADE, "title": title})
        self.sheet: Worksheet = self.book.add_worksheet(sheet)
        line = {"border": 1, "valign": "vcenter", "font_name": "宋体", "font_size": 10}
        self.cell = self.book.add_format(line)
        self.text = self.book.add_format({**line, "num_format": "@"})
        self.head = self.book.add_format(
            {**line, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#E8EEF4"}
        )
        self.title = self.book.add_format({"bold": True, "align": "center", "font_name": "宋体", "font_size": 16})
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        self.sheet.merge_range(0, 0, 0, len(widths) - 1, title, self.title)
        self.sheet.merge_range(1, 0, 1, len(widths) - 1, remark)
        self.row = 2

    def line(self, values: list[Any]) -> None:
        for column, value in enumerate(values):
            if isinstance(value, str):
                self.sheet.write_string(self.row, column, value, self.text if value else self.cell)
            else:
                self.sheet.write(self.row, column, value, self.cell)
        self.row += 1

    def header(self, words: list[str]) -> None:
        for column, word in enumerate(words):
            self.sheet.write_string(self.row, column, word, self.head)
        self.row += 1
        self.sheet.freeze_panes(self.row, 0)

    def groups(self, first: int, groups: tuple[tuple[str, tuple[str, ...]], ...]) -> int:
        """Merged group headings over their columns; returns the column after the last."""
        for name, words in groups:
            self.sheet.merge_range(self.row, first, self.row, first + len(words) - 1, name, self.head)
            for offset, word in enumerate(words):
                self.sheet.write_string(self.row + 1, first + offset, word, self.head)
            first += len(words)
        return first

    def down(self, first: int, column: int, value: str) -> None:
        """A cell merged downwards over the rows written since `first`."""
        if self.row - first > 1:
            self.sheet.merge_range(first, column, self.row - 1, column, value, self.cell)

    def close(self, closing: str = "") -> None:
        if closing:
            self.sheet.write_string(self.row + 1, 0, closing)
        self.book.close()


def roster(demo: dict[str, Any], everybody: list[Someone], into: Path) -> None:
    lot = Lot(demo["seed"] + 1, demo["as_of"])
    lot.phone_no = 9000
    widths = (5, 9, 16, 5, 21, 13, 8, 10, 8, 14, 10, 7, 8, 7, 10, 9, 10, 12, 15, 6, 6, 9, 6, 6, 6, 14)
    paper = Paper(
        into / "红旗桥-居民.xlsx",
        "居民台账",
        "红旗桥社区居民信息台账",
        "注：有相应情形的打“√”；残疾直接填类别等级。演示数据，均为虚构。",
        widths,
    )
    paper.sheet.merge_range(2, 0, 3, 0, "序号", paper.head)
    paper.sheet.merge_range(2, 1, 3, 1, "户编号", paper.head)
    last = paper.groups(2, (("基本信息", BASIC), ("居住信息", PLACE), ("党员信息", PARTY), ("标签", TAGS)))
    paper.sheet.merge_range(2, last, 3, last, "备注", paper.head)
    paper.row = 4
    paper.sheet.freeze_panes(4, 3)
    wrong = slips(lot, everybody)
    for index, one in enumerate(everybody):
        paper.line([index + 1, one.household, *row_of(lot, one, wrong.get(index, one.id_no), demo["as_of"])])
    for one in lot.pick.sample([one for one in everybody if not one.named], 2):  # two late lines, already listed above
        again = row_of(lot, one, one.id_no, demo["as_of"])
        paper.line([paper.row - 3, one.household, *again[:-1], "补录"])
    paper.line(["合计", "", paper.row - 4])
    paper.close("制表人：李静          审核人：章晓岚          填表日期：2026年11月1日")


def buildings(demo: dict[str, Any], into: Path) -> None:
    lot = Lot(demo["seed"] + 2, demo["as_of"])
    words = [
        "序号",
        "小区",
        "楼栋",
        "单元数",
        "层数",
        "每层户数",
        "总户数",
        "所属网格",
        "经度",
        "纬度",
        "建成年份",
        "备注",
    ]
    paper = Paper(
        into / "红旗桥-楼栋.xlsx",
        "楼栋",
        "红旗桥社区楼栋一览表",
        "备注：每层户数为每个单元每层的户数；经纬度为虚构。",
        (5, 12, *(9,) * 10),
    )
    paper.header(words)
    count = 0
    for estate in demo["estate"]:
        first = paper.row
        for one in estate["buildings"]:
            count += 1
            total = one["units"] * one["floors"] * one["per_floor"]
            floors: str | int = f"{one['floors']}层" if lot.chance(0.25) else one["floors"]
            name = estate["name"] if paper.row == first else ""
            place = [one["lon"], one["lat"], one["built"], "有电梯" if one.get("elevators") else ""]
            paper.line(
                [
                    count,
                    name,
                    building_cell(lot, one["no"]),
                    one["units"],
                    floors,
                    one["per_floor"],
                    total,
                    one["grid"],
                    *place,
                ]
            )
        paper.down(first, 1, estate["name"])
    paper.line(["合计", "", "", "", "", "", sum(_homes(estate) for estate in demo["estate"])])
    paper.close()


def _homes(estate: dict[str, Any]) -> int:
    return sum(one["units"] * one["floors"] * one["per_floor"] for one in estate["buildings"])


def spans(demo: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """(estate, building, unit or "", as written): every unit once, a high building as a whole."""
    found: list[tuple[str, str, str, str]] = []
    for estate in demo["estate"]:
        for one in estate["buildings"]:
            units = [str(unit) for unit in range(1, one["units"] + 1)] if one["units"] > 1 else [""]
            found += [
                (estate["name"], one["no"], unit, f"{one['no']}栋{unit}单元" if unit else f"{one['no']}栋")
                for unit in units
            ]
    return found


def centres(demo: dict[str, Any], everybody: list[Someone], into: Path) -> None:
    lot = Lot(demo["seed"] + 3, demo["as_of"])
    lot.phone_no = 9500
    words = [
        "序号",
        "所属党支部",
        "小区",
        "党员中心户\n户主姓名",
        "性别",
        "门牌号",
        "联系楼栋",
        "牌匾编号",
        "联系电话",
        "挂牌时间",
        "备注",
    ]
    paper = Paper(
        into / "红旗桥-党员中心户.xlsx",
        "党员中心户",
        "红旗桥社区党员中心户一览表",
        "备注：联系楼栋请写明单元；牌匾编号由社区统一编制。演示数据，均为虚构。",
        (5, 16, 12, 12, 5, 12, 14, 13, 15, 13, 10),
    )
    paper.header(words)
    used: set[str] = set()
    count = 0
    for estate in demo["estate"]:
        first = paper.row
        for name, no, unit, span in (one for one in spans(demo) if one[0] == estate["name"]):
            host = _host(everybody, used, (name, no, unit))
            if host is None or count == CENTRES_WANTED:
                continue
            used.add(host.id_no)
            count += 1
            branch, where = (f"{name}党支部", name) if paper.row == first else ("", "")
            hung = date_cell(lot, date(2023, lot.pick.randint(7, 12), lot.pick.randint(1, 28)))
            phone = phone_cell(lot, host.phones)
            paper.line(
                [
                    count,
                    branch,
                    where,
                    name_cell(lot, host.name),
                    host.sex,
                    door(host.home),
                    span,
                    f"红旗桥-{count:03d}",
                    phone,
                    hung,
                    "",
                ]
            )
        paper.down(first, 1, f"{estate['name']}党支部")
        paper.down(first, 2, estate["name"])
    paper.close("制表人：章晓岚          2026年11月1日")


def _host(everybody: list[Someone], used: set[str], place: tuple[str, str, str]) -> Someone | None:
    """A party member of that unit, or of the building, who is no host yet; those of demo.toml first."""
    members = [one for one in everybody if one.party and one.phones and one.id_no not in used]
    near = [one for one in members if key(one.home)[:2] == place[:2]]
    inside = [one for one in near if one.home.unit == place[2]] or near
    return min(inside, key=lambda one: not one.named, default=None)


def door(home: Home) -> str:
    return "-".join(filter(None, (home.building, home.unit, home.room)))


def main(into: Path = HERE) -> None:
    demo = tomllib.loads((HERE / "demo.toml").read_text("utf-8"))
    everybody = community(demo)
    roster(demo, everybody, into)
    buildings(demo, into)
    centres(demo, everybody, into)
    households = len({one.household for one in everybody})
    print(
        f"{len(everybody)} residents, {households} households, {sum(1 for one in everybody if one.party)} party members"
    )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
