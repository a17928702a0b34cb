"""What this desk keeps of the content of attachments: what arrived is noted, what nobody names any more goes.

Only a deletion that was made somewhere and has arrived everywhere deletes a content, 30 days later; that something is
not in a list, on the server or in a folder, never does.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from desktop_app.accounts.rights import needs
from desktop_app.attachments import rules
from desktop_app.shared.actor import Actor
from desktop_app.shared.errors import AppError
from desktop_app.store.content import FOLDER, Content, copy_missing
from desktop_app.store.database import Database, Transaction
from desktop_app.store.problems import speaking
from sync_protocol.blobs import MAX_SIZE

KEPT_MS: Final = 30 * 86_400_000
"""So long a content stays after the last attachment that named it was removed."""
SWEPT_AT: Final = "attachments_swept_at"
SWEEP_EVERY_MS: Final = 86_400_000
FETCH: Final = "attachments_fetch"
"""Setting: which contents of other desks are fetched unasked: `recent` (the default), `all`, `asked` (none)."""
POLICIES: Final = ("recent", "all", "asked")
RECENT_MS: Final = 90 * 86_400_000
RATE: Final = "attachments_kib_s"
"""Setting: how many KiB a second contents may take of the line; 0 for as many as there are."""
USUAL_RATE: Final = 1024
MOST: Final = "attachments_most"
"""Setting: the biggest content the server takes, in bytes, as it has told."""
GONE: Final = "attachments_gone"
"""Setting: under which names the contents lay that were deleted last, for folders of backups that are not here now."""
_GONE_KEPT: Final = 5000
OVER: Final = "超过服务器允许的大小"
"""How the words begin about a content that is bigger."""
_RECENT: Final = "here=0 AND wanted=0 AND sha256 IN (SELECT sha256 FROM attachment WHERE sync_del=0 AND at>=?)"
_NAMED: Final = "EXISTS(SELECT 1 FROM attachment a WHERE a.sha256=blob.sha256 AND a.sync_del=0)"
_KNOWN: Final = "EXISTS(SELECT 1 FROM attachment a WHERE a.sha256=blob.sha256)"
_UNHEARD: Final = (
    "EXISTS(SELECT 1 FROM attachment a WHERE a.sha256=blob.sha256 AND (a.sync_seq=0 "
    "OR EXISTS(SELECT 1 FROM sync_dirty d WHERE d.tbl=25 AND d.local_no=a.local_no) "
    "OR EXISTS(SELECT 1 FROM sync_fly f WHERE f.tbl=25 AND f.local_no=a.local_no)))"
)
"""A removal of this desk that the server has not acknowledged."""
_OVER: Final = (
    f"SELECT sha256 FROM blob WHERE NOT {_KNOWN} OR (unnamed_at<=:before AND NOT {_NAMED} AND NOT {_UNHEARD})"
)


def most(db: Database) -> int:
    """The biggest content that can be shared with others, in bytes."""
    return min(int(db.setting(MOST) or MAX_SIZE), MAX_SIZE)


def mind_size(db: Database) -> str:
    """Sets aside what is too big for the server before it is sent, and takes up again what no longer is.

    Returns what to tell, if anything was set aside.
    """
    limit = most(db)
    large = "here=1 AND server IS NULL AND problem IS NULL AND size>:most"
    small = "substr(problem,1,length(:over))=:over AND size<=:most"
    said = f"{OVER}（{limit / 1e6:.3g} MB），没有上传；原件在本机，没有丢失。请缩小后重新添加，或请管理员放宽。"
    words = {"most": limit, "over": OVER, "said": said}
    aside = db.scalar(f"SELECT count(*) FROM blob WHERE {large}", words)
    if aside or db.scalar(f"SELECT 1 FROM blob WHERE {small}", words):
        with db.applying("附件") as tx:
            tx.execute(f"UPDATE blob SET problem=:said,offset=0 WHERE {large}", words)
            tx.execute(f"UPDATE blob SET problem=NULL,tries=0,next_try=0 WHERE {small}", words)
            tx.touched("attachment")
    return said if aside else ""


def rate(db: Database) -> int | None:
    """How many KiB a second contents may take, as it is set on this desk; None for no limit."""
    told = db.setting(RATE)
    return (int(told) if told and told.isdecimal() else USUAL_RATE) or None


def fetches(db: Database) -> str:
    """Which contents of other desks are fetched unasked: `recent`, `all` or `asked`."""
    told = db.setting(FETCH)
    return told if told in POLICIES else POLICIES[0]


@needs("store.settings")
def set_rules(db: Database, actor: Actor, fetch: str, kib_s: int) -> None:
    """Which contents this desk fetches unasked, and how many KiB a second they may take; 0 for as many as there are."""
    if fetch not in POLICIES or kib_s < 0:
        raise AppError("附件的设置不对，没有保存。", next_step="请从列出的几种里选。")
    with db.transaction(actor, "附件设置") as tx:
        tx.set_setting(FETCH, fetch)
        tx.set_setting(RATE, str(kib_s))


def notice(db: Database, content: Content) -> None:
    """Enters the contents of attachments that came from other desks, and those that are wanted now."""
    new = db.rows(
        "SELECT a.sha256,max(a.size),max(a.mime) FROM attachment a WHERE a.sync_del=0 "
        "AND NOT EXISTS(SELECT 1 FROM blob b WHERE b.sha256=a.sha256) GROUP BY a.sha256"
    )
    sound = [(sha256, size) for sha256, size, mime in new if rules.is_sound(size, sha256, mime)]
    if sound:
        with db.applying("附件") as tx:
            tx.executemany(
                "INSERT INTO blob(sha256,size,here) VALUES(?,?,?)",
                [(sha256, size, int(content.has(sha256))) for sha256, size in sound],
            )
    since = {"all": 0, "asked": None}.get(db.setting(FETCH) or "", db.clock.ms() - RECENT_MS)
    if since is not None and db.scalar(f"SELECT 1 FROM blob WHERE {_RECENT}", (since,)):
        with db.applying("附件") as tx:
            tx.execute(f"UPDATE blob SET wanted=1 WHERE {_RECENT}", (since,))


def drop_vanished(db: Database) -> int:
    """Deletes, at once, the contents of which no record is left (erased, moved away, withdrawn); returns how many."""
    gone = [row[0] for row in db.rows(f"SELECT sha256 FROM blob WHERE NOT {_KNOWN}")]
    _drop(db, Content(db), gone)
    return len(gone)


def _drop(db: Database, content: Content, hashes: Sequence[str]) -> None:
    """Files and rows; after a crash between the two the rows are still there, and it is done again."""
    if not hashes:
        return
    with db.applying("附件") as tx:
        for sha256 in hashes:
            content.remove(sha256, db.path.parent / "backups" / FOLDER)
            tx.execute("DELETE FROM blob WHERE sha256=?", (sha256,))
        names = [*json.loads(db.setting(GONE) or "[]"), *(content.path(sha256).name for sha256 in hashes)]
        tx.set_setting(GONE, json.dumps(list(dict.fromkeys(names))[-_GONE_KEPT:]))


def bring_beside(db: Database, folder: Path) -> None:
    """Brings a folder of contents beside some backups, such as on a stick, up to date.

    What it lacks is copied, what was deleted here since is deleted; that something is missing here deletes nothing.
    """
    here = db.path.parent / FOLDER
    copy_missing(here, folder)
    with speaking():
        for name in json.loads(db.setting(GONE) or "[]"):
            if not (here / name[:2] / name).exists():  # it was added again
                (folder / name[:2] / name).unlink(missing_ok=True)


def sweep_daily(db: Database, content: Content) -> int:
    """`sweep`, if the last one was a day ago."""
    last, now = int(db.setting(SWEPT_AT) or 0), db.clock.ms()
    if 0 <= now - last < SWEEP_EVERY_MS:
        return 0
    gone = sweep(db, content)
    with db.applying("附件") as tx:
        tx.set_setting(SWEPT_AT, str(now))
    return gone


def sweep(db: Database, content: Content) -> int:
    """Deletes the contents nobody has named for 30 days; returns how many.

    A removal that the server has not heard of keeps the content; so does one on a desk without a server.  A content
    whose record is gone altogether (erased, moved away, withdrawn) goes at once.
    """
    with db.applying("附件") as tx:
        _account(tx, db.clock.ms())
        over = [row[0] for row in tx.rows(_OVER, {"before": db.clock.ms() - KEPT_MS})]
    _drop(db, content, over)
    known = [row[0] for row in db.rows("SELECT sha256 FROM blob")]
    content.remove_strangers(known, (db.clock.ms() - KEPT_MS) / 1000)
    return len(over)


def _account(tx: Transaction, now: int) -> None:
    """Since when each content has been without a name."""
    tx.execute(f"UPDATE blob SET unnamed_at=NULL WHERE unnamed_at IS NOT NULL AND {_NAMED}")
    tx.execute(f"UPDATE blob SET unnamed_at=? WHERE unnamed_at IS NULL AND NOT {_NAMED}", (now,))
