"""Ballots of owners: the roll of rooms, what each room said, entered by the room's number; never counted twice.

A ballot's identifier is derived from item and room: where two desks enter the same room while apart, they write the
same record, and the clash goes to the inbox instead of into the count.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.meetings.model import AgendaItem, Meeting, OwnerBallot
from desktop_app.meetings.owners import CHOICES
from desktop_app.places.rules import address
from desktop_app.shared.errors import AppError
from desktop_app.shared.ids import named_id
from desktop_app.store.database import Database, Transaction

_COMMON: Final = ("公共", "公共用房", "物业用房", "6")
"""Kinds of rooms that are nobody's exclusive part."""
_WORDS: Final = {
    "同": "同意", "赞成": "同意", "√": "同意", "y": "同意", "1": "同意",
    "反": "反对", "不同意": "反对", "×": "反对", "x": "反对", "n": "反对", "2": "反对",
    "弃": "弃权", "o": "弃权", "3": "弃权",
    "废": "废票", "无效": "废票", "4": "废票",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of an entry: how many ballots were written, and the words that meant no ballot, each with why."""

    written: int
    problems: tuple[str, ...] = ()


@needs("meetings.change")
def make_roll(
    db: Database, actor: Actor, item_id: str, buildings: Sequence[str], *, estates: Sequence[str] = ()
) -> int:
    """Makes a ballot for every room of these buildings and estates that has none yet; returns how many are new.

    Area and owner are those of the register of rooms today; later changes there do not change the roll.
    """
    with db.transaction(actor, "编业主名册") as tx:
        item = _item(tx, item_id)
        known = {
            row[0] for row in tx.rows("SELECT room_id FROM owner_ballot WHERE agenda_id=? AND sync_del=0", (item_id,))
        }
        rows = [row for row in _rooms(tx, buildings, estates) if row[0] not in known]
        first = len(known)
        for at, row in enumerate(rows, first + 1):
            _add(tx, _ballot(item, at, row))
        return len(rows)


def _rooms(tx: Transaction, buildings: Sequence[str], estates: Sequence[str]) -> list[tuple[object, ...]]:
    told = {
        "buildings": json.dumps(list(buildings)), "estates": json.dumps(list(estates)), "common": json.dumps(_COMMON)
    }  # fmt: skip
    return tx.rows(
        "SELECT r.id,e.name,b.no,r.unit,r.no,r.area_m2,r.owner_person_id,p.name FROM room r "
        "JOIN building b ON b.id=r.building_id JOIN estate e ON e.id=b.estate_id "
        "LEFT JOIN person p ON p.id=r.owner_person_id AND p.sync_del=0 "
        "WHERE r.sync_del=0 AND r.to_on IS NULL AND r.kind NOT IN (SELECT value FROM json_each(:common)) "
        "AND (b.id IN (SELECT value FROM json_each(:buildings)) OR e.id IN (SELECT value FROM json_each(:estates))) "
        "ORDER BY e.name,length(b.no),b.no,length(r.unit),r.unit,r.floor,length(r.no),r.no",
        told,
    )


def _ballot(item: AgendaItem, seq: int, row: tuple[object, ...]) -> OwnerBallot:
    room, estate, building, unit, no, area, owner_id, owner = row
    return OwnerBallot(
        id=ballot_id(item.id, str(room)),
        meeting_id=item.meeting_id,
        agenda_id=item.id,
        room_id=str(room),
        seq=seq,
        address=address(str(estate or ""), str(building), None if unit is None else str(unit), str(no)),
        owner_id=None if owner_id is None else str(owner_id),
        owner=None if owner is None else str(owner),
        area=hundredths(area),
    )


def ballot_id(item_id: str, room_id: str) -> str:
    """The identifier of the ballot of a room on an item, the same at every desk."""
    return named_id("owner_ballot", item_id, room_id)


def hundredths(area: object) -> int | None:
    """An area in m² as whole hundredths, rounded as it is written; None for none or nought."""
    return int(Decimal(str(area)).scaleb(2).to_integral_value()) or None if area else None


def _add(tx: Transaction, ballot: OwnerBallot) -> None:
    """A ballot that was taken away comes back as it was made."""
    if tx.scalar("SELECT 1 FROM owner_ballot WHERE id=?", (ballot.id,)):
        tx.execute("UPDATE owner_ballot SET sync_del=0,choice=NULL,proxy=NULL WHERE id=?", (ballot.id,))
    else:
        tx.add(ballot)


@needs("meetings.change")
def enter(
    db: Database,
    actor: Actor,
    item_id: str,
    choices: Mapping[str, str | None],
    *,
    proxies: Mapping[str, str] | None = None,
    on: str = "",
) -> int:
    """Enters what rooms said, by identifier of the room; None takes a ballot back as not returned."""
    day = on or db.clock.today().isoformat()
    with db.transaction(actor, f"登记业主表决票：{len(choices)} 张") as tx:
        _item(tx, item_id)
        for room_id, choice in choices.items():
            if choice is not None and choice not in CHOICES:
                raise AppError(
                    f"没有“{choice}”这种意见，没有保存。", field="choice", next_step=f"可以是：{'、'.join(CHOICES)}。"
                )
            proxy = (proxies or {}).get(room_id, "").strip()
            tx.change(
                OwnerBallot,
                ballot_id(item_id, room_id),
                choice=choice,
                on=day if choice else None,
                proxy=proxy or None,
            )
        return len(choices)


@needs("meetings.change")
def enter_words(db: Database, actor: Actor, item_id: str, words: Sequence[str]) -> Entered:
    """Enters `1-1-101=同意`; several rooms may stand before one mark, with blanks or commas between them.

    What cannot be read is told, and the rest is entered; a room said twice with two meanings is told and not entered.
    """
    rows = db.rows("SELECT room_id,address FROM owner_ballot WHERE agenda_id=? AND sync_del=0", (item_id,))
    rooms = _by_number(rows)
    chosen, problems, torn = dict[str, str](), list[str](), set[str]()
    for word in words:
        names, _, said = word.replace("＝", "=").partition("=")
        choice = _WORDS.get(said.strip().lower(), said.strip())
        if choice not in CHOICES:
            problems.append(f"“{word}”：意见要写{'、'.join(CHOICES)}之一")
            continue
        for name in re.split(r"[,，、\s]+", names.strip()):
            room = rooms.get(_folded(name))
            if room is None:
                problems.append(f"“{name}”：名册里没有这套房，或者不止一套")
            elif chosen.setdefault(room, choice) != choice:
                torn.add(room)
                problems.append(f"“{name}”：同一套房写了两种意见，没有登记")
    kept = {room: choice for room, choice in chosen.items() if room not in torn}
    if kept:
        enter(db, actor, item_id, dict(kept))
    return Entered(len(kept), tuple(problems))


def _by_number(rows: Sequence[tuple[str, str]]) -> dict[str, str | None]:
    """Rooms by whole address and by its figures (3-2-501); what means two rooms means none."""
    found: dict[str, str | None] = {}
    for room_id, written in rows:
        for key in {_folded(written), "-".join(re.findall(r"[0-9A-Za-z]+", written))}:
            found[key] = room_id if key not in found else None
    return found


def _folded(name: str) -> str:
    return "".join(name.split())


def _item(tx: Transaction, item_id: str) -> AgendaItem:
    item = tx.need(AgendaItem, item_id)
    meeting = tx.need(Meeting, item.meeting_id)
    if meeting.signed_at is not None:
        raise AppError(
            f"“{meeting.title}”的记录已经签字，没有改动。", next_step="确有错误时请“添加更正”，原记录保持不变。"
        )
    return item
