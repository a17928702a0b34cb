"""A community is split, or merged into another: an administrator's work, a few hundred records at a time."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from central_server import audiences, clashes, moves
from central_server.feeds import Feeds, transaction
from central_server.records import Key
from central_server.storage import Session, Storage
from central_server.tree import Tree
from central_server.units import UnitError
from sync_protocol.messages import Gone

AT_ONCE: Final = 200


def split(storage: Storage, unit: int, to: int, keys: Sequence[Key], now: int) -> tuple[int, list[Key]]:
    """Moves listed records, and what follows them, to another open community.

    Returns how many of the listed ones moved, and those that did not: they are not there, or belong to another record,
    with which they move.  Raises UnitError for a unit that cannot be moved from or to.
    """
    with storage.reading() as session:
        _check(Tree(session), unit, to)
    moved, left = 0, list[Key]()
    for start in range(0, len(keys), AT_ONCE):
        some = list(dict.fromkeys(keys[start : start + AT_ONCE]))
        stayed = transaction(storage, now, (unit, to), partial(_move, unit=unit, to=to, keys=some))
        moved, left = moved + len(some) - len(stayed), left + stayed
    return moved, left


def _move(feeds: Feeds, unit: int, to: int, keys: list[Key]) -> list[Key]:
    """Moves what can be moved; returns the rest."""
    tree = Tree(feeds.session)
    feeds.load(unit, keys)
    going = [key for key in keys if not moves.fault(feeds, tree, unit, _said(key, to)) and _is_here(feeds, unit, key)]
    _carry(feeds, unit, to, going)
    return [key for key in keys if key not in set(going)]


def _said(key: Key, to: int) -> dict[str, object]:
    return {"tbl": key[0], "row_id": key[1], "to_scope": to}


def _is_here(feeds: Feeds, unit: int, key: Key) -> bool:
    record = feeds.get(unit, key)
    return record is not None and audiences.is_own(record, unit)


def _carry(feeds: Feeds, unit: int, to: int, keys: list[Key]) -> None:
    tree = Tree(feeds.session)
    found = moves.carry_out(feeds, tree, unit, to, keys)
    for where, record in clashes.record_all(feeds, found):
        audiences.deliver(feeds, tree, where, record)


def merge(storage: Storage, unit: int, into: int, now: int) -> int:
    """Moves all records of a community into another and closes it; returns how many moved.  May be run again.

    From the first moment on its desks belong to the other one: they still hand over what they have.
    """
    with storage.writing() as session:
        _close(session, unit, into)
    count = 0
    while keys := _remaining(storage, unit):
        transaction(storage, now, (unit, into), partial(_carry, unit=unit, to=into, keys=keys))
        count += len(keys)
    for key, home in _guests(storage, unit):
        transaction(storage, now, (unit, home), partial(_send_after, home=home, key=key))
    with storage.writing() as session:
        _inherit_erasures(session, unit, into)
        session.run("update unit set closed_at=? where id=? and closed_at is null", now, unit)
    return count


def _close(session: Session, unit: int, into: int) -> None:
    tree = Tree(session)
    known = tree.unit(unit)
    if known is not None and known.successor == into and not known.gone:
        return  # begun before, and not finished
    _check(tree, unit, into)
    below = session.row("select 1 from unit where parent=? and closed_at is null", unit)
    if below is not None:
        raise UnitError(f"单位 {unit} 下面还有单位，请先把它们放到别处。")
    session.run("update unit set successor=? where id=?", into, unit)
    _inherit_erasures(session, unit, into)


def _inherit_erasures(session: Session, unit: int, into: int) -> None:
    """What was erased in a unit must not come back in the other one with a desk that has not heard of it."""
    noted = session.rows("select hash,at from erasure where scope_id=?", unit)
    rows = [(into, name, at) for name, at in noted]
    session.put("erasure", ("scope_id", "hash", "at"), ("scope_id", "hash"), rows)


def _check(tree: Tree, unit: int, to: int) -> None:
    for number in (unit, to):
        if not tree.is_open_community(number):
            raise UnitError(f"单位 {number} 不是开放的社区。")
    if unit == to:
        raise UnitError("两个单位是同一个。")


def _remaining(storage: Storage, unit: int) -> list[Key]:
    """Some records that still have their home in a unit: first those that follow nothing, then whatever is left."""
    sql = "select tbl,id from record where scope_id=? and home=? and sync_del in (?,?)"
    alive = (unit, unit, int(Gone.ALIVE), int(Gone.DELETED))
    with storage.reading() as session:
        for condition in (" and parent is null", ""):
            if found := session.rows(f"{sql}{condition} limit {AT_ONCE}", *alive):
                return [(table, pk) for table, pk in found]
    return []


def _guests(storage: Storage, unit: int) -> list[tuple[Key, int]]:
    """The records other units have shared with a unit, what they follow first."""
    sql = "select tbl,id,home,parent from record where scope_id=? and home<>? and sync_del in (?,?)"
    with storage.reading() as session:
        found = session.rows(sql, unit, unit, int(Gone.ALIVE), int(Gone.DELETED))
    return [((table, pk), home) for table, pk, home, parent in sorted(found, key=lambda row: row[3] is not None)]


def _send_after(feeds: Feeds, home: int, key: Key) -> None:
    record = feeds.get(home, key)
    if record is not None and audiences.is_own(record, home):
        audiences.deliver(feeds, Tree(feeds.session), home, record, news=False)


def place_again(storage: Storage, unit: int, now: int) -> None:
    """After a unit was put under another: what it and those below it show upward goes to the new ones."""
    with storage.reading() as session:
        units = [unit, *_below(session, unit)]
    for one in units:
        transaction(storage, now, [one], partial(_review, unit=one))


def _review(feeds: Feeds, unit: int) -> None:
    audiences.review(feeds, Tree(feeds.session), unit)


def _below(session: Session, unit: int) -> list[int]:
    found, ahead = list[int](), [unit]
    while ahead:
        ahead = [number for (number,) in session.rows("select id from unit where parent = any(?)", ahead)]
        ahead = [number for number in ahead if number not in found and number != unit]
        found += ahead
    return found
