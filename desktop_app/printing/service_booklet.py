"""What the booklet of micro-services says, read from the store: who offers what at which price, by trade.

南口镇 “微服务”: 分类登记造册，印制便民服务手册，市场化优胜劣汰.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from desktop_app.orders import finding
from desktop_app.orders.finding import HelperLine
from desktop_app.printing.form import Desk
from desktop_app.printing.words import spoken_date
from desktop_app.profiles.queries import order_rules
from desktop_app.shared.errors import AppError
from desktop_app.shared.pinyin import sort_key

_BETWEEN: Final = re.compile(r"[、，,；;/]+")
_TENTHS: Final = 10


@dataclass(frozen=True, slots=True)
class Offer:
    """One who offers a service; `phone` is whole, for the booklet is there to be called from, or "" without consent."""

    name: str
    phone: str = ""
    price: str = ""
    hours: str = ""
    place: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class BookletPaper:
    """A booklet; `trades` are in the order of their reading, each with who offers it."""

    community: str
    phone: str = ""
    address: str = ""
    hours: str = ""
    on: str = ""
    trades: tuple[tuple[str, tuple[Offer, ...]], ...] = ()


def booklet_paper(desk: Desk) -> BookletPaper:
    """Everybody with a micro-service who is here and not badly rated.  AppError where there is nobody."""
    told = order_rules(desk.db.path.parent)
    lines = [line for line in finding.helpers(desk.db, trade=True) if not line.gone and _is_kept(line, told)]
    if not lines:
        raise AppError(
            "还没有人提供微服务，没有打印手册。", next_step="请在“点单”的“志愿者”里登记，填上“微服务项目”和收费。"
        )
    phones = dict(desk.db.rows("SELECT id,coalesce(phone,'') FROM helper WHERE sync_del=0"))
    trades: dict[str, list[Offer]] = {}
    for line in lines:
        for trade in filter(None, (part.strip() for part in _BETWEEN.split(line.trade))):
            trades.setdefault(trade, []).append(_offer(line, phones[line.id] if line.public else ""))
    place, today = desk.community, desk.clock.today()
    return BookletPaper(
        place.name,
        place.phone or "",
        place.address or "",
        place.service_hours or "",
        spoken_date(today.isoformat()),
        tuple((trade, tuple(trades[trade])) for trade in sorted(trades, key=sort_key)),
    )


def _is_kept(line: HelperLine, limits: Mapping[str, int]) -> bool:
    """Who has served a few times and is badly rated stands in no new booklet."""
    rated = line.rating and line.served >= limits["booklet_served"]
    return not rated or line.rating * _TENTHS >= limits["booklet_rating"]


def _offer(line: HelperLine, phone: str) -> Offer:
    served = f"已服务 {line.served} 次" if line.served else ""
    return Offer(line.name, phone, line.price, line.hours, line.unit or line.place, served)
