"""practice: the community's own rules, listed, shown, written anew, given back."""

from dataclasses import asdict
from pathlib import Path

from desktop_app.cli.output import table
from desktop_app.cli.session import Session
from desktop_app.cli.speaking import typed_day
from desktop_app.practice import actions, following, queries
from desktop_app.practice.rules import BOOKS
from desktop_app.shared.errors import AppError


def listed(session: Session) -> None:
    """`linli practice list`."""
    with session.app() as app:
        found = queries.books(app.db, app.clock.today().isoformat(), session.arguments.text)
    rows = [
        (one.name, one.title, f"{one.from_on} {one.by_name}" if one.own else "随程序提供", one.coming) for one in found
    ]
    words = table(("名称", "内容", "现在用的", "以后生效"), rows) if rows else ["没有这样的规则。"]
    session.out.result([asdict(one) for one in found], words)


def show(session: Session) -> None:
    """`linli practice show NAME`."""
    with session.app() as app:
        text = queries.text_of(app.db, _known(session.arguments.name), app.clock.today().isoformat())
    session.out.result({"content": text}, text)


def adopt(session: Session) -> None:
    """`linli practice adopt NAME FILE`."""
    told = session.arguments
    try:
        content = Path(told.file).expanduser().read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AppError(f"“{told.file}”读不出来，没有保存。", next_step="请确认是 UTF-8 的文本文件。") from error
    with session.app() as app:
        made = actions.adopt(
            app.db,
            app.actor,
            _known(told.name),
            content,
            from_on=typed_day(told.from_on, app.clock.today().isoformat()),
            why=told.why,
        )
    session.out.result({"id": made.id}, f"{told.name} 从 {made.from_on} 起按新的内容，同步后社区的每台电脑都一样。")


def reset(session: Session) -> None:
    """`linli practice reset NAME`."""
    told = session.arguments
    with session.app() as app:
        made = actions.give_back(
            app.db,
            app.actor,
            _known(told.name),
            from_on=typed_day(told.from_on, app.clock.today().isoformat()),
            why=told.why,
        )
    session.out.result({"id": made.id}, f"{told.name} 从 {made.from_on} 起改回随程序提供的内容。")


def towns(session: Session) -> None:
    """`linli practice towns`."""
    with session.app() as app:
        every = queries.books(app.db, app.clock.today().isoformat())
    found = [one for one in every if one.name.startswith(queries.TOWN)]
    rows = [
        (one.name.removeprefix(queries.TOWN), one.title, "在用" if one.followed else "", one.follows_from)
        for one in found
    ]
    told = [
        {"town": town, "name": name, "followed": bool(used), "from_on": coming} for town, name, used, coming in rows
    ]
    session.out.result(told, table(("代号", "城市做法", "现在", "以后生效"), rows))


def follow(session: Session) -> None:
    """`linli practice follow TOWN`: tells what changes, and after a yes follows the town from a day on."""
    told = session.arguments
    with session.app() as app:
        on = typed_day(told.from_on, app.clock.today().isoformat())
        change = following.what_changes(app.db, told.town, on)
        for line in lines_of(change):
            session.out.say(line)
        if told.dry_run:
            session.out.result({"changes": len(change.changes)}, "只看了会变什么，什么也没有改。")
            return
        session.confirm(f"{on} 起改用{change.name}的做法。")
        made = following.follow(app.db, app.actor, told.town, from_on=on, why=told.why)
    words = f"{made.from_on} 起按{change.name}的做法，同步后社区的每台电脑都一样；可以撤销。"
    session.out.result({"id": made.id, "town": told.town, "from_on": made.from_on}, words)


def lines_of(change: following.TownChange) -> list[str]:
    """What would change, line by line."""
    if not change.changes:
        return [f"现在就按{change.name}的做法。"]
    return [
        f"从{change.before}改用{change.name}，{len(change.changes)} 处不同：",
        *(f"  {one.words}" for one in change.changes),
        f"会变的单据：{'、'.join(change.papers)}",
        "不变的：",
        *(f"  {one}" for one in change.stays),
    ]


def _known(name: str) -> str:
    if name not in BOOKS:
        raise AppError(f"没有“{name}”这份规则。", next_step="请用 linli practice list 查看名称。")
    return name
