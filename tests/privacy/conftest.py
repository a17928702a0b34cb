"""A desk with three people of staff, an old man, a child, and somebody who moved away long ago."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop_app.accounts.model import Staff
from desktop_app.app import App
from desktop_app.privacy import actions, restricted, rules, sealing
from desktop_app.residents.model import Person
from desktop_app.shared.actor import Actor
from desktop_app.store import keys
from desktop_app.store.database import Database

OLD_NO, CHILD_NO = "420299195003051213", "420299201603051214"
SEAL_PASSPHRASE = "密封口令要有十二个字才行"


@dataclass
class Office:
    """`worker` asks, `boss` (the secretary) decides; people are entered past the checks of the form."""

    app: App
    db: Database
    worker: Actor
    boss: Actor
    old: Person
    child: Person
    moved: Person

    @property
    def secrets(self) -> keys.SecretStore:
        return self.app.secrets

    def trail(self) -> list[str]:
        return [what for (what,) in self.db.rows("SELECT what FROM journal_action ORDER BY no")]


@pytest.fixture
def office(app: App, db: Database, actor: Actor) -> Office:
    boss, worker = Staff(name="书记甲"), Staff(name="社工乙")
    old = Person(name="单守诚", birth="1950-03-05", id_no=OLD_NO, phones="10000000007")
    child = Person(name="单小苗", birth="2016-03-05", id_no=CHILD_NO, phones="10000000008")
    moved = Person(name="欧阳远行", birth="1980-01-01", phones="10000000009", left_on="2020-01-01")
    with db.transaction(actor, "造数") as tx:
        tx.add_all([boss, worker, old, child, moved])
    return Office(app, db, Actor(worker.id, worker.name), Actor(boss.id, boss.name), old, child, moved)


@pytest.fixture
def keyed(office: Office) -> Office:
    """With the passphrase of sealed records set."""
    sealing.set_passphrase(office.db, office.boss, office.secrets, SEAL_PASSPHRASE)
    return office


@pytest.fixture
def switched_on(keyed: Office) -> Office:
    """With restricted classes switched on."""
    asked = actions.ask(keyed.db, keyed.worker, rules.RESTRICTED_ON, "综治工作职责")
    actions.decide(keyed.db, keyed.boss, asked.id, allow=True)
    restricted.switch_on(keyed.db, keyed.worker, "综治工作职责")
    return keyed


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the repository."""
    return Path(__file__).resolve().parents[2]
