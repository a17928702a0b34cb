"""What somebody says was done, before it becomes an event: refused in the same words wherever records are events."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from desktop_app.shared.errors import AppError
from desktop_app.shared.events import Move

RATING: Final = "rating"
"""What a move `needs` that is an evaluation, or the reason why there is none."""


class Deed(Protocol):
    """As much of it as is looked at here."""

    @property
    def kind(self) -> str: ...


class Rated(Deed, Protocol):
    """One that may be an evaluation."""

    @property
    def satisfaction(self) -> str: ...
    @property
    def why_none(self) -> str: ...


def check(deed: Deed, moves: Mapping[str, Move], names: Mapping[str, str]) -> Move:
    """AppError, at its field, for a kind that is no move, or is the first, and for what the move needs by these names.

    The first of the moves is what the record begins with; it is never done again.
    """
    first, *others = moves
    if deed.kind not in moves or deed.kind == first:
        known = "、".join(others)
        raise AppError(f"没有“{deed.kind}”这一步，没有保存。", field="kind", next_step=f"可以是：{known}。")
    move = moves[deed.kind]
    for name in move.needs:
        told = getattr(deed, name, None)
        if name in names and (told is None or not str(told).strip()):
            raise AppError(f"“{deed.kind}”要写明{names[name]}，没有保存。", field=name, next_step="请填写后再保存。")
    return move


def check_rating(deed: Rated, move: Move, satisfactions: Sequence[str]) -> None:
    """AppError unless an evaluation says one of these words or why there is none, and not both."""
    if RATING in move.needs and bool(deed.satisfaction) == bool(deed.why_none.strip()):
        raise AppError(
            "评价和没有评价的原因要写其中一项，没有保存。",
            field="satisfaction",
            next_step="请选满意、基本满意或不满意；没有评价的写明原因。",
        )
    if deed.satisfaction and deed.satisfaction not in satisfactions:
        raise AppError(f"没有“{deed.satisfaction}”这种评价，没有保存。", field="satisfaction", next_step="请重新选择。")


def must_count(why: str, allowed: Sequence[str]) -> None:
    """AppError for a deed that would change nothing, with what may be done instead; nothing where `why` is ""."""
    if why:
        raise AppError(f"{why}，没有保存。", field="kind", next_step=f"现在可以：{'、'.join(allowed)}。")
