"""partner add-item, partner end-agreement, partner venue: what changes in agreements and venues that stand already."""

from desktop_app.app import App
from desktop_app.cli.partnering import unit_of
from desktop_app.cli.session import Session
from desktop_app.cli.speaking import typed_day
from desktop_app.partners import actions, doings, queries, rules, together
from desktop_app.partners.model import AgreementItem, Venue
from desktop_app.partners.queries import AgreementLine
from desktop_app.shared.errors import AppError

_VENUE = {"name": "name", "address": "address", "hours": "open_hours", "contact": "contact", "phone": "phone"}


def add_item(session: Session) -> None:
    """`linli partner add-item UNIT TEXT`: one more item, also for an agreement that is signed."""
    told = session.arguments
    with session.app() as app:
        standing = _agreement(app, told.unit, told.year)
        side, text = rules.side_and_text(told.text)
        item = AgreementItem(agreement_id=standing.id, seq=0, side=side, text=text, times=told.times)
        item.due_on = typed_day(told.due) or None
        made = actions.add_promise(app.db, app.actor, item)
    words = f"{standing.unit}{standing.year}年协议已增加第 {made.seq} 项：{made.side}，{made.text}"
    session.out.result({"id": made.id, "seq": made.seq}, words)


def end_agreement(session: Session) -> None:
    """`linli partner end-agreement UNIT WHY`: an agreement ends before its time."""
    told = session.arguments
    with session.app() as app:
        standing = _agreement(app, told.unit, told.year)
        on = typed_day(told.on) or app.clock.today().isoformat()
        made = actions.end_agreement(app.db, app.actor, standing.id, on, told.why)
    session.out.result(
        {"id": made.id, "ended_on": made.ended_on}, f"{standing.unit}{standing.year}年协议已于{on}终止。"
    )


def _agreement(app: App, unit: str, year: int | None) -> AgreementLine:
    """The only agreement of a unit that has not ended; AppError for none, and for several without a year."""
    line = unit_of(app, unit)
    found = [one for one in queries.agreements(app.db, line.id) if one.state not in {"终止", "到期"}]
    found = [one for one in found if year in {None, one.year}]
    if len(found) != 1:
        words = "没有还没终止的协议" if not found else "不止一份协议"
        raise AppError(f"{line.name}{words}，什么也没有做。", next_step="请用 linli partner list 查看，或加上 --year。")
    return found[0]


def venue(session: Session) -> None:
    """`linli partner venue NAME …`: only what is told; `--closed` closes it."""
    told = vars(session.arguments)
    with session.app() as app:
        standing = _venue(app, told["venue"])
        changes = {field: told[name] or None for name, field in _VENUE.items() if told[name] is not None}
        if told["seats"]:
            changes["seats"] = told["seats"]
        if told["closed"]:
            changes["to_on"] = typed_day(told["closed"])
        made = together.change_venue(app.db, app.actor, standing.id, **changes)
    words = f"{made.name}已于{made.to_on}停用。" if made.to_on else f"已修改场地：{made.name}"
    session.out.result({"id": made.id, "changed": sorted(changes)}, words)


def _venue(app: App, name: str) -> Venue:
    found = [one for one in doings.venues(app.db) if name in {one.id, one.name}]
    if len(found) != 1:
        known = "、".join(one.name for one in doings.venues(app.db)) or "还没有登记场地"
        raise AppError(f"没有叫“{name}”的场地，什么也没有改。", field="venue", next_step=f"在用的：{known}。")
    return found[0]
