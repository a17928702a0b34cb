"""One sync, from beginning to end.  Every step may be repeated; whatever fails, nothing is lost.

    replay what waited for an upgrade
    until there is nothing to push and nothing to pull:
        freeze what is pending into one batch              (or take the batch that is already frozen)
        hand it over and ask for what is new               (one request)
        settle the batch, then store the page              (one transaction)
    at the head: compare the digest

The server may answer HISTORY (it was restored from a backup: offer again what it lost) or CLONE (two desks use one
identity: take a new one); both are dealt with here, without a question to anybody.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from desktop_app.shared.errors import AppError, CancelledError, LockedError
from desktop_app.shared.lock import held
from desktop_app.store.base import record_classes
from desktop_app.store.database import Database, Transaction
from desktop_app.store.keys import SecretStore
from desktop_app.sync import enrol, merge, outbox, rebase, replay, state
from desktop_app.sync.client import Transport, not_ours, public_key, spoken
from desktop_app.sync.outbox import Outbox
from sync_protocol import codec, stamps
from sync_protocol.digests import signed64
from sync_protocol.messages import BATCH_ROWS, NOTHING, PAGE_ROWS, Ack, Page, Pull
from sync_protocol.refusals import Refused

MOST_IDENTITIES: Final = 4
"""New identities in one sync before something must be very wrong."""
REREAD_AT: Final = "sync_reread_at"
REREAD_EVERY_MS: Final = 86_400_000
"""How often a whole scope may be read again: a server whose own sum is wrong must not keep every desk at it."""
LOG_KEPT: Final = 500


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sync is: records sent, still to send, received, still to receive (numbers of versions)."""

    pushed: int
    to_push: int
    pulled: int
    to_pull: int


@dataclass(slots=True)
class SyncReport:
    """What a sync did.  `problems` are sentences for the person; `conflicts` counts those open afterwards."""

    pushed: int = 0
    pulled: int = 0
    conflicts: int = 0
    requests: int = 0
    offered_again: int = 0
    identities: int = 0
    problems: list[str] = field(default_factory=list)


ProgressCall = Callable[[Progress], None]


def sync_now(
    db: Database,
    secrets: SecretStore,
    *,
    transport: Transport | None = None,
    progress: ProgressCall | None = None,
    cancelled: Callable[[], bool] | None = None,
    batch_rows: int = BATCH_ROWS,
    page_rows: int = PAGE_ROWS,
    recount: bool = False,
) -> SyncReport:
    """Brings this desk and the server to the same state.  Raises AppError; then it may simply be called again.

    `recount` computes the digest anew from every record first, so that damage from outside is found and repaired.
    """
    with _alone(db):
        started = time.monotonic()
        run = _Sync(db, secrets, transport, progress or (lambda _: None), cancelled or (lambda: False))
        run.batch_rows, run.page_rows = batch_rows, page_rows
        try:
            if recount:
                run.recount()
            run.all()
        except Refused as refusal:
            failure = spoken(refusal)
            _note_failure(db, failure, refusal.code, run.report, started)
            raise failure from refusal
        except AppError as error:
            if not isinstance(error, CancelledError):
                _note_failure(db, error, type(error).__name__, run.report, started)
            raise
        _note_success(db, run.report, started)
        return run.report


class _Sync:
    """One sync under way."""

    def __init__(
        self,
        db: Database,
        secrets: SecretStore,
        transport: Transport | None,
        progress: ProgressCall,
        cancelled: Callable[[], bool],
    ) -> None:
        self._db, self._secrets, self._transport = db, secrets, transport
        self._progress, self._cancelled = progress, cancelled
        self.report = SyncReport()
        self.batch_rows, self.page_rows = BATCH_ROWS, PAGE_ROWS
        self._smaller = 0
        self._reread = False

    def all(self) -> None:
        """The procedure described at the top of this file."""
        self._client = enrol.client_for(state.read(self._db), self._secrets, self._transport)
        replay.after_upgrade(self._db)
        arrived = False
        while not arrived or outbox.anything(self._db):
            if self._cancelled():
                raise CancelledError("已停止同步。已收发的部分都已保存，其余下次继续。")
            box, pull = self._prepare()
            try:
                ack, page = self._client.sync(pull, box.body if box else b"")
            except Refused as refusal:
                self._answer_refusal(refusal, box)
                arrived = False
                continue
            self.report.requests += 1
            self._take(box, pull, ack, page)
            arrived = not page.more and self._compare(page)

    def recount(self) -> None:
        """Trusts the records, not the sum that was kept along the way."""
        with self._db.applying("核对") as tx:
            state.save(tx, digest=signed64(merge.digest_of(tx)))

    # ------------------------------------------------------------------------------------------------ the way there

    def _prepare(self) -> tuple[Outbox | None, Pull]:
        """Freezes a batch and notes, before anything is sent, which nonce this exchange sets."""
        with self._db.applying("同步打包") as tx:
            box = outbox.freeze(tx, self._smaller or self.batch_rows)
            now = state.read(tx)
            last, following = now.nonces
            following = following or state.new_nonce()
            state.save(tx, nonce=f"{last}:{following}", counter=max(now.counter, self._client.counter))
            if box:
                tx.execute("UPDATE sync_outbox SET tries=tries+1")
        return box, Pull(now.place, (last, following), self.page_rows)

    # ------------------------------------------------------------------------------------------------- the way back

    def _take(self, box: Outbox | None, pull: Pull, ack: Ack | None, page: Page) -> None:
        """Settles the batch, then stores the page: in this order (R1), in one transaction."""
        with self._db.applying() as tx:
            if box and ack:
                settled = _settle(tx, box, ack)
                self.report.pushed += settled.taken
                self.report.problems += [_refused_words(*one) for one in settled.refused]
            now = state.read(tx)
            done = merge.apply(tx, page.rows, now.digest, again=self._reread)
            self.report.pulled += done.stored
            if page.to >= now.cur or now.epoch != page.epoch:
                state.save(tx, cur=page.to, mark_seq=page.to, mark=page.mark)
                state.remember_mark(tx, page.to, page.mark)
            state.save(tx, epoch=page.epoch, digest=signed64(done.digest), counter=self._client.counter)
            if now.nonce == ":".join(pull.nonce):
                state.save(tx, nonce=f"{pull.nonce[1]}:")
            # a clock that ran ahead and was set right again must not leave its stamps behind for ever
            tx.execute("UPDATE sync_ctx SET floor=min(floor,?)", (stamps.latest_allowed(page.now),))
        self._smaller = 0
        waiting = self._db.scalar("SELECT count(*) FROM sync_dirty WHERE txn>=0")
        self._progress(Progress(self.report.pushed, waiting, self.report.pulled, page.head - page.to))

    def _compare(self, page: Page) -> bool:
        """At the head: whether this replica is the server's.  If not, reads the scope once more from its start."""
        now = state.read(self._db)
        if page.digest is None or now.cur != page.head or now.digest == page.digest:
            self._reread = False
            return True
        with self._db.applying("核对") as tx:
            digest = signed64(merge.digest_of(tx))
            state.save(tx, digest=digest)
            last, clock = int(self._db.setting(REREAD_AT) or 0), self._db.clock.ms()
            again = digest != page.digest and not self._reread and not 0 <= clock - last < REREAD_EVERY_MS
            if digest != page.digest and not again:
                self.report.problems.append("与服务器核对不一致，数据没有丢失；请把这句话告诉维护人员。")
            self._reread = again
            if again:
                tx.set_setting(REREAD_AT, str(clock))
                state.save(tx, cur=NOTHING[0], mark_seq=NOTHING[0], mark=NOTHING[1])
        return not again

    # ------------------------------------------------------------------------------------------------- when refused

    def _answer_refusal(self, refusal: Refused, box: Outbox | None) -> None:
        """Does what a refusal asks for, or raises it."""
        if box and (refusal.code == "TOO_LARGE" or refusal.info.get("part") == "batch"):
            self._split(box)
        elif refusal.code in ("HISTORY", "CLONE") and self.report.identities < MOST_IDENTITIES:
            self._begin_again(refusal)
        else:
            raise refusal

    def _begin_again(self, refusal: Refused) -> None:
        """A new identity; after HISTORY also back to the last mark both sides know."""
        key = enrol.waiting_key(self._secrets)
        identity = self._client.renew(public_key(key))
        enrol.keep_key(self._secrets, identity, key)
        with self._db.applying("重新核对") as tx:
            if refusal.code == "HISTORY":
                self.report.offered_again += rebase.rebase(tx, identity, refusal.info)
            else:
                rebase.rekey(tx, identity)
        self.report.identities += 1
        self._client = enrol.client_for(state.read(self._db), self._secrets, self._transport)

    def _split(self, box: Outbox) -> None:
        """A batch the server cannot read is halved, down to the one record at fault, which is set aside."""
        with self._db.applying("拆分") as tx:
            outbox.give_up(tx, set_aside=box.count == 1)
        self._smaller = max(1, box.count // 2)
        if box.count == 1:
            self.report.problems.append("有 1 条记录服务器没有接受，仍保存在本机；修改后会再次上报。")


# ----------------------------------------------------------------------------------------------------------------- log


def _settle(tx: Transaction, box: Outbox, ack: Ack) -> outbox.Settled:
    try:
        return outbox.settle(tx, box.body, ack)
    except codec.Unreadable as error:
        raise not_ours() from error


@contextmanager
def _alone(db: Database) -> Iterator[None]:
    """One sync at a time for one store, whoever started it: the window, a command, a timer."""
    with held(db.path.with_suffix(".sync-lock")) as mine:
        if not mine:
            raise LockedError("另一个窗口或命令正在同步，这一次没有开始，数据没有变化。", next_step="请等它做完再试。")
        yield


def _refused_words(table: str, code: str) -> str:
    """A record the server did not take, in words; its content is not named."""
    name = record_classes()[table].__zh__ if table in record_classes() else table
    why = {"TOO_LARGE": "内容太长", "APPEND_ONLY": "这类记录只能追加", "BAD_VALUE": "内容不合规"}.get(code, code)
    return f"有 1 条{name}记录服务器没有接受（{why}），仍保存在本机；修改后会再次上报。"


def _note_failure(db: Database, error: AppError, kind: str, report: SyncReport, started: float) -> None:
    """Remembers why a sync failed, for the status bar and for support; the failure itself is the news, not this."""
    with suppress(AppError), db.applying("同步记录") as tx:
        state.save(tx, last_error=str(error), last_error_at=db.clock.ms())
        _log(tx, kind, str(error), report, started)


def _note_success(db: Database, report: SyncReport, started: float) -> None:
    report.conflicts = db.scalar("SELECT count(*) FROM conflict WHERE status='open' AND sync_del=0")
    with db.applying("同步记录") as tx:
        state.save(tx, last_ok_at=db.clock.ms(), last_error=None, last_error_at=None)
        _log(tx, "ok", "；".join(report.problems), report, started)


def _log(tx: Transaction, kind: str, text: str, report: SyncReport, started: float) -> None:
    spent = round((time.monotonic() - started) * 1000)
    tx.execute(
        "INSERT INTO sync_log(at,kind,text,pushed,pulled,ms) VALUES(?,?,?,?,?,?)",
        (tx.db.clock.ms(), kind, text, report.pushed, report.pulled, spent),
    )
    tx.execute("DELETE FROM sync_log WHERE no<=(SELECT max(no) FROM sync_log)-?", (LOG_KEPT,))
