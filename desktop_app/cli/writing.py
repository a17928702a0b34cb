"""init, set, undo: commands that change the store."""

import math
from collections.abc import Callable
from typing import Any

from desktop_app import app as composition
from desktop_app.accounts import policy, rules
from desktop_app.accounts.signing import first_administrator
from desktop_app.cli.reading import record_class, resolve
from desktop_app.cli.session import Session, ask_first
from desktop_app.cli.signing import must_choose
from desktop_app.meetings import actions as meetings
from desktop_app.meetings.model import Meeting
from desktop_app.organisation import hosting
from desktop_app.organisation.model import PartyCentreHousehold
from desktop_app.places import actions as places
from desktop_app.places.model import Building, Estate, Room
from desktop_app.residents import actions as residents
from desktop_app.residents.model import Household, Person
from desktop_app.residents.undoing import undo as take_back
from desktop_app.shared.dates import iso_date
from desktop_app.shared.errors import AppError, UsageError
from desktop_app.store import history
from desktop_app.store.base import Record


def init(session: Session) -> None:
    """`linli init`: a new store."""
    told = session.arguments
    if told.from_starter:
        from desktop_app.cli.sticks import begin

        begin(session)
        return
    if not told.community or not told.code:
        raise UsageError(
            "还没有写明社区，没有新建数据。",
            next_step="请加上 --community 名称 --code 代码，或 --from-starter 启动文件。",
        )
    beginning = composition.Beginning(told.community, told.code, told.staff, told.profile)
    password = _password_for(told.login, told.staff)
    with composition.create(session.home, beginning, ask=ask_first) as app:
        if told.login:
            first_administrator(app.db, told.staff, told.login, password)
        kind = "系统钥匙串" if app.secrets.kind == "keyring" else "口令保护的钥匙文件（请记牢口令，丢了就打不开）"
        value = {"home": str(session.home), "keys": app.secrets.kind, "community": told.community}
    session.out.result(value, f"已为{told.community}建立数据：{session.home}\n密钥保存在{kind}。")


def _password_for(login: str, name: str) -> str:
    """The password of the first administrator, sound before anything is made; none without a sign-in name."""
    if not login:
        return ""
    chosen = must_choose("初始管理员的密码：")
    rules.must_be_strong(chosen, policy.policy(), about=(name, rules.must_be_login(login)))
    return chosen


def set_fields(session: Session) -> None:
    """`linli set KIND ID field=value …`: changes the named fields and no others."""
    cls = record_class(session.arguments.kind)
    changes = _changes(cls, session.arguments.fields)
    with session.app() as app:
        record = resolve(app, session.arguments.kind, session.arguments.id)
        if isinstance(record, Person):
            residents.correct(app.db, app.actor, record.id, changes, why=session.arguments.why)
        else:
            reason = {"why": session.arguments.why} if cls is Household else {}
            _CHANGERS[cls](app.db, app.actor, record.id, **reason, **changes)
    words = "、".join(str(cls.__table__.columns[name].info["zh"]) for name in changes)
    session.out.result({"id": record.id, "changed": sorted(changes)}, f"已修改{cls.__zh__}的{words}。")


_CHANGERS: dict[type[Record], Callable[..., Record]] = {
    Household: residents.change_household,
    Room: places.change_room,
    Building: places.change_building,
    Estate: places.change_estate,
    Meeting: meetings.change_meeting,
    PartyCentreHousehold: hosting.change_centre_household,
}
_GUARDED = frozenset({"head_id", "signed_at", "signed_by", "signed_hash", "audience"})


def _changes(cls: type[Record], words: list[str]) -> dict[str, Any]:
    columns = {column.name: column for column in cls.__table__.columns if column.info}
    changes: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or name not in columns or name in _GUARDED:
            usable = "、".join(key for key in columns if key not in _GUARDED)
            raise UsageError(f"“{word}”写得不对，什么也没有改。", next_step=f"写成 字段=值，字段可以是：{usable}。")
        changes[name] = _value(columns[name], value)
    return changes


def _value(column: Any, text: str) -> Any:
    if text == "":
        return None if column.nullable else ""
    if column.name == "birth" or column.name.endswith("_on"):
        return _date(column, text)
    try:
        value = column.type.python_type(text)
    except ValueError:
        value = math.nan
    if isinstance(value, float) and not math.isfinite(value):
        raise UsageError(
            f"“{text}”不能作为{column.info['zh']}，什么也没有改。", field=column.name, next_step="这里要填数字。"
        )
    return value


def _date(column: Any, text: str) -> str:
    """A date in any way offices write it, as ISO text."""
    found = iso_date(text)
    if not found:
        raise UsageError(
            f"“{text}”不能作为{column.info['zh']}，什么也没有改。",
            field=column.name,
            next_step="这里要填日期，如 1962-03-08；不知道日子可以只写 1962-03 或 1962。",
        )
    return found


def undo(session: Session) -> None:
    """`linli undo [NUMBER]`: takes the last action back, or the one named."""
    with session.app() as app:
        number = session.arguments.action
        if number is None:
            last = history.last_action(app.db, app.actor)
            if last is None:
                raise AppError("没有可以撤销的操作。")
            number = last[0]
        report = take_back(app.db, app.actor, number, session.arguments.why)
    kept = f"，另有 {report.kept} 条之后又被改过，保留不动" if report.kept else ""
    session.out.result(
        {"action": number, "undone": report.undone, "kept": report.kept}, f"已撤销 {report.undone} 条{kept}。"
    )
