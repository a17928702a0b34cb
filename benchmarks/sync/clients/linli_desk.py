"""A desk of this product as it is: encrypted store, triggers, journal, search index, the real engine.

linli_desk.py FOLDER URL [CODE]      a new desk enrols with the code; without one, the desk in the folder is opened
"""

import os
import sys
from pathlib import Path
from typing import Any

from lines import read, serve

from desktop_app import app as desktop
from desktop_app.residents.model import Person
from desktop_app.shared.clock import Clock
from desktop_app.shared.errors import AppError, NetworkError
from desktop_app.store.keys import PASSPHRASE_VARIABLE
from desktop_app.sync import conflicts, engine, enrol, state

COMMUNITY = desktop.Beginning("红旗桥社区", "420299001001", "李静")
YEAR_MS = 365 * 86_400_000
Row = dict[str, Any]


class Skewed(Clock):
    """The clock of this machine, wrong by so many milliseconds."""

    def __init__(self, by_ms: int) -> None:
        self._by = by_ms

    def ms(self) -> int:
        return super().ms() + self._by


class Desk:
    def __init__(self, folder: Path, url: str, code: str | None) -> None:
        os.environ[PASSPHRASE_VARIABLE] = "benchmark"
        os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
        clock = Skewed(int(os.environ.get("LINLI_BENCH_CLOCK_MS", "0")))
        if desktop.exists(folder):
            self.app = desktop.open_app(folder, clock=clock)
        else:
            self.app = desktop.create(folder, COMMUNITY, clock=clock)
        self.db = self.app.db
        if code:
            enrol.enrol(self.db, self.app.secrets, server_url=url, code=code, name=folder.name)
        elif state.read(self.db).server_url != url:
            with self.db.applying() as tx:
                state.save(tx, server_url=url)

    def add(self, file: str | None = None, rows: list[Row] | None = None) -> None:
        with self.db.transaction(self.app.actor, "导入") as tx:
            tx.insert(Person, read(file, rows))

    def edit(self, file: str | None = None, rows: list[Row] | None = None) -> None:
        with self.db.transaction(self.app.actor, "更正") as tx:
            for row in read(file, rows):
                fields = ",".join(f'"{name}"=:{name}' for name in row if name != "id")
                tx.execute(f"UPDATE person SET {fields} WHERE id=:id", row)

    def sync(self) -> Row:
        """`human`: words that ask somebody to do something; `passing`: it will try again by itself."""
        try:
            report = engine.sync_now(self.db, self.app.secrets)
        except NetworkError as error:
            return {"done": False, "passing": str(error)}
        except AppError as error:
            return {"done": False, "human": str(error)}
        return {
            "done": True,
            "requests": report.requests,
            "said": report.problems,
            "identities": report.identities,
            "offered_again": report.offered_again,
        }

    def rows(self) -> Row:
        names = ("id", "name", "phones", "note")
        found = self.db.rows(f"SELECT {','.join(names)} FROM person WHERE sync_del=0")
        return {"rows": {row[0]: dict(zip(names[1:], row[1:], strict=True)) for row in found}}

    def count(self) -> Row:
        return {"count": self.db.scalar("SELECT count(*) FROM person WHERE sync_del=0")}

    def conflicts(self) -> Row:
        """The values that lost and wait for a person, with the record they belong to."""
        return {"lost": [[one.record_id, one.field, one.other.value] for one in conflicts.open_conflicts(self.db)]}

    def where(self) -> Row:
        now = state.read(self.db)
        waiting = self.db.scalar("SELECT count(*) FROM sync_dirty")
        return {"device": now.device, "cur": now.cur, "waiting": waiting}

    def close(self) -> None:
        self.app.close()


def main() -> None:
    folder, url, *code = sys.argv[1:]
    desk = Desk(Path(folder), url, code[0] if code else None)
    verbs = ("add", "edit", "sync", "rows", "count", "conflicts", "where", "close")
    serve({verb: getattr(desk, verb) for verb in verbs})


if __name__ == "__main__":
    main()
