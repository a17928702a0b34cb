"""Points in a simulated world: people deposit, spend, give and take back at desks that are apart; it must add up.

Some worlds have a ledger (`World.ledger`); what is done and what must hold of it stands here.  The entries are made by
the real actions, and what every desk makes of them by the real folds; only the arithmetic of the verdict is its own.
"""

import collections
from collections.abc import Callable
from typing import Any, Final

from desktop_app.points import actions, balances, figures, opening
from desktop_app.points.actions import Deposit
from desktop_app.points.model import PointsEntry
from desktop_app.shared.actor import Actor
from desktop_app.shared.errors import AppError
from desktop_app.shared.ids import named_id
from tests.sync.mortal import MortalDatabase
from tests.sync.simulated_desk import Desk

CLERK: Final = Actor("", "张三")
TABLE: Final = "points_entry"
OWNERS: Final = ("h1", "h2")
"""Helpers, as far as an account knows: nothing else of them is in this world."""
EVIDENCE: Final = 2
"""Things done in a unit, for each of which points are given once, whoever gets them."""
MINUTES: Final = (1, 5, 5, 30)
COLUMNS: Final = "id,kind,from_account_id,to_account_id,amount,ref_id,reverses"


def follows(db: MortalDatabase) -> None:
    """The folds follow every commit and make up for what was missed, as in the program; an older one has no points.

    Behind a commit the process may die, too, or the disk be full.
    """
    if TABLE not in db.tables:
        return

    def follow(tables: frozenset[str]) -> None:
        db.burn()
        balances.follow_up(db, tables)

    db.changed.append(follow)
    db.changed.tell(frozenset())


def act(world: Any, desk: Desk) -> None:
    """People do something with points, often at two desks of a unit at the same time."""
    near = [one for one in world.desks if one is not desk and one.unit == desk.unit and _works(one)]
    for one in (desk, *near[: world.rng.choice((0, 1, 1))]):
        for _ in range(world.rng.randint(1, 3)):
            _do(world, one, world.rng.choice((_deposit, _deposit, _spend, _spend, _give, _take_back)))


def _works(desk: Desk) -> bool:
    """Whether its disk is sound and its program knows of points."""
    return not desk.older and desk.db.fuse is None and desk.db.spare_pages is None


def _do(world: Any, desk: Desk, doing: Callable[[Any, Desk, str], Any]) -> None:
    """Something, unless it is refused in words."""
    if not desk.db.setting("community"):
        with desk.db.applying() as tx:
            tx.set_setting("community", f"community of {desk.unit}")
    try:
        entry = doing(world, desk, _account(world, desk))
    except AppError as error:
        world.stats["points_refused"] += 1
        world.tell(f"{desk.name}: {error}", aside=True)
        return
    if entry is not None:
        world.facts.made(TABLE, entry.id, {desk.unit})
        desk.diary.append(entry.id)
        world.stats[f"points_{doing.__name__.strip('_')}"] += 1
        words = f"{entry.kind} {entry.amount} from {entry.from_account_id} to {entry.to_account_id}"
        world.tell(f"{desk.name} writes {TABLE} {entry.id}: {words}", entry.id)


def _account(world: Any, desk: Desk, other: str = "") -> str:
    """An account of somebody; opened here if this desk has not heard of it."""
    owner = world.rng.choice([one for one in OWNERS if one != other])
    key = named_id("points_account", desk.db.setting("community") or "", "志愿时间", owner)
    if not desk.db.scalar("SELECT 1 FROM points_account WHERE id=? AND sync_del=0", (key,)):
        opening.open_account(desk.db, CLERK, "志愿时间", helper_id=owner, name=f"户名{owner}", on="2026-01-01")
        world.stats["points_opened"] += 1
    return key


def _deposit(world: Any, desk: Desk, account: str) -> PointsEntry:
    told = Deposit("t01", world.rng.choice(MINUTES), attest1="李四", attest2="王五", on="2026-01-01")
    if world.rng.random() < 0.5:
        said = {"ref_type": "service_order", "ref_id": f"s{desk.unit}x{world.rng.randrange(EVIDENCE)}"}
        told = Deposit("t01", told.amount, attest1="李四", attest2="王五", on="2026-01-01", **said)
    return actions.deposit(desk.db, CLERK, account, told)


def _spend(world: Any, desk: Desk, account: str) -> PointsEntry | None:
    """Mostly all there is, so that two desks spend the same."""
    there = _balance(desk, account)
    amount = there if world.rng.random() < 0.7 else world.rng.randint(1, 9)
    return actions.spend(desk.db, CLERK, account, amount, "毛巾", on="2026-01-01") if amount > 0 else None


def _give(world: Any, desk: Desk, account: str) -> PointsEntry | None:
    """To the other one."""
    there = _balance(desk, account)
    if there <= 0:
        return None
    owner = desk.db.scalar("SELECT helper_id FROM points_account WHERE id=?", (account,))
    return actions.transfer(
        desk.db, CLERK, account, _account(world, desk, owner), world.rng.randint(1, there), on="2026-01-01"
    )


def _take_back(world: Any, desk: Desk, account: str) -> PointsEntry | None:
    sql = (
        "SELECT id FROM points_entry WHERE scope=0 AND sync_del=0 AND kind<>'冲正' "
        "AND (to_account_id=? OR from_account_id=?) ORDER BY id"
    )
    found = [row[0] for row in desk.db.rows(sql, (account, account))]
    return actions.reverse(desk.db, CLERK, world.rng.choice(found), "记错了") if found else None


def _balance(desk: Desk, account: str) -> int:
    return desk.db.scalar("SELECT balance FROM points_account_state WHERE points_account_id=?", (account,)) or 0


# ------------------------------------------------------------------------------------------------------------- verdict


def check(world: Any) -> None:
    """The folds of every desk add up, are those of its neighbours, and whoever overdrew is told once."""
    units = collections.defaultdict(list)
    for desk in world.desks:
        if not desk.older:
            units[desk.unit].append(desk)
    for unit, desks in units.items():
        told = {desk.name: _state(desk) for desk in desks}
        if any(one != told[desks[0].name] for one in told.values()):
            raise wrong(f"desks of {unit} fold different balances: {told}")
        _check_sums(world, desks[0])
        _check_overdrafts(world, desks[0])


def wrong(words: str, *records: str) -> Exception:
    from tests.sync.verdict import ViolationError

    return ViolationError(f"ledger: {words}", records)


def _state(desk: Desk) -> tuple[list[Any], list[Any]]:
    """What a desk has worked out: balances, and what counts for nothing."""
    if desk.db.scalar("SELECT 1 FROM points_account_stale"):
        raise wrong(f"{desk.name} has not worked out all balances")
    lines = desk.db.rows(
        "SELECT points_account_id,balance,came,went,entries,void FROM points_account_state ORDER BY points_account_id"
    )
    return lines, desk.db.rows("SELECT entry_id,because_of FROM points_void ORDER BY entry_id")


def _check_sums(world: Any, desk: Desk) -> None:
    """Each balance is that of the entries which count, and of what may count once, one does."""
    lines, void = _state(desk)
    nothing, sums = {entry for entry, _ in void}, collections.Counter[str]()
    entries = desk.db.rows(f"SELECT {COLUMNS} FROM points_entry WHERE sync_del=0 ORDER BY id")
    counting = [one for one in entries if one[0] not in nothing]
    back = collections.Counter(reverses for *_, reverses in counting if reverses)
    for *_, reverses in entries:
        if reverses and reverses not in nothing and any(one[0] == reverses for one in entries) and back[reverses] != 1:
            raise wrong(f"{desk.name}: {reverses} is taken back {back[reverses]} times", reverses)
    held = collections.Counter(ref for pk, kind, *_, ref, _ in counting if ref and kind != "冲正" and not back[pk])
    if twice := [ref for ref, count in held.items() if count > 1]:
        raise wrong(f"{desk.name}: something was given twice for {twice}")
    for _, _, payer, payee, amount, *_ in counting:
        sums[payer] -= amount
        sums[payee] += amount
    folded = {key: balance for key, balance, *_ in lines}
    for key in folded.keys() | sums.keys():
        gone = not desk.db.scalar("SELECT 1 FROM points_account WHERE id=? AND sync_del=0", (key,))
        if folded.get(key) != sums[key] and not (gone and world.server_restored()):
            raise wrong(f"{desk.name}: {key} has {folded.get(key)}, its entries make {sums[key]}", key)
    if sum(sums.values()):
        raise wrong(f"{desk.name}: over all accounts {sum(sums.values())}")
    if not world.server_restored() and not (checked := figures.check(desk.db)).sound:
        raise wrong(f"{desk.name}: {checked}")


def _check_overdrafts(world: Any, desk: Desk) -> None:
    """An account below zero has a conflict, settled or not, and at most one that is not; no other account has one."""
    sql = (
        "SELECT e.from_account_id,count(*),sum(c.status='open') FROM conflict c JOIN points_entry e ON e.id=c.row_id "
        "WHERE c.kind='overdraft' AND c.sync_del=0 AND c.scope=0 GROUP BY 1"
    )
    told = {account: (count, waiting) for account, count, waiting in desk.db.rows(sql)}
    owned = desk.db.rows(
        "SELECT a.id,s.balance FROM points_account a JOIN points_account_state s ON s.points_account_id=a.id "
        "WHERE a.kind<>'社区' AND a.scope=0 AND a.sync_del=0"
    )
    for account, balance in owned:
        count, waiting = told.get(account, (0, 0))
        if balance < 0 and (not count or waiting > 1):
            raise wrong(f"{desk.name}: {account} is at {balance}, told {count} times, {waiting} open", account)
        if balance >= 0 and waiting:
            raise wrong(f"{desk.name}: {account} is at {balance}, and somebody is still asked about it", account)
        world.stats["points_below_zero"] += balance < 0
    for count, waiting in told.values():
        world.stats["points_overdrafts"] += count
        world.stats["points_overdrafts_open"] += waiting
