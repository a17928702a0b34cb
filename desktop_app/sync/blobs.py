"""The content of attachments, moved apart from the records: in its own queue, with its own budget, bit by bit.

    ask what the server has of what it is to get          (it may have it from another desk)
    send what it lacks, from the offset it names
    fetch what somebody waits for, then what is wanted when there is time

The records go first and never wait for this.  Whatever fails is tried again later; that the server lacks a content
deletes nothing here, and a content it lacks stays wanted.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from desktop_app.attachments.keeping import mind_size, notice, rate, sweep_daily
from desktop_app.shared.errors import AppError, CancelledError, LockedError, NetworkError
from desktop_app.shared.lock import held
from desktop_app.store.content import Content, DamagedError
from desktop_app.store.database import Database
from desktop_app.store.keys import SecretStore
from desktop_app.sync import enrol, state, units
from desktop_app.sync.client import Transport
from desktop_app.sync.failures import spoken
from desktop_app.sync.meter import Enough, Meter
from sync_protocol import blobs
from sync_protocol.blobs import Held, Named, Part
from sync_protocol.refusals import Refused

MOST_TRIES: Final = 3
"""Wrong hashes in a row before a content is set aside."""
MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
WEEK_MS: Final = 7 * 24 * HOUR_MS
CHECKED_AT: Final = "attachments_checked_at"
GIVEN_UP: Final = "传了三次内容都不对，已搁置；原件没有动，可以点“再试”。"
TOO_LARGE: Final = "服务器不收这么大的文件；原件在本机，没有丢失。"
NO_SPACE: Final = "服务器上本社区的附件空间已满；原件在本机，没有丢失。请联系管理员。"
_STOPPING: Final = ("BUSY", "SERVER_ERROR", "STALE", "NO_SPACE")
"""Refusals after which there is no use in going on now."""


@dataclass(frozen=True, slots=True)
class BlobProgress:
    """How far the queue is: bytes moved in this run and bytes that were waiting; what is being moved."""

    moved: int
    waiting: int
    words: str


@dataclass(slots=True)
class BlobReport:
    """What came of it: contents and bytes sent and fetched, those the server lacks, and sentences for the person."""

    sent: int = 0
    fetched: int = 0
    bytes_sent: int = 0
    bytes_fetched: int = 0
    absent: int = 0
    left: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Job:
    """A content in the queue, with a living record that names it."""

    named: Named
    size: int
    tries: int
    offset: int = 0


def exchange(
    db: Database,
    secrets: SecretStore,
    *,
    transport: Transport | None = None,
    budget_bytes: int | None = None,
    budget_s: float | None = None,
    rate_kib_s: int | None = None,
    progress: Callable[[BlobProgress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> BlobReport:
    """Moves what waits in the queue, within a budget and not faster than a rate.  Raises AppError; call it again then.

    The budget of bytes is kept to within one cell, that of time to within one part.
    `pause` waits for some seconds; what was moved before an end of any kind is not moved again.
    """
    with alone_with_contents(db):
        run = Run(db, secrets, transport, Meter(budget_bytes, budget_s, rate_kib_s, pause, units.limits(db).part))
        run.progress = progress or run.progress
        run.cancelled = cancelled or run.cancelled
        try:
            run.all()
        except Enough:
            pass
        except Refused as refusal:
            raise spoken(refusal) from refusal
        finally:
            run.leave()
        return run.report


class Run:
    """One visit to the queue; on a stick its steps are taken one by one.

    `known` is the condition under which the server knows a record: it has a number.
    """

    known = "a.sync_seq>0"

    def __init__(self, db: Database, secrets: SecretStore, transport: Transport | None, meter: Meter) -> None:
        self._db, self._meter = db, meter
        self._client = enrol.client_for(state.read(db), secrets, transport)
        self.content = Content(db)
        self._epoch = state.read(db).epoch
        self._waiting = 0
        self.progress: Callable[[BlobProgress], None] = lambda _: None
        self.cancelled: Callable[[], bool] = lambda: False
        self._client.mind = self._mind
        self.report = BlobReport()

    @property
    def part(self) -> int:
        """How many bytes to move next."""
        return self._meter.part

    def all(self) -> None:
        """The procedure described at the top of this file."""
        notice(self._db, self.content)
        if told := mind_size(self._db):
            self.report.problems.append(told)
        sending, fetching = self.to_send(), self.to_fetch()
        self._waiting = sum(one.size for one in (*sending, *fetching))
        self.report.left = len(sending) + len(fetching)
        for start in range(0, len(sending), blobs.ASKED_AT_ONCE):
            self._send_some(sending[start : start + blobs.ASKED_AT_ONCE])
        if sending and self._check_due():
            with self._db.applying("附件") as tx:
                tx.set_setting(CHECKED_AT, str(self._db.clock.ms()))
        for job in fetching:
            self._fetch(job)
        sweep_daily(self._db, self.content)

    def leave(self) -> None:
        """Keeps the counter of requests, so that the next one does not have to learn it."""
        if self._client.counter > state.read(self._db).counter:
            with self._db.applying("附件") as tx:
                tx.execute("UPDATE sync_state SET counter=max(counter,?)", (self._client.counter,))

    # ------------------------------------------------------------------------------------------------------------ queue

    def _jobs(self, where: str, order: str) -> list[Job]:
        """Contents of the queue whose record the server knows."""
        rows = self._db.rows(
            "SELECT max(a.id),b.sha256,b.size,b.tries,b.offset FROM blob b JOIN attachment a ON a.sha256=b.sha256 "
            f"WHERE a.sync_del=0 AND {self.known} AND b.problem IS NULL AND b.next_try<=:now AND "
            f"{where} GROUP BY b.sha256 ORDER BY {order}",
            {"now": self._db.clock.ms(), "epoch": self._epoch},
        )
        return [Job(Named(record, sha256), size, tries, offset) for record, sha256, size, tries, offset in rows]

    def to_send(self) -> list[Job]:
        """What is here and not confirmed by the server in its present life; the oldest first.

        Once a week, all that is here: a server that lost files by itself gets them back.
        """
        due = "" if self._check_due() else " AND (b.server IS NULL OR b.server<>:epoch)"
        return self._jobs(f"b.here=1{due}", "b.server IS NOT NULL,min(a.at)")

    def _check_due(self) -> bool:
        return not 0 <= self._db.clock.ms() - int(self._db.setting(CHECKED_AT) or 0) < WEEK_MS

    def to_fetch(self) -> list[Job]:
        """What somebody waits for, then the latest."""
        return self._jobs("b.here=0 AND b.wanted>0", "b.wanted DESC,max(a.at) DESC")

    def note(self, job: Job, **values: object) -> None:
        """Writes down how far a content is."""
        with self._db.applying("附件") as tx:
            listed = ",".join(f"{name}=?" for name in values)
            tx.execute(f"UPDATE blob SET {listed} WHERE sha256=?", [*values.values(), job.named.sha256])
            tx.touched("attachment")

    def _step(self, count: int, words: str) -> None:
        """Between two parts: tell, wait, stop if need be."""
        self.progress(BlobProgress(self._meter.moved + count, max(self._waiting, self._meter.moved + count), words))
        self._meter.took(count)
        self._check()

    def _check(self) -> None:
        self._mind()
        self._meter.check()

    def _mind(self) -> None:
        """Stops, also in the middle of a part: that one is sent or fetched once more."""
        if self.cancelled():
            raise CancelledError("已停止传附件。已传的部分不会重传，其余下次继续。")

    def done(self, job: Job, **values: object) -> None:
        """A content is where it belongs."""
        self.note(job, server=self._epoch, offset=0, tries=0, next_try=0, wanted=0, **values)
        self.report.left -= 1

    def wrong(self, job: Job) -> int:
        """The bytes had another hash: once more from the start, but not for ever; returns how often it happened."""
        tries = job.tries + 1
        self.note(job, tries=tries, offset=0, problem=GIVEN_UP if tries >= MOST_TRIES else None)
        if tries >= MOST_TRIES:
            self.report.problems.append(GIVEN_UP)
        return tries

    # ------------------------------------------------------------------------------------------------------------- send

    def _send_some(self, jobs: list[Job]) -> None:
        self._check()
        told = self._client.blobs([job.named for job in jobs])
        for job, there in zip(jobs, told, strict=True):
            if there.state == blobs.WHOLE:
                self.done(job)
            elif there.state == blobs.MISSING:
                self.note(job, server=None)
                self._send(job, there)
            else:  # the record has not arrived there, or was deleted by another desk meanwhile
                self.note(job, next_try=self._db.clock.ms() + HOUR_MS)

    def _send(self, job: Job, there: Held) -> None:
        """Sends one content from where the server has it; a refusal that is about this content passes to the next."""
        while True:
            try:
                data = self.content.read(job.named.sha256)
            except DamagedError:
                data = None
            if data is None:  # the file is gone or damaged: another desk may have it
                self.note(job, here=0, wanted=1, offset=0)
                return
            try:
                self._send_from(job, data, there.offset)
            except Refused as refusal:
                if not (again := self._after_refusal(job, refusal)):
                    return
                job, there = again
                continue
            self.report.sent += 1
            self.done(job)
            return

    def _send_from(self, job: Job, data: bytes, offset: int) -> None:
        at = offset if offset < len(data) else 0
        while True:
            some = data[at : at + self._meter.part]
            answer = self._client.put_blob(Part(job.named, at, len(data)), some)
            self.report.bytes_sent += len(some)
            if answer.state == blobs.WHOLE:
                return
            if not at < answer.offset < len(data):
                raise Refused("WRONG_CONTENT")  # it does not go forward
            at = answer.offset
            self.note(job, offset=at)
            self._step(len(some), "正在上传附件")

    def _after_refusal(self, job: Job, refusal: Refused) -> tuple[Job, Held] | None:
        """What to try next with a content the server would not take; None to leave it for now."""
        if refusal.code in ("WRONG_CONTENT", "WRONG_OFFSET"):
            tries = self.wrong(job)
            if tries >= MOST_TRIES:
                return None
            offset = refusal.info.get("offset")
            start = offset if isinstance(offset, int) and refusal.code == "WRONG_OFFSET" else 0
            return Job(job.named, job.size, tries), Held(blobs.MISSING, start)
        if refusal.code == "NO_CONTENT":
            self.note(job, offset=0, next_try=self._db.clock.ms() + HOUR_MS)
            return None
        if refusal.code == "TOO_LARGE":
            self.note(job, offset=0, problem=TOO_LARGE)
            self.report.problems.append(TOO_LARGE)
            return None
        if refusal.code == "NO_SPACE":
            self.report.problems.append(NO_SPACE)
        if refusal.code in _STOPPING:
            raise Enough
        raise refusal

    # ------------------------------------------------------------------------------------------------------------ fetch

    def _fetch(self, job: Job) -> None:
        """Fetches one content from where it was cut; what the server lacks stays wanted and is asked for again."""
        self._check()
        tries = job.tries
        while tries < MOST_TRIES:
            try:
                good = self._fetch_all(job)
            except Refused as refusal:
                if refusal.code in _STOPPING:
                    raise Enough from refusal
                if refusal.code != "NO_CONTENT":
                    raise
                self.report.absent += 1
                self.note(job, next_try=self._db.clock.ms() + self._patience(job), server=None)
                return
            if good:
                self.report.fetched += 1
                self.done(job, here=1)
                return
            tries = self.wrong(Job(job.named, job.size, tries))

    def _patience(self, job: Job) -> int:
        """What was added just now is asked for again in a minute, then after twice as long, at most an hour."""
        sql = "SELECT max(at) FROM attachment WHERE sha256=? AND sync_del=0"
        age = self._db.clock.ms() - int(self._db.scalar(sql, (job.named.sha256,)) or 0)
        return min(max(age, MINUTE_MS), HOUR_MS)

    def _fetch_all(self, job: Job) -> bool:
        """Whether the bytes that came have the right hash."""
        sha256 = job.named.sha256
        while True:
            at = self.content.fetched(sha256)
            size, some = self._client.get_blob(Part(job.named, at, self._meter.part))
            self.report.bytes_fetched += len(some)
            if at + len(some) > size or size > blobs.MAX_SIZE:
                return self.content.complete(sha256, 0, b"")
            if at + len(some) == size:
                good = self.content.complete(sha256, at, some)
                self._meter.took(len(some))
                return good
            if len(some) < blobs.CELL:
                raise NetworkError("服务器给的附件不完整，已收到的部分不会重传。", next_step="请稍后再同步。")
            self.content.append(sha256, at, some)
            self.note(job, offset=at + len(some))
            self._step(len(some), "正在下载附件")


@contextmanager
def alone_with_contents(db: Database) -> Iterator[None]:
    """One run at a time for one store; it does not stand in the way of a sync of records."""
    with held(db.path.with_suffix(".blob-lock")) as mine:
        if not mine:
            raise LockedError("另一个窗口或命令正在传附件，这一次没有开始。", next_step="请等它做完再试。")
        yield


def words_of(report: BlobReport) -> list[str]:
    """What came of it, in sentences; nothing where nothing moved."""
    parts = []
    if report.sent:
        parts.append(f"上传 {report.sent} 个")
    if report.fetched:
        parts.append(f"下载 {report.fetched} 个")
    if report.absent:
        parts.append(f"{report.absent} 个等另一台电脑上传")
    if report.left > 0:
        parts.append(f"还有 {report.left} 个下次再传")
    found = [f"附件：{'，'.join(parts)}。"] if parts else []
    return [*found, *dict.fromkeys(report.problems)]


def exchange_quietly(
    db: Database,
    secrets: SecretStore,
    *,
    seconds: float,
    transport: Transport | None = None,
    progress: Callable[[BlobProgress], None] | None = None,
) -> BlobReport:
    """The same after a sync of records, at the rate that is set; a failure is told in the report and spoils nothing.

    Without seconds, and with nothing in the queue, the server is not asked.
    """
    if seconds <= 0:
        return BlobReport()
    try:
        return exchange(db, secrets, transport=transport, budget_s=seconds, rate_kib_s=rate(db), progress=progress)
    except CancelledError:
        raise
    except AppError as error:
        return BlobReport(problems=[f"附件没有传完：{error.message}"])
