"""What the demonstration community did about personal data: requests at every step, approvals, lists given out."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from desktop_app.privacy import actions, requesting, rules
from desktop_app.privacy.exporting import Export, give_out
from desktop_app.privacy.model import SubjectRequest
from desktop_app.shared.actor import Actor
from desktop_app.spreadsheets.workbook import SheetOut, write
from desktop_app.store.database import Database

_FIELDS: Final = ("姓名", "住址", "联系电话")


def protect(db: Database, actor: Actor, told: dict[str, Any]) -> None:
    """Fills the page 个人信息; another member of staff than the one who sits here decides."""
    boss_id, boss_name = db.rows("SELECT id,name FROM staff WHERE id<>? AND sync_del=0 ORDER BY local_no", (actor.id,))[
        0
    ]
    boss = Actor(str(boss_id), str(boss_name))
    people = [str(id_) for (id_,) in db.rows(
        "SELECT id FROM person WHERE sync_del=0 AND deceased_on IS NULL AND left_on IS NULL AND birth<'1980' "
        "ORDER BY local_no"
    )]  # fmt: skip
    for at, one in enumerate(told["requests"]):
        _request(db, actor, boss, people[at * 3], one)
    _approve(db, actor, boss, told["approvals"])
    _give_out(db, actor, told["exports"])


def _request(db: Database, actor: Actor, boss: Actor, person_id: str, told: dict[str, Any]) -> None:
    name = str(db.scalar("SELECT name FROM person WHERE id=?", (person_id,)))
    received = db.clock.today() - timedelta(days=told["days_ago"])
    made = requesting.receive(
        db,
        actor,
        SubjectRequest(
            kind=told["kind"], person_id=person_id, applicant=name, text=told["text"], received_on=received.isoformat()
        ),
    )
    on = min(received + timedelta(days=2), db.clock.today()).isoformat()
    if "identity" in told:
        requesting.check_identity(db, actor, made.id, told["identity"], on)
    if "decision" in told:
        requesting.decide(db, boss, made.id, told["decision"], told.get("why", ""))
    if "answered" in told:
        requesting.answer(db, actor, made.id, told["answered"])


def _approve(db: Database, actor: Actor, boss: Actor, told: Sequence[dict[str, Any]]) -> None:
    young = f"{db.clock.today().year - 12}"
    children = [str(id_) for (id_,) in db.rows(
        "SELECT id FROM person WHERE sync_del=0 AND birth>? ORDER BY local_no", (young,)
    )]  # fmt: skip
    for child, one in zip(children, told, strict=False):
        asked = actions.ask(db, actor, rules.LOOK_MINOR, one["reason"], person_id=child)
        if "allow" in one:
            actions.decide(db, boss, asked.id, allow=one["allow"], why=one["why"])


def _give_out(db: Database, actor: Actor, told: Sequence[dict[str, Any]]) -> None:
    """The files themselves are thrown away."""
    with TemporaryDirectory() as folder:
        for one in told:
            export = Export(one["what"], _FIELDS, one["count"], one["to"], one["purpose"], masked=one["masked"])
            path = Path(folder) / f"{one['what']}.xlsx"
            give_out(db, actor, export, path, lambda draft: write(draft, [SheetOut("名单", _FIELDS)]))
