"""A synthetic roster workbook as an office keeps it: two header rows, 26 columns, marks, a household number a row."""

import random
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter
from population import id_number, name

GROUPS = (
    ("基本信息", 2, 9, ("姓名", "性别", "身份证号", "出生年月", "民族", "文化程度", "婚姻状况", "手机")),
    ("居住信息", 10, 15, ("小区", "楼栋", "单元", "房号", "与户主关系", "居住情况")),
    ("党员信息", 16, 18, ("政治面貌", "入党时间", "所在党支部")),
    ("困难类别", 19, 24, ("独居老人", "低保", "残疾", "退役军人", "党员", "志愿者")),
)
ESTATES = ("翠湖花园", "桂花小区", "向阳小区", "幸福家园")
RELATIONS = ("户主", "配偶", "儿子", "女儿", "母亲")


def make(path: Path, rows: int, seed: int = 1) -> Path:
    """Writes the workbook; every person differs, three or so share a home and a household number."""
    rnd = random.Random(seed)
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("居民台账")
        middle = book.add_format({"align": "center"})
        # constant_memory forgets a row once a later one was written: each row is written whole, from the top
        sheet.merge_range(0, 0, 0, 25, "红旗桥社区居民信息采集表", middle)
        sheet.write(1, 0, "注：有相应情形的打“√”；残疾可直接填类别等级。")
        sheet.write_row(2, 0, ("序号", "户编号"))
        for title, first, last, _ in GROUPS:
            sheet.merge_range(2, first, 2, last, title, middle)
        sheet.write(2, 25, "备注")
        for _, first, _, headers in GROUPS:
            sheet.write_row(3, first, headers)
        for at, cells in enumerate(_persons(rnd, rows)):
            sheet.write_row(4 + at, 0, cells)
    return path


def _persons(rnd: random.Random, rows: int) -> Iterator[tuple[object, ...]]:
    made = household = 0
    while made < rows:
        home = _home_of(household)
        household += 1
        for relation in RELATIONS[: min(rnd.choice((1, 2, 3, 3, 4, 5)), rows - made)]:
            made += 1
            yield (made, f"H{household:05d}", *_person(rnd), *home, relation, "自住", *_marks(rnd), "")


def _home_of(household: int) -> tuple[str, str, str, str]:
    """Six floors of two homes, three units a building."""
    unit, rest = divmod(household % 36, 12)
    building = household // 36
    room = f"{rest // 2 + 1}0{rest % 2 + 1}"
    return ESTATES[building % 4], f"{building // 4 + 1}栋", f"{unit + 1}单元", f"{room}室"


def _person(rnd: random.Random) -> tuple[object, ...]:
    number, born = id_number(rnd)
    sex = "男" if int(number[16]) % 2 else "女"
    birth = (born, born.replace("-", "."), born.replace("-", "/"))[rnd.randrange(3)]
    phone = f"1{rnd.randrange(30, 100)}0000{rnd.randrange(10_000):04d}"
    return (
        name(rnd), sex, number, birth, rnd.choice(("汉族", "汉", "土家族")),
        rnd.choice(("小学", "初中", "高中", "本科")),
        rnd.choice(("已婚", "未婚", "丧偶")), phone if rnd.random() < 0.7 else float(phone),
    )  # fmt: skip


def _marks(rnd: random.Random) -> tuple[object, ...]:
    party = rnd.random() < 0.1
    member = ("党员", "2001.07.01", "翠湖花园第一党支部") if party else ("群众", "", "")
    return (*member, *("√" if rnd.random() < 0.04 else "" for _ in range(6)))
