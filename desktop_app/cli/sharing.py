"""units, move-out, share, erase: what leaves this desk's unit, and what vanishes."""

from desktop_app.cli.output import table
from desktop_app.cli.reading import resolve
from desktop_app.cli.session import Session
from desktop_app.cli.speaking import typed_day
from desktop_app.meetings import sharing
from desktop_app.privacy.sealing import about
from desktop_app.residents import moving
from desktop_app.residents.model import Person
from desktop_app.shared.errors import UsageError
from desktop_app.sync import erasing
from desktop_app.sync import units as organisation


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
    session.out.result({"id": person.id, "unit": unit.id, "along": dict(moved.along)}, moved.words)


def share(session: Session) -> None:
    """`linli share MEETING UNIT …`: lets other units receive a meeting, or takes it back from them."""
    told = session.arguments
    if not told.units and not told.withdraw:
        raise UsageError("没有写共享给哪个单位，什么也没有改。", next_step="可用 linli units 列出单位。")
    with session.app() as app:
        meeting_id = resolve(app, "meeting", told.meeting).id
        chosen = [organisation.called(app.db, words).id for words in told.units]
        if told.withdraw:
            meeting = sharing.unshare(app.db, app.actor, meeting_id, chosen or None)
        else:
            meeting = sharing.share(app.db, app.actor, meeting_id, chosen)
        names = {unit.id: unit.name for unit in organisation.known(app.db)}
    receivers = sharing.shared_with(meeting)
    listed = "、".join(names.get(number, str(number)) for number in receivers)
    words = f"“{meeting.title}”现在共享给：{listed}。" if receivers else f"“{meeting.title}”没有共享给别的单位。"
    session.out.result({"id": meeting_id, "units": list(receivers)}, f"{words}下次同步后生效。")


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
