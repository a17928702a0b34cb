"""meeting tick, meeting untick: what no record shows of the four things of a quarter."""

from desktop_app.cli.session import Session
from desktop_app.cli.speaking import typed_day
from desktop_app.matters import quarter


def tick(session: Session) -> None:
    """`linli meeting tick ITEM TEXT`: one of the four was done."""
    told = session.arguments
    with session.app() as app:
        name = told.quarter or quarter.quarter_name(app.clock.today())
        on = typed_day(told.on) or app.clock.today().isoformat()
        made = quarter.tick(app.db, app.actor, name, told.item, on, told.text)
    session.out.result(
        {"id": made.id, "quarter": made.quarter}, [f"已登记第 {made.item} 项：{made.text}", f"编号：{made.id}"]
    )


def untick(session: Session) -> None:
    """`linli meeting untick ID`: a tick made by hand is taken back."""
    told = session.arguments
    with session.app() as app:
        quarter.untick(app.db, app.actor, told.tick)
    session.out.result({"id": told.tick}, "已撤回。")
