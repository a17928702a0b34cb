"""Words of code tables that a person chose: AppError, at the field, for one that is no choice."""

from desktop_app.profiles.desk import desk_codes
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database


def code(db: Database, kind: str, word: str, zh: str, field: str, *, known: str | None = None) -> str:
    """The code of a word; one that is unknown or retired is no choice for what is written now.

    `known` is what stood there before: what was right once may stay.
    """
    table = desk_codes(db, kind)
    found = table.find(word)
    if found is not None and known is not None and found.code == known:
        return found.code
    if found is None or found not in table.offered(db.clock.today()):
        what = "已停用" if found else "不在表中"
        names = "、".join(table.names(db.clock.today()))
        raise AppError(f"{zh}“{word}”{what}，没有保存。", field=field, next_step=f"可以选：{names}。")
    return found.code


def name(db: Database, kind: str, word: str, zh: str, field: str) -> str:
    """As `code`, for fields that keep the name itself."""
    return desk_codes(db, kind).name(code(db, kind, word, zh, field))
