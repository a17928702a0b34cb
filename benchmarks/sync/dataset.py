"""The rows every contestant stores: invented residents, 466 bytes of JSON each on average, most of it Chinese text.

The fields are columns of the desktop's own table `person`, so that the same row goes into the real store.
"""

import json
import random
from pathlib import Path
from typing import Final

import population

FIELDS: Final = (
    "name", "sex", "birth", "id_type", "id_no", "ethnic", "native_place", "marital", "political", "education",
    "occupation", "employer", "phones", "hukou_address", "live_address", "source", "note",
)  # fmt: skip
EDITED: Final = ("phones", "note")
"""What an edit changes: two fields of a row, as a person does who rings somebody up."""
ROW_BYTES: Final = 466
_STREETS: Final = ("红旗桥路", "江汉二路", "桂花巷", "翠微西街", "工农兵路", "幸福里")
_WORK: Final = ("市第三医院", "长江轮渡公司", "街道办事处", "第二十一中学", "自来水公司", "个体经营")
_WORDS: Final = "每月走访一次，独居，子女在外地；门前台阶已加装扶手；慢病随访由社区卫生服务站负责，药品送到家，喜欢书法"
Row = dict[str, str]


def rows(count: int, seed: int) -> list[Row]:
    """That many rows, each with an `id` of 32 hex digits that sorts by time like those of the product."""
    rnd = random.Random(seed)
    return [_row(rnd, at) for at in range(count)]


def _row(rnd: random.Random, at: int) -> Row:
    number, born = population.id_number(rnd)
    house = f"{rnd.choice(_STREETS)}{rnd.randrange(1, 300)}号{rnd.randrange(1, 20)}栋{rnd.randrange(1, 7)}0{at % 4 + 1}"
    return {
        "id": f"{0x019D00000000 + at * 7:012x}7{rnd.randrange(1 << 12):03x}{(8 << 60) + rnd.getrandbits(60):016x}",
        "name": population.name(rnd),
        "sex": "男" if int(number[16]) % 2 else "女",
        "birth": born,
        "id_type": "居民身份证",
        "id_no": number,
        "ethnic": "汉族",
        "native_place": "湖北武汉",
        "marital": rnd.choice(("已婚", "未婚", "丧偶")),
        "political": rnd.choice(("群众", "群众", "中共党员")),
        "education": rnd.choice(("初中", "高中", "大专", "本科")),
        "occupation": rnd.choice(("退休", "职员", "自由职业")),
        "employer": rnd.choice(_WORK),
        "phones": phone(rnd),
        "hukou_address": house,
        "live_address": house,
        "source": "导入",
        "note": words(rnd, 6),
    }


def phone(rnd: random.Random) -> str:
    """A number nobody has."""
    return f"1{rnd.randrange(30, 100)}0000{rnd.randrange(10_000):04d}"


def words(rnd: random.Random, length: int) -> str:
    """A remark of that many characters."""
    at = rnd.randrange(len(_WORDS) - length)
    return _WORDS[at : at + length]


def edits(of: list[Row], count: int, seed: int) -> list[Row]:
    """For that many of the rows, spread over all of them, the fields of `EDITED` with new values."""
    rnd = random.Random(seed)
    chosen = rnd.sample(of, count)
    return [{"id": row["id"], "phones": phone(rnd), "note": words(rnd, 8)} for row in chosen]


def json_bytes(some: list[Row]) -> float:
    """Average size of a row as JSON in UTF-8."""
    return sum(len(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()) for row in some) / len(some)


def write(path: Path, some: list[Row]) -> Path:
    """The rows as a JSON file that a contestant in any language reads."""
    path.write_text(json.dumps(some, ensure_ascii=False), "utf-8")
    return path
