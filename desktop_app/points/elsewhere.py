"""Points that leave for another community, or come from one (通兑、互认): each ledger adds up by itself.

What leaves goes to the community's own account 往来 with a voucher; the other community takes in what the voucher
says, out of its own 往来, once for each voucher.  So no entry ever belongs to two communities, and the balance of 往来
is what they owe each other.  A resident who moves carries the voucher, and a line of it among the own records.
"""

import re
from dataclasses import dataclass
from typing import Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs, reads
from desktop_app.points import joining, rules, writing
from desktop_app.points.actions import Deposit, must_be_new
from desktop_app.points.model import PointsAccount, PointsEntry
from desktop_app.points.opening import balance_of, need_account
from desktop_app.residents.model import Person, PersonEvent
from desktop_app.shared.errors import AppError
from desktop_app.shared.fields import filled
from desktop_app.shared.ids import named_id
from desktop_app.shared.text import half_width
from desktop_app.store.database import Database, Transaction

VOUCHER: Final = "points_voucher"
"""`ref_type` of what was taken in: a voucher of another community."""
_SAID: Final = re.compile(r"^(\S+) ([0-9]+) (分|分钟)从(.+)转出，凭证 (\S+)$")
_LEFT: Final = (
    "SELECT a.id,a.kind,s.balance,a.unit FROM points_account a JOIN points_account_state s ON s.points_account_id=a.id "
    "WHERE a.person_id=? AND a.sync_del=0 AND a.scope=0 AND s.balance>0 ORDER BY a.kind,a.id"
)


@dataclass(frozen=True, slots=True)
class Brought:
    """A voucher of another community that a resident carries: how much of which kind of account, in which unit."""

    kind: str
    amount: int
    unit: str
    source: str
    voucher_no: str
    on: str


@needs("points.change")
def send(
    db: Database, actor: Actor, account_id: str, to: str, amount: int = 0, *, on: str = "", by_name: str = "",
    close: bool = False,
) -> PointsEntry:  # fmt: skip
    """Gives an amount (0: all there is) out to another community, with a voucher number; with `close` the account ends.

    Also out of an account that was closed while another desk deposited.  AppError where there is not so much.
    """
    with db.transaction(actor, "积分转出") as tx:
        account = _theirs(tx, account_id)
        where = filled(to, "to", "转到哪个社区")
        there = balance_of(tx, account.id)
        wanted = amount or there
        if there <= 0 or wanted > there:
            raise AppError(
                f"{account.name}的结余是 {rules.spoken(there, account.unit)}，不够转出，没有保存。",
                field="amount",
                next_step="低于 0 的请先补齐；其余请改小数量。",
            )
        writing.must_be_sound(wanted)
        day = writing.day(tx, on)
        entry = writing.write(
            tx, rules.SENT, account.id, writing.community_account(tx, rules.ELSEWHERE, account.unit), wanted, day,
            text=writing.words(f"转到{where}", "to", "社区名称"), by_name=by_name, voucher_no=_voucher_no(tx),
        )  # fmt: skip
        _tell_the_owner(tx, account, entry)
        if close and wanted == there:
            for one in joining.members(tx, account.id):
                tx.change(PointsAccount, one, closed_on=day)
        return entry


def _voucher_no(tx: Transaction) -> str:
    """The next number; AppError where the town has none: what leaves without a voucher could be taken in nowhere."""
    if number := writing.voucher_no(tx):
        return number
    raise AppError(
        "本社区的设置里没有“积分凭证编号”，没有转出。", next_step="没有编号的凭证别处不能转入；请让管理员补上这个编号。"
    )


def _theirs(tx: Transaction, account_id: str) -> PointsAccount:
    """Somebody's account, open or not; AppError as `need_account`."""
    account = tx.need(PointsAccount, joining.head(tx, account_id))
    return account if account.closed_on and not account.scope else need_account(tx, account.id)


def _tell_the_owner(tx: Transaction, account: PointsAccount, entry: PointsEntry) -> None:
    """Notes it among the records that a resident takes along; one who has left already carries the paper alone."""
    person = tx.get(Person, account.person_id)
    if person is None or person.scope:
        return
    told = rules.carried(account.kind, entry.amount, account.unit, writing.own_name(tx), entry.voucher_no or "")
    tx.add(PersonEvent(person_id=person.id, kind=rules.CARRIED, on=entry.on, text=told))


@needs("points.change")
def take_in(
    db: Database, actor: Actor, account_id: str, amount: int, source: str, voucher_no: str, *, on: str = "",
    by_name: str = "",
) -> PointsEntry:  # fmt: skip
    """Takes in what a voucher of another community says; AppError for one that was taken in before.

    Two desks that take the same one in while apart: the first written counts, as with all evidence.
    """
    with db.transaction(actor, "积分转入") as tx:
        account = need_account(tx, account_id)
        writing.must_be_sound(amount)
        where = filled(source, "source", "来自哪个社区")
        number = half_width(filled(voucher_no, "voucher_no", "凭证编号"))
        if half_width(where) == half_width(writing.own_name(tx)):
            raise AppError("这是本社区自己的凭证，没有转入。", field="source", next_step="本社区的请用“冲正”退回。")
        told = Deposit("", ref_type=VOUCHER, ref_id=_evidence(where, number))
        must_be_new(tx, told)
        return writing.write(
            tx, rules.TAKEN_IN, writing.community_account(tx, rules.ELSEWHERE, account.unit), account.id, amount,
            writing.day(tx, on), by_name=by_name, ref_type=told.ref_type, ref_id=told.ref_id,
            text=writing.words(f"{where}转入，凭证 {number}", "source", "社区名称和凭证编号"),
        )  # fmt: skip


def _evidence(source: str, voucher_no: str) -> str:
    """Under what a voucher of another community is known, the same at every desk."""
    return named_id(VOUCHER, half_width(source), half_width(voucher_no))


@reads("points.read")
def moved_to(db: Database, person_id: str) -> str:
    """The community a resident was handed over to; "" for nobody who moved, or where the order does not name it."""
    sql = "SELECT to_name FROM transfer WHERE tbl='person' AND row_id=? AND to_name<>'' ORDER BY local_no DESC LIMIT 1"
    return str(db.scalar(sql, (person_id,)) or "")


@reads("points.read")
def brought(db: Database, person_id: str) -> list[Brought]:
    """What a resident brought from other communities and nobody took in yet, as the own records say."""
    sql = 'SELECT text,"on" FROM person_event WHERE person_id=? AND kind=? AND sync_del=0 ORDER BY "on",id'
    found = [(_SAID.match(text or ""), on) for text, on in db.rows(sql, (person_id, rules.CARRIED))]
    told = [Brought(m[1], int(m[2]), m[3], m[4], m[5], on) for m, on in found if m]
    return [one for one in told if one.source != writing.own_name(db) and not _taken(db, one)]


def _taken(db: Database, one: Brought) -> bool:
    sql = (
        "SELECT 1 FROM points_entry e WHERE e.ref_id=? AND e.ref_type=? AND e.sync_del=0 AND e.kind=? "
        "AND NOT EXISTS(SELECT 1 FROM points_entry b WHERE b.reverses=e.id AND b.sync_del=0)"
    )
    return bool(db.scalar(sql, (_evidence(one.source, one.voucher_no), VOUCHER, rules.TAKEN_IN)))


@reads("points.read")
def left_behind(db: Database, person_id: str) -> list[tuple[str, str]]:
    """What a resident who leaves still has: account and words (志愿时间 2 小时（120 分钟）)."""
    return [(str(key), f"{kind} {rules.spoken(left, unit)}") for key, kind, left, unit in db.rows(_LEFT, (person_id,))]
