"""Names are found by the letters a worker types for them."""

import subprocess
import sys
from time import perf_counter

import pytest

from desktop_app.shared import pinyin

SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "盖": "ge", "区": "ou", "缪": "miao",
    "覃": "qin", "朴": "piao", "翟": "zhai", "乐": "yue", "任": "ren", "华": "hua", "尉": "wei", "员": "yun",
    "冼": "xian", "洗": "xian", "黑": "he", "种": "chong", "牟": "mou", "逄": "pang", "都": "du", "干": "gan",
    "那": "na", "能": "nai", "秘": "bi", "繁": "po", "阚": "kan", "郇": "xun", "郗": "xi", "祭": "zhai",
    "车": "che", "卜": "bu", "薄": "bo", "宿": "su", "谌": "chen", "万": "wan", "句": "gou", "折": "she",
    "葛": "ge", "石": "shi", "沈": "shen", "贾": "jia", "曲": "qu", "会": "gui", "召": "shao", "长": "zhang",
}  # fmt: skip
COMPOUNDS = {
    "尉迟": "yuchi", "长孙": "zhangsun", "万俟": "moqi", "欧阳": "ouyang", "澹台": "tantai", "单于": "chanyu",
    "令狐": "linghu", "乐正": "yuezheng", "鲜于": "xianyu", "夏侯": "xiahou", "皇甫": "huangfu", "拓跋": "tuoba",
}  # fmt: skip


@pytest.mark.parametrize(("surname", "reading"), SURNAMES.items())
def test_a_special_surname_is_read_as_a_surname_first(surname: str, reading: str) -> None:
    assert pinyin.readings(surname + "小明")[0] == (reading + "xiaoming", reading[0] + "xm")


@pytest.mark.parametrize(("surname", "reading"), COMPOUNDS.items())
def test_a_compound_surname_is_read_whole(surname: str, reading: str) -> None:
    assert pinyin.readings(surname + "小明")[0][0] == reading + "xiaoming"


def test_second_readings_are_found_too() -> None:
    assert {"qinyong", "tanyong"} <= {full for full, _ in pinyin.readings("覃勇")}
    assert {"zhaiwei", "diwei"} <= {full for full, _ in pinyin.readings("翟伟")}
    assert {"wangqian", "wangxi"} <= {full for full, _ in pinyin.readings("王茜")}


@pytest.mark.parametrize(
    ("name", "pair"),
    [
        ("张㛃", ("zhangjie", "zj")),
        ("李䶮", ("liyan", "ly")),
        ("王𫖯", ("wangfu", "wf")),
        ("赵𬭊", ("zhaodu", "zd")),
        ("周喆", ("zhouzhe", "zz")),
        ("吴堃", ("wukun", "wk")),
        ("刘赟", ("liuyun", "ly")),
        ("吕女〇", ("lvnvling", "lnl")),
        ("阿依古丽·买买提", ("ayigulimaimaiti", "ayglmmt")),
        ("John Smith", ("johnsmith", "js")),
        ("José 李", ("joseli", "jl")),
    ],
)
def test_rare_characters_dots_and_letters_have_readings(name: str, pair: tuple[str, str]) -> None:
    assert pinyin.readings(name)[0] == pair


@pytest.mark.parametrize("name", ["", " ", "·", "？"])
def test_a_name_without_readable_characters_has_no_reading(name: str) -> None:
    assert pinyin.readings(name) == []


def test_a_dotted_name_begins_with_the_given_name_so_the_surname_table_is_not_asked() -> None:
    assert pinyin.readings("解·买买提")[0][0] == "jiemaimaiti"


def test_many_polyphones_stay_within_the_cap_without_repeats() -> None:
    found = pinyin.readings("行长单曾乐朝行长单曾乐朝")
    assert len(found) == len(set(found)) == pinyin.MOST_COMBINATIONS


def test_names_sort_syllable_by_syllable() -> None:
    names = ["张伟", "章安", "詹天", "单小明", "安娜", "单晓", "沈一"]
    assert sorted(names, key=pinyin.sort_key) == ["安娜", "单晓", "单小明", "沈一", "詹天", "章安", "张伟"]


def test_a_roster_of_a_town_is_read_in_seconds() -> None:
    names = [surname + given for surname in SURNAMES for given in ("红霞", "娜", "小明", "长海")] * 100
    started = perf_counter()
    for name in names:
        pinyin.readings(name)
    assert (perf_counter() - started) / len(names) * 200_000 < 20  # 2 s on a quiet machine; room for a busy one


def test_the_running_program_does_not_import_pypinyin() -> None:
    code = (
        "import sys; from desktop_app.shared import pinyin; pinyin.readings('单小明'); print('pypinyin' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
