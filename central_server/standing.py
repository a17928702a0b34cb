"""How units and their devices fare: who has not synced for how long, and why."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from central_server import units
from central_server.storage import Session
from central_server.units import Unit

DAY_MS: Final = 86_400_000
LATE_DAYS: Final = 3
LONG_DAYS: Final = 14
REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "HISTORY": "服务器从备份恢复过，这台电脑正在自动补传",
        "CLONE": "两台电脑用了同一个身份，多半是整机复制；软件会自动换身份",
        "TOO_OLD": "太久没有同步，正在逐条核对",
        "FUSE": "一次要删除很多记录，等本人确认",
        "SCOPE_GONE": "所在单位已合并，正在转接",
        "REVOKED": "已停用，但仍在尝试同步",
        "UPGRADE": "软件版本与服务器相差太多，需要升级",
        "BAD_SIGNATURE": "签名不对：密钥丢失，或有人冒用这个编号",
        "DAMAGED": "内容在路上损坏，请检查网线或代理",
        "TOO_LARGE": "一次上报的内容太多",
        "BAD_REQUEST": "服务器看不懂它的请求，需要升级软件",
        "LATE": "U盘带来的内容早已收到过，请从那台电脑再导出一次",
        "NO_SPACE": "本单位的附件空间已满：见 limits.attachments_gib，或服务器的磁盘",
        "WRONG_CONTENT": "附件在路上损坏，会自动重传",
        "SERVER_ERROR": "服务器内部出错，请看服务器日志",
    }
)


@dataclass(frozen=True, slots=True)
class DeviceState:
    """A desk: `mood` is good, warn, bad or off; `words` say why."""

    unit: int
    id: int
    ordinal: int
    name: str
    parent: int
    enrolled_at: int
    seen_at: int
    revoked_at: int | None
    batches: int
    silent_days: int
    mood: str
    words: str
    trouble: str
    """Which of TROUBLES it has; empty for one that is well or may not speak any more."""


@dataclass(frozen=True, slots=True)
class UnitState:
    """A unit with what is to be seen at a glance; `mood` is that of the desk that is worst off.

    `within`, `ill` and `seen_at` are of the desks of the unit and of all below it, `devices` counts its own.
    """

    unit: Unit
    depth: int
    devices: int
    within: int
    ill: int
    seen_at: int
    records: int
    aside: int
    codes: int
    mood: str
    words: str


REFUSED, LONG, LATE, NEVER = "refused", "long", "late", "never"
TROUBLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        REFUSED: "被服务器拒绝",
        LONG: f"{LONG_DAYS} 天以上没有联系",
        LATE: f"{LATE_DAYS} 至 {LONG_DAYS - 1} 天没有联系",
        NEVER: "接入后没有同步过",
    }
)
_DEVICES: Final = (
    "select d.scope_id,d.id,d.ordinal,d.name,d.parent,d.enrolled_at,d.seen_at,d.revoked_at,d.batch_no,d.nonce,"
    "c.at,c.code,exists(select 1 from device n where n.scope_id=d.scope_id and n.parent=d.id and n.nonce<>'' "
    "and n.enrolled_at>=d.seen_at) from device d left join device_contact c on c.scope_id=d.scope_id and c.device=d.id "
)


def devices_of(session: Session, now: int, scopes: Collection[int] | None = None) -> list[DeviceState]:
    """The desks of some units, or all, in the order they were let in."""
    order = "order by d.scope_id,d.ordinal"
    if scopes is None:
        found = session.rows(_DEVICES + order)
    else:
        found = session.rows(f"{_DEVICES}where d.scope_id = any(?) {order}", list(scopes))
    return [_state(row, now) for row in found]


def ill_devices(session: Session, now: int, scopes: Collection[int] | None = None) -> list[DeviceState]:
    """The desks that need somebody: first those that have been silent longest."""
    found = [one for one in devices_of(session, now, scopes) if one.trouble]
    return sorted(found, key=lambda one: (one.seen_at, one.unit, one.ordinal))


def find_devices(session: Session, now: int, text: str, limit: int) -> list[DeviceState]:
    """The desks with these words in their name, in capitals or not, or with this number."""
    pattern = "".join(f"!{letter}" if letter in "!%_" else letter for letter in text)
    where = "where lower(d.name) like lower(?) escape '!' or cast(d.id as text)=? order by d.scope_id,d.ordinal limit ?"
    return [_state(row, now) for row in session.rows(_DEVICES + where, f"%{pattern}%", text, limit)]


def device(session: Session, now: int, unit: int, number: int) -> DeviceState | None:
    """One desk."""
    found = session.row(f"{_DEVICES}where d.scope_id=? and d.id=?", unit, number)
    return _state(found, now) if found else None


def _state(row: tuple[Any, ...], now: int) -> DeviceState:
    unit, number, ordinal, name, parent, enrolled_at, seen_at, revoked_at, batches, nonce, refused_at, code, left = row
    days = max(0, (now - seen_at) // DAY_MS)
    refused = code if refused_at is not None and refused_at >= seen_at else None
    mood, words, trouble = _mood(days, revoked_at, refused, never=not nonce)
    if left and revoked_at is None:  # a copy that still speaks comes later than the identity that came from it
        mood, words, trouble = "off", "已换身份", ""
    return DeviceState(
        unit, number, ordinal, name, parent, enrolled_at, seen_at, revoked_at, batches, days, mood, words, trouble
    )


def _mood(days: int, revoked_at: int | None, refused: str | None, *, never: bool) -> tuple[str, str, str]:
    """Mood, words and trouble of a desk."""
    if revoked_at is not None:
        return "off", REASONS["REVOKED"] if refused else "已停用", ""
    if refused:
        return "bad", REASONS.get(refused, f"被拒绝：{refused}"), REFUSED
    if never:
        return ("warn" if days < LATE_DAYS else "bad"), "接入后还没有同步过", NEVER
    if days >= LONG_DAYS:
        return "bad", f"{days} 天没有联系：可能关机、断网或离开", LONG
    if days >= LATE_DAYS:
        return "warn", f"{days} 天没有联系：可能关机、断网或离开", LATE
    return "good", "正常", ""


def overview(session: Session, now: int, root: int | None = None) -> list[UnitState]:
    """All units as a tree, or one with all below it."""
    known = units.everyone(session)
    shown = units.tree(known, root)
    desks: dict[int, list[DeviceState]] = defaultdict(list)
    for one in devices_of(session, now, None if root is None else [unit.id for unit, _ in shown]):
        desks[one.unit].append(one)
    within = _within(known, desks)
    records = dict(_pairs(session, "select scope_id,next_seq-1 from scope_head"))
    aside = dict(_pairs(session, "select scope_id,count(*) from quarantine group by scope_id"))
    waiting = "select scope_id,count(*) from enrol_code where used_by is null and expires_at>? group by scope_id"
    codes = dict(_pairs(session, waiting, now))
    return [
        _unit_state(
            unit,
            depth,
            desks[unit.id],
            within[unit.id],
            records.get(unit.id, 0),
            aside.get(unit.id, 0),
            codes.get(unit.id, 0),
        )
        for unit, depth in shown
    ]


def _within(known: Mapping[int, Unit], desks: Mapping[int, list[DeviceState]]) -> Mapping[int, tuple[int, int, int]]:
    """Of each unit with all below it: desks that may speak, how many of them are ill, when one was heard of last."""
    found: dict[int, tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    for number, those in desks.items():
        speaking = [one for one in those if one.mood != "off"]
        ill, seen = sum(bool(one.trouble) for one in speaking), max((one.seen_at for one in speaking), default=0)
        for here in (number, *(one.id for one in units.above(known, number))):
            before = found[here]
            found[here] = before[0] + len(speaking), before[1] + ill, max(before[2], seen)
    return found


def _pairs(session: Session, sql: str, *params: object) -> list[tuple[int, int]]:
    return [(row[0], int(row[1])) for row in session.rows(sql, *params)]


def _unit_state(
    unit: Unit, depth: int, desks: list[DeviceState], within: tuple[int, int, int], records: int, aside: int, codes: int
) -> UnitState:
    speaking = [one for one in desks if one.mood != "off"]
    worst = min(speaking, key=lambda one: ("bad", "warn", "good").index(one.mood), default=None)
    if unit.gone:
        mood, words = "off", f"已并入 {unit.successor}" if unit.successor else "已撤销"
    elif worst is None and within[0]:
        mood, words = ("warn", f"下级有 {within[1]} 台需要处理") if within[1] else ("good", "下级都正常")
    elif worst is None:
        mood, words = "none", f"有 {codes} 个接入码还没有用" if codes else "还没有电脑"
    else:
        ill = [one for one in speaking if one.trouble]
        mood = worst.mood
        words = (
            f"{worst.name}：{worst.words}" + (f"（另有 {len(ill) - 1} 台）" if len(ill) > 1 else "") if ill else "正常"
        )
    return UnitState(unit, depth, len(speaking), *within, records, aside, codes, mood, words)


def pending_codes(session: Session, unit: int, now: int) -> list[tuple[str, int]]:
    """(first characters, valid until) of codes nobody used yet; the code itself is known to nobody any more."""
    found = session.rows(
        "select label,expires_at from enrol_code where scope_id=? and used_by is null and expires_at>? "
        "order by expires_at",
        unit,
        now,
    )
    return [(row[0], row[1]) for row in found]


def quarantine(session: Session, unit: int | None, limit: int = 500) -> list[tuple[Any, ...]]:
    """(unit, name, table, code, rows, newest) of what was set aside: counts, never content."""
    where, params = ("where q.scope_id=? ", (unit,)) if unit else ("", ())
    return session.rows(
        "select q.scope_id,u.name,q.tbl,q.code,count(*),max(q.at) from quarantine q left join unit u on "
        f"u.id=q.scope_id {where}group by q.scope_id,u.name,q.tbl,q.code order by max(q.at) desc limit ?",
        *params,
        limit,
    )


def places(known: Mapping[int, Unit]) -> Callable[[int], str]:
    """What names a unit with those above it, but for a topmost that all have in common."""
    tops = [one.id for one in known.values() if one.parent not in known]
    common = tops[0] if len(tops) == 1 else None

    def place(number: int) -> str:
        above = [one.name for one in reversed(units.above(known, number)) if one.id != common]
        return " › ".join([*above, known[number].name if number in known else str(number)])

    return place
