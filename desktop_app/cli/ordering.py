"""order: what residents ask for, who could do it, what was done; and the helpers who do it."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from desktop_app.app import App
from desktop_app.cli.giving import give
from desktop_app.cli.naming import one_of, workbook
from desktop_app.cli.output import events, table
from desktop_app.cli.reading import resolve
from desktop_app.cli.session import Session
from desktop_app.cli.speaking import typed_day
from desktop_app.cli.taking import take_in
from desktop_app.orders import actions, finding, people, queries, rules, sheet
from desktop_app.orders.actions import Deed
from desktop_app.orders.model import Helper, ServiceOrder
from desktop_app.orders.queries import OrderFilter
from desktop_app.profiles.desk import desk_codes
from desktop_app.shared.errors import AppError

_MOST = 100_000


def fen(yuan: float | None) -> int | None:
    """Yuan as fen."""
    return None if yuan is None else round(yuan * 100)


def helper_id(app: App, words: str) -> str:
    """A helper by identifier or name."""
    sql = "SELECT id FROM helper WHERE sync_del=0 AND to_on IS NULL AND (id=:told OR name=:told)"
    rows = app.db.rows(sql, {"told": words})
    if len(rows) != 1:
        found = "没有找到" if not rows else "不止一位"
        raise AppError(f"志愿者“{words}”{found}，什么也没有做。", next_step="可用 linli order helpers 列出编号。")
    return str(rows[0][0])


def add(session: Session) -> None:
    """`linli order add TITLE --colour …`: takes an order in, or gives one out."""
    told = session.arguments
    with session.app() as app:
        new = actions.blank(
            app.db,
            title=told.title,
            text=told.text,
            colour=told.colour,
            variant=rules.GIVEN_OUT if told.open else "",
            person_id=resolve(app, "resident", told.person).id if told.person else "",
            requester_name=told.name,
            requester_phone=told.phone,
            place=told.place,
            received_on=typed_day(told.received),
            want_on=typed_day(told.on),
            from_time=told.from_time,
            to_time=told.to_time,
        )
        chosen = helper_id(app, told.helper) if told.helper else ""
        order = actions.place(app.db, app.actor, new, chosen)
    words = f"已登记服务单 {order.no or ''}：{order.title}（{order.variant}）"
    session.out.result({"id": order.id, "no": order.no}, [words, f"编号：{order.id}"])


def _chosen(session: Session) -> OrderFilter:
    told = session.arguments
    return OrderFilter(
        text=told.text,
        phase=told.phase,
        colour=told.colour,
        untaken=told.untaken,
        since=typed_day(told.since),
        until=typed_day(told.until),
    )


def listed(session: Session) -> None:
    """`linli order list`: the latest first; with `--untaken` the longest waiting first."""
    with session.app() as app:
        chosen = _chosen(session)
        lines = queries.orders(app.db, chosen, limit=session.arguments.limit)
        total = queries.count(app.db, chosen)
    if not lines:
        session.out.result([], "没有这样的服务单。")
        return
    rows = [
        (one.no, one.received_on, one.phase, one.colour, one.title, one.helper,
         f"{one.waited} 天" if one.waited else "", one.id)
        for one in lines
    ]  # fmt: skip
    headers = ("编号", "点单日期", "状态", "专长", "事项", "接单人", "等了", "记录")
    session.out.result([asdict(one) for one in lines], [*table(headers, rows), f"共 {total} 张"])


def show(session: Session) -> None:
    """`linli order show ORDER`: its line of events and what may be done next."""
    with session.app() as app:
        found = queries.detail(app.db, one_of(app, ServiceOrder, session.arguments.order).id)
    if found is None:
        raise AppError("这张服务单已经不在了。", next_step="可用 linli order list 列出。")
    line = found.line
    words = [
        f"{line.no}　{line.title}　{line.colour}　{line.variant}",
        f"点单人：{line.requester} {line.phone}　地点：{line.place}　约定：{line.want or '未定'}",
        f"状态：{line.phase}　接单人：{line.helper or '—'}",
        *found.notes,
        *events(found.events, "to_whom", "result", "text"),
        f"下一步：{'、'.join(found.allowed)}",
        f"编号：{line.id}",
    ]
    value = {**asdict(line), "events": [asdict(one) for one in found.events], "allowed": list(found.allowed)}
    session.out.result(value, words)


def candidates(session: Session) -> None:
    """`linli order candidates ORDER`: who could take it, the best first, with the reasons."""
    with session.app() as app:
        order = one_of(app, ServiceOrder, session.arguments.order)
        found = finding.candidates(app.db, order)
    if not found:
        session.out.result([], "没有会这一项的志愿者。可用 linli order add-helper 登记。")
        return
    rows = [
        ("推荐" if one.fits else "不合适", one.name, "；".join(one.obstacles or one.reasons), one.id) for one in found
    ]
    session.out.result([asdict(one) for one in found], table(("", "姓名", "理由", "编号"), rows))


def act(session: Session) -> None:
    """`linli order act ORDER DEED …`: one step of the way."""
    told = session.arguments
    with session.app() as app:
        deed = Deed(
            told.deed,
            helper_id(app, told.helper) if told.helper else "",
            text=told.text,
            minutes=told.minutes,
            satisfaction=told.satisfaction,
            why_none=told.why_none,
            on=typed_day(told.on),
            by_name=told.by,
        )
        state = actions.act(app.db, app.actor, one_of(app, ServiceOrder, told.order).id, deed)
    could = "、".join(rules.allowed(state))
    words = f"已记下“{told.deed}”。现在：{state.phase}{'，' + state.to_whom if state.to_whom else ''}。下一步：{could}"
    session.out.result({"phase": state.phase, "helper": state.to_whom, "minutes": state.minutes}, words)


def figures(session: Session) -> None:
    """`linli order figures`: how many, how they ended, and what is asked for against who there is."""
    told = session.arguments
    with session.app() as app:
        found = queries.tally(app.db, typed_day(told.since), typed_day(told.until))
    satisfied = f"，满意率 {found.satisfaction}%" if found.satisfaction is not None else ""
    words = [
        f"服务单 {found.total} 张：在办 {found.open}，完成 {found.done}，取消 {found.cancelled}；"
        f"服务 {found.minutes} 分钟{satisfied}；无人接单 {found.untaken} 张。",
        *table(("专长", "点单", "志愿者"), found.by_colour),
    ]
    session.out.result({**asdict(found), "satisfaction": found.satisfaction}, words)


def export(session: Session) -> None:
    """`linli order export -o FILE.xlsx`: the register, phones masked."""
    path = workbook(session.arguments.output)
    with session.app() as app:
        lines = queries.orders(app.db, _chosen(session), limit=_MOST)
        give(session, app, "服务单", sheet.ORDERS, len(lines), lambda draft: sheet.write_orders(draft, lines))
    session.out.result({"rows": len(lines), "path": str(path)}, f"已导出 {len(lines)} 张服务单到 {path}")


# ------------------------------------------------------------------------------------------------------------- helpers


def helpers(session: Session) -> None:
    """`linli order helpers`: who there is."""
    told = session.arguments
    path = workbook(told.output) if told.output else None
    with session.app() as app:
        lines = finding.helpers(app.db, text=told.text, colour=told.colour, trade=told.trades)
        if path:
            give(session, app, "志愿者", sheet.HELPERS, len(lines), lambda draft: sheet.write_helpers(draft, lines))
    rows = [
        (one.name, one.kind, one.colours, one.trade, one.price, one.hours, one.served, one.minutes, one.id)
        for one in lines
    ]
    headers = ("姓名", "类别", "专长", "微服务", "收费", "可服务时间", "次数", "分钟", "编号")
    words = (
        [*table(headers, rows), f"共 {len(lines)} 位"] if rows else ["还没有志愿者。用 linli order add-helper 登记。"]
    )
    if path:
        words.append(f"已保存到 {path}")
    session.out.result([asdict(one) for one in lines], words)


def add_helper(session: Session) -> None:
    """`linli order add-helper NAME --colours …`."""
    told = session.arguments
    with session.app() as app:
        person = resolve(app, "resident", told.name).id if told.resident else None
        helper = Helper(
            name="" if person else told.name,
            person_id=person,
            phone=told.phone or None,
            kind=told.kind or "居民志愿者",
            unit=told.unit or None,
            colours=told.colours,
            trade=told.trade or None,
            price_fen=fen(told.price),
            price_unit=told.per or None,
            hours=told.hours,
            phone_agreed_on=typed_day(told.phone_agreed_on) or None,
        )
        kept = people.add_helper(app.db, app.actor, helper)
    session.out.result({"id": kept.id, "name": kept.name}, [f"已登记志愿者 {kept.name}", f"编号：{kept.id}"])


def helper_phone(session: Session) -> None:
    """`linli order helper-phone HELPER --agreed DAY | --withdrawn DAY`: may the number be printed?"""
    told = session.arguments
    changes: dict[str, str | None] = {
        name: typed_day(day)
        for name, day in zip(people.AGREED, (told.agreed, told.withdrawn), strict=True)
        if day is not None
    }
    if "phone_agreed_on" in changes:
        changes.setdefault("phone_withdrawn_on", None)  # who agrees again has not withdrawn
    with session.app() as app:
        kept = people.change_helper(app.db, app.actor, helper_id(app, told.helper), **changes)
        may, words = people.printed(desk_codes(app.db, "helper_kinds"), kept)
    session.out.result({"id": kept.id, "printed": may}, f"{kept.name}的电话{words}。")


def end_helper(session: Session) -> None:
    """`linli order end-helper HELPER`."""
    told = session.arguments
    with session.app() as app:
        kept = people.end_helper(app.db, app.actor, helper_id(app, told.helper), typed_day(told.on), told.why)
    session.out.result({"id": kept.id, "to_on": kept.to_on}, f"{kept.name}已于{kept.to_on}退出，做过的服务都留着。")


def import_helpers(session: Session) -> None:
    """`linli order import-helpers FILE`: helpers of a workbook; rows that cannot be read are told and left out."""
    told: Any = session.arguments
    with session.app() as app:
        found = sheet.read_helpers(app.db, Path(told.file))

        def keep() -> list[str]:
            people.add_helpers(app.db, app.actor, found.helpers)
            return []

        take_in(session, found.helpers, found.problems, ("helpers", "登记", "位志愿者"), keep)
