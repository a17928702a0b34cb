"""kill -9 at random moments of writing, importing, printing, migrating, syncing, re-keying: nothing may be lost.

Each round forks a desk, lets it work, kills it at a moment drawn by lot, opens the store again and looks: is all there
that the desk had been told was kept, is nothing there half, does every page and every index hold?

    .venv/bin/python benchmarks/bench_kills.py [rounds]      300 unless told otherwise
"""

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from roster import make

from desktop_app import app as desk
from desktop_app.demo.central import LocalServer
from desktop_app.organisation import intake
from desktop_app.papers import actions as papers
from desktop_app.places import actions as places
from desktop_app.places.model import Building, Estate
from desktop_app.places.rules import BuildingPlan
from desktop_app.residents import actions as residents
from desktop_app.residents.actions import Home
from desktop_app.residents.model import Person
from desktop_app.spreadsheets.workbook import read
from desktop_app.store import audit_check, keys, upgrade
from desktop_app.sync import engine, enrol
from desktop_app.upkeep import keyring

ROUNDS = 300
SCOPE, NAME = "420299001001", "江山社区"
ROWS = 120
LONGEST_S = 0.6
TOLD = 30
"""Rounds after which it says how far it is."""
Tell = Callable[[dict], None]


# --------------------------------------------------------------------------------------------------------- what is done


def writing(app: desk.App, tell: Tell, chance: random.Random) -> None:
    """Registers, corrects and moves people; each is one action of several records."""
    rooms = [row[0] for row in app.db.rows("SELECT id FROM room WHERE sync_del=0")]
    while True:
        name = f"居民{chance.randrange(10**9)}"
        person = residents.register(app.db, app.actor, Person(name=name), Home(chance.choice(rooms)))
        tell({"person": person.id, "name": name})
        residents.correct(app.db, app.actor, person.id, {"note": name, "employer": name})
        tell({"corrected": person.id, "note": name})
        residents.move(app.db, app.actor, person.id, Home(chance.choice(rooms)), app.clock.today().isoformat())
        tell({"moved": person.id})


def importing(app: desk.App, tell: Tell, chance: random.Random) -> None:
    """Imports one roster after another, each of them whole or not at all."""
    for seed in range(1000):
        path = make(app.home / f"{os.getpid()}-{seed}.xlsx", ROWS, seed=chance.randrange(10**9))
        checked = intake.check(app.db, read(path), "residents")
        result = intake.commit(app.db, checked, app.actor)
        tell({"import": result.action, "added": len(checked.plan.added)})
        path.unlink()


def printing(app: desk.App, tell: Tell, chance: random.Random) -> None:
    """Paper comes out after the line in the log is on disk, never before."""
    folder = app.home / "paper"
    folder.mkdir(exist_ok=True)
    while True:
        title = f"单据{chance.randrange(10**9)}"
        job = papers.record_print(app.db, app.actor, "service_card", "person", None, title, pdf_bytes=title.encode())
        (folder / job.id).write_text(title, "utf-8")
        papers.mark_printed(app.db, app.actor, job.id)
        tell({"printed": job.id})


def migrating(home: Path) -> None:
    """Opens the store with a program one release newer."""
    upgrade.MIGRATIONS = home.parent / "newer"
    upgrade.revisions.cache_clear()
    desk.open_app(home).close()


def rekeying(home: Path) -> None:
    """Encrypts the store anew, over and over."""
    while True:
        keyring.rekey(home, keys.ask_environment)


def syncing(app: desk.App, tell: Tell, chance: random.Random) -> None:
    """Writes a few people and exchanges with the server, over and over."""
    while True:
        for _ in range(chance.randrange(1, 40)):
            name = f"居民{chance.randrange(10**9)}"
            person = residents.register(app.db, app.actor, Person(name=name))
            tell({"person": person.id, "name": name})
        engine.sync_now(app.db, app.secrets)
        tell({"synced": 1})


WORK = {"writing": writing, "importing": importing, "printing": printing, "syncing": syncing}


# ------------------------------------------------------------------------------------------------------ life and death


def live_and_die(kind: str, home: Path, seed: int) -> list[dict]:
    """Forks a desk that works until it is killed; returns what it had been told was kept."""
    chance = random.Random(seed)
    inward, outward = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(inward)
        _work(kind, home, outward, chance)
    os.close(outward)
    with os.fdopen(inward, encoding="utf-8") as told:
        first = told.readline()
        time.sleep(chance.uniform(0, LONGEST_S if kind != "importing" else 3 * LONGEST_S))
        os.kill(pid, signal.SIGKILL)
        lines = told.read().splitlines()
    _, status = os.waitpid(pid, 0)
    if first != "ready\n" or not os.WIFSIGNALED(status):
        raise SystemExit(f"{kind}, seed {seed}: the desk stopped by itself ({first!r}, {status})")
    return [json.loads(line) for line in lines if line.endswith("}")]


def _work(kind: str, home: Path, outward: int, chance: random.Random) -> None:
    """The child; never returns."""

    def tell(fact: dict) -> None:
        os.write(outward, (json.dumps(fact) + "\n").encode())

    try:
        if kind == "migrating":
            os.write(outward, b"ready\n")
            migrating(home)
            time.sleep(60)
        if kind == "rekeying":
            os.write(outward, b"ready\n")
            rekeying(home)
        app = desk.open_app(home)
        os.write(outward, b"ready\n")
        WORK[kind](app, tell, chance)
    except BaseException as error:  # noqa: BLE001 whatever it is, the parent is told and the child ends here
        sys.stderr.write(f"{kind}: {type(error).__name__}: {error}\n")
    os._exit(1)


# --------------------------------------------------------------------------------------------------------- afterwards


def missing(app: desk.App, facts: list[dict]) -> list[str]:
    """What the desk had been told was kept, and is not there."""
    return [str(fact) for fact in facts if not _is_there(app, fact)]


def _is_there(app: desk.App, fact: dict) -> bool:
    if "person" in fact:
        return app.db.scalar("SELECT name FROM person WHERE id=?", (fact["person"],)) == fact["name"]
    if "corrected" in fact:
        found = app.db.row("SELECT note,employer FROM person WHERE id=?", (fact["corrected"],))
        return found == (fact["note"], fact["note"])
    if "moved" in fact:
        return app.db.scalar("SELECT count(*) FROM residence WHERE person_id=?", (fact["moved"],)) == 2
    if "import" in fact:
        made = "SELECT count(*) FROM journal_change WHERE action=? AND tbl=7 AND op='i'"
        return app.db.scalar(made, (fact["import"],)) == fact["added"]
    if "printed" in fact:
        return app.db.scalar("SELECT state FROM print_job WHERE id=?", (fact["printed"],)) == "已打印"
    return True


HALF = {
    "a person without the event of the registration": "SELECT count(*) FROM person p WHERE source='手工' "
    "AND NOT EXISTS(SELECT 1 FROM person_event e WHERE e.person_id=p.id)",
    "an open residence without a membership": "SELECT count(*) FROM residence s WHERE s.to_on IS NULL AND NOT EXISTS("
    "SELECT 1 FROM household_member m WHERE m.person_id=s.person_id AND m.to_on IS NULL)",
    "two open homes": "SELECT count(*) FROM (SELECT 1 FROM residence WHERE to_on IS NULL GROUP BY person_id "
    "HAVING count(*)>1)",
    "a correction of one field of two": "SELECT count(*) FROM person WHERE source='手工' AND note IS NOT employer",
    "a person the search does not know": "SELECT count(*) FROM person WHERE local_no NOT IN "
    "(SELECT local_no FROM search_key)",
    "a change that nothing will push": "SELECT count(*) FROM person p WHERE sync_seq=0 AND NOT EXISTS(SELECT 1 FROM "
    "sync_dirty d WHERE d.tbl=7 AND d.local_no=p.local_no) AND NOT EXISTS(SELECT 1 FROM sync_fly f WHERE f.tbl=7 "
    "AND f.local_no=p.local_no)",
    "an action left open": "SELECT count(*) FROM sync_ctx WHERE applying<>0 OR action<>0",
}


def halves(app: desk.App) -> list[str]:
    """What is there by half, or damaged."""
    found = [words for words, sql in HALF.items() if app.db.scalar(sql)]
    found += [str(row) for row in app.db.rows("PRAGMA integrity_check") if row != ("ok",)]
    found += [str(row) for row in app.db.rows("PRAGMA cipher_integrity_check")]
    found += [f"audit: {fault.words}" for fault in audit_check.verify(app.db).faults]
    folder = app.home / "paper"
    for paper in folder.iterdir() if folder.exists() else ():
        if not app.db.scalar("SELECT 1 FROM print_job WHERE id=?", (paper.name,)):
            found.append("paper without a line in the log")
    return found


# -------------------------------------------------------------------------------------------------------------- rounds


def newer_program(folder: Path) -> None:
    """A program one release newer: a migration of its own that takes a while."""
    shutil.copytree(upgrade.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "2999_01_01_next.py").write_text(
        "from alembic import op\n"
        f'revision = "2999_01_01_next"\ndown_revision = "{upgrade.revisions()[-1]}"\n'
        "branch_labels = None\ndepends_on = None\n\n\ndef upgrade():\n"
        "    op.execute('ALTER TABLE person ADD COLUMN nickname VARCHAR')\n"
        "    op.execute('CREATE TABLE hobby (name VARCHAR)')\n"
        "    for _ in range(200):\n"
        '        op.execute("INSERT INTO hobby SELECT hex(randomblob(200)) FROM person")\n',
        "utf-8",
    )


def migrated_or_not(home: Path, before: int) -> list[str]:
    """After a killed upgrade the store opens, with the old program or the new, and everybody is there."""
    upgrade.MIGRATIONS = home.parent / "newer"
    upgrade.revisions.cache_clear()
    try:
        with desk.open_app(home) as app:
            lost = before - app.db.scalar("SELECT count(*) FROM person")
            whole = app.db.scalar("SELECT count(*) FROM hobby") == 200 * before
            return (
                (["people lost in an upgrade"] if lost else []) + ([] if whole else ["half an upgrade"]) + halves(app)
            )
    finally:
        upgrade.MIGRATIONS = RELEASED
        upgrade.revisions.cache_clear()


RELEASED = upgrade.MIGRATIONS


def prepared(folder: Path, server: LocalServer) -> Path:
    """A desk with a building, some people and a server."""
    home = folder / "desk"
    with desk.create(home, desk.Beginning(NAME, SCOPE, "张三")) as app:
        estate = places.add_estate(app.db, app.actor, Estate(name="桂花苑"))
        plan = BuildingPlan(units=2, floors=6, per_floor=2)
        places.add_building(app.db, app.actor, Building(estate_id=estate.id, no="3"), plan)
        enrol.enrol(app.db, app.secrets, server_url=server.url, code=server.enrol_code(SCOPE, NAME), name="一号机")
    newer_program(folder / "newer")
    return home


def round_of(kind: str, home: Path, seed: int) -> list[str]:
    """One life; returns what is wrong afterwards."""
    if kind == "migrating":
        own = Path(shutil.copytree(home, home.parent / "older"))
        with desk.open_app(own) as app:
            before = app.db.scalar("SELECT count(*) FROM person")
        live_and_die(kind, own, seed)
        found = migrated_or_not(own, before)
        shutil.rmtree(own)
        return found
    facts = live_and_die(kind, home, seed)
    with desk.open_app(home) as app:
        KEPT[kind] += len(facts)
        return [f"lost: {words}" for words in missing(app, facts)] + halves(app)


KEPT: Counter[str] = Counter()


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    os.environ.setdefault("LINLI_PASSPHRASE", "bench")
    kinds = [*WORK, "migrating", "rekeying"]
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        server = LocalServer(Path(folder) / "server")
        with server.running():
            home = prepared(Path(folder), server)
            for number in range(rounds):
                kind = kinds[number % len(kinds)]
                found = round_of(kind, home, number)
                wrong += [f"round {number} ({kind}): {words}" for words in found]
                for words in found:
                    print(f"round {number} ({kind}): {words}", flush=True)
                if not (number + 1) % TOLD:
                    kept = sum(KEPT.values())
                    print(f"{number + 1} of {rounds} kills, {kept} facts kept, {len(wrong)} wrong", flush=True)
            with desk.open_app(home) as app:
                engine.sync_now(app.db, app.secrets)
                people, waiting = app.db.row("SELECT count(*),(SELECT count(*) FROM sync_dirty) FROM person")
    kept = "、".join(f"{kind} {count}" for kind, count in KEPT.items())
    print(f"{rounds} kills; told to be kept: {kept}; {people} people in the end, {waiting} unsent after a last sync")
    print(f"lost, half or damaged: {len(wrong)} (goal 0)")
    return int(bool(wrong) or waiting > 0)


if __name__ == "__main__":
    sys.exit(main())
