"""The rule book of this desk: which rules there are on a day."""

from datetime import date

from desktop_app.points.rules import PointsRule, rule_of
from desktop_app.profiles.queries import codes
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database

TABLE = "points_rules"


def rules_on(db: Database, kind: str = "", on: str = "") -> tuple[PointsRule, ...]:
    """The rules that hold on a day (today if blank), of a kind of account if told, in the order of the book."""
    day = on or db.clock.today().isoformat()
    table = codes(TABLE, db.path.parent, day)
    found = (rule_of(one, table.version) for one in table.offered(date.fromisoformat(day)))
    return tuple(one for one in found if kind in ("", one.of))


def rule_on(db: Database, word: str, on: str) -> PointsRule:
    """The rule a code or a name means on a day.  AppError for one that does not hold then."""
    day = on or db.clock.today().isoformat()
    table = codes(TABLE, db.path.parent, day)
    found = table.find(word)
    if found is None or found not in table.offered(date.fromisoformat(day)):
        names = "、".join(one.name for one in rules_on(db, on=day))
        raise AppError(f"{day} 没有“{word}”这条积分规则，没有存入。", field="rule", next_step=f"可以选：{names}。")
    return rule_of(found, table.version)


def transfer_year(db: Database, on: str) -> int:
    """How much may be given to others in a year; 0: no limit."""
    return int(codes(TABLE, db.path.parent, on).more.get("transfer_year") or 0)
