"""Somebody with a file on everything that is somebody's: a visit, a wish, an order, an appeal, a registration …"""

from desktop_app.appeals import intake
from desktop_app.attachments import actions as attachments
from desktop_app.care.model import DoorBell, DoorBellEvent
from desktop_app.orders.model import Registration, ServiceOrder, Wish
from desktop_app.partners.model import SignIn
from desktop_app.privacy.model import SubjectRequest
from desktop_app.shared.actor import Actor
from desktop_app.store.content import Content
from desktop_app.store.database import Database
from desktop_app.visits.model import Visit
from tests.attachments.pictures import jpeg

DAY = "2026-03-01"


def belongings(db: Database, actor: Actor, person: str) -> dict[str, str]:
    """One record of each kind: table → identifier."""
    with db.transaction(actor, "造数") as tx:
        bell = tx.add(DoorBell(person_id=person, kind="按钮", place="床头"))
        made = [
            bell,
            tx.add(DoorBellEvent(bell_id=bell.id, kind="报警", at=f"{DAY}T08:00", by_name="社工乙")),
            tx.add(Visit(on=DAY, person_id=person, mode="入户")),
            tx.add(
                Wish(
                    person_id=person,
                    alias="甲",
                    kind="物品",
                    text="收音机",
                    cost_cap_fen=9900,
                    received_at=1,
                    received_on=DAY,
                )
            ),
            tx.add(Registration(person_id=person, on=DAY, kind="党员", name="甲")),
            tx.add(ServiceOrder(person_id=person, colour="红", title="代买药", received_at=1, received_on=DAY)),
            tx.add(SignIn(activity_id="a" * 32, person_id=person, name="甲")),
            tx.add(
                SubjectRequest(kind="查阅", person_id=person, applicant="甲", received_on=DAY, answered_on="2026-03-02")
            ),
        ]
    appeal = intake.register(db, actor, intake.blank(db, title="修路灯", person_id=person))
    return {"person": person, "appeal": appeal.id} | {one.__tablename__: one.id for one in made}


def with_files(db: Database, actor: Actor, person: str) -> dict[str, str]:
    """The same, each with a file of its own: table → fingerprint of the content."""
    return {
        table: attachments.attach(db, actor, table, one, jpeg(seed=at), f"{table}的照片").sha256
        for at, (table, one) in enumerate(belongings(db, actor, person).items())
    }


def here(db: Database, contents: dict[str, str]) -> set[str]:
    """Whose contents are still on this computer, in the folder beside the store or beside its backups."""
    content, beside = Content(db), db.path.parent / "backups" / "attachments"
    paths = {table: content.path(sha256) for table, sha256 in contents.items()}
    return {table for table, one in paths.items() if one.exists() or (beside / one.parent.name / one.name).exists()}


def hung(db: Database) -> dict[str, str]:
    """Title of each living file → what it hangs on."""
    return dict(db.rows("SELECT title,owner_table FROM attachment WHERE sync_del=0"))
