"""A synthetic city district in an encrypted store: nobody in it exists (area code 420299 is unallocated)."""

import os
import random
from datetime import date, timedelta
from pathlib import Path

from desktop_app import app as composition
from desktop_app.app import App
from desktop_app.places.model import Building, Estate, Room
from desktop_app.residents.model import Household, HouseholdMember, Person, PersonTag, Residence
from desktop_app.shared.identity import id_check_digit
from desktop_app.shared.ids import new_id
from desktop_app.store.keys import PASSPHRASE_VARIABLE

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
    "彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈单仇解查盖区覃翟"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰梅红建国"
    "志文海燕春云龙晓东子涵宇轩浩然欣怡梓萱雨彤诗琪嘉俊博思远"
)


def name(rnd: random.Random) -> str:
    """Two or three hanzi."""
    return rnd.choice(SURNAMES) + "".join(rnd.choices(GIVEN, k=rnd.choice((1, 2, 2, 2))))


def id_number(rnd: random.Random) -> tuple[str, str]:
    """A well-formed number of nobody, and its birth date."""
    born = date(1935, 1, 1) + timedelta(days=rnd.randrange(32_000))
    first = f"420299{born:%Y%m%d}{rnd.randrange(1000):03d}"
    return first + id_check_digit(first), born.isoformat()


def empty(home: Path) -> App:
    """A new store with nobody in it, opened by a passphrase: no keyring of this machine is asked."""
    os.environ[PASSPHRASE_VARIABLE] = "benchmark"
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    return composition.create(home, composition.Beginning("红旗桥社区", "420299001001", "李静"))


def make(home: Path, persons: int, seed: int = 1) -> App:
    """A new store with that many persons, three to a home, twelve homes to a unit of six floors."""
    app = empty(home)
    rnd = random.Random(seed)
    rows: dict[type, list[dict[str, object]]] = {
        cls: [] for cls in (Estate, Building, Room, Household, Person, HouseholdMember, Residence, PersonTag)
    }
    _fill(rows, rnd, persons)
    with app.db.transaction(app.actor, "生成数据") as tx:
        for cls, values in rows.items():
            tx.insert(cls, values)
    return app


def _fill(rows: dict[type, list[dict[str, object]]], rnd: random.Random, persons: int) -> None:
    made = 0
    for number in range(10**6):
        if number % 20 == 0:
            estate = {"id": new_id(), "name": f"{'桂翠向工幸'[number // 20 % 5]}花小区{number // 20 + 1}"}
            rows[Estate].append(estate)
        building = {"id": new_id(), "estate_id": estate["id"], "no": str(number % 20 + 1), "units": 3, "floors_up": 6}
        rows[Building].append(building)
        for unit in range(1, 4):
            for floor in range(1, 7):
                for door in (1, 2):
                    room = {"id": new_id(), "building_id": building["id"], "unit": str(unit), "floor": floor,
                            "no": f"{floor}0{door}", "seq": door, "kind": "住宅", "use": "自住"}  # fmt: skip
                    rows[Room].append(room)
                    made += _home(rows, rnd, str(room["id"]))
                    if made >= persons:
                        return


def _home(rows: dict[type, list[dict[str, object]]], rnd: random.Random, room_id: str) -> int:
    household = new_id()
    size = rnd.choice((1, 2, 3, 3, 4, 5))
    for at in range(size):
        number, born = id_number(rnd)
        person = new_id()
        if at == 0:
            rows[Household].append({"id": household, "room_id": room_id, "head_id": person, "kind": "家庭户",
                                    "status": "在住"})  # fmt: skip
        rows[Person].append(
            {"id": person, "name": name(rnd), "sex": "男" if int(number[16]) % 2 else "女", "birth": born,
             "id_no": number, "ethnic": "汉族", "political": rnd.choice(("群众", "群众", "群众", "中共党员")),
             "phones": f"1{rnd.randrange(30, 100)}0000{rnd.randrange(10_000):04d}", "source": "导入"}
        )  # fmt: skip
        rows[HouseholdMember].append({"id": new_id(), "household_id": household, "person_id": person,
                                      "relation": "户主" if at == 0 else "子"})  # fmt: skip
        rows[Residence].append({"id": new_id(), "person_id": person, "room_id": room_id, "basis": "自有"})
        if rnd.random() < 0.1:
            tag = rnd.choice(("独居老人", "低保", "残疾"))
            rows[PersonTag].append({"id": new_id(), "person_id": person, "tag": tag})
    return size
