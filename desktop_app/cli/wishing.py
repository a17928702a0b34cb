"""wish: small wishes, collected, claimed, fulfilled."""

from dataclasses import asdict

from desktop_app.cli.giving import give
from desktop_app.cli.naming import one_of, workbook
from desktop_app.cli.ordering import fen
from desktop_app.cli.output import table
from desktop_app.cli.reading import resolve
from desktop_app.cli.session import Session
from desktop_app.cli.speaking import typed_day
from desktop_app.orders import sheet, wish_lists, wish_rules, wishes
from desktop_app.orders.model import Wish
from desktop_app.orders.wishes import WishDeed


def add(session: Session) -> None:
    """`linli wish add TEXT --alias …`."""
    told = session.arguments
    with session.app() as app:
        new = wishes.blank(
            app.db,
            text=told.text,
            alias=told.alias,
            kind=told.kind,
            cost_cap_fen=fen(told.cap),
            expires_on=typed_day(told.until),
            person_id=resolve(app, "resident", told.person).id if told.person else "",
            checked_by=told.checked_by,
        )
        wish = wishes.collect(app.db, app.actor, new)
    words = f"已登记微心愿 {wish.no or ''}：{wish.alias}，{wish.text}（{wish.expires_on} 到期）"
    session.out.result({"id": wish.id, "no": wish.no}, [words, f"编号：{wish.id}"])


def listed(session: Session) -> None:
    """`linli wish list`: the latest first."""
    told = session.arguments
    path = workbook(told.output) if told.output else None
    with session.app() as app:
        lines = wish_lists.wishes(app.db, text=told.text, phase=told.phase)
        counts = wish_lists.wish_counts(app.db)
        if path:
            give(session, app, "微心愿", sheet.WISHES, len(lines), lambda draft: sheet.write_wishes(draft, lines))
    rows = [
        (one.no, one.alias, one.text, wish_lists.money(one.cap_fen), one.expires_on, one.phase, one.taker, one.remark)
        for one in lines
    ]
    headers = ("编号", "称呼", "心愿", "上限", "期限", "状态", "认领人", "备注")
    words = table(headers, rows) if rows else ["没有这样的心愿。用 linli wish add 登记。"]
    words.append("，".join(f"{word} {many}" for word, many in counts.items()))
    if path:
        words.append(f"已保存到 {path}")
    session.out.result({"wishes": [{**asdict(one), "remark": one.remark} for one in lines], "counts": counts}, words)


def act(session: Session) -> None:
    """`linli wish act WISH DEED …`: one step of the way."""
    told = session.arguments
    with session.app() as app:
        deed = WishDeed(
            told.deed,
            text=told.text,
            taker=told.taker,
            taker_kind=wish_rules.UNIT if told.unit else wish_rules.PERSON,
            taker_phone=told.phone,
            cost_fen=fen(told.cost),
            until=typed_day(told.until),
            on=typed_day(told.on),
            by_name=told.by,
        )
        state = wishes.act_on_wish(app.db, app.actor, one_of(app, Wish, told.wish).id, deed)
    could = "、".join(wish_rules.allowed(state))
    words = f"已记下“{told.deed}”。现在：{state.phase}。下一步：{could}"
    session.out.result({"phase": state.phase, "taker": state.taker}, words)
