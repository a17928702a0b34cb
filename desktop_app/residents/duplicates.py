"""Residents who may be one person entered twice: found, and, where they are two, said so once for all desks."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs, reads
from desktop_app.residents.model import DuplicateVerdict, Person
from desktop_app.residents.search import Hit, hits
from desktop_app.shared.errors import AppError
from desktop_app.shared.ids import named_id
from desktop_app.shared.pinyin import readings
from desktop_app.store.database import Database

SAME_NUMBER: Final = "证件号码相同"
SAME_BIRTH: Final = "姓名同音、出生日期相同"
SAME_HOME: Final = "姓名同音、住同一间房"
SAME_PHONE: Final = "姓名同音、电话相同"
MOST_ALIKE: Final = 8
"""More people than this behind one key are no duplicates but a key that says nothing: 无, 12345."""
WHOLE_DATE: Final = 10


@dataclass(frozen=True, slots=True)
class Pair:
    """Two residents who look alike, and why; `sure` where it can hardly be otherwise."""

    a: Hit
    b: Hit
    reasons: tuple[str, ...]

    @property
    def sure(self) -> bool:
        """Whether the law gives one number to one person."""
        return SAME_NUMBER in self.reasons


@dataclass(frozen=True, slots=True)
class _One:
    """As much of a resident as is compared."""

    no: int
    id: str
    name: str
    birth: str | None
    id_no: str | None
    phones: str
    room: str | None


@reads("residents.read")
def suspected(db: Database, told: Callable[[int, int], None] = lambda _done, _all: None) -> list[Pair]:
    """Every pair that looks alike and was not found to be two, the surest first.  `told(done, all)` hears of steps."""
    everybody = _everybody(db)
    settled = {(a, b) for a, b in db.rows("SELECT a_id,b_id FROM duplicate_verdict WHERE sync_del=0")}
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for step, (reason, key) in enumerate(_KEYS.items()):
        told(step, len(_KEYS))
        for one, other in _alike(everybody, key):
            if (one.id, other.id) not in settled and not _different(one, other):
                found[one.no, other.no].append(reason)
    told(len(_KEYS), len(_KEYS))
    seen = {hit.local_no: hit for hit in hits(db, sorted({no for pair in found for no in pair}))}
    pairs = [Pair(seen[a], seen[b], tuple(reasons)) for (a, b), reasons in found.items() if a in seen and b in seen]
    return sorted(pairs, key=lambda pair: (not pair.sure, -len(pair.reasons), pair.a.name))


def _everybody(db: Database) -> list[_One]:
    """In the order of their identifiers, so that a pair always has the same first."""
    rows = db.rows(
        "SELECT p.local_no,p.id,p.name,p.birth,p.id_no,p.phones,(SELECT s.room_id FROM residence s "
        "WHERE s.person_id=p.id AND s.to_on IS NULL AND s.sync_del=0 LIMIT 1) FROM person p "
        "WHERE p.sync_del=0 ORDER BY p.id"
    )
    return [_One(*row) for row in rows]


def _numbers(one: _One) -> list[str]:
    return [one.id_no] if one.id_no else []


def _births(one: _One) -> list[str]:
    return [one.birth] if one.birth and len(one.birth) == WHOLE_DATE else []


def _rooms(one: _One) -> list[str]:
    return [one.room] if one.room else []


def _phones(one: _One) -> list[str]:
    return one.phones.split()


_KEYS: Final[dict[str, Callable[[_One], list[str]]]] = {
    SAME_NUMBER: _numbers,
    SAME_BIRTH: _births,
    SAME_HOME: _rooms,
    SAME_PHONE: _phones,
}


def _alike(everybody: Iterable[_One], key: Callable[[_One], list[str]]) -> Iterator[tuple[_One, _One]]:
    """Pairs that share a key and, unless the key is a number of the law, a reading of their names."""
    groups: dict[str, list[_One]] = defaultdict(list)
    for one in everybody:
        for value in key(one):
            groups[value].append(one)
    for some in groups.values():
        if len(some) > 1 and (key is _numbers or len(some) <= MOST_ALIKE):
            yield from (pair for pair in combinations(some, 2) if key is _numbers or _sound_alike(*pair))


def _sound_alike(one: _One, other: _One) -> bool:
    if one.name == other.name:
        return True
    return bool({full for full, _ in readings(one.name)} & {full for full, _ in readings(other.name)})


def _different(one: _One, other: _One) -> bool:
    """Two sound numbers that differ, or two whole dates of birth, are two people, however alike the rest is."""
    numbers = one.id_no and other.id_no and one.id_no != other.id_no
    births = _births(one) and _births(other) and one.birth != other.birth
    return bool(numbers or births) and not (one.id_no and one.id_no == other.id_no)


@reads("residents.read")
def while_typing(
    db: Database, name: str, birth: str | None, room_id: str | None = None, besides: str | None = None
) -> list[Hit]:
    """Whom somebody might be entering a second time: the name sounds alike, and birth date or room agree."""
    if not name.strip() or not (birth or room_id):
        return []
    rows = db.rows(
        "SELECT p.local_no,p.id,p.name,p.birth,p.id_no,p.phones,NULL FROM person p WHERE p.sync_del=0 "
        "AND p.id IS NOT ? AND (p.birth=? OR p.id IN (SELECT s.person_id FROM residence s WHERE s.room_id=? "
        "AND s.to_on IS NULL AND s.sync_del=0)) LIMIT 500",
        (besides, birth, room_id),
    )
    typed = _One(0, "", name.strip(), None, None, "", None)
    return hits(db, [one.no for one in (_One(*row) for row in rows) if _sound_alike(typed, one)])


@needs("residents.change")
def are_two(db: Database, actor: Actor, one_id: str, other_id: str, why: str = "") -> None:
    """Somebody looked and says that these are two people: no desk asks again."""
    a, b = sorted((one_id, other_id))
    with db.transaction(actor, "核对重复：不是同一人", why) as tx:
        tx.need(Person, a)
        tx.need(Person, b)
        verdict = named_id("duplicate_verdict", a, b)
        if tx.get(DuplicateVerdict, verdict):
            raise AppError("这两位已经核对过，不是同一人。", next_step="请刷新列表。")
        if tx.scalar("SELECT 1 FROM duplicate_verdict WHERE id=?", (verdict,)):
            tx.execute("UPDATE duplicate_verdict SET sync_del=0 WHERE id=?", (verdict,))
        else:
            tx.add(DuplicateVerdict(id=verdict, a_id=a, b_id=b, why=why or None))
