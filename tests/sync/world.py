"""A small world: a server, units, desks, people, a bad network, failing disks.  One seed, one story."""

import collections
import random
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from central_server import devices, erasing, exchange, history, mailbox, purging, records
from central_server import fuse as server_fuse
from desktop_app.shared import ids
from desktop_app.shared.errors import AppError, FuseError, NetworkError
from desktop_app.store import bulk
from desktop_app.sync import client as client_module
from desktop_app.sync import engine
from desktop_app.sync import fuse as desk_fuse
from desktop_app.sync import state as state_module
from desktop_app.sync.client import Answer
from tests.storages import Disk, SqliteDisk
from tests.sync import disks, ledger, network, office, people, shelf, verdict
from tests.sync.facts import Facts
from tests.sync.mortal import Crash, MortalDatabase
from tests.sync.simulated_desk import Desk, TokenSource, blank_store, copy_database, memory_folder
from tests.sync.story import Story
from tests.sync.verdict import ViolationError

STREET, OFFICE = 420299001, 420299001900
A, B, C = 420299001001, 420299001002, 420299001003
UNITS = (
    (STREET, "红旗街道", "street", None),
    (OFFICE, "派出所", "department", STREET),
    (A, "红旗桥社区", "community", STREET),
    (B, "江山社区", "community", STREET),
    (C, "新村社区", "community", STREET),
)
START_MS = 1_780_000_000_000
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
CLOCK_JUMPS = (-365 * DAY, -HOUR, -10 * MINUTE, 10 * MINUTE, HOUR, 365 * DAY)
MOST_REQUESTS = 800
"""More requests in one sync, whatever happens, are a loop."""
MOST_AT_REST = 60
"""The same when nothing goes wrong any more."""
LEDGERS = 0.4
"""So many worlds keep points."""
DISK_WORDS = ("磁盘", "另一个窗口或命令")


class World:
    """One seed.  `alone`: one community; else a street with communities and a department."""

    def __init__(
        self,
        seed: int,
        *,
        restore: bool = True,
        disk: Disk | None = None,
        alone: bool | None = None,
        story: Story | None = None,
    ) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - a seed must give the same world again
        self.seed, self.story = seed, story
        self.faults, self.stats, self.facts = True, collections.Counter(), Facts()
        self.now, self.serial, self.nested, self.answering = START_MS, 0, False, False
        self.ledger = random.Random(~seed).random() < LEDGERS  # noqa: S311 - what else is in a world does not change
        self.papers: list[ledger.Paper] = []
        self.town = not (self.rng.random() < 0.35 if alone is None else alone)
        self._choose_weather(restore=restore)
        self.folder = Path(tempfile.mkdtemp(prefix="world", dir=memory_folder()))
        self._set_up_modules()
        self.server_folder = self.folder / "server"
        self.disk = disk or SqliteDisk(self.server_folder)
        self.server_folder.mkdir(exist_ok=True)
        self.backups: list[Any] = []
        disks.open_server(self)
        units = UNITS if self.town else UNITS[2:3]
        self.communities = [unit for unit, _, kind, _ in units if kind == "community"]
        self.offices = [OFFICE] if self.town else []
        with self.storage.writing() as session:
            for number, name, kind, parent in units:
                history.open_unit(session, number, name, self.now, kind=kind, parent=parent if self.town else None)
        self.reading = self._choose_units()
        self.desks: list[Desk] = []
        for at, unit in enumerate(self.reading):
            self.desks.append(self.new_desk(f"desk{at}", unit))

    def _choose_weather(self, *, restore: bool) -> None:
        """The weather differs from world to world: a third has no twins, a quarter no server restore, and so on."""
        choose = self.rng.choice
        self.weather = {
            "clone": choose((0, 0.015, 0.03)),
            "old disk": choose((0, 0, 0.01)),
            "restore": choose((0, 0, 0.01, 0.02, 0.04)) if restore else 0,
            "network": choose((0.3, 1, 1, 2)),
            "office": choose((0, 0.01, 0.04)) if self.town else choose((0, 0.01)),
            "older": choose((0, 0, 0, 0.5)),
            "poison": choose((0, 0, 1)),
            "fuse": choose((50, 50, 3)),
        }
        self.processes = choose((1, 1, 1, 2))
        self.kinds = ["person"] if self.rng.random() < 0.15 else self._mixed_kinds()

    def _mixed_kinds(self) -> list[str]:
        chosen = self.rng.sample(sorted(people.KINDS), self.rng.randint(2, len(people.KINDS)))
        return [name for name in {"person": 1, **dict.fromkeys(chosen)} for _ in range(people.KINDS[name].weight)]

    def _choose_units(self) -> list[int]:
        if not self.town:
            return [A] * self.rng.randint(2, 3)
        more = self.rng.sample((A, B, STREET, OFFICE, STREET, B), self.rng.randint(1, 3))
        return [A, self.rng.choice((A, B, STREET)), *more]

    def _set_up_modules(self) -> None:
        """Random words come from the seed; a small world has small limits."""
        tokens = TokenSource(self.rng)
        wanted = [(module, "secrets", tokens) for module in (history, devices, erasing, state_module, client_module)]
        wanted += [(desk_fuse, "LEAST", self.weather["fuse"]), (server_fuse, "SOME", self.weather["fuse"])]
        wanted += [(bulk, "LEAST", (100, 1)[self.seed // 2 % 2])]
        wanted += [(purging, "MARKS_PER_OCTAVE", (1, 64)[self.seed % 2])]
        wanted += [(mailbox, "ROW_BYTES", 2000), (mailbox, "SURELY_FITS", 500)]
        wanted += [(records, "PAGE_CHARACTERS", {3: 300, 4: 1500}.get(self.seed % 7, records.PAGE_CHARACTERS))]
        wanted += [(exchange, "RETRY_S", (0.0,) * 5)]
        system = SimpleNamespace(urandom=tokens.token_bytes, time_ns=lambda: self.now * 1_000_000)
        wanted += [(ids, "os", system), (ids, "time", system), (ids, "_last", 0)]
        self._modules = [(module, name, getattr(module, name)) for module, name, _ in wanted]
        for module, name, value in wanted:
            setattr(module, name, value)

    def new_desk(self, name: str, unit: int) -> Desk:
        clock_error, opened = self.rng.choice((0, 0, 0, *CLOCK_JUMPS)), shelf.take()
        desk = Desk(self, name, unit, clock_error, opened)
        if not opened:
            copy_database(blank_store(), desk.path)
        desk.older = self.rng.random() < self.weather["older"]
        self.stats["older_program"] += desk.older
        desk.open()
        self.faults = False
        desk.enrol()
        self.faults = True
        return desk

    def close(self) -> None:
        if not shelf.is_copy():
            for desk in self.desks:
                desk.db.close()
            disks.close_server(self)
        for module, name, value in self._modules:
            setattr(module, name, value)
        shutil.rmtree(self.folder, ignore_errors=True)

    # ------------------------------------------------------------------------------------------------------ what is so

    def fresh(self, prefix: str) -> str:
        self.serial += 1
        return f"{prefix}{self.serial}"

    def tell(self, words: str, *records: str | None, aside: bool = False) -> None:
        if self.story:
            self.story.tell(self.now, words, [record for record in records if record], aside=aside)

    def code(self, unit: int) -> str:
        with self.storage.writing() as session:
            return devices.make_code(session, unit, self.now)

    def server_rows(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        with self.storage.reading() as session:
            return session.rows(sql, *params)

    rows = server_rows

    def living(self, table: str) -> int:
        """How many records of a table the server has, in all units."""
        return int(self.server_rows("select count(*) from record where tbl=? and sync_del=0", table)[0][0])

    def above(self, unit: int) -> list[int]:
        return [STREET] if self.town and unit != STREET else []

    def fault(self, name: str, chance: float) -> bool:
        if self.faults and self.rng.random() < chance * self.weather["network"]:
            self.stats[name] += 1
            return True
        return False

    def identity_trouble(self) -> bool:
        """Twins and older disks make desks forget who saw what: then a conflict or a new identity too many is right."""
        causes = ("clone", "client_restore", "server_restore", "server_restore_with_lease", "merge", "long_absence")
        return any(self.stats[cause] for cause in causes)

    def server_restored(self) -> bool:
        return bool(self.stats["server_restore"] or self.stats["server_restore_with_lease"])

    # ------------------------------------------------------------------------------------------------------------ sync

    def edit(self, desk: Desk) -> None:
        people.edit(self, desk)

    def started(self, db: MortalDatabase) -> None:
        """What a program does at its start."""
        if self.ledger:
            ledger.follows(db)

    def carry(self, desk: Desk, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        return network.carry(self, desk, path, headers, body)

    def sync(self, desk: Desk) -> None:
        disks.trouble_ahead(self, desk)
        before, desk.requests = desk.identity(), 0
        self.tell(f"{desk.name} syncs", aside=True)
        try:
            self._sync(desk, sure=not self.faults)
        except Crash:
            self.stats["crash"] += 1
            self.tell(f"{desk.name} dies in the middle", aside=True)
            desk.open()
        if desk.db.says:
            self.stats["disk_trouble"] += desk.db.fuse is not None and desk.db.fuse <= 0
        desk.db.heal()
        desk.db.limit_pages(None)
        tiny = records.PAGE_CHARACTERS < MOST_REQUESTS  # pages of a few records each
        if desk.requests > (MOST_REQUESTS if self.faults else MOST_AT_REST * (1 + tiny)):
            raise ViolationError(f"{desk.name} made {desk.requests} requests in one sync")
        if desk.identity() != before:
            self._note_identity(desk)

    def _sync(self, desk: Desk, *, sure: bool = False) -> None:
        rows = (1, 2, 5, 2000) if self.faults else (2000,)
        try:
            engine.sync_now(
                desk.db,
                desk.secrets,
                transport=desk,
                batch_rows=self.rng.choice(rows),
                page_rows=self.rng.choice(rows),
                accept_deletions=sure,
            )
        except FuseError:
            self.stats["fuse"] += 1
            self.tell(f"{desk.name} asks about many deletions")
            if not sure and self.rng.random() < 0.6:
                self._sync(desk, sure=True)
        except NetworkError as error:
            self.stats["sync_failed"] += 1
            self.tell(f"{desk.name}: {error}", aside=True)
        except AppError as error:
            self._understand(desk, error)

    def _understand(self, desk: Desk, error: AppError) -> None:
        self.tell(f"{desk.name}: {error}", aside=True)
        if "接入码" in str(error) or "接入码" in str(error.next_step):
            self.enrol_again(desk)
        elif not self.faults or not any(words in str(error) for words in DISK_WORDS):
            raise error

    def enrol_again(self, desk: Desk) -> None:
        """The server was restored to a time when it did not know this desk: a person brings a new code."""
        if not self.server_restored():
            raise ViolationError(f"the server forgot {desk.name}")
        faults, self.faults = self.faults, False
        desk.db.heal()
        desk.db.limit_pages(None)
        desk.enrol()
        self.faults = faults
        self.stats["enrolled_again"] += 1

    def _note_identity(self, desk: Desk) -> None:
        self.tell(f"{desk.name} has a new identity, in {desk.unit}")
        if not self.identity_trouble():
            raise ViolationError(f"{desk.name} lost its identity for no reason")
        self.stats["new_identity"] += 1

    def meanwhile(self, desk: Desk) -> None:
        """Between two requests of one desk the world goes on."""
        if self.nested or not self.fault("meanwhile", 0.1):
            return
        self.nested = True
        dice = self.rng.random()
        if dice < 0.7:
            self.sync(self.rng.choice([other for other in self.desks if other is not desk]))
        elif dice < 0.9 or not self.backups or not self.weather["restore"]:
            disks.backup_server(self)
        else:
            disks.restore_server(self)
        self.nested = False

    # ----------------------------------------------------------------------------------------------------- the story

    def step(self) -> None:
        self.now += self.rng.choice((1, 1000, MINUTE, HOUR))
        desk, dice = self.rng.choice(self.desks), self.rng.random()
        if dice < 0.52:
            people.act(self, desk)
        elif dice < 0.90:
            self.sync(desk)
        elif dice < 0.92:
            desk.clock_error = self.rng.choice(CLOCK_JUMPS)
            self.stats["clock_jump"] += 1
        elif dice < 0.94:
            disks.keep_copy(self, desk)
        elif dice < 0.97:
            disks.backup_server(self)
        self._misfortune(desk)

    def _misfortune(self, desk: Desk) -> None:
        random, weather = self.rng.random, self.weather
        if random() < weather["clone"] and len(self.desks) < 7:
            disks.clone(self, desk)
        if random() < weather["old disk"] and desk.copies:
            disks.restore_profile(self, desk)
        if random() < weather["restore"] and disks.admissible(self):
            disks.restore_server(self)
        if desk.older and random() < 0.05:
            disks.upgrade(self, desk)
        if random() < weather["office"]:
            self._by_the_administrator(self.rng.choice((*(("split", "erase") if self.town else ()), "merge", "years")))

    def _by_the_administrator(self, what: str) -> None:
        faults, self.faults = self.faults, False
        if what == "years":
            self.faults = faults
            office.let_years_pass(self)
        else:
            {"split": office.split_unit, "erase": office.erase, "merge": office.merge_units}[what](self)
        self.faults = faults

    def play(self) -> None:
        for _ in range(self.rng.randint(15, 60)):
            self.step()
        self.rest()
        verdict.check(self)

    def rest(self) -> None:
        """No more faults: everybody syncs until nothing moves."""
        self.faults = False
        self.tell("no more faults; everybody syncs until nothing moves")
        for count in range(14):
            before = self.server_rows("select * from record order by scope_id,sync_seq")
            for desk in self.desks:
                self.now += 1000
                self.sync(desk)
                people.put_right(self, desk)
            after = self.server_rows("select * from record order by scope_id,sync_seq")
            waiting = any(set(desk.waits()) - set(desk.waits_for_others()) for desk in self.desks)
            if count >= 2 and before == after and not waiting:
                break  # not before the third round: two idle twins are told apart at the second exchange
