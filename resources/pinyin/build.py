"""Freeze the readings of hanzi: writes characters.txt beside this file. Needs the development dependency pypinyin.

Readings are toneless, `ü` is written `v`. Order and choice, per character: the hand-kept given_names.tsv first; else
how often a reading occurs in pypinyin's phrase list; else the order of its character dictionary. At most three stay.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from pypinyin.contrib.tone_convert import to_normal
from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict

HERE = Path(__file__).parent
MOST_READINGS = 3
RARE = 0.02  # a reading below this share of the phrases is not met in a name
HANZI = (range(0x3007, 0x3008), range(0x3400, 0xA000), range(0xF900, 0xFB00), range(0x20000, 0x40000))
FEW = 10  # phrases; with fewer than this the phrase list says too little to drop a reading


def toneless(reading: str) -> str:
    return to_normal(reading, v_to_u=False).replace("ü", "v").replace("lve", "lue").replace("nve", "nue")


def is_hanzi(code: int) -> bool:
    return any(code in block for block in HANZI)


def phrase_counts() -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase, readings in phrases_dict.items():
        if len(phrase) == len(readings):
            for hanzi, reading in zip(phrase, readings, strict=True):
                counts[hanzi][toneless(reading[0])] += 1
    return counts


def ordered(listed: list[str], counted: Counter[str]) -> list[str]:
    """The readings worth keeping, likeliest first."""
    total = sum(counted.values())
    if total >= FEW:
        listed = [reading for reading in listed if counted[reading] >= RARE * total]
    return sorted(listed, key=lambda reading: -counted[reading])[:MOST_READINGS]  # sorted() keeps the order of equals


def given_names() -> dict[str, list[str]]:
    lines = (HERE / "given_names.tsv").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {hanzi: readings.split() for hanzi, readings in pairs}


def table() -> dict[str, list[str]]:
    counts, by_hand = phrase_counts(), given_names()
    found: dict[str, list[str]] = {}
    for code, readings in pinyin_dict.items():
        hanzi = chr(code)
        if is_hanzi(code):
            listed = list(dict.fromkeys(map(toneless, readings.split(","))))
            plain = [reading for reading in listed if reading.isascii() and any(c in "aeiouv" for c in reading)]
            found[hanzi] = by_hand.get(hanzi) or ordered(plain or listed, counts[hanzi])
    return {hanzi: readings for hanzi, readings in found.items() if all(map(str.isascii, readings))}


def lines(found: dict[str, list[str]]) -> Iterable[str]:
    grouped: dict[str, list[str]] = defaultdict(list)
    for hanzi, readings in found.items():
        grouped[" ".join(readings)].append(hanzi)
    for readings, characters in sorted(grouped.items()):
        yield f"{readings}\t{''.join(sorted(characters))}\n"


if __name__ == "__main__":
    found = table()
    (HERE / "characters.txt").write_text("".join(lines(found)), "utf-8")
    print(f"{len(found)} characters")
