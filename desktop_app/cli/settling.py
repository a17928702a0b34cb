"""conflicts settle: the choice between two values, as in the window."""

from typing import Final

from desktop_app.app import App
from desktop_app.cli.session import Session
from desktop_app.shared.errors import AppError, UsageError
from desktop_app.sync import conflicts as inbox
from desktop_app.sync.conflicts import JOIN, KEEP, MERGE, SWAP, OpenConflict

_WORDS: Final = {KEEP: "保留现值", SWAP: "改用另一个值", JOIN: "两个都保留", MERGE: "自己填一个值"}


def settle(session: Session) -> None:
    """`linli conflicts settle ID keep|swap|join|merge`: settles one clash; one step, which `linli undo` takes back."""
    told = session.arguments
    if (told.value is not None) is not (told.how == MERGE):
        raise UsageError(
            "--value 要与 merge 一起写，什么也没有改。",
            field="value",
            next_step="自己填一个值：linli conflicts settle 编号 merge --value 值。",
        )
    with session.app() as app:
        one = _named(app, told.id)
        _must_be_choice(app, one, told.how)
        if told.how == MERGE:
            inbox.merge(app.db, app.actor, one.id, told.value)
        else:
            {KEEP: inbox.keep, SWAP: inbox.swap, JOIN: inbox.join}[told.how](app.db, app.actor, one.id)
        left = inbox.count_open(app.db)
    what = "的".join(part for part in (one.record_name or one.table_zh, one.field_zh) if part)
    about = {"table": one.table, "record": one.record_id, "field": one.field}
    words = f"已确认{what}：{_words(one)[told.how]}。下次同步后各台电脑都一样；可用 linli undo 撤销。"
    session.out.result(
        {"id": one.id, "how": told.how, **about, "left": left},
        [words, f"还有 {left} 条待确认。" if left else "没有待确认的冲突了。"],
    )


def _named(app: App, conflict_id: str) -> OpenConflict:
    found = next((one for one in inbox.open_conflicts(app.db) if one.id == conflict_id), None)
    if found is not None:
        return found
    if any(one.id == conflict_id for one in inbox.settled_conflicts(app.db)):
        raise AppError("这条冲突已经有人处理过了，没有再改。", next_step="可用 linli conflicts 列出还没有确认的。")
    raise AppError(
        f"没有编号为“{conflict_id}”的冲突，什么也没有改。",
        field="id",
        next_step="可用 linli conflicts 列出，编号在最后一列。",
    )


def _must_be_choice(app: App, one: OpenConflict, how: str) -> None:
    """UsageError for what the window would not offer: a deletion has no third value."""
    can = inbox.choices(app.db, one)
    open_to = {KEEP: True, SWAP: can.swap, JOIN: can.joined is not None, MERGE: can.merge}
    if not open_to[how]:
        offered = "、".join(f"{name}（{words}）" for name, words in _words(one).items() if open_to[name])
        raise UsageError(f"这一条不能选 {how}，什么也没有改。", field="how", next_step=f"可以选：{offered}。")


def _words(one: OpenConflict) -> dict[str, str]:
    """The choices as they are called for this kind of clash."""
    if one.kind == "field":
        return _WORDS  # the window's buttons stand beside their values
    return {**_WORDS, KEEP: one.meaning.keep or _WORDS[KEEP], SWAP: one.meaning.swap or _WORDS[SWAP]}
