"""Pending changes become one frozen batch; the server's answer to it settles them."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import orjson

from desktop_app.store import lengths
from desktop_app.store.database import Database, Transaction
from desktop_app.store.journal import SyncedTable
from desktop_app.sync import blanking, freezing, merge, numbering, parked, pending, rebase, refused, state, welcome
from desktop_app.sync.freezing import Draft
from desktop_app.sync.pending import DELETED, Pending
from desktop_app.sync.wire import CODEC
from sync_protocol import codec
from sync_protocol.digests import body_hash, signed64, version_hash, versions_hash
from sync_protocol.messages import (
    BATCH_BYTES,
    BATCH_ROWS,
    Ack,
    Batch,
    Change,
    Gone,
    Sent,
    Wire,
    changes_to_wire,
    sent_in,
)

FAR: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class Outbox:
    """The batch in flight."""

    number: int
    body: bytes
    count: int
    tries: int
    message: Wire | None = field(default=None, compare=False, repr=False)
    """What is in the body, where it was frozen a moment ago: it need not be read again."""
    more: bool = field(default=False, compare=False)
    """More was waiting when it was frozen."""


def current(tx: Transaction) -> Outbox | None:
    """The batch in flight, if there is one; of several that travel on a stick, the one whose turn it is."""
    found = in_flight(tx)
    return found[0] if found else None


def in_flight(tx: Transaction) -> list[Outbox]:
    """The batches in flight, in the order in which the server has to take them."""
    return [Outbox(*row) for row in tx.rows("SELECT batch_no,body,n,tries FROM sync_outbox ORDER BY batch_no")]


# --------------------------------------------------------------------------------------------------------------- freeze


def freeze(tx: Transaction, limit: int = BATCH_ROWS, size: int = BATCH_BYTES, *, sure: bool = False) -> Outbox | None:
    """Makes one batch of pending changes, whose bytes never change again; None when there is nothing to push.

    At most `limit` records and about `size` bytes, cut between the transactions of this desk where that is possible.
    `sure`: a person has confirmed the deletions in it; those offered again after a restore were confirmed long ago.
    """
    return current(tx) or freeze_next(tx, limit, size, sure=sure)


def freeze_next(
    tx: Transaction, limit: int = BATCH_ROWS, size: int = BATCH_BYTES, *, sure: bool = False
) -> Outbox | None:
    """The same behind the batches in flight; what is in one of those waits until it is settled."""
    before = in_flight(tx)
    offers = [] if before else parked.offered(tx)[:limit]  # before what was written beside them
    room = limit - len(offers) if len(offers) < parked.MOST_OFFERED else 0
    chosen, more = _chosen(tx, room) if room else ([], False)
    draft = freezing.draft(tx, changes_to_wire(offers), chosen, size, more=more)
    return put(tx, draft, before[-1] if before else None, sure=sure) if draft.groups else None


def put(tx: Transaction, draft: Draft, before: Outbox | None = None, *, sure: bool) -> Outbox:
    """Freezes a draft behind the last batch in flight, if there is one; its changes are on their way from now on."""
    now = state.read(tx)
    number, prev = (before.number, body_hash(before.body)) if before else (now.batch_no, now.prev)
    batch = Batch(now.scope, now.device, number + 1, prev, now.place, [], sure or draft.again)
    message = {**batch.to_wire(), "groups": []}
    body = CODEC.compress(CODEC.dumps(message).removesuffix(b"[]}") + draft.text + b"}")
    box = Outbox(batch.number, body, draft.count, 0, {**message, "groups": draft.groups}, draft.more)
    tx.execute("INSERT INTO sync_outbox(batch_no,body,n) VALUES(?,?,?)", (box.number, box.body, box.count))
    for tbl, local_nos in draft.flying.items():
        which, asked = freezing.those(local_nos)
        those = f"FROM sync_dirty WHERE tbl=? AND {which}"
        fly = f"INSERT INTO sync_fly({pending.COLUMNS},batch_no) SELECT {pending.COLUMNS},? {those}"
        tx.execute(fly, (box.number, tbl, *asked))
        tx.execute(f"DELETE {those}", (tbl, *asked))
    return box


def _chosen(tx: Transaction, limit: int) -> tuple[list[Pending], bool]:
    """What is to be pushed next, without what has to wait; and whether there is more."""
    welcome.hold(tx)
    rebase.hold(tx)
    return freezing.choose(tx, limit)


def anything(db: Database) -> bool:
    """Whether there is anything to push."""
    return bool(
        db.scalar(
            "SELECT EXISTS(SELECT 1 FROM sync_outbox) OR EXISTS(SELECT 1 FROM sync_dirty WHERE txn>=0) "
            "OR EXISTS(SELECT 1 FROM sync_parked WHERE json_extract(body,'$.offer')=1)"
        )
    )


def give_up(tx: Transaction, *, set_aside: bool) -> list[tuple[str, str, str]]:
    """Takes a batch apart which the server cannot read, and those behind it.

    With `set_aside`, its one record is not offered again: its table, the code noted and its id are returned.
    """
    aside: list[tuple[str, str, str]] = []
    box = current(tx)
    number = box.number if box else 0
    found = tx.rows(f"SELECT batch_no,{pending.COLUMNS} FROM sync_fly")
    flying = [(Pending.of(row[1:]), row[0] == number) for row in found]
    for mine, first in flying:
        pending.put_back(tx, mine, set_aside=set_aside and first)
    for table, record_id in _named_in(tx, box) if box and set_aside else ():
        code = refused.TOO_LARGE if lengths.longest_stored(tx, table, record_id) else "BAD_VALUE"
        aside.append((table, code, record_id))
        if any(first for _, first in flying):
            refused.note(tx, table, record_id, code)
        else:
            parked.withdraw(tx, table, record_id)
    tx.execute("DELETE FROM sync_fly")
    tx.execute("DELETE FROM sync_outbox")
    return aside


def _named_in(tx: Transaction, box: Outbox) -> list[tuple[str, str]]:
    """Table and id of the records in a batch; its body is this desk's own, so it may be as big as it is."""
    flying = tx.rows("SELECT tbl,local_no FROM sync_fly WHERE batch_no=?", (box.number,))
    if not flying:
        body = CODEC.unpack(box.body, codec.PAGE_CAP)
        return [(change.table, change.id) for change in Batch.from_wire(body).changes]
    names = [(tx.db.numbers[tbl], local_no) for tbl, local_no in flying]
    return [(name, tx.scalar(f'SELECT id FROM "{name}" WHERE local_no=?', (local_no,))) for name, local_no in names]


# --------------------------------------------------------------------------------------------------------------- settle


@dataclass(frozen=True, slots=True)
class Settled:
    """What the server made of a batch: how many changes it took, and (table, code, id) of those it did not take."""

    taken: int = 0
    refused: tuple[tuple[str, str, str], ...] = ()


def settle(tx: Transaction, body: bytes, ack: Ack, message: Wire | None = None) -> Settled:
    """Takes the answer to a batch: numbers, mark and the authoritative records, in one transaction (R5, R6).

    `message` is what is in the body, if that is known.
    """
    message = message or CODEC.unpack(body, codec.PAGE_CAP)
    now = state.read(tx)
    if now.batch_no >= message["batch"]:
        return Settled()
    settlement = _Settlement(tx, message, ack)
    settlement.run(now)
    state.save(tx, batch_no=message["batch"], prev=body_hash(body), epoch=ack.epoch)
    codes = [(settlement.sent[at], code) for at, code in settlement.codes.items() if at < settlement.count]
    told = tuple((one.table, code, one.id) for one, code in codes if one.id not in settlement.quiet)
    return Settled(settlement.count - len(codes), told)


class _Settlement:
    """An acknowledged batch, record by record."""

    def __init__(self, tx: Transaction, message: Wire, ack: Ack) -> None:
        self.count = sum(len(group["pk"]) for group in message["groups"])
        if len(ack.numbers) != self.count or ack.batch != message["batch"]:
            raise codec.Unreadable("the answer belongs to another batch")
        self._tx, self._message, self._ack = tx, message, ack
        self._truth = {(row.table, row.id): row for row in ack.truth}
        self.codes = dict(ack.refused)
        self._vanished = {(row.table, row.id) for row in ack.truth if row.gone in merge.VANISHED}
        self._told = bool(tx.scalar("SELECT EXISTS(SELECT 1 FROM sync_refused)"))

    @cached_property
    def sent(self) -> list[Sent]:
        """The changes without their values."""
        return sent_in(self._message)

    def _by_table(self) -> dict[str, list[tuple[int, Sent, int]]]:
        found: dict[str, list[tuple[int, Sent, int]]] = {}
        for at, (one, seq) in enumerate(zip(self.sent, self._ack.numbers, strict=True)):
            found.setdefault(one.table, []).append((at, one, seq))
        return found

    @cached_property
    def _changes(self) -> list[Change]:
        """The changes with their values, which few answers ask for."""
        return Batch.from_wire(orjson.loads(orjson.dumps(self._message))).changes

    @cached_property
    def quiet(self) -> set[str]:
        those = [at for at, code in self._ack.refused if code == "NOT_YOURS" and at < self.count]
        return refused.told_once([self._changes[at] for at in those])

    def run(self, now: state.State) -> None:
        tx, ack = self._tx, self._ack
        digest = now.digest
        if self._is_plain():
            digest += self._settle_plainly()
        else:
            for name, some in self._by_table().items():
                digest += self._settle_table(name, some)
        tx.execute("DELETE FROM sync_outbox WHERE batch_no=?", (self._message["batch"],))
        tx.execute("DELETE FROM sync_fly WHERE batch_no=?", (self._message["batch"],))
        digest = merge.apply(tx, ack.truth, digest).digest
        self._let_stand()
        for name in {name for name, _ in self._vanished}:
            self._blank_what_left(name, [pk for table, pk in self._vanished if table == name])
        state.save(tx, digest=signed64(digest))
        if ack.last:
            state.save(tx, push_seq=ack.last, push_mark=ack.mark)
            if ack.contiguous and now.cur < ack.last:
                state.save(tx, cur=ack.last, mark_seq=ack.last, mark=ack.mark)
                state.remember_mark(tx, ack.last, ack.mark)

    # ------------------------------------------------------------------------------------------------ nothing but taken

    def _is_plain(self) -> bool:
        """Whether the server took everything as it was, of living records that were frozen a moment ago.

        A parked version counts in the digest in the place of what stands here, so it is settled one by one.
        """
        groups, ack = self._message["groups"], self._ack
        told = self._told or ack.truth or ack.refused or not all(ack.numbers)
        if told or self._tx.scalar("SELECT EXISTS(SELECT 1 FROM sync_parked)"):
            return False
        return all(freezing.LOCAL in group and group["op"] != "d" for group in groups)

    def _settle_plainly(self) -> int:
        """Settles whole groups; returns what they do to the digest."""
        at, digest, device = 0, 0, self._message["dev"]
        for group in self._message["groups"]:
            name, ids = group["t"], group["pk"]
            seqs = self._ack.numbers[at : at + len(ids)]
            at += len(ids)
            digest += versions_hash(name, zip(ids, seqs, strict=True))
            digest -= versions_hash(name, zip(ids, group["base"], strict=True))
            numbering.note_group(self._tx, group, seqs, device)
        return digest

    # ------------------------------------------------------------------------------------------------- one by one

    def _settle_table(self, name: str, changes: list[tuple[int, Sent, int]]) -> int:
        """Settles the changes of a table; returns what they do to the digest."""
        tx, table = self._tx, self._tx.db.tables.get(name)
        ids = [change.id for _, change, _ in changes]
        parked_seqs = parked.seqs(tx, name, ids)
        here = merge.held(tx, name, ids) if table else {}
        told = [here[pk].local_no for pk in self._told_about(name, changes) & here.keys()]
        flying = pending.load(tx, "sync_fly", table.no, told) if table and told else {}
        digest, final, device = 0, [], self._message["dev"]
        for at, change, seq in changes:
            mine = here.get(change.id)
            flew = flying.get(mine.local_no) if mine else None
            if (name, change.id) in self._truth:
                self._keep_bases(table, flew, mine)
            elif seq and (mine or change.id in parked_seqs):
                before = parked_seqs.get(change.id) or (mine.seq if mine else 0)
                digest += version_hash(name, change.id, seq) - version_hash(name, change.id, before)
                if change.id in parked_seqs:
                    parked.accepted(tx, self._changes[at], seq, device)
                elif mine:
                    final.append((seq, change.ts, device, change.by, mine.local_no))
            if mine and mine.gone in merge.VANISHED:
                self._vanished.add((name, change.id))
            if code := self._code(at, mine):
                self._refuse(self._changes[at], code, flew, mine)
            elif self._told:
                refused.forget(tx, name, change.id)
        if final:
            numbering.note(tx, name, final)
        if table:
            blanking.blank_below_erased(tx, name, [change.id for _, change, _ in changes if change.op == "d"])
        return digest

    def _told_about(self, name: str, changes: list[tuple[int, Sent, int]]) -> set[str]:
        """The records of a table of which the answer says more than a number."""
        return {one.id for at, one, _ in changes if at in self.codes or (name, one.id) in self._truth}

    # ------------------------------------------------------------------------------------------------- what was refused

    def _refuse(self, change: Change, code: str, flew: Pending | None, here: merge.Held | None) -> None:
        """A change that can be put right is set aside; of one that cannot, the content is kept to be read."""
        tx = self._tx
        parked.withdraw(tx, change.table, change.id)
        if flew is None or here is None:
            return
        if code == "ERASED" or self._is_to_go(change):
            refused.forget(tx, change.table, change.id)
            tx.execute("DELETE FROM sync_dirty WHERE tbl=? AND local_no=?", (flew.tbl, here.local_no))
            self._bury(change, Gone.ERASED)
        elif code in refused.FOR_GOOD or here.gone in merge.VANISHED or (here.gone and change.op != "d"):
            if change.id not in self.quiet:
                refused.note(tx, change.table, change.id, code, change.values)
            if not here.seq and (change.table, change.id) not in self._truth:
                self._leave(change, code, flew, here)
        else:
            pending.put_back(tx, flew, set_aside=True)
            refused.note(tx, change.table, change.id, code)

    def _code(self, at: int, here: merge.Held | None) -> str:
        """Why a change was not taken, as far as it was not."""
        one, code = self.sent[at], self.codes.pop(at, "")
        told = self._truth.get((one.table, one.id))
        if code and not (code := refused.meant(code, told, one.table, known=bool(here and here.seq))):
            code = refused.sealed_apart(self._changes[at], told)
        return self.codes.setdefault(at, code) if code else ""

    def _is_to_go(self, change: Change) -> bool:
        """Whether somebody here has ordered the erasure of a record while it was on its way."""
        return self._tx.scalar("SELECT 1 FROM erasure WHERE tbl=? AND row_id=?", (change.table, change.id)) is not None

    def _leave(self, change: Change, code: str, flew: Pending, here: merge.Held) -> None:
        """A record that is nowhere but here and never will be: what was written in it meanwhile is kept with the rest.

        Pushed alone it would make half a record.
        """
        tx, table = self._tx, self._tx.db.tables[change.table]
        later = pending.load(tx, "sync_dirty", flew.tbl, [here.local_no]).get(here.local_no)
        if later and later.op != "d":
            refused.note(tx, change.table, change.id, code, pending.values(tx, table, later))
        tx.execute("DELETE FROM sync_dirty WHERE tbl=? AND local_no=?", (flew.tbl, here.local_no))
        self._bury(change, Gone.MOVED if code == "ELSEWHERE" else Gone.WITHDRAWN)

    def _bury(self, change: Change, kind: Gone) -> None:
        self._vanished.add((change.table, change.id))
        self._tx.execute(f'UPDATE "{change.table}" SET sync_del=? WHERE id=?', (int(kind), change.id))

    def _let_stand(self) -> None:
        """Where this desk's change can never be taken, the server's version stands, though it has no new number."""
        told = [at for at, code in self._ack.refused if at < self.count and code in refused.FOR_GOOD]
        lost = {(self.sent[at].table, self.sent[at].id) for at in told}
        if lost:
            merge.apply(self._tx, [row for row in self._ack.truth if (row.table, row.id) in lost], 0, again=True)

    def _blank_what_left(self, name: str, ids: list[str]) -> None:
        """A record that moved away kept the fields that had to be pushed; now they have been."""
        table = self._tx.db.tables.get(name)
        if table is None:
            return
        gone = [one.local_no for one in merge.held(self._tx, name, ids).values() if one.gone in merge.VANISHED]
        waiting = pending.load(self._tx, "sync_dirty", table.no, gone) if gone else {}
        blanking.blank(self._tx, table, [number for number in gone if number not in waiting])

    # -------------------------------------------------------------------------------------------- what was edited again

    def _keep_bases(self, table: SyncedTable | None, flew: Pending | None, here: merge.Held | None) -> None:
        """Fields edited again while a losing value was on the screen rest on what that value was based on (R5)."""
        if table is None or flew is None or here is None:
            return
        again = pending.load(self._tx, "sync_dirty", table.no, [here.local_no]).get(here.local_no)
        if again is None:
            return
        names = [*_twice(table, flew, again), *([DELETED] if "d" in (flew.op, again.op) else [])]
        bases = dict(again.bases)
        for name in names:
            bases[name] = min(bases.get(name, FAR), flew.bases.get(name, here.seq))
        pending.set_bases(self._tx, again, bases)


def _twice(table: SyncedTable, flew: Pending, again: Pending) -> list[str]:
    """Fields changed in both."""
    if flew.op == "d":
        return []
    mask = flew.mask & again.mask
    return [name for bit, name in enumerate(table.columns) if mask >> bit & 1]
