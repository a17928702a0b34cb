"""A year's figures of points, and whether all of them add up."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.accounts.rights import reads
from desktop_app.places.addresses import without_door
from desktop_app.points import facts, joining, rules
from desktop_app.points.folding import void
from desktop_app.points.opening import home_of
from desktop_app.shared.text import mask
from desktop_app.store.database import Database

AT: Final = "@"
"""Between a kind and a year, as a paper names them: 党员积分@2026."""


@dataclass(frozen=True, slots=True)
class YearLine:
    """One account in a year: what it earned by rules (less what was taken away), what it spent and gave away.

    `rank` from 1, those with as much share one; `public_name` is as it may hang out; a vetoed year earns 0.
    """

    rank: int
    account_id: str
    name: str
    public_name: str
    unit: str
    earned: int
    spent: int
    given: int
    vetoed: bool
    balance: int

    @property
    def id(self) -> str:
        """The account, which tells the lines of a list apart."""
        return self.account_id


_HALF: Final = (
    "SELECT {0} AS account,kind,{1} AS came,sum(amount) AS total FROM points_entry "
    "WHERE sync_del=0 AND \"on\" BETWEEN :since AND :until AND kind<>'冲正' "
    "AND id NOT IN (SELECT entry_id FROM points_void) "
    "AND id NOT IN (SELECT reverses FROM points_entry WHERE reverses IS NOT NULL AND sync_del=0) GROUP BY 1,2"
)
_YEAR: Final = (
    "SELECT a.id,a.name,a.household_id,a.unit,s.balance,e.kind,e.came,e.total FROM ("
    f"{_HALF.format('to_account_id', 1)} UNION ALL {_HALF.format('from_account_id', 0)}) e "
    "LEFT JOIN points_joined j ON j.account_id=e.account JOIN points_account a ON a.id=coalesce(j.head_id,e.account) "
    "JOIN points_account_state s ON s.points_account_id=a.id "
    "WHERE a.sync_del=0 AND a.scope=0 AND a.kind=:kind"
)


@reads("points.read")
def year(db: Database, of: int, kind: str = rules.MEMBER, *, until: str = "") -> list[YearLine]:
    """A year's figures of all accounts of a kind (up to a day, if told), who earned most first (积分公示榜)."""
    told = {"kind": kind, "since": f"{of}-01-01", "until": until or f"{of}-12-31"}
    sums: dict[str, dict[str, int]] = {}
    about: dict[str, tuple[Any, ...]] = {}
    for key, name, household, unit, balance, what, came, amount in db.rows(_YEAR, told):
        about[key] = (name, _public(db, household) if household else mask("name", name), unit, balance)
        mine = sums.setdefault(key, dict.fromkeys((*rules.ENTRIES, "got"), 0))
        mine["got" if what == rules.GIVEN and came else what] += amount
    return list(_ranked(sums, about))


def _public(db: Database, household_id: str) -> str:
    """A household as it may hang out: the building it lives in, whatever its account is called."""
    return without_door(home_of(db, household_id))


def _ranked(sums: dict[str, dict[str, int]], about: dict[str, tuple[Any, ...]]) -> Iterator[YearLine]:
    earned = {key: 0 if one[rules.VETO] else one[rules.DEPOSIT] - one[rules.DEDUCTION] for key, one in sums.items()}
    rank, last = 0, None
    for at, key in enumerate(sorted(earned, key=lambda one: (-earned[one], about[one][0], one)), 1):
        rank, last = (rank if earned[key] == last else at), earned[key]
        name, public, unit, balance = about[key]
        one = sums[key]
        yield YearLine(
            rank,
            key,
            name,
            public,
            unit,
            earned[key],
            one[rules.SPENT],
            one[rules.GIVEN] + one[rules.SENT],
            one[rules.VETO] > 0,
            balance,
        )


# ---------------------------------------------------------------------------------------------------------- adding up


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether it all adds up: over all accounts of a unit 0, and each folded balance that of its entries.

    `differing` are (account, folded, summed); `missing` are entries an account of which is not there.
    """

    accounts: int
    entries: int
    void: int
    totals: tuple[tuple[str, int], ...]
    differing: tuple[tuple[str, int, int], ...]
    missing: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.differing or self.missing or any(total for _, total in self.totals))


@reads("points.read")
def check(db: Database) -> Checked:
    """Sums every entry anew, without any table that was folded, and compares."""
    sql = f"SELECT {facts.COLUMNS} FROM points_entry WHERE sync_del=0 AND scope=0"
    every = [facts.PointsFact(*row) for row in db.rows(sql)]
    nothing = {one.event_id for one in void(_doubtful(every))}
    sums = dict.fromkeys((str(one) for (one,) in db.rows("SELECT id FROM points_account WHERE sync_del=0")), 0)
    missing = []
    for one in every:
        if not {one.from_account_id, one.to_account_id} <= sums.keys():
            missing.append(one.id)
        if one.id not in nothing:
            sums[one.from_account_id] = sums.get(one.from_account_id, 0) - one.amount
            sums[one.to_account_id] = sums.get(one.to_account_id, 0) + one.amount
    for key, whole in joining.every_head(db).items():
        sums[whole] += sums[key]
        sums[key] = 0
    kept = {
        key: (name, unit, balance)
        for key, name, unit, balance in db.rows(
            "SELECT a.id,a.name,a.unit,coalesce(s.balance,0) FROM points_account a "
            "LEFT JOIN points_account_state s ON s.points_account_id=a.id WHERE a.sync_del=0"
        )
    }
    totals = dict.fromkeys(rules.UNITS, 0)
    for _, unit, balance in kept.values():
        totals[unit] = totals.get(unit, 0) + balance
    differing = [(name, balance, sums[key]) for key, (name, _, balance) in kept.items() if sums[key] != balance]
    return Checked(len(kept), len(every), len(nothing), tuple(totals.items()), tuple(differing), tuple(missing))


def _doubtful(every: Sequence[facts.PointsFact]) -> list[facts.PointsFact]:
    """Those that share their evidence, or were taken back; the others count whatever there is."""
    shared = Counter(one.evidence for one in every if one.evidence)
    back = {one.reverses for one in every if one.reverses}
    return [
        one
        for one in every
        if one.reverses or one.id in back or (one.evidence is not None and shared[one.evidence] > 1)
    ]
