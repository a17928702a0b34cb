"""Answers that came on a stick, taken in with the steps of a sync over the network."""

from collections.abc import Callable, Sequence
from typing import Final

from desktop_app.shared.errors import NetworkError
from desktop_app.store.database import Database
from desktop_app.store.keys import SecretStore
from desktop_app.sync import engine, enrol, fuse, outbox, rebase, replay, state, stick
from desktop_app.sync.client import Answer as HttpAnswer
from desktop_app.sync.client import public_key
from desktop_app.sync.outbox import Outbox
from desktop_app.sync.wire import CODEC
from sync_protocol import bundle, codec
from sync_protocol.bundle import Answer
from sync_protocol.digests import body_hash
from sync_protocol.enrolment import Identity
from sync_protocol.messages import Ack, Page
from sync_protocol.refusals import Refused

SYNC: Final = "/v1/sync"
RENEW: Final = "/v1/renew"
SURE: Final = "sync_bundle_sure"
"""Setting: somebody has confirmed the deletions that the server asked about."""
ROWS: Final = "sync_bundle_rows"
"""Setting: the next batch has so few records, because the server could not read the last one."""
AGAIN: Final = "请再“导出到U盘”一次，带到服务器。"
OK: Final = 200
Tell = Callable[[int, int], None]


class Offline:
    """There is no network: whatever needs one says so."""

    def post(self, *_: object) -> HttpAnswer:
        raise NetworkError(f"这一步要连上服务器。{stick.SAFE}", next_step="请联网同步一次。")


class Import(engine.Sync):
    """One file on its way in; `arrived`: this desk has everything up to the server's head."""

    def __init__(self, db: Database, secrets: SecretStore, progress: Tell) -> None:
        super().__init__(db, secrets, Offline(), lambda _: None, lambda: False)
        self._tell = progress
        self.arrived = False
        self._left = 0

    def take(self, answers: Sequence[Answer]) -> None:
        """All that a file says, until something in it cannot be taken."""
        self.client = enrol.client_for(state.read(self._db), self._secrets, self._transport)
        replay.after_upgrade(self._db)
        identity = self._identity(answers)
        for at, answer in enumerate(answers):
            self._tell(at, len(answers))
            if not self._take_one(answer, identity):
                break
        self._tell(len(answers), len(answers))
        if self._left:
            self._say(f"还有 {self._left} 条没有装进这个文件。{AGAIN}")
        if identity and self._db.setting(rebase.RENEW):
            self._adopt(Refused("CLONE"), *identity)

    def _identity(self, answers: Sequence[Answer]) -> tuple[Identity, bytes] | None:
        """The new identity in a file and its private key, if the server gave one and this desk has the key."""
        for answer in answers:
            if answer.headers.get(bundle.FOR) == RENEW and answer.status == OK:
                identity = Identity.from_wire(_json(answer.body))
                kept = self._secrets.get(enrol.key_name(identity.scope, identity.device))  # we stopped right behind it
                keys = [key for key in (kept, enrol.waiting_key(self._secrets)) if key]
                return next(
                    ((identity, key) for key in keys if public_key(key) == answer.headers.get(bundle.PUBLIC)), None
                )
        return None

    def _take_one(self, answer: Answer, identity: tuple[Identity, bytes] | None) -> bool:
        """Takes one answer; False if what follows has to wait."""
        about = answer.headers.get(bundle.FOR)
        if about == bundle.PAGE:
            return self._store_one(answer)
        if about != SYNC:
            return True
        return self._settle_one(answer) if answer.status == OK else self._heed(answer, identity)

    def _say(self, words: str) -> None:
        self.report.problems.append(words)

    # ------------------------------------------------------------------------------------------------- answer by answer

    def _settle_one(self, answer: Answer) -> bool:
        """Settles a batch, unless that was done already."""
        packed, _ = codec.split(answer.body, 2)
        if not packed:
            return True
        ack = Ack.from_wire(CODEC.unpack(packed, codec.PAGE_CAP))
        if ack.batch <= state.read(self._db).batch_no:
            return True
        box = self._named(answer)
        if box is None or box.number != ack.batch or box.number != state.read(self._db).batch_no + 1:
            self._say(f"这个文件与本机在途的批次对不上，没有导入其余部分。{AGAIN}")
            return False
        self._take(box, None, ack, None)
        return True

    def _named(self, answer: Answer) -> Outbox | None:
        """The batch an answer is about, if it is in flight."""
        with self._db.applying() as tx:
            boxes = outbox.in_flight(tx)
        wanted = answer.headers.get(bundle.BATCH), answer.headers.get(bundle.HASH)
        return next((box for box in boxes if (str(box.number), body_hash(box.body)) == wanted), None)

    def _store_one(self, answer: Answer) -> bool:
        """Stores a page that begins where this desk stands, or before."""
        _, packed = codec.split(answer.body, 2)
        page = Page.from_wire(CODEC.unpack(packed, codec.PAGE_CAP))
        now = state.read(self._db)
        if _number(answer.headers.get(bundle.AFTER, "0")) > now.cur or (now.epoch and now.epoch != page.epoch):
            self._say(f"文件与本机之间缺了一段，没有导入其余部分。{AGAIN}")
            return False
        if page.to < now.cur:
            return True  # it came over the network meanwhile
        if not self._take(None, None, None, page):
            self._say(f"本机还有批次在路上，其他电脑的新内容要等它的答复。{AGAIN}")
            return False
        self._left = page.head - page.to
        self.arrived = not page.more and self._compare(page)
        return True

    # ----------------------------------------------------------------------------------------------- when it is refused

    def _heed(self, answer: Answer, identity: tuple[Identity, bytes] | None) -> bool:
        """Does what a refusal asks for, as far as that works without a network."""
        try:
            refusal = Refused.from_body(CODEC.loads(answer.body))
        except ValueError as error:
            raise codec.Unreadable("no refusal") from error
        box = self._named(answer)
        if box is None and answer.headers.get(bundle.BATCH):
            return True  # that batch was settled over the network meanwhile
        needs = refusal.code in bundle.NEEDS_IDENTITY
        if refusal.code == "LATE" or (needs and identity is None):
            self._ask_for_identity(refusal)
        elif needs and identity:
            self._adopt(refusal, *identity)
            self._say(f"{_HEEDED[refusal.code]}{AGAIN}")
        elif box and refusal.code == "FUSE":
            self._ask_person(refusal)
        elif box and (refusal.code == "TOO_LARGE" or refusal.info.get("part") == "batch"):
            self._split(box)
            with self._db.applying("拆分") as tx:
                tx.set_setting(ROWS, str(self._smaller))
            self._say(f"服务器读不了其中一批，已拆小。{AGAIN}")
        elif refusal.code == "TOO_OLD":
            self._say("这台电脑太久没有同步，要与服务器逐条核对。数据都在本机，没有丢失；请联网同步一次。")
        else:
            raise refusal
        return False

    def _ask_for_identity(self, refusal: Refused) -> None:
        """The next file asks for a new identity, whatever else it holds."""
        with self._db.applying("换身份") as tx:
            tx.set_setting(rebase.RENEW, "1")
        self._say(refusal.message)

    def _ask_person(self, refusal: Refused) -> None:
        """The server's fuse: the batches are taken apart and go with the next file, once a person has confirmed it."""
        if not self.sure:
            raise fuse.from_server(refusal.info)
        with self._db.applying("拆分") as tx:
            outbox.give_up(tx, set_aside=False)
            tx.set_setting(SURE, "1")
        self._say(f"已确认删除。{AGAIN}")

    # --------------------------------------------------------------------------------------------- what needs a network

    def _repair_once(self) -> bool:
        self._say("与服务器核对不一致，数据没有丢失；联网同步时会自动修复。")
        return False

    def _reread_once(self) -> bool:
        return False

    def _give_up(self) -> bool:
        return False


def _json(body: bytes) -> object:
    try:
        return CODEC.loads(body)
    except ValueError as error:
        raise codec.Unreadable("not JSON") from error


def _number(said: str) -> int:
    if not said.isdecimal():
        raise codec.Unreadable("no number")
    return int(said)


_HEEDED: Final = {
    "HISTORY": "服务器从备份恢复过，它缺的记录会随下一次导出补上，本机的数据都在。",
    "CLONE": "有另一台电脑用过同一份数据，本机已换了新的身份，数据都在。",
    "SCOPE_GONE": "本单位已并入其他单位，本机已转接过去，数据都在。",
}
