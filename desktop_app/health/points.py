"""What may be wrong with points and time: a balance that is not that of its entries, one below zero, an owner gone."""

from typing import Final

from desktop_app.health.finding import Check
from desktop_app.health.people import GONE

_TOLD: Final = "t.kind||'　'||t.name||'　结余 '||s.balance||' '||t.unit"
_STATE: Final = "FROM points_account t JOIN points_account_state s ON s.points_account_id=t.id "
_OURS: Final = "t.sync_del=0 AND t.scope=0 AND t.kind<>'社区'"
_ALONE: Final = "t.id NOT IN (SELECT account_id FROM points_joined)"
_ONE: Final = "IN (SELECT t.id UNION ALL SELECT j.account_id FROM points_joined j WHERE j.head_id=t.id)"
"""SQL: an account, or those that are one with it (`points.joining`)."""
_COUNTS: Final = "e.sync_del=0 AND NOT EXISTS(SELECT 1 FROM points_void v WHERE v.entry_id=e.id)"

CHECKS: Final = (
    Check(
        "points_uneven", "问题", "积分结余与流水不一致", "points_account", _TOLD,
        f"{_STATE} WHERE t.sync_del=0 AND {_ALONE} AND s.balance<>"
        f"(SELECT coalesce(sum(e.amount),0) FROM points_entry e WHERE e.to_account_id {_ONE} AND {_COUNTS})-"
        f"(SELECT coalesce(sum(e.amount),0) FROM points_entry e WHERE e.from_account_id {_ONE} AND {_COUNTS})",
        "请先同步一次；仍有时请运行 linli points check，并联系管理员。",
    ),
    Check(
        "points_below", "提醒", "积分账户透支", "points_account", _TOLD,
        f"{_STATE} WHERE {_OURS} AND s.balance<0",
        "请与当事人商量，补存或冲正。", order="s.balance,t.local_no",
    ),
    Check(
        "points_gone", "提醒", "已去世或迁出的人还有积分账户", "points_account", f"{_TOLD}||'　'||{GONE}",
        f"{_STATE} JOIN person p ON p.id=t.person_id AND p.sync_del=0 WHERE {_OURS} AND {_ALONE} "
        "AND t.closed_on IS NULL AND (p.deceased_on IS NOT NULL OR p.left_on IS NOT NULL)",
        "请兑换或转赠结余，再销户。",
    ),
    Check(
        "points_moved", "提醒", "已转到其他社区的人账上还有积分", "points_account", _TOLD,
        f"{_STATE} JOIN person p ON p.id=t.person_id AND p.sync_del=4 WHERE {_OURS} AND {_ALONE} AND s.balance>0",
        "请在积分页办理转出，打印凭证交给本人，由新社区转入。",
    ),
)  # fmt: skip
