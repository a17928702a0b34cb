"""The main job from end to end: a roster comes in, papers come out, two desks agree.

一号机 imports, records and prints
both desks are enrolled with a central server on this machine, and sync; accounts are made, and people sign in
the server stops; both desks go on working, on the same two residents
the server is there again; they sync until both hold the same
"""

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from desktop_app import app as composition
from desktop_app.app import App
from desktop_app.demo.accounts import DemoAccount, demo_password, make_accounts
from desktop_app.demo.central import LocalServer
from desktop_app.demo.community import DemoCommunity, demo_beginning, demo_file, make_demo_community
from desktop_app.demo.comparing import Comparison, compare
from desktop_app.demo.papers import SavedPaper, print_everything
from desktop_app.residents import actions as residents
from desktop_app.residents.model import Person
from desktop_app.shared.bulk import Progress, no_progress
from desktop_app.shared.errors import AppError, NetworkError
from desktop_app.store import keys
from desktop_app.store.keys import PASSPHRASE_VARIABLE
from desktop_app.sync import conflicts
from desktop_app.sync.diary import SyncReport
from desktop_app.sync.engine import sync_now
from desktop_app.sync.enrol import enrol

PASSPHRASE = "linli-demo"  # noqa: S105 it protects invented data only, and everybody may know it
MARKER = "linli-demo.json"
"""File that says a folder holds nothing but a demonstration, which the next one may replace."""
_MADE_BY = "linli demo"
DESKS = {"desk-1": ("一号机", "李静"), "desk-2": ("二号机", "任海燕")}
"""Folder → what the computer is called and who sits at it."""
_SERVER, _PAPERS = "server", "papers"
_OURS = (*DESKS, _SERVER, _PAPERS)
_BOTH_KEPT, _CLASH = "解红梅", "曾德福"
_MOST_ROUNDS = 4


@dataclass(slots=True)
class Rehearsal:
    """What a run did and where the files lie."""

    home: Path
    community: DemoCommunity = field(default_factory=DemoCommunity)
    counts: dict[str, int] = field(default_factory=dict)
    papers: list[SavedPaper] = field(default_factory=list)
    first_sync: dict[str, SyncReport] = field(default_factory=dict)
    refused_offline: str = ""
    both_kept: dict[str, Any] = field(default_factory=dict)
    clash: dict[str, Any] = field(default_factory=dict)
    comparison: Comparison = field(default_factory=lambda: Comparison(0, 0, 0, ()))
    seconds: float = 0.0
    accounts: list[DemoAccount] = field(default_factory=list)
    password: str = ""

    def value(self) -> dict[str, Any]:
        """Everything, for scripts."""
        told = {name: value for name, value in asdict(self).items() if name not in {"home", "comparison"}}
        desks = {name: str(self.home / name) for name in DESKS}
        paths = {"home": str(self.home), "desks": desks, "server": str(self.home / _SERVER), "passphrase": PASSPHRASE}
        return paths | told | {"equal": self.comparison.equal, "compared": asdict(self.comparison)}


def rehearse(home: Path, progress: Progress = no_progress) -> Rehearsal:
    """Runs the demonstration in a folder of its own; an earlier one there is replaced.

    AppError, with nothing touched, for a folder that holds anything but an earlier demonstration.
    """
    started = time.monotonic()
    done = Rehearsal(home)
    _make_room(home)
    with _known_passphrase(), ExitStack() as stack:
        one, two = (stack.enter_context(_new_desk(home / name, staff)) for name, (_, staff) in DESKS.items())
        progress(0, 5, "正在建立演示社区")
        done.community = make_demo_community(one, elsewhere={two.actor.name})
        done.counts = _counts(one)
        progress(1, 5, "正在生成单据")
        done.papers = print_everything(one, home / _PAPERS, done.community.meetings)
        progress(2, 5, "正在接入中心服务器并同步")
        server = LocalServer(home / _SERVER)
        with server.running():
            _enrol_both(server, one, two)
            done.first_sync = {"desk-1": _sync(one), "desk-2": _sync(two)}
            _sync(one)
            _open_accounts(done, one, two)
        progress(3, 5, "服务器已停：两台电脑各自修改")
        _work_offline(done, one, two)
        progress(4, 5, "服务器恢复：正在同步并核对")
        with server.running():
            done.comparison = _sync_until_equal(one, two)
        _check_both_kept(done, one, two)
        _check_clash(done, one, two)
    done.seconds = round(time.monotonic() - started, 1)
    progress(5, 5, "演示完成")
    return done


# ------------------------------------------------------------------------------------------------------------ the desks


def _make_room(home: Path) -> None:
    """An empty folder with the marker of a demonstration in it."""
    try:
        if home.exists() and (not home.is_dir() or (any(home.iterdir()) and not _is_ours(home))):
            raise AppError(
                f"{home} 里有别的内容，不是演示数据，没有动它。",
                next_step="请换一个空文件夹：linli demo --home 文件夹。",
            )
        home.mkdir(parents=True, exist_ok=True)
        (home / MARKER).write_text(json.dumps({"made_by": _MADE_BY}), "utf-8")
        for name in _OURS:
            if (home / name).exists():
                shutil.rmtree(home / name)
    except OSError as error:
        raise AppError(
            f"不能在 {home} 建立演示数据。", next_step="请换一个有写入权限的空文件夹：linli demo --home 文件夹。"
        ) from error


def _is_ours(home: Path) -> bool:
    try:
        return bool(json.loads((home / MARKER).read_text("utf-8"))["made_by"] == _MADE_BY)
    except (OSError, ValueError, KeyError, TypeError):
        return False


@contextmanager
def _known_passphrase() -> Iterator[None]:
    """Stores that are made meanwhile keep their keys in a file under the known passphrase, never in the keyring."""
    before = os.environ.get(PASSPHRASE_VARIABLE)
    os.environ[PASSPHRASE_VARIABLE] = PASSPHRASE
    try:
        yield
    finally:
        if before is None:
            del os.environ[PASSPHRASE_VARIABLE]
        else:
            os.environ[PASSPHRASE_VARIABLE] = before


def _new_desk(home: Path, staff: str) -> App:
    return composition.create(home, demo_beginning(staff))


def _counts(app: App) -> dict[str, int]:
    tables = ("building", "room", "person", "household", "party_centre_household", "org_node", "seat", "meeting")
    return {name: int(app.db.scalar(f"SELECT count(*) FROM {name} WHERE sync_del=0")) for name in tables}


# ------------------------------------------------------------------------------------------------------------- accounts


def _open_accounts(done: Rehearsal, one: App, two: App) -> None:
    """From here on people sign in: made at one desk, known at the other with the next sync."""
    sitting = two.actor.name
    done.password = demo_password()
    done.accounts = make_accounts(one, demo_file()["account"], done.password)
    _sync(one)
    _sync(two)
    two.sign_in(next(account.login for account in done.accounts if account.name == sitting), done.password)
    told = {"made_by": _MADE_BY, "user": _tried_by(done), "password": done.password, "accounts": done.accounts}
    keys.write_private(done.home / MARKER, json.dumps(told, ensure_ascii=False, default=asdict))


def credentials(home: Path) -> tuple[str, str] | None:
    """Sign-in name and password for a store of a demonstration, as it wrote them beside its stores; None elsewhere."""
    if not _is_ours(home.parent):
        return None
    told = json.loads((home.parent / MARKER).read_text("utf-8"))
    return (told["user"], told["password"]) if "user" in told else None


def _tried_by(done: Rehearsal) -> str:
    """Whose eyes a visitor borrows: those of the secretary."""
    return next(account.login for account in done.accounts if "社区书记" in account.roles)


# ----------------------------------------------------------------------------------------------------------------- sync


def _enrol_both(server: LocalServer, *desks: App) -> None:
    for app, (name, _) in zip(desks, DESKS.values(), strict=True):
        code = server.enrol_code(app.community.code or "", app.community.name)
        enrol(app.db, app.secrets, server_url=server.url, code=code, name=name)


def _sync(app: App) -> SyncReport:
    return sync_now(app.db, app.secrets)


def _work_offline(done: Rehearsal, one: App, two: App) -> None:
    """Different fields of one resident, the same field of another; a sync meanwhile fails and loses nothing."""
    _correct(one, _BOTH_KEPT, phones="13500000881")
    _correct(two, _BOTH_KEPT, occupation="退休教师")
    _correct(one, _CLASH, phones="13500000882")
    _correct(two, _CLASH, phones="13500000883")
    try:
        _sync(one)
    except NetworkError as error:
        done.refused_offline = error.message


def _correct(app: App, name: str, **changes: str) -> None:
    residents.correct(app.db, app.actor, _person(app, name).id, changes, why="演示")


def _person(app: App, name: str) -> Person:
    found = app.db.get(Person, app.db.scalar("SELECT id FROM person WHERE name=? AND sync_del=0", (name,)))
    if found is None:
        raise AppError(f"{app.home.name} 里没有{name}，演示没有完成。", next_step="请把这句话告诉维护人员。")
    return found


def _sync_until_equal(one: App, two: App) -> Comparison:
    """Syncs in turn until both stores hold the same; AppError when they never do."""
    for _ in range(_MOST_ROUNDS):
        _sync(one)
        _sync(two)
        found = compare(one.db, two.db)
        if found.equal:
            return found
    words = "、".join(found.differences[:3])
    raise AppError(f"两台电脑同步后仍不一致：{words}。", next_step="请把这句话告诉维护人员。")


def _check_both_kept(done: Rehearsal, *desks: App) -> None:
    seen = [{"phones": one.phones, "occupation": one.occupation} for one in (_person(app, _BOTH_KEPT) for app in desks)]
    if seen != [{"phones": "13500000881", "occupation": "退休教师"}] * 2:
        raise AppError("两台电脑改的两个字段没有都保留。", next_step="请把这句话告诉维护人员。")
    done.both_kept = {"name": _BOTH_KEPT, **seen[0]}


def _check_clash(done: Rehearsal, *desks: App) -> None:
    """The newer value stands on both desks, and the other one waits on both for a person."""
    seen = []
    for app in desks:
        person = _person(app, _CLASH)
        waiting = conflicts.open_conflicts(app.db, "person", person.id)
        seen.append((person.phones, [(one.field, one.shown.value, one.other.value) for one in waiting]))
    if seen != [("13500000883", [("phones", "13500000883", "13500000882")])] * 2:
        raise AppError("同一字段的两个值没有都保留。", next_step="请把这句话告诉维护人员。")
    done.clash = {"name": _CLASH, "field": "phones", "stands": "13500000883", "kept": "13500000882"}
