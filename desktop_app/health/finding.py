"""What an examination says: findings, the records behind them, and the checks that ask for both."""

import json
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.profiles.desk import ever_called
from desktop_app.shared.identity import ID_CARD
from desktop_app.store.database import Database

LEVELS: Final = ("问题", "提醒", "好")
"""The worst first."""
SHOWN: Final = 20
"""Records listed with a finding; `cases` has the rest."""


@dataclass(frozen=True, slots=True)
class Case:
    """A record behind a finding: kind of record (table), identifier, and words to know it by.

    `at_kind` and `at_id` name the record to open, where it is not this one: a household has its room.
    """

    kind: str
    id: str
    words: str
    at_kind: str = ""
    at_id: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """Kind and identifier of the record to open."""
        return (self.at_kind, self.at_id) if self.at_id else (self.kind, self.id)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: `level` 好, 提醒 or 问题; `advice` says what to do."""

    code: str
    level: str
    words: str
    count: int = 0
    cases: tuple[Case, ...] = ()
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A question to the store: `source` (FROM … WHERE …) finds the records, each once.

    `told` is SQL for the words of a case, `place` for the kind and identifier of the record to open.  `:today` is the
    ISO date, `:now` UTC ms, `:card` a JSON list of all that an identity card is called.
    """

    code: str
    level: str
    words: str
    kind: str
    told: str
    source: str
    advice: str
    key: str = "t.id"
    place: str = "'',''"
    order: str = "t.local_no"

    def count(self, db: Database) -> int:
        """How many records it finds."""
        return int(db.scalar(f"SELECT count(*) {self.source}", _values(db)))

    def cases(self, db: Database, start: int = 0, size: int = SHOWN, words: str = "") -> tuple[Case, ...]:
        """A portion of them, in a fixed order; `words` narrows to those whose words hold it."""
        narrowed = "" if not words else " WHERE instr(lower(told),lower(:words))>0"
        sql = (
            f"SELECT kind,id,told,at_kind,at_id FROM (SELECT '{self.kind}' AS kind,{self.key} AS id,"
            f"{self.told} AS told,{_named(self.place)} {self.source} ORDER BY {self.order}){narrowed} "
            "LIMIT :size OFFSET :start"
        )
        values = {**_values(db), "size": size, "start": start, "words": words}
        return tuple(Case(*row) for row in db.rows(sql, values))

    def finding(self, db: Database) -> Finding | None:
        """None where all is well."""
        count = self.count(db)
        return Finding(self.code, self.level, self.words, count, self.cases(db), self.advice) if count else None


def _named(place: str) -> str:
    kind, _, record = place.partition(",")
    return f"coalesce({kind},'') AS at_kind,coalesce({record},'') AS at_id"


def _values(db: Database) -> dict[str, Any]:
    cards = ever_called(db, "id_types", ID_CARD)
    return {"today": db.clock.today().isoformat(), "now": db.clock.ms(), "card": json.dumps(cards)}
