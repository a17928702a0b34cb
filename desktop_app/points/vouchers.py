"""The vouchers that were given out: what was exchanged or given away, the latest first."""

from dataclasses import dataclass
from typing import Final

from desktop_app.accounts.rights import reads
from desktop_app.store.database import Database

MOST: Final = 500
_VOUCHERS: Final = (
    'SELECT e.id,e.voucher_no,e.kind,e."on",coalesce(e.text,e.kind),e.amount,a.unit,a.name,a.id FROM points_entry e '
    "JOIN points_account a ON a.id=e.from_account_id AND a.sync_del=0 AND a.scope=0 "
    "WHERE e.voucher_no IS NOT NULL AND instr(e.voucher_no,?)>0 AND e.sync_del=0 "
    "AND NOT EXISTS(SELECT 1 FROM points_void v WHERE v.entry_id=e.id) "
    "AND NOT EXISTS(SELECT 1 FROM points_entry b WHERE b.reverses=e.id AND b.sync_del=0) "
    'ORDER BY e."on" DESC,e.at DESC,e.id LIMIT ?'
)


@dataclass(frozen=True, slots=True)
class VoucherLine:
    """One voucher; `name` is whose account it went out of."""

    id: str
    no: str
    kind: str
    on: str
    text: str
    amount: int
    unit: str
    name: str
    account_id: str


@reads("points.read")
def vouchers(db: Database, *, number: str = "", limit: int = MOST) -> list[VoucherLine]:
    """Vouchers that stand, neither taken back nor without effect; `number` is a part of theirs."""
    return [VoucherLine(*row) for row in db.rows(_VOUCHERS, (number, limit))]
