"""units, move-out, share, erase: what leaves this desk's unit, and what vanishes."""

from typing import Any, Final, cast

from desktop_app.accounts.rights import demand, may, right_to
from desktop_app.app import App
from desktop_app.appeals import sharing as appeals
from desktop_app.appeals.model import Appeal
from desktop_app.cli.naming import there
from desktop_app.cli.output import table
from desktop_app.cli.reading import resolve
from desktop_app.cli.session import Session
from desktop_app.cli.speaking import typed_day
from desktop_app.matters import sharing as matters
from desktop_app.matters.model import Matter
from desktop_app.meetings import sharing as meetings
from desktop_app.meetings.model import Meeting
from desktop_app.places.sharing import shared_with
from desktop_app.points import elsewhere
from desktop_app.privacy.sealing import about
from desktop_app.residents import moving
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError, UsageError
from desktop_app.sync import erasing
from desktop_app.sync import units as organisation

_SHARED: Final[dict[type[Meeting | Appeal | Matter], Any]] = {Meeting: meetings, Appeal: appeals, Matter: matters}
"""What may be shared by name, and the module that does it."""


def units(session: Session) -> None:
    """`linli units`: whom records may be shared with or moved to, as the server said last."""
    with session.app() as app:
        found = organisation.known(app.db)
    rows = [(unit.name, organisation.KIND_NAMES.get(unit.kind, unit.kind), unit.id) for unit in found]
    words = table(("单位", "类别", "代码"), rows) if rows else "还不知道有哪些单位；接入服务器并同步以后会列出。"
    session.out.result([unit._asdict() for unit in found], words)


def move_out(session: Session) -> None:
    """`linli move-out PERSON UNIT`: hands a resident over to another community."""
    told = session.arguments
    with session.app() as app:
        person = resolve(app, "resident", told.person)
        unit = organisation.community(app.db, told.unit, told.unit_name)
        on = typed_day(told.on, app.clock.today().isoformat())
        moved = moving.move_out(app.db, app.actor, person.id, unit, on, told.why)
        saved = elsewhere.left_behind(app.db, person.id) if may(app.db, app.actor, "points.read") else []
    left = [f"账上还有{words}：linli points send {key} {unit.name} --close，打印凭证交给本人。" for key, words in saved]
    session.out.result({"id": person.id, "unit": unit.id, "along": dict(moved.along)}, [moved.words, *left])


def share(session: Session) -> None:
    """`linli share RECORD UNIT …`: lets other units receive a meeting, an appeal or a matter, or takes it back."""
    told = session.arguments
    if not told.units and not told.withdraw:
        raise UsageError("没有写共享给哪个单位，什么也没有改。", next_step="可用 linli units 列出单位。")
    with session.app() as app:
        record = _named(app, told.record)
        verbs = _SHARED[type(record)]
        chosen = [organisation.called(app.db, words).id for words in told.units]
        if told.withdraw:
            record = verbs.unshare(app.db, app.actor, record.id, chosen or None, told.why)
        else:
            record = verbs.share(app.db, app.actor, record.id, chosen)
        names = {unit.id: unit.name for unit in organisation.known(app.db)}
    receivers = shared_with(record)
    listed = "、".join(names.get(number, str(number)) for number in receivers)
    words = f"“{record.title}”现在共享给：{listed}。" if receivers else f"“{record.title}”没有共享给别的单位。"
    session.out.result({"id": record.id, "units": list(receivers)}, f"{words}下次同步后生效。")


def _named(app: App, words: str) -> Meeting | Appeal | Matter:
    """The meeting, appeal or matter of this identifier or number; AppError where there is none, or several."""
    sql = "SELECT id FROM {} WHERE sync_del=0 AND (id=:told OR no=:told)"
    found = [(cls, key) for cls in _SHARED for (key,) in app.db.rows(sql.format(cls.__tablename__), {"told": words})]
    if len(found) != 1:
        raise AppError(
            f"会议、诉求、议题里“{words}”{'不止一个' if found else '没有找到'}，什么也没有改。",
            next_step="请用编号；可用 linli meeting list、linli appeal list、linli matter list 列出。",
        )
    ((cls, key),) = found
    demand(app.db, app.actor, right_to("read", cls))
    return cast("Meeting | Appeal | Matter", there(app.db.get(cls, key), cls.__zh__))


def erase(session: Session) -> None:
    """`linli erase PERSON --why …`: erases a resident everywhere, for good."""
    told = session.arguments
    with session.app() as app:
        person = resolve(app, "resident", told.person)
        name = person.name if isinstance(person, Person) else ""
        session.confirm_name(f"将清除{name}的全部资料，各台电脑和服务器上都不能恢复。", name)
        done = erasing.erase(
            app.db, app.actor, person.id, told.why, sealed=[one.id for one in about(app.db, app.secrets, person.id)]
        )
    session.out.result({"id": person.id, "records": done.records, "at_once": done.at_once}, done.words)
