"""One sync, from beginning to end.  Every step may be repeated; whatever fails, nothing is lost.

    replay what waited for an upgrade
    until there is nothing to push and nothing to pull:
        freeze what is pending into one batch              (or take the batch that is already frozen)
        hand it over and ask for what is new               (one request)
        settle the batch, then store the page              (one transaction)
    at the head: compare the digest, and repair what differs

The server may answer HISTORY (it was restored from a backup: offer again what it lost), CLONE (two desks use one
identity: take a new one), SCOPE_GONE (this unit was merged into another: go on there) or TOO_OLD (deletions have been
forgotten meanwhile: compare all records).  Only so many deletions that they look like an accident make it ask (`fuse`).
"""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from desktop_app.accounts.rights import as_system
from desktop_app.shared.bulk import collecting_later
from desktop_app.shared.errors import AppError, CancelledError
from desktop_app.store.database import Database, Transaction
from desktop_app.store.keys import SecretStore
from desktop_app.sync import (
    ahead,
    around,
    diary,
    enrol,
    forgetting,
    fuse,
    merge,
    outbox,
    rebase,
    refused,
    repairing,
    replay,
    state,
    units,
    welcome,
)
from desktop_app.sync.alone import alone
from desktop_app.sync.client import Transport
from desktop_app.sync.diary import SyncReport
from desktop_app.sync.failures import not_ours, spoken
from desktop_app.sync.outbox import Outbox
from sync_protocol import codec, stamps
from sync_protocol.digests import signed64
from sync_protocol.enrolment import Identity
from sync_protocol.messages import NOTHING, Ack, Page, Pull
from sync_protocol.refusals import Refused

MOST_IDENTITIES: Final = 4
"""New identities in one sync before something must be very wrong."""
REPAIRED_AT: Final = "sync_repaired_at"
REREAD_AT: Final = "sync_reread_at"
DAY_MS: Final = 86_400_000
"""How often a scope is compared or read again as a whole, even if the server's own sum is wrong."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sync is: records sent, still to send, received, still to receive (numbers of versions)."""

    pushed: int
    to_push: int
    pulled: int
    to_pull: int


ProgressCall = Callable[[Progress], None]


def sync_now(
    db: Database,
    secrets: SecretStore,
    *,
    transport: Transport | None = None,
    progress: ProgressCall | None = None,
    cancelled: Callable[[], bool] | None = None,
    batch_rows: int | None = None,
    page_rows: int | None = None,
    recount: bool = False,
    deep: bool = False,
    accept_deletions: bool = False,
) -> SyncReport:
    """Brings this desk and the server to the same state.  Raises AppError; then it may simply be called again.

    `recount` computes the digest anew from every record first, so that damage from outside is found and repaired;
    `deep` compares the content of every record as well.  FuseError: so many deletions that a person must confirm them;
    `accept_deletions` says that one did.
    """
    with as_system(db, "sync.accept" if accept_deletions else ""), alone(db), collecting_later():
        started, due = time.monotonic(), around.before(db)
        deep, recount = deep or due, recount or due
        run = Sync(db, secrets, transport, progress or (lambda _: None), cancelled or (lambda: False))
        run.limit(batch_rows, page_rows)
        run.deep, run.asked, run.sure = deep, recount or deep, accept_deletions
        try:
            if recount:
                run.recount()
            run.all()
        except Refused as refusal:
            failure = spoken(refusal)
            diary.note_failure(db, failure, refusal, run.report, started)
            raise failure from refusal
        except AppError as error:
            if not isinstance(error, CancelledError):
                diary.note_failure(db, error, None, run.report, started)
            raise
        diary.note_success(db, run.report, started)
        around.after(db, run.client, secrets, transport)
        return run.report


class Sync:
    """One sync under way.

    `deep` and `asked` are what the person asked for: compare contents too, repair whenever; `sure`: many deletions are
    meant.
    """

    deep = asked = sure = False

    def __init__(
        self,
        db: Database,
        secrets: SecretStore,
        transport: Transport | None,
        progress: ProgressCall,
        cancelled: Callable[[], bool],
    ) -> None:
        self._db, self._secrets, self._transport = db, secrets, transport
        self._progress = progress
        self.report, self.ahead = SyncReport(), ahead.Ahead(db, cancelled)
        self._frozen: tuple[Outbox, Pull] | None = None
        self._smaller = 0
        self._repaired = self._reread = self._asked_server = False

    def limit(self, batch_rows: int | None, page_rows: int | None) -> None:
        """As much at once as the server wants, or less."""
        told = units.limits(self._db)
        self._batch_rows, self._page_rows = batch_rows or told.rows, page_rows or told.page
        self._batch_bytes = told.bytes

    def all(self) -> None:
        """The procedure described at the top of this file."""
        self._speak()
        replay.after_upgrade(self._db)
        with closing(self.ahead):
            self._until_nothing_is_left()

    def _until_nothing_is_left(self) -> None:
        arrived = False
        while not arrived or outbox.anything(self._db):
            self.ahead.mind()
            box, pull = self._prepare()
            try:
                ack, page = self.ahead.exchange(self.client, pull, box, (self._batch_rows, self._batch_bytes))
            except Refused as refusal:
                self.ahead.forget()
                self._answer_refusal(refusal, box)
                arrived = False
                continue
            self.report.requests += 1
            # a unit that was merged into another still takes a batch, and tells no more: ask again without one
            told = page.digest is not None or not box
            if box is None:
                self.ahead.ask(self.client, pull, page)
            arrived = self._take(box, pull, ack, page) and not page.more and told and self._compare(page)

    def _speak(self) -> None:
        """In the name of this desk, as it is known now."""
        self.client = enrol.client_for(state.read(self._db), self._secrets, self._transport)
        self.client.mind = self.ahead.mind

    def recount(self) -> None:
        """Trusts the records, not the sum that was kept along the way."""
        with self._db.applying("核对") as tx:
            state.save(tx, digest=signed64(merge.digest_of(tx)))

    # ------------------------------------------------------------------------------------------------ the way there

    def _prepare(self) -> tuple[Outbox | None, Pull]:
        """Freezes a batch and notes, before anything is sent, which nonce this exchange sets."""
        frozen, self._frozen = self._frozen, None
        if frozen:
            return frozen
        if asked := self.ahead.asked():
            return None, asked
        if not self.sure:
            fuse.must_let_push(self._db)
        with self._db.applying("同步打包") as tx:
            box = outbox.freeze(tx, self._smaller or self._batch_rows, self._batch_bytes, sure=self.sure)
            return box, ahead.turn(tx, self.client.counter, self._page_rows)

    # ------------------------------------------------------------------------------------------------- the way back

    def _take(self, box: Outbox | None, pull: Pull | None, ack: Ack | None, page: Page | None) -> bool:
        """Settles the batch, then stores the page: in this order (R1), in one transaction.

        Returns whether the page was stored: it is not while other batches are in flight.  Without a pull nothing was
        asked for over the network.
        """
        blown = frozen = None
        with self._db.applying(purge=page is not None and page.purged > state.read(self._db).purged) as tx:
            if box and ack:
                settled = _settle(tx, box, ack)
                self.report.pushed += settled.taken
                self.report.problems += [refused.told(tx, *one) for one in settled.refused]
            stored = page is not None and outbox.current(tx) is None and ahead.begins_here(tx, pull)
            if page is not None and stored:
                blown = None if self.sure else fuse.let_page_through(tx, page.rows)
                if blown is None:
                    self._store(tx, page)
            if pull is not None:
                state.save(tx, counter=max(self.client.counter, state.read(tx).counter))
                if state.read(tx).nonce == ":".join(pull.nonce):
                    state.save(tx, nonce=f"{pull.nonce[1]}:")
            if ack and page and stored and not self._smaller and ahead.nothing_but_numbers(tx, ack, page):
                frozen = self.ahead.freeze(tx, sure=self.sure)
                self._frozen = (frozen, ahead.turn(tx, self.client.counter, self._page_rows)) if frozen else None
        if blown:
            raise blown
        self._smaller = 0
        waiting = self._db.scalar("SELECT count(*) FROM sync_dirty WHERE txn>=0")
        left = page.head - page.to if page else 0
        self._progress(Progress(self.report.pushed, waiting, self.report.pulled, left))
        return stored and not frozen

    def _store(self, tx: Transaction, page: Page) -> None:
        now = state.read(tx)
        done = merge.apply(tx, page.rows, now.digest, again=self._reread)
        self.report.pulled += done.stored
        state.note_rest(tx, more=page.more)
        if page.to >= now.cur or now.epoch != page.epoch:
            state.save(tx, cur=page.to, mark_seq=page.to, mark=page.mark)
            state.remember_mark(tx, page.to, page.mark)
        if now.purged < page.purged <= max(now.cur, page.to):
            done.digest += forgetting.forget_tombstones(tx, page.purged)
            state.save(tx, purged=page.purged)
        state.save(tx, epoch=page.epoch, digest=signed64(done.digest))
        diary.pause(tx, page.pause)
        diary.note_clock(tx, page.now)
        # a clock that ran ahead and was set right again must not leave its stamps behind for ever
        tx.execute("UPDATE sync_ctx SET floor=min(floor,?)", (stamps.latest_allowed(page.now),))

    # ------------------------------------------------------------------------------------------------- at the head

    def _compare(self, page: Page) -> bool:
        """At the head: whether this replica is the server's.  If not, what differs is set right, and once more."""
        if self._db.setting(merge.JOINED):
            self._settle_in()
            return False
        now = state.read(self._db)
        if page.digest is None or now.cur != page.head:
            return True
        welcome.greet(self._db)
        if self._db.setting(rebase.UNPROVED):
            self._let_go()
        if self.deep:
            self.deep = False
            if self._repair(deep=True):
                return False
        if now.digest == page.digest:
            return not rebase.offer_found(self._db)
        self.recount()
        if state.read(self._db).digest == page.digest:
            return not rebase.offer_found(self._db)
        return not (self._repair_once() or self._reread_once() or self._give_up())

    def _let_go(self) -> None:
        with self._db.applying("核对", purge=True) as tx:
            blown = rebase.let_go(tx, sure=self.sure)
        if blown:
            raise blown

    def _repair_once(self) -> bool:
        if self._repaired or not (self.asked or self._is_due(REPAIRED_AT)):
            return False
        done = self._repair()
        self._note(REPAIRED_AT)  # not before: one that was cut off is tried again by the next sync
        return done

    def _repair(self, *, deep: bool = False, too_old: bool = False) -> bool:
        """Compares all records with the server's; False if the server cannot."""
        self._repaired = True
        try:
            done = repairing.repair(self._db, self.client, deep=deep, too_old=too_old, sure=self.sure)
        except Refused as refusal:
            if refusal.code != "HISTORY" or self.report.identities >= MOST_IDENTITIES:
                raise
            self._begin_again(refusal)  # it was restored between the two requests
            return True
        self.report.fetched += done.fetched
        self.report.dropped += done.dropped
        self.report.offered_again += done.offered
        return done.done

    def _reread_once(self) -> bool:
        """The last resort: reads the scope again from its start."""
        if self._reread or not self._is_due(REREAD_AT):
            return False
        self._note(REREAD_AT)
        self._reread = True
        with self._db.applying("核对") as tx:
            state.save(tx, cur=NOTHING[0], mark_seq=NOTHING[0], mark=NOTHING[1])
        return True

    def _is_due(self, key: str) -> bool:
        last, clock = int(self._db.setting(key) or 0), self._db.clock.ms()
        return not 0 <= clock - last < DAY_MS

    def _note(self, key: str) -> None:
        with self._db.applying("核对") as tx:
            tx.set_setting(key, str(self._db.clock.ms()))

    def _give_up(self) -> bool:
        self.report.problems.append("与服务器核对不一致，数据没有丢失；请把这句话告诉维护人员。")
        return False

    # ------------------------------------------------------------------------------------------------- when refused

    def _answer_refusal(self, refusal: Refused, box: Outbox | None) -> None:
        """Does what a refusal asks for, or raises it."""
        if box and (refusal.code == "TOO_LARGE" or refusal.info.get("part") == "batch"):
            self._split(box)
        elif box and refusal.code == "FUSE":
            self._ask_again(refusal)
        elif enrol.needs_identity(refusal.code, self._secrets) and self.report.identities < MOST_IDENTITIES:
            self._begin_again(refusal)
        elif refusal.code == "TOO_OLD" and not self._repaired:
            self._catch_up()
        else:
            raise refusal

    def _catch_up(self) -> None:
        """TOO_OLD: compares everything, unless the unit itself has gone meanwhile."""
        with self._db.applying("重新核对") as tx:
            outbox.give_up(tx, set_aside=False)
        try:
            self._repair(too_old=True)
        except Refused as refusal:
            if refusal.code != "SCOPE_GONE":
                raise
            with self._db.applying("重新核对") as tx:
                tx.set_setting(rebase.AWAY, "1")
            self._begin_again(refusal)

    def _begin_again(self, refusal: Refused) -> None:
        """A new identity; after HISTORY back to the last mark both sides know, after SCOPE_GONE in another unit."""
        rebase.note_successor(self._db, refusal)
        key = enrol.waiting_key(self._secrets)
        identity, why = enrol.another(self._db, self._secrets, self.client, refusal)
        rebase.note_successor(self._db, why)
        self._adopt(why, identity, key)
        self._speak()

    def _adopt(self, refusal: Refused, identity: Identity, key: bytes) -> None:
        enrol.must_stay(self._db, identity, refusal)
        enrol.keep_key(self._secrets, identity, key)
        with self._db.applying("重新核对") as tx:
            if identity.scope != state.read(tx).scope:
                rebase.join(tx, identity)
                self.report.problems.append(f"本单位已并入{identity.unit}，已自动转接；本机的数据都在。")
            elif refusal.code == "HISTORY":
                self.report.offered_again += rebase.rebase(tx, identity, refusal.info)
                tx.set_setting(REPAIRED_AT, None)  # each restore is a reason to compare, also the second one of a day
                self._repaired = False
            else:
                rebase.rekey(tx, identity)
        self.report.identities += 1

    def _settle_in(self) -> None:
        with self._db.applying("转入", purge=True) as tx:
            self.report.offered_again += rebase.settle_in(tx)

    def _ask_again(self, refusal: Refused) -> None:
        """The server's fuse: the batch is taken apart, to be frozen anew when a person has said that it is meant."""
        with self._db.applying("拆分") as tx:
            outbox.give_up(tx, set_aside=False)
        if not self.sure or self._asked_server:
            raise fuse.from_server(refusal.info)
        self._asked_server = True

    def _split(self, box: Outbox) -> None:
        """A batch the server cannot read is halved, down to the one record at fault, which is set aside."""
        with self._db.applying("拆分") as tx:
            aside = outbox.give_up(tx, set_aside=box.count == 1)
            self.report.problems += [refused.told(tx, *one) for one in aside]
        self._smaller = max(1, box.count // 2)


def _settle(tx: Transaction, box: Outbox, ack: Ack) -> outbox.Settled:
    try:
        return outbox.settle(tx, box.body, ack, box.message)
    except codec.Unreadable as error:
        raise not_ours() from error
