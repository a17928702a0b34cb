"""What is wrong with the data, counted, with the records behind each count, and repaired where a repair is safe."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from desktop_app.accounts.rights import demand, has_accounts, may
from desktop_app.app import App
from desktop_app.health import people, places, points, references, system
from desktop_app.health.finding import LEVELS, SHOWN, Case, Check, Finding
from desktop_app.residents import duplicates
from desktop_app.shared.actor import SYSTEM

__all__ = ["LEVELS", "SHOWN", "Case", "Check", "Finding", "again", "cases", "check", "checks", "examine"]

DUPLICATES: Final = "duplicates"
Told = Callable[[int, int, str], object]
"""Hears how many steps are done, of how many, and what is looked at."""


def checks() -> tuple[Check, ...]:
    """Every question to the store."""
    return (*people.CHECKS, *places.CHECKS, *points.CHECKS, *references.checks())


def check(code: str) -> Check | None:
    """The question behind a finding; None for what is no list of records."""
    return next((one for one in checks() if one.code == code), None)


def cases(app: App, code: str, start: int = 0, size: int = SHOWN, words: str = "") -> tuple[Case, ...]:
    """The records behind a finding, a portion at a time; `words` narrows to those whose words hold it.

    AppError for somebody who may not see residents.
    """
    demand(app.db, app.actor, "residents.read")
    found = check(code)
    return found.cases(app.db, start, size, words) if found else ()


def again(app: App, code: str) -> Finding | None:
    """A finding of the store asked for once more, as after a repair; None where all is well now."""
    found = check(code)
    return found.finding(app.db) if found else None


def examine(app: App, told: Told = lambda _done, _all, _words: None) -> list[Finding]:
    """Everything there is to say about this desk's data, the worst first.

    How many there are, anybody may hear, a timer too; who they are, only whoever may see residents.
    """
    found: list[Finding] = []
    steps, named = tuple(_steps(app)), _sees_names(app)
    for at, (words, step) in enumerate(steps):
        told(at, len(steps), words)
        with app.db.viewing(SYSTEM):
            finding = step()
        if finding:
            found.append(finding if named else replace(finding, cases=()))
    told(len(steps), len(steps), "")
    return sorted(found, key=lambda finding: LEVELS.index(finding.level))


def _sees_names(app: App) -> bool:
    unattended = app.actor == SYSTEM and has_accounts(app.db)
    return not unattended and may(app.db, app.actor, "residents.read")


def _steps(app: App) -> Iterator[tuple[str, Callable[[], Finding | None]]]:
    yield "检查数据库文件", partial(system.file, app)
    for one in checks():
        yield one.words, partial(one.finding, app.db)
    yield "检查附件文件", partial(system.attachment_files, app)
    yield "核对审计记录", partial(system.trail, app)
    looks: tuple[tuple[str, Callable[[App], Finding | None]], ...] = (
        ("检查备份", system.backup),
        ("检查恢复单", system.recovery_sheet),
        ("检查管理员", system.administrators),
        ("检查磁盘", system.disk),
        ("检查同步", system.unsynced),
        ("检查收到的记录", system.kept_aside),
        ("检查时钟", system.clock),
    )
    for words, look in looks:
        yield words, partial(look, app)
    yield "查找重复的居民", partial(_duplicates, app)


def _duplicates(app: App) -> Finding | None:
    count = len(duplicates.suspected(app.db))
    advice = "请到“重复”页逐对核对：合并，或记下不是同一人。"
    return Finding(DUPLICATES, "提醒", "可能重复登记的居民（对）", count, advice=advice) if count else None
