"""care: bells and what happened to them, who can come, pairs, who needs care."""

from dataclasses import asdict
from typing import Any

from desktop_app.app import App
from desktop_app.care import actions, queries, sheet
from desktop_app.care.model import CarePair, DoorBell, DoorBellEvent
from desktop_app.care.queries import BellLine
from desktop_app.care.responding import responders
from desktop_app.cli.giving import give
from desktop_app.cli.output import table
from desktop_app.cli.reading import resolve
from desktop_app.cli.session import Session
from desktop_app.cli.speaking import typed_day
from desktop_app.residents.living import room_id_of
from desktop_app.residents.model import Household, Person
from desktop_app.residents.queries import household_of
from desktop_app.shared.errors import AppError
from desktop_app.shared.text import mask

_COLUMNS = {"resident": "person_id", "household": "household_id", "room": "room_id"}


def hang(session: Session) -> None:
    """`linli care bell KIND ID …`: registers a bell."""
    told = session.arguments
    with session.app() as app:
        bell = DoorBell(
            kind=told.type,
            place=told.place or None,
            device_no=told.device or None,
            radius_m=told.radius,
            installed_on=typed_day(told.on) or None,
        )
        setattr(bell, _COLUMNS[told.kind], resolve(app, told.kind, told.id).id)
        kept = actions.hang(app.db, app.actor, bell, told.why)
        line = queries.bell(app.db, bell.id)
    where = f"{line.address}　{line.name}" if line else ""
    session.out.result({"id": bell.id, "doubts": list(kept.doubts)}, [f"已登记门铃：{where}", *kept.doubts])


def list_bells(session: Session) -> None:
    """`linli care bells`: bells and how they stand."""
    told = session.arguments
    with session.app() as app:
        lines = queries.bells_due(app.db) if told.due else queries.bells(app.db, ended=told.ended)
        if told.output:
            out = sheet.bells_out(lines)
            give(session, app, "爱心门铃", out.header, len(lines), lambda draft: sheet.write_care(draft, out))
    rows = [(b.name, b.address, b.kind, b.last_test or "从未", b.state.test_due, str(b.alarms), b.word) for b in lines]
    headers = ("使用人", "住址", "类型", "上次试铃", "下次试铃", "报警", "状态")
    words = table(headers, rows) if rows else ["没有要办的门铃。" if told.due else "还没有登记门铃。"]
    session.out.result([asdict(line) | {"word": line.word} for line in lines], [*words, *_saved(told.output)])


def note(session: Session) -> None:
    """`linli care event BELL KIND`: something happened to a bell."""
    told = session.arguments
    with session.app() as app:
        line = _bell(app, told.bell)
        event = DoorBellEvent(
            bell_id=line.id,
            kind=told.event,
            at=told.at or f"{app.clock.now():%Y-%m-%d %H:%M}",
            by_name=app.actor.name,
            who_came=told.who or None,
            came_at=told.came or None,
            cause=told.cause or None,
            text=told.text or None,
        )
        actions.note(app.db, app.actor, event, told.why)
        now = queries.bell(app.db, line.id)
    session.out.result(
        {"id": event.id, "bell": line.id, "word": now.word if now else ""},
        f"已登记 {event.at} {event.kind}：{line.address}　{line.name}，现在{now.word if now else ''}",
    )


def take_down(session: Session) -> None:
    """`linli care take-down BELL`."""
    told = session.arguments
    with session.app() as app:
        line = _bell(app, told.bell)
        on = typed_day(told.on, app.clock.today().isoformat())
        actions.take_down(app.db, app.actor, line.id, on, told.why)
    session.out.result({"id": line.id, "to_on": on}, f"已登记拆除：{line.address}　{line.name}，{on}")


def _bell(app: App, words: str) -> BellLine:
    """A bell by its identifier, or the only one of whoever is named."""
    if found := queries.bell(app.db, words):
        return found
    named = [line for line in queries.bells(app.db) if line.name == words]
    if len(named) != 1:
        many = "不止一个门铃" if named else "没有找到门铃"
        raise AppError(f"“{words}”{many}。", next_step="请用门铃编号，linli care bells --json 会列出。")
    return named[0]


def list_responders(session: Session) -> None:
    """`linli care responders KIND ID`: who can be there quickly; whole numbers, since they are to be dialled."""
    told = session.arguments
    with session.app() as app:
        room_id = _room_of(app, told.kind, told.id)
        bell = next(iter(queries.bells(app.db, room_id=room_id)), None)
        radius = told.radius if told.radius is not None else bell.radius_m if bell else None
        found = responders(app.db, room_id, radius, most=told.limit)
    rows = [(str(at), one.name, one.capacity, one.phone, one.far, one.address) for at, one in enumerate(found.lines, 1)]
    words = [f"{found.address}　{found.radius_m} 米以内"]
    words += table(("", "姓名", "身份", "电话", "距离", "住址"), rows) if rows else []
    session.out.result(asdict(found) | {"remarks": list(found.remarks)}, [*words, *found.remarks])


def _room_of(app: App, kind: str, words: str) -> str:
    record = resolve(app, kind, words)
    if isinstance(record, Person):
        home = household_of(app.db, record.id)
        room_id = (home.room_id if home else None) or room_id_of(app.db, record.id)
    else:
        room_id = record.room_id if isinstance(record, Household) else record.id
    if not room_id:
        raise AppError("没有登记住在哪里，找不到周边的人。", next_step="请先登记住处。")
    return str(room_id)


def pair(session: Session) -> None:
    """`linli care pair KIND ID HELPER`."""
    told = session.arguments
    named: dict[str, Any] = vars(told)
    with session.app() as app:
        subject = resolve(app, told.kind, told.id)
        helper = None if told.outside else resolve(app, "resident", told.helper)
        made = CarePair(
            person_id=subject.id if told.kind == "resident" else None,
            household_id=subject.id if told.kind == "household" else None,
            helper_id=helper.id if helper else None,
            helper_name=told.helper if told.outside else "",
            helper_unit=told.unit or None,
            helper_phone=told.phone or None,
            care_class=named["class"] or None,
            interval_days=told.every,
            from_on=typed_day(told.from_on, app.clock.today().isoformat()),
            evidence=told.evidence or None,
        )
        actions.pair(app.db, app.actor, made, told.why)
        line = queries.pair_of(app.db, made.id)
    words = f"已结对：{line.helper} 包保 {line.name}，{line.days} 天走访一次，下次 {line.due_on}" if line else "已结对"
    session.out.result({"id": made.id, "due_on": line.due_on if line else None}, words)


def list_pairs(session: Session) -> None:
    """`linli care pairs`: the most overdue first."""
    told = session.arguments
    klass = vars(told)["class"]
    with session.app() as app:
        lines = queries.pairs(app.db, helper=told.helper, care_class=klass, overdue=told.overdue)
        if told.output:
            out = sheet.pairs_out(lines)
            give(session, app, "结对包保", out.header, len(lines), lambda draft: sheet.write_care(draft, out))
    rows = [
        (p.name, p.address, p.care_class, p.helper, p.helper_phone, p.last_on or "还没有", p.due_on, p.doubt)
        for p in lines
    ]
    headers = ("对象", "住址", "类别", "结对人", "电话", "上次走访", "应走访", "需要核对")
    words = table(headers, rows) if rows else ["没有这样的结对。"]
    session.out.result([asdict(line) for line in lines], [*words, *_saved(told.output)])


def end_pair(session: Session) -> None:
    """`linli care unpair ID`."""
    told = session.arguments
    with session.app() as app:
        on = typed_day(told.on, app.clock.today().isoformat())
        made = actions.end_pair(app.db, app.actor, told.pair, on, told.why)
    session.out.result({"id": made.id, "to_on": on}, f"已结束：{made.helper_name} 的结对，{on}")


def list_cared(session: Session) -> None:
    """`linli care list`: who needs care."""
    told = session.arguments
    with session.app() as app:
        lines = queries.cared(app.db, care_class=vars(told)["class"], unpaired=told.unpaired)
        if told.output:
            others = sheet.pairs_out(queries.pairs(app.db)), sheet.bells_out(queries.bells(app.db))
            out = sheet.cared_out(lines)
            give(session, app, "关爱对象", out.header, len(lines), lambda draft: sheet.write_care(draft, out, *others))
    rows = [
        (mask("name", c.name), str(c.age or ""), c.address, "、".join(c.classes), c.helper, "有" if c.bell else "",
         c.last_on or "") for c in lines
    ]  # fmt: skip
    headers = ("姓名", "年龄", "住址", "类别", "结对人", "门铃", "上次走访")
    words = [*(table(headers, rows) if rows else []), f"共 {len(lines)} 人"]
    session.out.result([asdict(line) for line in lines], [*words, *_saved(told.output)])


def _saved(path: str | None) -> list[str]:
    return [f"已保存到 {path}"] if path else []
