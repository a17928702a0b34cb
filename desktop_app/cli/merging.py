"""duplicates, merge: residents who may be one person entered twice."""

from dataclasses import asdict

from desktop_app.cli.reading import resolve
from desktop_app.cli.session import Session
from desktop_app.residents import duplicates, merging
from desktop_app.residents.merging import MergePlan
from desktop_app.residents.search import Hit
from desktop_app.shared.errors import UsageError
from desktop_app.shared.text import mask


def listed(session: Session) -> None:
    """`linli duplicates`: the pairs that look alike, the surest first."""
    with session.app() as app:
        pairs = duplicates.suspected(app.db, lambda done, total: session.out.progress(done, total, "查找重复的居民"))
    lines = [
        f"{'!' if pair.sure else '?'} {_known_by(pair.a)} 与 {_known_by(pair.b)}：{'；'.join(pair.reasons)}\n"
        f"    linli merge {pair.a.id} {pair.b.id}"
        for pair in pairs
    ]
    value = [{"sure": pair.sure, "reasons": pair.reasons, "a": asdict(pair.a), "b": asdict(pair.b)} for pair in pairs]
    session.out.result(value, lines or ["没有发现可能重复登记的居民。"])


def merge(session: Session) -> None:
    """`linli merge ID ID [--live stays|goes] [--set field=value …] --yes`."""
    told = session.arguments
    with session.app() as app:
        one, other = resolve(app, "resident", told.one), resolve(app, "resident", told.other)
        if told.two:
            duplicates.are_two(app.db, app.actor, one.id, other.id, told.why)
            session.out.result({"two": [one.id, other.id]}, "已记下：不是同一人，以后不再提示。")
            return
        plan = merging.plan(app.db, one.id, other.id)
        values = _values(plan, told.set or [])
        for line in _words(plan, values):
            session.out.say(line)
        session.confirm("以上两条合并为一条，可以用 linli undo 撤销。")
        merged = merging.merge(app.db, app.actor, one.id, other.id, values=values, home=told.live, why=told.why)
    value = {"id": merged.id, "gone": plan.goes.id, "moved": dict(plan.moving)}
    session.out.result(value, f"已合并为{merged.name}（{merged.id}）；不合适可用 linli undo 撤销。")


def _known_by(hit: Hit) -> str:
    parts = (hit.birth, f"{hit.estate or ''}{hit.address}", f"尾号{hit.id_tail}" if hit.id_tail else "")
    return f"{hit.name}（{'，'.join(part for part in parts if part) or '没有别的资料'}）"


def _values(plan: MergePlan, words: list[str]) -> dict[str, str | None]:
    """What was told by hand: `phones=…`, or `name=goes` for the value of one of the two."""
    fields = {field.name: field for field in plan.fields}
    found: dict[str, str | None] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or name not in fields:
            step = f"写成 字段=值（stays 或 goes 表示取哪一条的值），字段可以是：{'、'.join(fields)}。"
            raise UsageError(f"“{word}”写得不对，什么也没有改。", next_step=step)
        side = {"stays": fields[name].stays, "goes": fields[name].goes}
        found[name] = side.get(value, value or None)
    return found


def _words(plan: MergePlan, values: dict[str, str | None]) -> list[str]:
    """What would become of the two."""
    lines = [f"保留：{plan.stays.name}（{plan.stays.id}）", f"并入：{plan.goes.name}（{plan.goes.id}）"]
    for field in plan.fields:
        if field.differ:
            taken = values.get(field.name, field.proposed)
            shown = [_shown(field.mask, one) for one in (field.stays, field.goes, taken)]
            lines.append(f"{field.zh}：{shown[0]}（stays） / {shown[1]}（goes） → {shown[2]}")
    if plan.moving:
        lines.append(f"一起转过来：{'、'.join(f'{kind} {count} 条' for kind, count in plan.moving)}")
    if plan.homes_differ:
        lines.append("两条记录住在不同的地方，请用 --live stays 或 --live goes 说明以哪一处为准。")
    return lines


def _shown(kind: str | None, value: object) -> str:
    text = str(value or "（空）")
    return mask(kind, text) if kind and value else text
