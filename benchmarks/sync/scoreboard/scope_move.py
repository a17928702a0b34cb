"""A resident moves to another community, and a colleague at the old desk corrects something a moment too late.

Ours alone: none of the peers knows of communities.
"""

import secrets
import time
from pathlib import Path

import dataset
from contestants import Contestant, Linli
from light import LightDesk
from trial import Verdict

from desktop_app.sync.client import HttpTransport
from sync_protocol import behaviours
from sync_protocol.messages import Change, Row
from sync_protocol.refusals import Refused
from sync_protocol.stamps import stamp

TITLE = "resident moves to another community"
OLD, NEW = ("420299001001", "红旗桥社区"), ("420299001002", "江汉社区")


def play(kind: type[Contestant], folder: Path) -> Verdict | None:
    table = getattr(behaviours, "TRANSFER_TABLE", None)
    if kind is not Linli or table is None:
        return None
    ours = Linli(folder)
    with ours:
        here, late, there = (
            LightDesk.enrolled(HttpTransport(ours.url), ours.code(*unit), name)
            for unit, name in ((OLD, "here"), (OLD, "late"), (NEW, "there"))
        )
        (row,) = dataset.rows(1, seed=1)
        person = row.pop("id")
        _exchange(here, _change("person", person, "i", 0, dict(row)))
        _exchange(late)
        move = {"tbl": "person", "row_id": person, "to_scope": int(NEW[0]), "reason": "搬家"}
        _exchange(here, _change(table, secrets.token_hex(16), "i", 0, move))
        _exchange(late, _change("person", person, "u", late.place.cur, {"note": "晚到的更正"}))
        arrived = [one for one in _exchange(there) if one.id == person]
        left = [one for one in [*_exchange(here), *_exchange(late)] if one.id == person]
    if not arrived:
        return Verdict(False, True, "the server of this tree does not move records yet")
    note = arrived[-1].values.get("note") == "晚到的更正"
    gone = all(one.deleted and not one.values for one in left)
    why = (
        "the late correction reached the new community; nothing is left at the old"
        if note and gone
        else (f"late correction arrived: {note}; content gone from the old: {gone}")
    )
    return Verdict(not note, not gone, why)


def _change(table: str, record: str, op: str, base: int, values: dict[str, object]) -> Change:
    return Change(table, record, op, base, {}, stamp(int(time.time() * 1000)), None, values)


def _exchange(desk: LightDesk, *changes: Change) -> list[Row]:
    if changes:
        desk.freeze(list(changes))
    try:
        ack, page = desk.exchange()
    except Refused:
        return []
    return [*(ack.truth if ack else []), *page.rows]
