"""partner: units that work with the community, what they promise, offer, take on and do."""

from dataclasses import asdict
from datetime import date

from desktop_app.app import App
from desktop_app.cli.naming import one_of
from desktop_app.cli.output import table
from desktop_app.cli.session import Session
from desktop_app.meetings.units import attendance_of_unit
from desktop_app.partners import actions, doings, lists, queries, rules, sheet, together
from desktop_app.partners.model import Agreement, AgreementItem, Booking, Claim, ListItem, PartnerUnit, Venue
from desktop_app.privacy.exporting import Export, give_out
from desktop_app.profiles.desk import town_of
from desktop_app.shared.dates import iso_date
from desktop_app.shared.errors import AppError
from desktop_app.shared.text import mask

_CLAIMED_BY_US = "社区"


def add(session: Session) -> None:
    """`linli partner add NAME …`."""
    told = session.arguments
    with session.app() as app:
        unit = PartnerUnit(
            name=told.name,
            kind=told.kind or "其他",
            colours=told.colours,
            from_on=_day(app, told.from_on),
            party_org=told.party_org or None,
            head=told.head or None,
            contact=told.contact or None,
            phone=told.phone or None,
            address=told.address or None,
            uscc=told.uscc or None,
        )
        made = actions.add_unit(app.db, app.actor, unit)
    session.out.result({"id": made.id, "name": made.name}, f"已登记共建单位：{made.name}（{made.kind}）")


def listed(session: Session) -> None:
    """`linli partner list [TEXT]`."""
    told = session.arguments
    with session.app() as app:
        units = queries.units(app.db, told.text)
        if told.output:
            signed = queries.agreements(app.db)
            export = Export("共建单位", sheet.UNITS, len(units))
            give_out(app.db, app.actor, export, told.output, lambda draft: sheet.write_units(draft, units, signed))
    rows = [
        (u.name, u.kind, u.contact, mask("phone", u.phone), u.agreement or "没有", u.expires_on, u.open_claims)
        for u in units
    ]
    words = (
        table(("单位", "类型", "联络员", "电话", "协议", "到期", "在办认领"), rows) if rows else ["还没有共建单位。"]
    )
    saved = [f"已保存到 {told.output}"] if told.output else []
    session.out.result([asdict(unit) | {"phone": mask("phone", unit.phone)} for unit in units], [*words, *saved])


def agree(session: Session) -> None:
    """`linli partner agree UNIT --item …`."""
    told = session.arguments
    with session.app() as app:
        unit = unit_of(app, told.unit)
        first, last = rules.year_of(
            app.clock.today() if not told.from_on else date.fromisoformat(_day(app, told.from_on))
        )
        drawn = Agreement(unit_id=unit.id, year=int(first[:4]), goals=told.goals, from_on=first, expires_on=last)
        said = map(rules.side_and_text, told.item)
        items = [AgreementItem(agreement_id="", seq=0, side=side, text=text) for side, text in said]
        made = actions.draw_agreement(app.db, app.actor, drawn, items)
        if told.signed:
            actions.sign_agreement(app.db, app.actor, made.id, _day(app, told.signed))
    words = f"已{'登记' if told.signed else '起草'}{unit.name}{made.year}年共建协议 {made.no or ''}，{len(told.item)}项"
    session.out.result({"id": made.id, "no": made.no}, [words, f"打印：linli print agreement {made.id} -o 协议.pdf"])


def done(session: Session) -> None:
    """`linli partner done UNIT ITEM`."""
    told = session.arguments
    with session.app() as app:
        unit = unit_of(app, told.unit)
        found = app.db.rows(
            "SELECT i.id,i.text FROM agreement_item i JOIN agreement a ON a.id=i.agreement_id AND a.sync_del=0 "
            "AND a.ended_on IS NULL WHERE i.sync_del=0 AND i.done_on IS NULL AND a.unit_id=? AND instr(i.text,?)",
            (unit.id, told.item),
        )
        if len(found) != 1:
            raise AppError(
                f"{unit.name}的协议里{'没有' if not found else '不止一项'}没完成的“{told.item}”，没有登记。",
                next_step="请写事项里别的事项没有的文字。",
            )
        item = actions.keep_promise(app.db, app.actor, found[0][0], _day(app, told.on), told.result)
    state = "已完成" if item.done_on else f"完成 {item.done_times} 次，共 {item.times} 次"
    session.out.result({"id": item.id, "done": bool(item.done_on)}, f"{item.text}：{state}")


# ---------------------------------------------------------------------------------------------------------------- lists


def publish(session: Session) -> None:
    """`linli partner publish LIST TITLE`."""
    told = session.arguments
    with session.app() as app:
        item = ListItem(
            list_type=_list(app, told.list), title=told.title, text=told.text, colour=told.colour or None,
            quantity=told.quantity, unit_id=unit_of(app, told.unit).id if told.unit else None,
            contact=told.contact or None, phone=told.phone or None, from_on=app.clock.today().isoformat(),
            to_on=_day(app, told.to_on) if told.to_on else None,
        )  # fmt: skip
        made = actions.publish(app.db, app.actor, item)
        fitting = lists.suggestions(app.db, made.id)
    words = [f"已发布 {made.no or ''} {made.title}"]
    words += [f"  可以对接：{one.item.no} {one.item.title}（{one.item.unit or '社区'}，{one.why}）" for one in fitting]
    session.out.result({"id": made.id, "no": made.no}, words)


def lists_shown(session: Session) -> None:
    """`linli partner lists`."""
    told = session.arguments
    with session.app() as app:
        kinds = town_of(app.db).list_types
        kind = _list(app, told.list) if told.list else ""
        items = lists.items(app.db, kind, state="" if told.state == "全部" else told.state)
        community = app.community.name
        if told.output:
            export = Export("共建清单", sheet.ITEMS, len(items))
            took = lists.claims(app.db)
            give_out(
                app.db,
                app.actor,
                export,
                told.output,
                lambda draft: sheet.write_lists(draft, kinds, items, took, community),
            )
    names = {one.code: one.name for one in kinds}
    rows = [(i.no, names.get(i.list_type, ""), i.title, i.unit or community, i.takers, i.state) for i in items]
    words = table(("编号", "清单", "名称", "提供方", "认领方", "进展"), rows) if rows else ["清单上还没有条目。"]
    saved = [f"已保存到 {told.output}"] if told.output else []
    session.out.result([asdict(item) for item in items], [*words, *saved])


def claim(session: Session) -> None:
    """`linli partner claim ITEM`."""
    told = session.arguments
    with session.app() as app:
        item = one_of(app, ListItem, told.item)
        unit = unit_of(app, told.unit) if told.unit else None
        taken = Claim(
            item_id=item.id, unit_id=unit.id if unit else None, quantity=told.quantity, promise=told.promise,
            taker=told.taker or (unit.name if unit else app.community.name), on=_day(app, told.on),
            due_on=_day(app, told.due) if told.due else None,
        )  # fmt: skip
        made = actions.claim(app.db, app.actor, taken)
    session.out.result({"id": made.id}, f"{made.taker}已认领：{item.title}")


def act(session: Session) -> None:
    """`linli partner act ITEM DEED`."""
    told = session.arguments
    with session.app() as app:
        item = one_of(app, ListItem, told.item)
        unit = unit_of(app, told.unit).id if told.unit else None
        found = [one for one in lists.claims(app.db, item_id=item.id) if told.deed in one.state.may]
        found = [one for one in found if unit is None or one.unit_id == unit]
        if len(found) != 1:
            words = "没有可以这样办的认领" if not found else "有几个单位认领了"
            raise AppError(
                f"“{item.title}”{words}，没有登记。", next_step="请用 linli partner lists 查看，或加上 --unit。"
            )
        state = actions.act_on_claim(
            app.db,
            app.actor,
            found[0].id,
            told.deed,
            _day(app, told.on),
            text=told.text,
            satisfaction=told.satisfaction,
        )
    session.out.result({"id": found[0].id, "state": state.state}, f"{item.title}：{state.state}")


def suggest(session: Session) -> None:
    """`linli partner suggest ITEM`."""
    with session.app() as app:
        found = lists.suggestions(app.db, one_of(app, ListItem, session.arguments.item).id)
    rows = [(one.item.no, one.item.title, one.item.unit or _CLAIMED_BY_US, one.why) for one in found]
    words = table(("编号", "名称", "提供方", "理由"), rows) if rows else ["没有找到可以对接的条目。"]
    session.out.result([{"id": one.item.id, "fit": round(one.fit, 2), "why": one.why} for one in found], words)


# ------------------------------------------------------------------------------------------------------------ together


def due(session: Session) -> None:
    """`linli partner due`."""
    with session.app() as app:
        found = doings.due(app.db, app.clock.today())
    rows = [(one.on, one.what, one.title) for one in found]
    words = table(("日期", "事项", "单位、名称"), rows) if rows else ["没有到期的。"]
    session.out.result([asdict(one) for one in found], words)


def review(session: Session) -> None:
    """`linli partner review UNIT YEAR`."""
    told = session.arguments
    with session.app() as app:
        unit = unit_of(app, told.unit)
        came = attendance_of_unit(app.db, unit.name, told.year)
        made = together.review(app.db, app.actor, unit.id, told.year, meetings=came, opinion=told.opinion)
        marks, _, _ = doings.marked(app.db, together.facts_kept(made))
    rows = [(one.name, one.counted, "不计分" if one.points is None else f"{one.points}/{one.most}") for one in marks]
    words = [*table(("项目", "事实", "得分"), rows), f"{unit.name}{told.year}年度：{made.score}分，{made.grade}"]
    session.out.result({"id": made.id, "score": made.score, "grade": made.grade}, words)


def book(session: Session) -> None:
    """`linli partner book VENUE START END PURPOSE`."""
    told = session.arguments
    with session.app() as app:
        sql = "SELECT id FROM venue WHERE name=? AND sync_del=0 AND to_on IS NULL"
        venue_id = app.db.scalar(sql, (told.venue,))
        if venue_id is None:
            venue_id = together.add_venue(app.db, app.actor, Venue(name=told.venue)).id
        booking = Booking(
            venue_id=venue_id, starts_at=told.start.replace("T", " "), ends_at=told.end.replace("T", " "),
            made_at=app.clock.ms(), by_name=told.by or app.actor.name, purpose=told.purpose, persons=told.persons,
        )  # fmt: skip
        made = together.book(app.db, app.actor, booking)
    session.out.result({"id": made.id}, f"已预约{told.venue}：{made.starts_at}至{made.ends_at[11:]}，{made.purpose}")


def bookings(session: Session) -> None:
    """`linli partner bookings`."""
    told = session.arguments
    with session.app() as app:
        found = doings.bookings(app.db, _day(app, told.since), _day(app, told.until) if told.until else "9999-12-31")
    rows = [
        (
            one["starts_at"],
            one["ends_at"][11:],
            one["venue"],
            one["by_name"],
            one["purpose"],
            "时间冲突" if one["clash"] else "",
        )
        for one in found
    ]
    words = table(("开始", "结束", "场地", "预约人", "用途", ""), rows) if rows else ["没有预约。"]
    session.out.result(found, words)


# ------------------------------------------------------------------------------------------------------------- finding


def unit_of(app: App, word: str) -> PartnerUnit:
    """The unit of an identifier or a part of its name.  AppError for none and for several."""
    found = app.db.get(PartnerUnit, word)
    if found is not None:
        return found
    hits = [one for one in queries.units(app.db) if word in one.name]
    hits = [one for one in hits if one.name == word] or hits
    if len(hits) != 1:
        raise AppError(
            f"{'没有' if not hits else '不止一个'}叫“{word}”的共建单位。",
            next_step="请用 linli partner list 查看全名。",
        )
    unit = app.db.get(PartnerUnit, hits[0].id)
    assert unit is not None  # noqa: S101 it was just listed
    return unit


def _list(app: App, word: str) -> str:
    """The code of a list by its code or name; a word the town does not know comes back, to be refused with a reason."""
    kinds = town_of(app.db).list_types
    return next((one.code for one in kinds if word in {one.code, one.name}), word)


def _day(app: App, text: str) -> str:
    """A day as ISO text, today for a blank.  AppError for what is no date."""
    if not text:
        return app.clock.today().isoformat()
    found = iso_date(text)
    if not found:
        raise AppError(f"日期“{text}”看不懂，没有登记。", next_step="请写成 2026-03-05。")
    return found
