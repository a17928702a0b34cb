"""Conflict records: ordinary synced records, so that every desk hears of a clash and any of them can settle it."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import orjson

from central_server.feeds import Feeds
from central_server.merge import Clash, Record, Version
from central_server.records import Key
from sync_protocol.behaviours import CONFLICT_TABLE
from sync_protocol.digests import conflict_id
from sync_protocol.messages import Gone


class Found(NamedTuple):
    """A clash in a record of a unit, and the change that brought it: its batch and its place in it."""

    unit: int
    key: Key
    clash: Clash
    device: int
    batch: int
    at: int


def record_all(feeds: Feeds, found: Iterable[Found]) -> list[tuple[int, Record]]:
    """Makes the records; returns them with their units.

    One that is there already (a desk offered it again after a restore) stays as it is: it may have been settled.  Of
    what the same batch had erased nothing is kept.
    """
    made = [(one.unit, _record(feeds, one)) for one in found if not _is_erased(feeds, one)]
    for unit in {unit for unit, _ in made}:
        feeds.load(unit, [(CONFLICT_TABLE, record.id) for where, record in made if where == unit])
    done = []
    for unit, record in made:
        known = feeds.get(unit, (CONFLICT_TABLE, record.id))
        if known is None:
            feeds.renew(unit, record)
        done.append((unit, known or record))
    return done


def _is_erased(feeds: Feeds, one: Found) -> bool:
    about = feeds.get(one.unit, one.key)
    return about is not None and about.gone == Gone.ERASED


def _record(feeds: Feeds, one: Found) -> Record:
    clash, (table, record_id) = one.clash, one.key
    won, lost = orjson.dumps(clash.won_value).decode(), orjson.dumps(clash.lost_value).decode()
    pk = conflict_id(one.unit, *one.key, clash.field, clash.kind, one.device, one.batch, one.at, won, lost)
    values = {
        "tbl": table,
        "row_id": record_id,
        "field": clash.field,
        "kind": clash.kind,
        **_side("win", clash.won, won),
        **_side("lose", clash.lost, lost),
        "base_value": None,
        "status": "open",
        "resolved_by": None,
        "resolved_at": None,
    }
    about = feeds.get(one.unit, one.key)
    # of what has left the unit only this record is still here
    home = one.unit if about is None or about.gone == Gone.MOVED else about.home
    ts = max(clash.won.ts, clash.lost.ts)
    return Record(CONFLICT_TABLE, pk, values, 0, ts, one.device, None, Gone.ALIVE, None, home, f"{table}/{record_id}")


def _side(side: str, version: Version, value: str) -> dict[str, Any]:
    return {
        f"{side}_value": value,
        f"{side}_dev": version.device,
        f"{side}_by": version.by,
        f"{side}_ts": version.ts,
    }
