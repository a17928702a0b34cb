"""Taking appeals in: what is told is tidied and checked, the number is taken, the first event written."""

from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.appeals.deeds import Deed, event_of
from desktop_app.appeals.model import Appeal
from desktop_app.appeals.rules import State
from desktop_app.appeals.states import Ladders, renew
from desktop_app.places.model import Room
from desktop_app.profiles import choices
from desktop_app.profiles.desk import next_number
from desktop_app.residents.living import household_id_of, room_id_of
from desktop_app.residents.model import Person
from desktop_app.shared.dates import must_be_date
from desktop_app.shared.errors import AppError
from desktop_app.shared.fields import kept_phone, must_be_past
from desktop_app.store.database import Database, Transaction

CODES: Final = {
    "channel": ("appeal_channels", "渠道"),
    "kind": ("appeal_kinds", "类型"),
    "klass": ("appeal_classes", "事项分类"),
    "urgency": ("appeal_urgency", "紧急程度"),
}
"""Column → its code table, what it is called."""
_LONGEST_TITLE: Final = 60


@needs("appeals.change")
def register(db: Database, actor: Actor, appeal: Appeal, *, accept: bool = False) -> Appeal:
    """Takes an appeal in and gives it a number; with `accept` the work begins at once (受理)."""
    complete(db, appeal)
    with db.transaction(actor, f"登记诉求：{appeal.title}") as tx:
        return take(tx, appeal, accept=accept)


def blank(db: Database, **fields: Any) -> Appeal:
    """A new appeal that came in now, with what is told; codes may be given by name.  Not stored yet."""
    told: dict[str, Any] = {
        "received_at": db.clock.ms(),
        "received_on": db.clock.today().isoformat(),
        "channel": "来访",
        "kind": "求助",
        "klass": "其他",
        "urgency": "一般",
        "ladder": Ladders(db).offered[0].code,
    }
    return Appeal(**(told | {name: value for name, value in fields.items() if value not in (None, "")}))


def complete(db: Database, appeal: Appeal) -> None:
    """Tidies a new appeal; AppError, at its field, for what no appeal can have."""
    appeal.title = tidy_title(appeal.title or appeal.text.partition("\n")[0])
    check_days(db, appeal.received_on, appeal.promised_on)
    for name in CODES:
        setattr(appeal, name, code_of(db, name, getattr(appeal, name)))
    ladder = Ladders(db)[appeal.ladder]
    if ladder is None:
        raise AppError(f"没有“{appeal.ladder}”这种处置阶梯，没有登记。", field="ladder", next_step="请重新选择。")
    appeal.ladder = ladder.code
    appeal.reporter_phone = kept_phone(appeal.reporter_phone, "reporter_phone", "反映人电话")
    if appeal.anonymous:
        appeal.person_id = appeal.reporter_name = appeal.reporter_phone = None


def take(tx: Transaction, appeal: Appeal, *, accept: bool) -> Appeal:
    """Stores an appeal that is `complete`, within a transaction of whoever took it in."""
    _from_person(tx, appeal)
    appeal.no = next_number(tx, "appeal", ("appeal", "no"))
    tx.add(appeal)
    first = event_of(tx, appeal, State(), Deed("登记"))
    tx.add(first)
    if accept:
        tx.add(event_of(tx, appeal, State(last_id=first.id), Deed("受理")))
    renew(tx, [appeal.id])
    return appeal


def tidy_title(text: str) -> str:
    """One line of at most sixty characters.  AppError where there is none."""
    title = " ".join(text.split())
    if not title:
        raise AppError("事由还没有填写，没有保存。", field="title", next_step="请用一句话写明反映什么。")
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"


def code_of(db: Database, name: str, word: str) -> str:
    """The code of a word for a column of CODES.  AppError for one that is no choice."""
    return choices.code(db, CODES[name][0], word, CODES[name][1], name)


def check_days(db: Database, received: str, promised: str | None) -> None:
    """AppError, at its field, for a day of receipt to come, or a promise before it."""
    must_be_past(db.clock.today(), received, "接到日期", "received_on")
    if promised:
        must_be_date(promised, "承诺办结日期", "promised_on")
        if promised < received:
            raise AppError("承诺办结日期早于接到日期，没有保存。", field="promised_on", next_step="请核对日期。")


def _from_person(tx: Transaction, appeal: Appeal) -> None:
    """Who a registered resident is, and where; what was told stays."""
    person = tx.need(Person, appeal.person_id) if appeal.person_id else None
    if person:
        appeal.reporter_name = appeal.reporter_name or person.name
        appeal.reporter_phone = appeal.reporter_phone or next(iter(person.phones.split()), None)
        appeal.room_id = appeal.room_id or room_id_of(tx, person.id)
        appeal.household_id = appeal.household_id or household_id_of(tx, person.id)
    if appeal.room_id and not appeal.building_id:
        room = tx.get(Room, appeal.room_id)
        appeal.building_id = room.building_id if room else None
