"""Draws the residents of the demonstration community: the named ones of demo.toml and invented families around them."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

AREA = "420299"  # a county code that was never given out
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
CHECK = "10X98765432"
OCCUPIED = 0.83
ADULT, MARRIED, OLD, VERY_OLD = 18, 26, 60, 80

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈姚卢傅钟姜崔谭廖范汪陆金石戴"
    "贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严洪武莫孔汤常温康施文牛樊葛邢安齐易乔伍庞颜庄聂章鲁岳翟殷詹欧耿关兰焦"
    "左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧阳"
)
GIVEN = {
    ("男", 0): (
        "国强",
        "建华",
        "志明",
        "德胜",
        "文革",
        "卫东",
        "长生",
        "永福",
        "援朝",
        "水生",
        "汉江",
        "光荣",
        "正清",
        "兴旺",
    ),
    ("女", 0): (
        "桂英",
        "秀兰",
        "玉兰",
        "淑珍",
        "凤英",
        "春梅",
        "腊梅",
        "秋香",
        "翠华",
        "金莲",
        "素芬",
        "荷花",
        "润珍",
        "菊香",
    ),
    ("男", 1): ("伟", "勇", "军", "涛", "斌", "立军", "海波", "志鹏", "晓东", "俊峰", "红兵", "建平", "剑锋", "少华"),
    ("女", 1): ("丽", "静", "敏", "艳", "红霞", "晓燕", "海燕", "莉", "婷婷", "雪梅", "彩云", "丽华", "玉红", "娟"),
    ("男", 2): (
        "浩然",
        "子轩",
        "宇航",
        "梓豪",
        "俊杰",
        "一鸣",
        "博文",
        "天佑",
        "睿",
        "思远",
        "嘉树",
        "铭泽",
        "承宇",
        "亦辰",
    ),
    ("女", 2): (
        "雨桐",
        "梓涵",
        "欣怡",
        "诗涵",
        "思琪",
        "若曦",
        "可馨",
        "语嫣",
        "佳怡",
        "芷若",
        "沐瑶",
        "婉清",
        "乐瑶",
        "锦瑟",
    ),
}
MOBILE = (
    "130",
    "131",
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "151",
    "158",
    "159",
    "177",
    "180",
    "186",
    "189",
    "199",
)
SCHOOLING = {
    0: ("小学", "初中", "初中", "高中", "文盲", "小学"),
    1: ("初中", "高中", "中专", "大专", "本科", "高中"),
    2: ("本科", "大专", "高中", "本科", "硕士研究生"),
}
PEOPLES = ("汉族",) * 40 + ("土家族", "回族", "苗族", "壮族")


@dataclass
class Home:
    """A home of a building; one without units has "" there."""

    estate: str
    building: str
    unit: str
    room: str


@dataclass
class Someone:
    """One line of the roster."""

    name: str
    relation: str
    sex: str
    birth: date
    home: Home
    household: str = ""
    id_no: str = ""
    ethnic: str = "汉族"
    education: str = ""
    marital: str = ""
    phones: list[str] = field(default_factory=list)
    living: str = "自住"
    party: date | None = None
    branch: str = ""
    tags: list[str] = field(default_factory=list)
    detail: str = ""
    remark: str = ""
    named: bool = False


def homes(estates: Iterable[dict[str, Any]]) -> Iterator[Home]:
    for estate in estates:
        for building in estate["buildings"]:
            for unit in range(1, building["units"] + 1):
                for floor in range(1, building["floors"] + 1):
                    for door in range(1, building["per_floor"] + 1):
                        name = str(unit) if building["units"] > 1 else ""
                        yield Home(estate["name"], building["no"], name, f"{floor}{door:02d}")


def id_number(birth: date, sex: str, order: int) -> str:
    """GB 11643: area, birth date, order code (odd for men), check digit."""
    odd = order // 2 * 2 + (sex == "男")
    body = f"{AREA}{birth:%Y%m%d}{odd % 1000:03d}"
    return body + CHECK[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


class Lot:
    """Draws persons from a seed; every name but one pair, every number and every telephone is drawn once."""

    def __init__(self, seed: int, today: date) -> None:
        self.pick = random.Random(seed)  # noqa: S311 lots for a demonstration, no secrets
        self.today = today
        self.taken: set[str] = set()
        self.order, self.phone_no = 100, 3000

    def born(self, youngest: int, oldest: int) -> date:
        return self.today - timedelta(days=self.pick.randint(youngest * 365 + 1, oldest * 365))

    def age(self, birth: date) -> int:
        return (self.today - birth).days // 365

    def name(self, sex: str, birth: date, surname: str = "") -> str:
        era = 0 if birth.year < 1965 else 1 if birth.year < 1998 else 2  # noqa: PLR2004 fashions of names
        while True:
            found = (surname or self.surname()) + self.pick.choice(GIVEN[sex, era])
            if found not in self.taken:
                self.taken.add(found)
                return found

    def surname(self) -> str:
        return self.pick.choice([*SURNAMES[:-2], SURNAMES[-2:]])

    def phone(self) -> str:
        self.phone_no += 1
        return f"{self.pick.choice(MOBILE)}0000{self.phone_no:04d}"

    def number(self, birth: date, sex: str) -> str:
        self.order += 2
        return id_number(birth, sex, self.order)

    def chance(self, share: float) -> bool:
        return self.pick.random() < share


def person(lot: Lot, relation: str, sex: str, ages: tuple[int, int], home: Home, surname: str = "") -> Someone:
    birth = lot.born(*ages)
    age = lot.age(birth)
    one = Someone(lot.name(sex, birth, surname), relation, sex, birth, home)
    one.ethnic = lot.pick.choice(PEOPLES)
    one.education = (
        lot.pick.choice(SCHOOLING[0 if age >= OLD else 1 if age >= MARRIED + 10 else 2]) if age >= ADULT else ""
    )
    one.marital = "" if age < ADULT else "已婚" if age >= MARRIED else "未婚"
    one.phones = [lot.phone()] if age >= ADULT and lot.chance(0.9) else []
    one.party = lot.born(1, min(age - ADULT, 50)) if age >= MARRIED and lot.chance(0.11) else None
    _tag(lot, one, age)
    return one


def _tag(lot: Lot, one: Someone, age: int) -> None:
    if one.party:
        one.tags.append("党员")
    if age >= ADULT and lot.chance(0.03):
        one.tags.append("低保")
    if lot.chance(0.035):
        one.tags.append("残疾")
        one.detail = lot.pick.choice(("肢体二级", "视力三级", "听力四级", "智力二级", "肢体四级"))
    if one.sex == "男" and age >= MARRIED and lot.chance(0.06):
        one.tags.append("退役军人")
    if ADULT <= age < VERY_OLD and lot.chance(0.09):
        one.tags.append("志愿者")


def family(lot: Lot, home: Home) -> list[Someone]:
    """A household drawn by lot: a couple with children, three generations, somebody old and alone, tenants …"""
    kind = lot.pick.choices(
        ("children", "old_couple", "alone", "generations", "single", "tenants", "couple"), (34, 15, 16, 9, 9, 9, 8)
    )[0]
    if kind == "alone":
        head = person(lot, "户主", lot.pick.choice("男女女"), (68, 92), home)
        head.marital = "丧偶"
        head.tags.append("独居老人")
        return [head]
    if kind == "single":
        head = person(lot, "户主", lot.pick.choice("男女"), (24, 45), home)
        head.marital = lot.pick.choice(("未婚", "离婚"))
        return [head]
    ages = {"old_couple": (62, 85), "couple": (26, 40), "tenants": (22, 45)}.get(kind, (30, 54))
    members = _couple(lot, home, ages)
    if kind in {"children", "generations", "tenants"}:
        members += _children(lot, home, members)
    if kind == "generations":
        sex = lot.pick.choice("女女男")
        relation = ("母亲", "父亲") if lot.chance(0.6) else ("岳母", "岳父")
        surname = members[0].name[0] if sex == "男" and relation[1] == "父亲" else ""
        members.append(person(lot, relation[sex == "男"], sex, (66, 88), home, surname))
    if kind == "tenants":
        for one in members:
            one.living = "租住"
            one.remark = "务工租住" if one.relation == "户主" else ""
    return members


def _couple(lot: Lot, home: Home, ages: tuple[int, int]) -> list[Someone]:
    wife_heads = lot.chance(0.18)
    head = person(lot, "户主", "女" if wife_heads else "男", ages, home)
    near = max(lot.age(head.birth) - 4, ages[0] - 2)
    words = ("丈夫", "夫", "配偶") if wife_heads else ("妻子", "妻", "配偶")
    spouse = person(lot, lot.pick.choice(words), "男" if wife_heads else "女", (near, near + 6), home)
    head.marital = spouse.marital = "已婚"
    return [head, spouse]


def _children(lot: Lot, home: Home, parents: list[Someone]) -> list[Someone]:
    father = next(one for one in parents if one.sex == "男")
    mother = next(one for one in parents if one.sex == "女")
    oldest = lot.age(mother.birth) - 21
    if oldest < 1:
        return []
    children: list[Someone] = []
    for _ in range(lot.pick.choices((1, 2), (65, 35))[0]):
        sex = lot.pick.choice("男女")
        words = ("儿子", "长子", "子") if sex == "男" else ("女儿", "长女", "女")
        word = lot.pick.choice(words) if not children else words[0]
        children.append(person(lot, word, sex, (0, min(oldest, 24)), home, _family_name(father.name)))
    for child in children:
        child.marital = "未婚" if lot.age(child.birth) >= ADULT else ""
        child.party = None
        child.tags = [tag for tag in child.tags if tag not in {"党员", "低保"}]
    return children


def _family_name(name: str) -> str:
    return name[:2] if name.startswith("欧阳") else name[0]


def named(lot: Lot, rows: Iterable[dict[str, Any]]) -> Iterator[list[Someone]]:
    """The households of demo.toml."""
    for row in rows:
        home = Home(row["estate"], row["building"], row["unit"], row["room"])
        yield [_named(lot, one, home) for one in row["members"]]


def _named(lot: Lot, row: dict[str, Any], home: Home) -> Someone:
    age = lot.age(row["birth"])
    return Someone(
        row["name"],
        row["relation"],
        row["sex"],
        row["birth"],
        home,
        ethnic=row.get("ethnic", "汉族"),
        education=lot.pick.choice(SCHOOLING[0 if age >= OLD else 1]) if age >= ADULT else "",
        marital="已婚" if age >= MARRIED else "未婚" if age >= ADULT else "",
        phones=[row["phone"]] if row.get("phone") else [],
        party=row.get("party"),
        tags=list(row.get("tags", ())),
        detail=row.get("detail", ""),
        named=True,
    )


def community(demo: dict[str, Any]) -> list[Someone]:
    """Everybody, household by household in the order of the homes, with numbers given."""
    lot = Lot(demo["seed"], demo["as_of"])
    lot.taken = {one["name"] for row in demo["household"] for one in row["members"]}
    fixed = {key(members[0].home): members for members in named(lot, demo["household"])}
    households: list[list[Someone]] = []
    for home in homes(demo["estate"]):
        if key(home) in fixed:
            households.append(fixed[key(home)])
        elif lot.chance(OCCUPIED):
            households.append(family(lot, home))
            if lot.chance(0.012):
                households.append(_tenant(lot, home))
    _namesakes(households)
    everybody = [one for members in households for one in members]
    for no, members in enumerate(households, 1):
        for one in members:
            one.household = f"H{no:05d}"
            one.id_no = lot.number(one.birth, one.sex)
            one.branch = f"{one.home.estate}党支部" if one.party else ""
    return everybody


def _namesakes(households: list[list[Someone]]) -> None:
    """Gives two people who live alone in one building the same name: two persons, not to be taken for one."""
    seen: dict[tuple[str, str, str], Someone] = {}
    for one in (members[0] for members in households if len(members) == 1 and not members[0].named):
        place = (one.home.estate, one.home.building, one.sex)
        if place in seen:
            one.name = seen[place].name
            return
        seen[place] = one


def _tenant(lot: Lot, home: Home) -> list[Someone]:
    one = person(lot, "户主", lot.pick.choice("男女"), (22, 35), home)
    one.living, one.remark, one.marital = "租住", "合租一间", "未婚"
    return [one]


def key(home: Home) -> tuple[str, str, str, str]:
    return home.estate, home.building, home.unit, home.room
