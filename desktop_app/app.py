"""Composition root: a home folder becomes an `App`."""

import json
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from desktop_app import (
    aftermath,
    schema,  # noqa: F401 every model is imported before a store is opened
)
from desktop_app.accounts import lasting, rights, signing
from desktop_app.accounts.model import Actor, Staff
from desktop_app.attachments import keeping as attachments
from desktop_app.places.model import Area
from desktop_app.practice import actions as practice
from desktop_app.profiles.desk import town_of
from desktop_app.profiles.queries import TOWNS
from desktop_app.profiles.town import TownProfile
from desktop_app.shared.actor import NOBODY, SYSTEM
from desktop_app.shared.clock import Clock
from desktop_app.shared.errors import AppError, CorruptError, LockedError
from desktop_app.shared.ids import named_id, new_id
from desktop_app.store import anchors, backup, content, describing, keeping, keys, recovery, switching, upgrade
from desktop_app.store.audit_seal import Seal
from desktop_app.store.backup import Backup
from desktop_app.store.connecting import connect
from desktop_app.store.database import Database
from desktop_app.store.problems import speaking
from desktop_app.sync import erasing, replay

STORE = "linli.db"
DESCRIPTION = describing.FILE
STORE_KEY = switching.STORE_KEY
BACKUPS = "backups"
SET_UP = "accounts"
"""Secret of a desk where people sign in: no file that is put in the place of the store makes it forget that."""
BESIDE = (keys.KEY_FILE, DESCRIPTION, recovery.FILE)
"""What lies beside the store and goes along with every copy of it."""
_WHOSE_DESK = "SELECT s.id,s.name FROM setting k JOIN staff s ON s.id=k.value AND s.sync_del=0 WHERE k.key='staff'"
DUE = {"daily": timedelta(hours=20), "exit": timedelta(hours=1)}
"""How old the last copy must be before the program makes another one of that kind by itself."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new store is told: the community (12-digit area code and name) and who sits at the desk."""

    community: str
    code: str
    staff: str
    profile: str = "general"


class App:
    """One opened home folder: the store, the clock, who acts, and the community it is for."""

    def __init__(
        self, home: Path, db: Database, secrets: keys.SecretStore, clock: Clock, key: bytes, store_id: str
    ) -> None:
        self.home = home
        self.db = db
        self.secrets = secrets
        self.clock = clock
        self.mark = keeping.mark_of(store_id)
        """Names this store in the file names of its backups."""
        self.seal = Seal(secrets)
        """The head of the audit trail, outside the file."""
        self._key = key
        self._opened: switching.Opened | None = None
        db.set_up = secrets.get(SET_UP) is not None
        self._remember_accounts()
        aftermath.work_out(db, practice.follow_up, frozenset({"rule_book"}))  # nobody is signed in yet
        db.changed += [*aftermath.followers(db, secrets), self.seal.now_and_then(db)]
        db.changed += [self._remember_accounts, lasting.follow(db, secrets)]

    def hold(self, opened: switching.Opened) -> None:
        """Keeps saying that the store is in use, until it is closed."""
        self._opened = opened

    def _remember_accounts(self, tables: frozenset[str] = frozenset({"account"})) -> None:
        """Notes among the secrets that people sign in here, once there is an account."""
        if not self.db.set_up and "account" in tables and rights.has_accounts(self.db):
            self.db.set_up = True
            with suppress(AppError):  # whatever the keyring says is no reason to stop working
                self.secrets.put(SET_UP, b"1")

    @property
    def actor(self) -> Actor:
        """In whose name this desk records: whoever is signed in; before there are accounts, whoever sits here."""
        if rights.has_accounts(self.db):
            return self.db.viewer or NOBODY
        found = self.db.kept("whose desk", lambda: self.db.row(_WHOSE_DESK))
        return Actor(*found) if found else SYSTEM

    def sign_in(self, login: str, password: str) -> Actor:
        """Signs somebody in for as long as this process has the store open (see `accounts.signing`)."""
        return signing.sign_in(self.db, login, password)

    def sign_out(self) -> None:
        """Nobody sits here any more."""
        signing.sign_out(self.db)

    def must_fit(self, code: str) -> None:
        """AppError unless the code is that of the recovery sheet in force for this store."""
        if recovery.open_with(self.home / recovery.FILE, code) != self._key:
            raise LockedError("恢复码与这份数据不符，什么也没有改。", field="code", next_step="请用最近一张恢复单。")

    @property
    def community(self) -> Area:
        """The community this desk works for."""
        found = self.db.get(Area, self.db.setting("community"))
        if found is None:
            raise CorruptError("这份数据里找不到所属社区的记录。", next_step="请运行“linli doctor”检查。")
        return found

    @property
    def profile(self) -> TownProfile:
        """The town profile this desk follows."""
        return town_of(self.db)

    # --------------------------------------------------------------------------------------------------------- backups

    def backup(self, folder: Path | None = None, why: str = backup.MANUAL) -> Backup:
        """Copies the store and proves the copy; the sealed keys go along, for without them it opens no more.

        The contents of attachments never change: only those that are not there yet are copied.
        """
        if why == backup.MANUAL:  # others the program makes by itself
            rights.demand(self.db, self.actor, "store.backup")
        where = folder or self.home / BACKUPS
        made = backup.backup(self.db.path, self._key, where, self.clock.now(), mark=self.mark, why=why)
        with speaking():
            for name in BESIDE:
                if (self.home / name).exists():
                    beside = made.path.with_name(f"{made.path.stem}.{name}")
                    keys.write_private(beside, (self.home / name).read_text("utf-8"))
        attachments.bring_beside(self.db, made.path.parent / content.FOLDER)
        return made

    def backup_if_due(self, why: str = "daily", folder: Path | None = None) -> Backup | None:
        """Makes a copy if the store has changed since the last one and that is older than `DUE`; else None."""
        found = keeping.copies(folder or self.home / BACKUPS, self.mark)
        if found:
            age = self.clock.now().replace(tzinfo=None) - found[0].at
            if timedelta() <= age and (age < DUE.get(why, timedelta()) or self._is_in(found[0].path)):
                return None
        anchors.drop_if_due(self.db)
        return self.backup(folder, why)

    def _is_in(self, copy: Path) -> bool:
        """Whether a copy holds everything that was done here."""
        return bool(backup.last_action(copy, self._key) == self.db.scalar("SELECT max(no) FROM journal_action"))

    def verify(self, copy: Path) -> dict[str, int]:
        """Proves that a backup can be restored; returns its counts."""
        return backup.verify(copy, self._key_for(copy))

    def _key_for(self, copy: Path) -> bytes:
        """The key of a backup: this store's, or one it had before."""
        names = [switching.earlier_key(one) for one in describing.describe(self.home).get("earlier", ())]
        for key in filter(None, map(self.secrets.get, names)):
            if copy.exists() and backup.last_action(copy, key) is not None:
                return key
        return self._key

    def restore(self, copy: Path, into: Path) -> dict[str, int]:
        """Puts a proved backup into a new home folder that opens with the same secrets; this store is left alone."""
        rights.demand(self.db, self.actor, "store.restore")
        with describing.fresh_home(into):
            counts = backup.restore(copy, self._key, into / STORE)
        for name in BESIDE:
            if (self.home / name).exists():
                keys.write_private(into / name, (self.home / name).read_text("utf-8"))
        keys.write_private(into / DESCRIPTION, json.dumps(describing.describe(self.home) | {"restored": copy.name}))
        content.copy_missing(copy.parent / content.FOLDER, into / content.FOLDER)
        return counts

    def new_recovery_code(self) -> str:
        """A fresh recovery code, told this once; earlier ones open nothing that is backed up from now on."""
        rights.demand(self.db, self.actor, "store.keys")
        code = recovery.new_code()
        recovery.seal(self.home, self._key, code, made_on=self.clock.today().isoformat())
        return code

    def close(self) -> None:
        """Closes the store."""
        self.seal.keep(self.db)
        self.db.close()
        if self._opened:
            self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def default_home() -> Path:
    """Where a desk keeps its data unless told otherwise."""
    if told := os.environ.get("LINLI_HOME"):
        return Path(told)
    base = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "linli"


def exists(home: Path) -> bool:
    """Whether a store was made in this folder."""
    return describing.exists(home)


def create(
    home: Path, beginning: Beginning, *, clock: Clock | None = None, ask: keys.AskPassphrase = keys.ask_environment
) -> App:
    """Makes a new store for a community."""
    if exists(home):
        raise AppError(f"{home} 里已经有一份数据，没有覆盖它。", next_step="请换一个文件夹，或直接打开它。")
    _check(beginning)
    clock = clock or Clock()
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AppError(f"不能在 {home} 建立数据文件夹。", next_step="请换一个有写入权限的位置。") from error
    if found := [name for name in (STORE, keys.KEY_FILE) if (home / name).exists()]:
        # perhaps a store that lost its description: a new key would make it unreadable for ever
        raise AppError(
            f"{home} 里有不完整的数据（有 {'、'.join(found)}，缺 {DESCRIPTION}），没有动它。",
            next_step=f"请找回 {DESCRIPTION}；如果是新建时中断留下的，请换一个空文件夹。",
        )
    opened = switching.Opened(home)
    try:
        with speaking():
            app = _create(home, beginning, clock, ask)
    except BaseException:
        opened.close()
        discard(home)
        raise
    app.hold(opened)
    return app


def discard(home: Path) -> None:
    """Takes away a store that was being made and was not finished; never call it for one that somebody has used."""
    logs = (f"{STORE}-wal", f"{STORE}-shm", f"{Path(STORE).stem}.sync-lock", switching.LOCK)
    for name in (DESCRIPTION, STORE, *logs, keys.KEY_FILE, f"{keys.KEY_FILE}.lock"):
        (home / name).unlink(missing_ok=True)


def _check(told: Beginning) -> None:
    """AppError, at its field, for what no store can begin with."""
    for field, zh, value in (("community", "社区名称", told.community), ("staff", "姓名", told.staff)):
        if not value.strip():
            raise AppError(f"{zh}还没有填写，没有新建数据。", field=field, next_step="请填写后再试。")
    if not re.fullmatch(r"[0-9]{12}", told.code):
        raise AppError(
            f"区划代码应是 12 位数字，不能是“{told.code}”，没有新建数据。", field="code", next_step="可以问街道要。"
        )
    if told.profile not in TOWNS:
        raise AppError(
            f"没有“{told.profile}”这种城市做法，没有新建数据。",
            field="profile",
            next_step=f"可以是：{'、'.join(TOWNS)}。",
        )


def _create(home: Path, beginning: Beginning, clock: Clock, ask: keys.AskPassphrase) -> App:
    store_id = new_id()
    secrets = keys.create_secrets(home, store_id, ask)
    key = os.urandom(32)
    secrets.put(STORE_KEY, key)
    writer = prepared(home, key, clock, keeping.mark_of(store_id))
    app = App(home, Database(home / STORE, key, clock, writer), secrets, clock, key, store_id)
    try:
        _begin(app, beginning)
        # last: only with this file is it a store
        keys.write_private(home / DESCRIPTION, json.dumps({"store_id": store_id, "keys": secrets.kind}))
    except BaseException:
        app.close()
        raise
    return app


def _begin(app: App, beginning: Beginning) -> None:
    staff = Staff(name=beginning.staff)
    # every desk of the community derives the same identifier, so that two desks do not make two communities
    community = Area(id=named_id("area", beginning.code), code=beginning.code, name=beginning.community, level="社区")
    with app.db.transaction(Actor(staff.id, staff.name), "新建数据") as tx:
        tx.add(staff)
        tx.add(community)
        tx.set_setting("staff", staff.id)
        tx.set_setting("community", community.id)
        tx.set_setting("profile", beginning.profile)


def open_app(home: Path, *, clock: Clock | None = None, ask: keys.AskPassphrase = keys.ask_environment) -> App:
    """Opens a store, upgrading it first if it is older than the program."""
    if not exists(home):
        raise AppError(f"{home} 里还没有数据。", next_step="请先用“linli init”新建，或选对文件夹。")
    described = describing.describe(home)
    opened = switching.Opened(home)
    try:
        with speaking():
            unclean = opened.alone and switching.log_left(home / STORE)
            app = _open(home, described, clock or Clock(), ask, unclean=unclean)
    except BaseException:
        opened.close()
        raise
    app.hold(opened)
    return app


def _open(home: Path, described: dict[str, Any], clock: Clock, ask: keys.AskPassphrase, *, unclean: bool) -> App:
    store_id = described["store_id"]
    secrets = keys.open_secrets(home, described["keys"], store_id, ask)
    key = switching.key_of(home / STORE, secrets)
    if key is None:
        raise AppError(
            "钥匙串里没有这份数据的密钥，数据没有打开，也没有改动。",
            next_step="请在建立这份数据的电脑和账户下打开，或用恢复单找回密钥：linli key recover。",
        )
    if not (home / STORE).exists() or not (home / STORE).stat().st_size:
        # SQLite would make an empty one, and the person would think that all is lost
        raise CorruptError(
            f"数据库文件 {STORE} 不见了或是空的。", next_step="请把它放回原处，或运行“linli repair”从备份恢复。"
        )
    if unclean:
        backup.must_be_whole(home / STORE, key)
    writer = prepared(home, key, clock, keeping.mark_of(store_id))
    app = App(home, Database(home / STORE, key, clock, writer), secrets, clock, key, store_id)
    replay.after_upgrade(app.db)  # before anybody writes over a value that waits for its column
    restored = bool(described.get("restored"))
    if restored:
        _note_restore(app, described)
    lasting.put_in_force(app.db, secrets, restored=restored)
    erasing.finish(app.db)
    aftermath.make_up(app.db, unclean=unclean)
    return app


def _note_restore(app: App, described: dict[str, Any]) -> None:
    """The first start of a copy: its audit trail goes its own way from here."""
    with app.db.applying(f"从备份恢复：{described['restored']}") as tx:
        anchors.fork(tx)
        lasting.note_restore(tx, app.secrets)
        tx.keep()
    app.seal.restart(app.db)
    rest = {name: value for name, value in described.items() if name != "restored"}
    keys.write_private(app.home / DESCRIPTION, json.dumps(rest))


def prepare(home: Path, key: bytes, clock: Clock, mark: str) -> None:
    """Brings the file to this program's schema, with the triggers and the search index that go with it."""
    prepared(home, key, clock, mark).close()


def prepared(home: Path, key: bytes, clock: Clock, mark: str) -> Any:
    """The same, and the connection it was done with: opening another one costs ten times what a look costs."""
    path = home / STORE
    connection = connect(path, key)
    try:
        upgrade.make_current(connection, lambda: _keep(path, key, clock, mark))
    except BaseException:
        connection.close()
        raise
    return connection


def _keep(path: Path, key: bytes, clock: Clock, mark: str) -> None:
    """The copy before an upgrade."""
    backup.backup(path, key, path.parent / BACKUPS, clock.now(), mark=mark, why="upgrade")
