"""What one may do with a community's own rules: write a file anew from a day on, or go back to the shipped one."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.practice import queries, rules, writing
from desktop_app.practice.model import RuleBook
from desktop_app.profiles.queries import DATED, forget
from desktop_app.shared.dates import must_be_date
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database

RIGHT: Final = "practice.change"
_FOLDER: Final = "profiles"


@needs(RIGHT)
def adopt(db: Database, actor: Actor, name: str, content: str, *, from_on: str, why: str) -> RuleBook:
    """Writes a file of rules anew from a day on, today or later: what was decided before keeps its rules.

    AppError, with nothing written, for what cannot be read, forgets a code in use, or changes nothing.
    """
    _must_be_told(db, name, from_on, why)
    before = queries.text_of(db, name, from_on)
    if content.strip() == before.strip():
        raise AppError("内容没有改动，没有保存。", field="content", next_step="请先修改内容。")
    after = rules.read(name, content)
    rules.must_keep(name, tomllib.loads(queries.shipped(name)), after)
    rules.must_keep(name, tomllib.loads(before), after)
    return _write(db, actor, name, content, from_on, why)


@needs(RIGHT)
def adopt_content(
    db: Database, actor: Actor, name: str, content: Mapping[str, Any], *, from_on: str, why: str
) -> RuleBook:
    """The same from what a form changed: the file is written anew, its first comments stay."""
    _must_be_told(db, name, from_on, why)
    before = queries.text_of(db, name, from_on)
    if content == tomllib.loads(before):
        raise AppError("内容没有改动，没有保存。", field="content", next_step="请先修改内容。")
    return adopt(db, actor, name, writing.dumps(content, writing.comments(before)), from_on=from_on, why=why)


@needs(RIGHT)
def give_back(db: Database, actor: Actor, name: str, *, from_on: str, why: str) -> RuleBook:
    """Goes back to the file as it was shipped, from a day on; AppError where codes of one's own are in use."""
    _must_be_told(db, name, from_on, why)
    if queries.in_force(db, name, from_on) is None:
        raise AppError("现在用的就是随程序提供的，没有改动。", next_step="要修改请点“修改”。")
    rules.must_keep(name, tomllib.loads(queries.text_of(db, name, from_on)), tomllib.loads(queries.shipped(name)))
    return _write(db, actor, name, "", from_on, why)


def _must_be_told(db: Database, name: str, from_on: str, why: str) -> None:
    if name not in rules.BOOKS:
        raise AppError(f"没有“{name}”这份规则，没有保存。", field="name", next_step="请在列表里选择。")
    must_be_dated(db.clock.today().isoformat(), from_on, why)


def must_be_dated(today: str, from_on: str, why: str) -> None:
    """AppError unless a change holds from today or later, and its ground is told."""
    must_be_date(from_on, "生效日期", "from_on")
    if from_on < today:
        raise AppError(
            "生效日期不能早于今天：以前的记录保持当时的规则。没有保存。", field="from_on", next_step="请填今天或以后。"
        )
    if not why.strip():
        raise AppError("修改的依据还没有填写，没有保存。", field="why", next_step="请写明文件、会议或通知。")


def _write(db: Database, actor: Actor, name: str, content: str, from_on: str, why: str) -> RuleBook:
    with db.transaction(actor, f"修改地方做法：{name}", why.strip()) as tx:
        book = RuleBook(
            name=name, content=content, from_on=from_on, at=db.clock.ms(), by_name=actor.name, why=why.strip()
        )
        return tx.add(book)


# --------------------------------------------------------------------------------------------- where they are read from


def follow_up(db: Database, tables: frozenset[str]) -> None:
    """After a commit that touched the rules, a pull too: what is read from lies beside the store anew."""
    if "rule_book" in tables:
        lay_out(db)


def lay_out(db: Database) -> None:
    """Puts the versions that hold today where the program reads them; a file nobody wrote here is left alone."""
    today = db.clock.today().isoformat()
    changed = _lay_out_versions(db)
    names = [str(name) for (name,) in db.rows("SELECT DISTINCT name FROM rule_book WHERE sync_del=0")]
    for name in (one for one in names if one in rules.BOOKS):
        path = db.path.parent / _FOLDER / rules.BOOKS[name].path
        found = queries.in_force(db, name, today)
        changed |= _put(path, found.content) if found else _take_away(path)
    if changed:
        forget()


def _lay_out_versions(db: Database) -> bool:
    """Every version under the day it holds from, that old records find the rules of their day."""
    folder, wanted = db.path.parent / _FOLDER / DATED, dict[str, str]()
    rows = db.rows("SELECT name,content,from_on FROM rule_book WHERE sync_del=0 ORDER BY from_on,at,id")
    for name, content, from_on in rows:
        if name in rules.BOOKS:
            wanted[f"{name.partition('/')[2]}@{from_on}.toml"] = content or queries.shipped(name)
    changed = [_put(folder / name, content) for name, content in wanted.items()]
    gone = [_take_away(path) for path in folder.glob("*@*.toml") if path.name not in wanted]
    return any(changed) or any(gone)


def _put(path: Path, content: str) -> bool:
    if path.exists() and path.read_text("utf-8") == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(content, "utf-8")
    beside.replace(path)
    return True


def _take_away(path: Path) -> bool:
    there = path.exists()
    path.unlink(missing_ok=True)
    return there
