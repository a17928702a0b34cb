"""chain: who answers for a door, from the street down, and which slots nobody holds."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from desktop_app.app import App
from desktop_app.cli.output import table
from desktop_app.cli.reading import resolve
from desktop_app.cli.session import Session
from desktop_app.organisation.chains import Gap, chains_for, door_of, gaps
from desktop_app.organisation.sheet import GAP_HEADERS, write_gaps
from desktop_app.privacy.exporting import Export, give_out
from desktop_app.profiles.desk import town_of
from desktop_app.shared.errors import AppError, UsageError

_MOST_LISTED = 200


def chain(session: Session) -> None:
    """`linli chain [KIND ID]`: the chain of a door; without one, the gaps."""
    told = session.arguments
    if told.kind and not told.id:
        raise UsageError("没有说是哪一处，什么也没有做。", next_step="写上编号，居民也可以写姓名。")
    with session.app() as app:
        known = town_of(app.db).contact_schemes
        if told.scheme and told.scheme not in {word for one in known for word in (one.code, one.name)}:
            names = "、".join(one.name for one in known)
            raise UsageError(f"没有“{told.scheme}”这种包联机制。", next_step=f"可以是：{names}。")
        on = app.clock.today().isoformat()
        if not told.kind:
            _gaps(session, app, gaps(app.db, on, told.scheme))
            return
        subject = resolve(app, told.kind, told.id)
        door = door_of(app.db, subject.id)
        if door is None:
            raise AppError("没有登记住在哪里，查不到责任链。", next_step="请先登记住处。")
        found = chains_for(app.db, subject.id, on, told.scheme)
    words = [door.label]
    for one in found:
        words.append(f"\n{one.title}" + (f"（空缺：{'、'.join(one.gaps)}）" if one.gaps else ""))
        words += table(
            ("岗位", "姓名", "电话", "单位职务", "负责范围"),
            [(line.slot_title, line.name or "空缺", line.phone, line.title, line.target) for line in one.lines],
        )
    session.out.result({"door": asdict(door), "chains": [asdict(one) for one in found]}, words)


def _gaps(session: Session, app: App, found: Sequence[Gap]) -> None:
    told = session.arguments
    if told.output:
        given = Export("包联空缺", GAP_HEADERS, len(found))
        give_out(app.db, app.actor, given, told.output, lambda draft: write_gaps(draft, found))
    rows = [(gap.scheme, gap.slot, gap.target, gap.place, str(gap.homes)) for gap in found[:_MOST_LISTED]]
    words = table(("机制", "岗位", "级别", "哪里", "户数"), rows) if rows else ["各级岗位都有人负责。"]
    if len(found) > _MOST_LISTED:
        words.append(f"还有 {len(found) - _MOST_LISTED} 处没有列出，用 -o 存成表格看全部。")
    counted = Counter(f"{gap.scheme}·{gap.slot}" for gap in found)
    words += [f"{name}：缺 {count} 处" for name, count in counted.most_common()]
    if told.output:
        words.append(f"已保存到 {told.output}")
    session.out.result([asdict(gap) for gap in found], words)
