"""Quorum and majority: integers only, because 过半数 of 7 is 4 and no float may say otherwise.

民法典 art. 1259: 以上, 以内 include the number; 过, 不满 exclude it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop_app.profiles.rules import Origin, origin_of


@dataclass(frozen=True, slots=True)
class Threshold:
    """A share p/q of a base that has to be reached (`at_least`) or passed (`more_than`) in every measure.

    `base` says of whom: all (应到), present (实到), participating (参与表决) …; measures are owners, area or persons.
    """

    base: str
    p: int
    q: int
    cmp: str
    measures: tuple[str, ...]

    def needed(self, of: int) -> int:
        """The smallest number that meets the threshold; `of` must be above 0."""
        if of <= 0:
            raise ValueError(f"of = {of}")
        return -(-self.p * of // self.q) if self.cmp == "at_least" else self.p * of // self.q + 1

    def met(self, number: int, of: int | None) -> bool | None:
        """Whether `number` of `of` is enough; None (未判定) where the base is unknown or nought."""
        return None if not of or of < 0 else number >= self.needed(of)


@dataclass(frozen=True, slots=True)
class QuorumRule:
    """When a meeting may be held and a motion passes, dated; `hold` or `passes` is None where nothing is laid down."""

    meeting: str
    item: str
    hold: Threshold | None
    passes: Threshold | None
    notice_days: int | None
    remark: str
    origin: Origin


def quorum_rule(row: Mapping[str, Any]) -> QuorumRule:
    """A rule from its record in a file."""
    start = row.get("valid_from")
    if start is not None and not isinstance(start, date):
        raise TypeError(f"valid_from = {start!r}")
    return QuorumRule(
        meeting=str(row["meeting"]),
        item=str(row["item"]),
        hold=_threshold(row.get("hold")),
        passes=_threshold(row.get("pass")),
        notice_days=row.get("notice_days"),
        remark=str(row.get("remark", "")),
        origin=origin_of(row, None),
    )


def _threshold(row: Mapping[str, Any] | None) -> Threshold | None:
    if row is None:
        return None
    share = Threshold(
        str(row["base"]), int(row["p"]), int(row["q"]), str(row["cmp"]), tuple(row.get("measures", ("persons",)))
    )
    if share.cmp not in {"at_least", "more_than"} or not 0 < share.p <= share.q:
        raise ValueError(f"{share.cmp} {share.p}/{share.q}")
    return share
