"""What happens to disks: copies, clones, restored profiles, a full disk, a server that comes back from a backup."""

from contextlib import contextmanager
from typing import Any

from central_server import regrouping
from central_server.exchange import Central
from central_server.storage import ContendedError, UnavailableError
from desktop_app.sync import replay
from tests.sync.simulated_desk import Desk, Secrets, copy_database

DAY = 86_400_000
ADMISSIBLE_DAYS = 300
"""No older backup is ever restored: tombstones are kept 400 days."""
TROUBLES = ("database or disk is full", "database or disk is full", "database is locked", "disk I/O error")


def trouble_ahead(world: Any, desk: Any) -> None:
    """The next sync of this desk may not get to its end."""
    dice = world.rng.random() if world.faults else 1
    if dice < 0.15:
        desk.db.fuse = world.rng.randint(1, 90)
    elif dice < 0.2:
        desk.db.fuse, desk.db.says = world.rng.randint(1, 60), world.rng.choice(TROUBLES)
    elif dice < 0.22:
        desk.db.limit_pages(world.rng.choice((0, 0, 1, 3)))
        world.stats["disk_limited"] += 1


def clone(world: Any, desk: Any) -> None:
    twin = Desk(world, world.fresh(f"{desk.name}-twin"), desk.first_unit, clock_error=desk.clock_error)
    twin.sent, twin.secrets, twin.older = list(desk.sent), Secrets(desk.secrets.values), desk.older
    copy_database(desk.path, twin.path)
    twin.open()
    world.desks.append(twin)
    world.stats["clone"] += 1
    world.tell(f"{twin.name} is made as a copy of {desk.name}'s disk")


def keep_copy(world: Any, desk: Any) -> None:
    copy = world.folder / world.fresh("profile")
    copy_database(desk.path, copy)
    desk.copies.append((copy, len(desk.diary), Secrets(desk.secrets.values), desk.older))


def restore_profile(world: Any, desk: Any) -> None:
    copy, known, secrets, desk.older = world.rng.choice(desk.copies)
    world.facts.disk_lost.update(desk.diary[known:])
    desk.db.close()
    copy_database(copy, desk.path)
    desk.secrets = Secrets(secrets.values)
    desk.open()
    world.stats["client_restore"] += 1
    world.tell(f"{desk.name} goes back to an older copy of its disk")


def upgrade(world: Any, desk: Any) -> None:
    """The older version of the program is updated."""
    desk.older = False
    desk.open()
    desk.db.upgrade()
    replay.after_upgrade(desk.db)  # as at every start of the program
    world.stats["upgrade"] += 1
    world.tell(f"{desk.name} runs the present program from now on")


# ---------------------------------------------------------------------------------------------------------- the server


def open_server(world: Any) -> None:
    """One process, or several on one database, as a city runs it."""
    world.centrals = []
    for _ in range(world.processes):
        storage = world.disk.open()
        _make_unreliable(world, storage)
        central = Central(storage, now=lambda: world.now, folder=world.server_folder)
        central.leases._clock, central.leases._written_at = (lambda: world.now / 1000), world.now / 1000
        world.centrals.append(central)
    world.storage = world.centrals[0].storage


def _make_unreliable(world: Any, storage: Any) -> None:
    """Transactions give in to others now and then, and once in a while the answer to a commit does not arrive."""
    plain = storage.writing

    @contextmanager
    def writing() -> Any:
        with plain() as session:
            yield session
            if world.answering and world.fault("gave_way", 0.01):
                raise ContendedError("another transaction was in the way")
        if world.answering and world.fault("commit_unknown", 0.003):
            raise UnavailableError("the connection broke")

    storage.writing = writing


def close_server(world: Any) -> None:
    for central in world.centrals:
        central.close()
        central.storage.close()


def backup_server(world: Any) -> None:
    world.backups.append((world.now, world.disk.copy(), dict(world.facts.successors)))


def admissible(world: Any) -> list[Any]:
    return [one for one in world.backups if world.now - one[0] < ADMISSIBLE_DAYS * DAY]


def restore_server(world: Any) -> None:
    """Back to a backup; what the administrator did since is done again, as the notes say."""
    found = admissible(world)
    if not found:
        return
    at, copy, _ = world.rng.choice(found)
    close_server(world)
    world.disk.restore(copy)
    lease = world.server_folder / "leases.json"
    known = lease.exists() and world.rng.random() < 0.5
    if not known:
        lease.unlink(missing_ok=True)
    faults, world.faults = world.faults, False
    open_server(world)
    for unit, into in world.facts.successors.items():
        if world.server_rows("select 1 from unit where id=? and closed_at is null", unit):
            regrouping.merge(world.storage, unit, into, world.now)
    world.faults = faults
    world.stats["server_restore_with_lease" if known else "server_restore"] += 1
    world.tell(f"the server goes back to a backup {(world.now - at) / 60_000:.1f} min old")
