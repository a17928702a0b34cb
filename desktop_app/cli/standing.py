"""shift: who stands duty where, who came, who swapped."""

from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from desktop_app.cli.giving import give
from desktop_app.cli.naming import one_of, workbook
from desktop_app.cli.ordering import helper_id
from desktop_app.cli.output import table
from desktop_app.cli.session import Session
from desktop_app.cli.speaking import typed_day
from desktop_app.cli.taking import take_in
from desktop_app.orders import duty, people, roster, roster_sheet, sheet
from desktop_app.orders.duty_rules import Duty
from desktop_app.orders.model import Post
from desktop_app.shared.errors import AppError


def plan(session: Session) -> None:
    """`linli shift plan POST [HELPER …]`: shares the shifts of some days out fairly."""
    told = session.arguments
    with session.app() as app:
        since = typed_day(told.since) or (roster.monday(app.clock.today()) + timedelta(days=7)).isoformat()
        chosen = [helper_id(app, word) for word in told.helpers] or [key for key, _ in people.helpers_for_duty(app.db)]
        post = one_of(app, Post, told.post, "name").id
        made = duty.plan(app.db, app.actor, post, chosen, since, told.days)
    words = f"已排 {made.made} 班，{made.filled} 班有人" + (f"，{made.vacant} 班没有人可排。" if made.vacant else "。")
    session.out.result(asdict(made), words)


def listed(session: Session) -> None:
    """`linli shift list`: the roster with what became of it, and who served how much."""
    told = session.arguments
    path = workbook(told.output) if told.output else None
    with session.app() as app:
        since = typed_day(told.since) or app.clock.today().isoformat()
        until = typed_day(told.until) or (date.fromisoformat(since) + timedelta(days=6)).isoformat()
        post = one_of(app, Post, told.post, "name").id if told.post else ""
        lines = roster.shifts(app.db, since, until, post)
        figures = roster.served(app.db, since, until)
        leaves = roster.leave_lines(app.db, since)
        if path:
            give(
                session, app, "值守排班", sheet.SHIFTS, len(lines),
                lambda draft: sheet.write_shifts(draft, lines, figures),
            )  # fmt: skip
    rows = [
        (one.on, one.weekday, one.slot, one.post, one.helper, one.word, f"{one.in_time}-{one.out_time}".strip("-"),
         one.remark or (f"{one.asked} 待答复换班 {one.ask}" if one.ask else ""), one.id)
        for one in lines
    ]  # fmt: skip
    headers = ("日期", "", "班次", "岗亭", "值守人", "状态", "到离", "备注", "编号")
    words = table(headers, rows) if rows else ["这几天没有排班。用 linli shift plan 排班。"]
    words += [f"请假：{one.helper} {one.from_on} 至 {one.to_on} {one.text}" for one in leaves]
    if path:
        words.append(f"已保存到 {path}")
    session.out.result({"shifts": [asdict(one) for one in lines], "served": [asdict(one) for one in figures]}, words)


def _done(session: Session, words: str, found: Duty) -> None:
    value = {"helper_id": found.helper_id, "in": found.in_time, "out": found.out_time, "minutes": found.minutes}
    session.out.result(value, words)


def sign_in(session: Session) -> None:
    """`linli shift sign-in SHIFT`."""
    told = session.arguments
    with session.app() as app:
        found = duty.sign_in(app.db, app.actor, told.shift, told.time)
        if told.text.strip():
            found = duty.note_on(app.db, app.actor, told.shift, told.text)
    _done(session, f"已签到：{found.in_time}", found)


def sign_out(session: Session) -> None:
    """`linli shift sign-out SHIFT`."""
    told = session.arguments
    with session.app() as app:
        found = duty.sign_out(app.db, app.actor, told.shift, told.time, told.text)
    _done(session, f"已签退：{found.out_time}，值守 {found.minutes} 分钟", found)


def assign(session: Session) -> None:
    """`linli shift assign SHIFT HELPER`."""
    told = session.arguments
    with session.app() as app:
        found = duty.reassign(app.db, app.actor, told.shift, helper_id(app, told.helper))
    _done(session, f"已改派给{told.helper}", found)


def off(session: Session) -> None:
    """`linli shift off SHIFT WHY`."""
    told = session.arguments
    with session.app() as app:
        found = duty.call_off(app.db, app.actor, told.shift, told.why)
    _done(session, f"已停班：{told.why}", found)


def swap(session: Session) -> None:
    """`linli shift swap SHIFT OTHER`: asks; nothing changes until the other agrees."""
    told = session.arguments
    with session.app() as app:
        ask = duty.ask_swap(app.db, app.actor, told.shift, told.other, told.text)
    session.out.result({"ask": ask}, [f"已提出换班，等对方同意。编号：{ask}"])


def answer(session: Session) -> None:
    """`linli shift answer ASK [--refuse|--withdraw]`."""
    told = session.arguments
    with session.app() as app:
        if told.withdraw:
            found = duty.take_back_swap(app.db, app.actor, told.ask)
        else:
            found = duty.answer_swap(app.db, app.actor, told.ask, agrees=not told.refuse)
    refused = "已撤回换班申请" if told.withdraw else "已拒绝换班"
    _done(session, refused if told.refuse or told.withdraw else "已同意，两班互换", found)


def leave(session: Session) -> None:
    """`linli shift leave HELPER SINCE [UNTIL]`."""
    told = session.arguments
    with session.app() as app:
        key = duty.ask_leave(
            app.db, app.actor, helper_id(app, told.helper), typed_day(told.since), typed_day(told.until), told.text
        )
    session.out.result(
        {"id": key}, f"已登记请假：{told.helper} {told.since}{' 至 ' + told.until if told.until else ''}"
    )


def end_leave(session: Session) -> None:
    """`linli shift end-leave HELPER`: somebody is back before the day, or was never away."""
    told = session.arguments
    with session.app() as app:
        helper, since = helper_id(app, told.helper), typed_day(told.since)
        found = [one for one in roster.leave_lines(app.db) if one.helper_id == helper and since in {"", one.from_on}]
        if len(found) != 1:
            words = "没有还没结束的请假" if not found else "有几次请假"
            raise AppError(
                f"{told.helper}{words}，没有销假。", next_step="请用 linli shift list 查看，或加上 --since。"
            )
        duty.end_leave(app.db, app.actor, found[0].id)
    session.out.result({"id": found[0].id}, f"已销假：{told.helper} {found[0].from_on} 至 {found[0].to_on}")


def import_roster(session: Session) -> None:
    """`linli shift import FILE`: a roster made in a spreadsheet."""
    told: Any = session.arguments
    with session.app() as app:
        found = roster_sheet.read_roster(app.db, Path(told.file))

        def keep() -> list[str]:
            duty.keep_roster(app.db, app.actor, found.shifts)
            return []

        take_in(session, found.shifts, found.problems, ("shifts", "排", "班"), keep)
