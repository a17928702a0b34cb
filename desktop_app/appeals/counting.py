"""The sentence of the 石首 2021 article for any period, and its identity: total = answered + followed + explained."""

from dataclasses import dataclass

from desktop_app.shared.errors import AppError


@dataclass(frozen=True, slots=True)
class Tally:
    """Appeals that came in from one day to another, both included ("" for open), by what became of them."""

    since: str
    until: str
    total: int
    answered: int
    followed: int
    explained: int

    @property
    def holds(self) -> bool:
        """Whether every appeal has exactly one of the three outcomes."""
        return self.total == self.answered + self.followed + self.explained


def sentence(tally: Tally) -> str:
    """The sentence, as the article writes it.  AppError where the figures do not add up."""
    if not tally.holds:
        parts = tally.answered + tally.followed + tally.explained
        raise AppError(
            f"诉求合计{tally.total}件，分项合计{parts}件，对不上，没有生成。",
            next_step="请先同步一次再试；仍然不符请运行“linli doctor”检查。",
        )
    return (
        f"{_period(tally)}接到群众反映诉求{tally.total}件，已回应解决{tally.answered}件，正在跟踪办理{tally.followed}件，"
        f"因客观条件暂时无法办理已向居民做好解释工作{tally.explained}件。"
    )


def _period(tally: Tally) -> str:
    first, last = _spoken(tally.since), _spoken(tally.until)
    if first and last:
        return f"{first}至{last}，"
    return f"{first}以来，" if first else f"截至{last}，" if last else ""


def _spoken(iso: str) -> str:
    return "".join(f"{int(part)}{unit}" for part, unit in zip(iso.split("-"), "年月日", strict=False)) if iso else ""
