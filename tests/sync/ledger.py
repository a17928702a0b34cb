"""Points in a simulated world: people deposit, spend, give and take back at desks that are apart; it must add up.

Some worlds have a ledger (`World.ledger`); what is done and what must hold of it stands here.  The entries are made by
the real actions, and what every desk makes of them by the real folds; only the arithmetic of the verdict is its own.

Half of the accounts are those of residents, who move and are erased as in every world: an account never moves, what is
in it goes to another unit by voucher alone and is taken in there once; of an erased owner no word is left, and every
minute.  Two accounts get one owner, and are parted again, as merging residents and its undo do.
"""

import collections
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.points import actions, balances, elsewhere, figures, joining, opening
from desktop_app.points.actions import Deposit
from desktop_app.points.model import PointsEntry
from desktop_app.shared.actor import Actor
from desktop_app.shared.errors import AppError
from desktop_app.shared.ids import named_id
from desktop_app.sync import erasing
from tests.sync.mortal import MortalDatabase
from tests.sync.simulated_desk import Desk

CLERK: Final = Actor("", "张三")
TABLE: Final = "points_entry"
OWNERS: Final = ("h1", "h2")
"""Helpers, as far as an account knows: nothing else of them is in this world."""
EVIDENCE: Final = 2
"""Things done in a unit, for each of which points are given once, whoever gets them."""
MINUTES: Final = (1, 5, 5, 30)
RESIDENTS: Final = 2
"""So many of the residents at a desk have an account."""
CLEARED: Final = "（已清除）"
_WORDS: Final = frozenset({"points_account", TABLE, "conflict"})
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

    def forget(tables: frozenset[str]) -> None:
        if tables & {*_WORDS, "erasure"}:
            db.burn()
            erasing.follow_up(db, _WORDS)  # what else another desk added about whoever was erased stays in this world

    db.changed += [follow, forget]
    erasing.finish(db)
    db.changed.tell(db.changed.stale(db.reader()) | _WORDS)


def act(world: Any, desk: Desk) -> None:
    """People do something with points, often at two desks of a unit at the same time."""
    near = [one for one in world.desks if one is not desk and one.unit == desk.unit and _works(one)]
    for one in (desk, *near[: world.rng.choice((0, 1, 1))]):
        for _ in range(world.rng.randint(1, 3)):
            carried = any(paper.to == one.unit for paper in world.papers) and world.rng.random() < 0.4
            _do(world, one, _take_in if carried else world.rng.choice(DEEDS))


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
    living = [row["id"] for row in desk.living("person", ()) if not row["scope"]][:RESIDENTS]
    among = living if living and world.rng.random() < 0.5 else OWNERS
    owner = world.rng.choice([one for one in among if one != other] or OWNERS)
    key = named_id("points_account", desk.db.setting("community") or "", "志愿时间", owner)
    if not desk.db.scalar("SELECT 1 FROM points_account WHERE id=? AND sync_del=0 AND closed_on IS NULL", (key,)):
        whose = {"helper_id" if owner in OWNERS else "person_id": owner}
        opening.open_account(desk.db, CLERK, "志愿时间", **whose, name=label(key), on="2026-01-01")
        world.stats["points_opened"] += 1
    return key


def label(account: str) -> str:
    """What an account is called: nothing else is."""
    return f"户名{account[:16]}。"


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
    owner = desk.db.scalar("SELECT coalesce(person_id,helper_id) FROM points_account WHERE id=?", (account,))
    return actions.transfer(
        desk.db, CLERK, account, _account(world, desk, owner), world.rng.randint(1, there), on="2026-01-01"
    )


def _take_back(world: Any, desk: Desk, account: str) -> PointsEntry | None:
    """Where a voucher went out for it, the paper has to come back first."""
    sql = (
        "SELECT id FROM points_entry WHERE scope=0 AND sync_del=0 AND kind<>'冲正' "
        "AND (to_account_id=? OR from_account_id=?) ORDER BY id"
    )
    spent = {one.entry for one in world.papers if one.used}
    found = [row[0] for row in desk.db.rows(sql, (account, account)) if row[0] not in spent]
    if not found:
        return None
    chosen = world.rng.choice(found)
    made = actions.reverse(desk.db, CLERK, chosen, "记错了")
    world.papers = [one for one in world.papers if one.entry != chosen]
    return made


@dataclass
class Paper:
    """A voucher that somebody carries to another unit; `used`: shown there already, by whom it may be shown again."""

    entry: str
    source: str
    amount: int
    to: int
    used: bool = False

    @property
    def evidence(self) -> str:
        return named_id(elsewhere.VOUCHER, self.source, self.entry)


def _send(world: Any, desk: Desk, account: str) -> PointsEntry | None:
    """All, or some of it, goes to another unit, or to one nobody here knows."""
    there = _balance(desk, account)
    if there <= 0:
        return None
    to = world.rng.choice(sorted({one.unit for one in world.desks if not one.older} - {desk.unit}) or [0])
    amount = 0 if world.rng.random() < 0.7 else world.rng.randint(1, there)
    close = world.rng.random() < 0.3
    made = elsewhere.send(desk.db, CLERK, account, f"单位{to}", amount, on="2026-01-01", close=close)
    world.papers.append(Paper(made.id, f"单位{desk.unit}", made.amount, to))
    return made


def _take_in(world: Any, desk: Desk, account: str) -> PointsEntry | None:
    """What a paper says; a clerk who forgets to keep it sees it again at the next desk."""
    carried = [one for one in world.papers if one.to == desk.unit]
    if not carried:
        return None
    one = world.rng.choice(carried)
    one.used = True
    return elsewhere.take_in(desk.db, CLERK, account, one.amount, one.source, one.entry, on="2026-01-01")


def _join(world: Any, desk: Desk, account: str) -> None:
    """Its owner turns out to be somebody else, or not to be."""
    sql = "SELECT id,person_id FROM points_account WHERE person_id NOTNULL AND sync_del=0 AND scope=0 ORDER BY id"
    owners = sorted({row["id"] for row in desk.living("person", ()) if not row["scope"]})
    rows = desk.db.rows(sql)
    if not rows or not owners:
        return
    key, _ = world.rng.choice(rows)
    own = [one for one in owners if key == named_id("points_account", _community(desk), "志愿时间", one)]
    owner = world.rng.choice(own or [row[1] for row in rows])
    with desk.db.transaction(CLERK, "合并居民") as tx:
        tx.execute("UPDATE points_account SET person_id=? WHERE id=?", (owner, key))
    world.stats["points_other_owner"] += 1
    world.tell(f"{desk.name}: points_account {key} is that of {owner}", key)


def _community(desk: Desk) -> str:
    return desk.db.setting("community") or ""


DEEDS: Final = (
    *(_deposit,) * 4, *(_spend,) * 4, *(_give,) * 2, *(_take_back,) * 2, _send, _send, _take_in, _take_in, _join,
)  # fmt: skip


def _balance(desk: Desk, account: str) -> int:
    head = joining.head(desk.db, account)
    return desk.db.scalar("SELECT balance FROM points_account_state WHERE points_account_id=?", (head,)) or 0


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
        for desk in desks:
            _check_forgotten(world, desk)
    _check_papers(world, [desks[0] for desks in units.values()])


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
    for key, head in _heads(desk).items():
        sums[head] += sums.pop(key, 0)
    folded = {key: balance for key, balance, *_ in lines}
    for key in folded.keys() | sums.keys():
        gone = not desk.db.scalar("SELECT 1 FROM points_account WHERE id=? AND sync_del=0", (key,))
        if folded.get(key) != sums[key] and not (gone and world.server_restored()):
            raise wrong(f"{desk.name}: {key} has {folded.get(key)}, its entries make {sums[key]}", key)
    if sum(sums.values()):
        raise wrong(f"{desk.name}: over all accounts {sum(sums.values())}")
    if not world.server_restored() and not (checked := figures.check(desk.db)).sound:
        raise wrong(f"{desk.name}: {checked}")


def _heads(desk: Desk) -> dict[str, str]:
    """Which accounts are one with another: those of one owner; an open one stands for them."""
    sql = (
        "SELECT coalesce(person_id,helper_id),closed_on IS NOT NULL,id FROM points_account "
        "WHERE kind<>'社区' AND sync_del=0 AND scope=0 ORDER BY 1,2,3"
    )
    heads: dict[str, str] = {}
    return {key: heads[owner] for owner, _, key in desk.db.rows(sql) if heads.setdefault(owner, key) != key}


def _check_forgotten(world: Any, desk: Desk) -> None:
    """Of an owner whose erasure this unit ordered no word is left, and none of what was done with the points."""
    sql = (
        "SELECT a.id,a.name FROM points_account a JOIN erasure e ON e.tbl='person' AND e.row_id=a.person_id "
        "AND e.sync_del=0 WHERE a.sync_del=0 AND a.scope=0"
    )
    erased = desk.db.rows(sql)
    text = desk.everything() if erased else ""
    for key, name in erased:
        said = "SELECT text FROM points_entry WHERE sync_del=0 AND ? IN (from_account_id,to_account_id) AND text<>''"
        if name != CLEARED or label(key) in text or desk.db.rows(said, (key,)):
            raise wrong(f"{desk.name}: {key} of somebody who was erased is called {name}: {label(key)} is left", key)
        world.stats["points_of_erased"] += 1


def _check_papers(world: Any, desks: list[Desk]) -> None:
    """What was taken in anywhere was sent somewhere, in the same amount, and stands there."""
    for one in world.papers:
        here = "SELECT 1 FROM points_entry WHERE id IN (?,?) AND sync_del=0 AND kind='转出' AND amount=?"
        sent = any(desk.db.rows(here, (one.entry, named_id("told_again", one.entry), one.amount)) for desk in desks)
        taken = [amount for desk in desks for amount in _standing(desk, one.evidence)]
        lost = world.facts.may_be_lost(one.entry, server_restored=world.server_restored())
        if taken and not (sent or lost):
            raise wrong(f"voucher {one.entry} was taken in and never sent", one.entry)
        if set(taken) - {one.amount}:
            raise wrong(f"voucher {one.entry} of {one.amount} was taken in as {taken}", one.entry)
        world.stats["points_papers_taken_in"] += len(taken)


def _standing(desk: Desk, evidence: str) -> list[int]:
    """The amounts that were taken in for a voucher, and count."""
    sql = (
        "SELECT amount FROM points_entry e WHERE ref_id=? AND kind='转入' AND sync_del=0 AND scope=0 "
        "AND id NOT IN (SELECT entry_id FROM points_void) AND NOT EXISTS(SELECT 1 FROM points_entry b "
        "WHERE b.reverses=e.id AND b.sync_del=0 AND b.id NOT IN (SELECT entry_id FROM points_void))"
    )
    found = [amount for (amount,) in desk.db.rows(sql, (evidence,))]
    if len(found) > 1:
        raise wrong(f"{desk.name}: voucher {evidence} was taken in {len(found)} times")
    return found


def _check_overdrafts(world: Any, desk: Desk) -> None:
    """An account below zero has a conflict, settled or not, and at most one that is not; no other account has one."""
    sql = (
        "SELECT e.from_account_id,count(*),sum(c.status='open') FROM conflict c JOIN points_entry e ON e.id=c.row_id "
        "WHERE c.kind='overdraft' AND c.sync_del=0 AND c.scope=0 GROUP BY 1"
    )
    heads, told = _heads(desk), dict[str, tuple[int, int]]()
    for account, many, open_ones in desk.db.rows(sql):
        count, waiting = told.get(heads.get(account, account), (0, 0))
        told[heads.get(account, account)] = (count + many, waiting + open_ones)
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
