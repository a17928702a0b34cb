"""points send, take-in, brought: points that leave for another community, or come from one."""

from dataclasses import asdict

from desktop_app.cli.output import table
from desktop_app.cli.reading import resolve
from desktop_app.cli.saving import account_of, written
from desktop_app.cli.session import Session
from desktop_app.cli.speaking import typed_day
from desktop_app.points import elsewhere


def send(session: Session) -> None:
    """`linli points send ACCOUNT COMMUNITY`."""
    told = session.arguments
    with session.app() as app:
        found = account_of(app, told.account, told.kind)
        entry = elsewhere.send(
            app.db, app.actor, found.id, told.to, told.amount, on=typed_day(told.on), by_name=told.by, close=told.close
        )
        written(session, app, found.id, entry, "；凭证用 linli print points_voucher 打印，交给本人")


def take_in(session: Session) -> None:
    """`linli points take-in ACCOUNT AMOUNT COMMUNITY VOUCHER`."""
    told = session.arguments
    with session.app() as app:
        found = account_of(app, told.account, told.kind)
        entry = elsewhere.take_in(
            app.db, app.actor, found.id, told.amount, told.source, told.voucher_no, on=typed_day(told.on),
            by_name=told.by,
        )  # fmt: skip
        written(session, app, found.id, entry)


def brought(session: Session) -> None:
    """`linli points brought PERSON`: vouchers that nobody took in yet."""
    with session.app() as app:
        found = elsewhere.brought(app.db, resolve(app, "resident", session.arguments.person).id)
    rows = [(one.on, one.kind, f"{one.amount} {one.unit}", one.source, one.voucher_no) for one in found]
    words = table(("日期", "类别", "数量", "社区", "凭证"), rows) if rows else "没有要转入的凭证。"
    session.out.result([asdict(one) for one in found], words)
