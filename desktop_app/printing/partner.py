"""What the papers about partners say, read from the store."""

from dataclasses import dataclass

from desktop_app.partners import doings, lists, queries, together
from desktop_app.partners.model import Agreement, PartnerUnit, PartTimeMember, UnitReview
from desktop_app.partners.queries import MemberLine
from desktop_app.partners.rules import Mark
from desktop_app.printing.form import Desk
from desktop_app.printing.words import spoken_date
from desktop_app.profiles.desk import town_of
from desktop_app.shared.errors import AppError
from desktop_app.shared.text import mask


@dataclass(frozen=True, slots=True)
class AgreementPaper:
    """A 共建协议书; `items` are (who, what, until when)."""

    community: str
    unit: str
    number: str = ""
    goals: str = ""
    items: tuple[tuple[str, str, str], ...] = ()
    start: str = ""
    end: str = ""
    signed: str = ""
    ours: tuple[str, str] = ("", "")
    """who signs for the community, its telephone"""
    theirs: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class PledgePaper:
    """A 双向认领承诺书; each claim is (what, what was pledged, who answers for it, until when)."""

    community: str
    unit: str
    theirs: tuple[tuple[str, str, str, str], ...] = ()
    ours: tuple[tuple[str, str, str, str], ...] = ()
    printed: str = ""


@dataclass(frozen=True, slots=True)
class LetterPaper:
    """A 聘书."""

    community: str
    body: str
    name: str
    role: str
    unit: str
    number: str
    start: str
    end: str
    given: str


@dataclass(frozen=True, slots=True)
class ReviewPaper:
    """A 单位评议表."""

    community: str
    unit: str
    year: int
    marks: tuple[Mark, ...]
    score: int
    grade: str
    opinion: str
    by_name: str
    on: str


@dataclass(frozen=True, slots=True)
class ListsPaper:
    """清单: `lists` are (name, rows); a row is (no, what, owner, contact, period, left, taker, state)."""

    title: str
    community: str
    lists: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    printed: str


def agreement_paper(desk: Desk, agreement_id: str) -> AgreementPaper:
    """The paper of an agreement.  AppError when it is gone."""
    found = desk.db.get(Agreement, agreement_id)
    if found is None:
        raise AppError("这份协议已经不在了，没有打印。", next_step="请刷新列表后再试。")
    unit = _unit(desk, found.unit_id)
    sql = "SELECT side,text,due_on,times FROM agreement_item WHERE agreement_id=? AND sync_del=0 ORDER BY seq,local_no"
    return AgreementPaper(
        desk.community.name,
        unit.name,
        found.no or "",
        found.goals,
        tuple(
            (side, _times(text, times), spoken_date(due)) for side, text, due, times in desk.db.rows(sql, (found.id,))
        ),
        spoken_date(found.from_on),
        spoken_date(found.expires_on),
        spoken_date(found.signed_on),
        (found.our_signer or "", desk.community.phone or ""),
        (found.their_signer or unit.contact or "", unit.phone or ""),
    )


def _times(text: str, times: int) -> str:
    return f"{text}（{times}次）" if times > 1 else text


def pledge_paper(desk: Desk, unit_id: str) -> PledgePaper:
    """What a unit and the community took on from each other and have not finished.  AppError when there is nothing."""
    unit = _unit(desk, unit_id)
    offered = {item.id for item in lists.items(desk.db, unit_id=unit_id)}
    every = [one for one in lists.claims(desk.db) if one.state.live and not one.state.done]
    theirs = tuple(_claim(one) for one in every if one.unit_id == unit_id)
    ours = tuple(_claim(one) for one in every if not one.unit_id and one.item_id in offered)
    if not (theirs or ours):
        raise AppError(f"{unit.name}没有正在办的认领事项，没有打印。", next_step="请先在清单里认领。")
    return PledgePaper(desk.community.name, unit.name, theirs, ours, spoken_date(desk.clock.today().isoformat()))


def _claim(one: lists.ClaimLine) -> tuple[str, str, str, str]:
    return one.title, one.promise, one.taker, spoken_date(one.due_on)


def letter_paper(desk: Desk, member_id: str) -> LetterPaper:
    """The letter of appointment of a part-time member.  AppError when the entry is gone."""
    found = desk.db.get(PartTimeMember, member_id)
    if found is None:
        raise AppError("这条聘任记录已经不在了，没有打印。", next_step="请刷新列表后再试。")
    unit = desk.db.get(PartnerUnit, found.unit_id)
    return LetterPaper(
        desk.community.name,
        found.body,
        found.name,
        found.role,
        "".join(filter(None, (unit.name if unit else "", found.post))),
        found.letter_no or "",
        spoken_date(found.from_on),
        spoken_date(found.to_on),
        spoken_date(found.from_on),
    )


def review_paper(desk: Desk, review_id: str) -> ReviewPaper:
    """The paper of a review.  AppError when it is gone."""
    found = desk.db.get(UnitReview, review_id)
    if found is None:
        raise AppError("这份评议已经不在了，没有打印。", next_step="请刷新列表后再试。")
    marks, _, _ = doings.marked(desk.db, together.facts_kept(found))
    unit = _unit(desk, found.unit_id)
    return ReviewPaper(
        desk.community.name, unit.name, found.year, marks, found.score, found.grade, found.opinion, found.by_name,
        spoken_date(found.on),
    )  # fmt: skip


def lists_paper(desk: Desk, group: str = "") -> ListsPaper:
    """The lists of a group (三张清单) as they stand; "" for the town's first group."""
    kinds = town_of(desk.db).list_types
    chosen = group or kinds[0].group
    found = [(kind.name, lists.items(desk.db, kind.code, state="在用")) for kind in kinds if kind.group == chosen]
    if not found:
        raise AppError(f"没有“{group}”这组清单，没有打印。", next_step="请在清单页选择。")
    rows = tuple((name, tuple(_row(item, desk.community.name) for item in reversed(items))) for name, items in found)
    return ListsPaper(chosen, desk.community.name, rows, spoken_date(desk.clock.today().isoformat()))


def _row(item: lists.ItemLine, community: str) -> tuple[str, ...]:
    left = "不限" if item.left is None else str(item.left)
    until = f"{item.from_on}至{item.to_on}" if item.to_on else f"{item.from_on}起"
    what = item.title + (f"：{item.text}" if item.text and item.text != item.title else "")
    return item.no, what, item.unit or community, item.contact, until, left, item.takers, item.state


@dataclass(frozen=True, slots=True)
class MembersPaper:
    """The part-time members of a community: `bodies` are (name, rows)."""

    community: str
    title: str
    bodies: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    printed: str


def members_paper(desk: Desk, *, record: bool = False) -> MembersPaper:
    """大党委成员名册 as it stands today; with `record` the 履职台账 of this year, those who left in it too."""
    today = desk.clock.today()
    found = queries.members(desk.db, today.year, left=record)
    shown = [one for one in found if not record or not one.left_on or one.left_on >= f"{today.year}-01-01"]
    make = _record_row if record else _roll_row
    bodies = {one.body: [other for other in shown if other.body == one.body] for one in shown}
    rows = ((name, tuple(make(at, one) for at, one in enumerate(ones, 1))) for name, ones in bodies.items())
    title = f"{desk.community.name}{f'{today.year}年度兼职委员履职台账' if record else '大党委成员名册'}"
    return MembersPaper(desk.community.name, title, tuple(rows), spoken_date(today.isoformat()))


def _roll_row(at: int, one: MemberLine) -> tuple[str, ...]:
    until = f"{one.from_on}至{one.to_on}" if one.to_on else f"{one.from_on}起"
    return str(at), one.name, one.role, one.unit, one.post, mask("phone", one.phone), one.letter_no, until


def _record_row(at: int, one: MemberLine) -> tuple[str, ...]:
    figures = (str(figure) for figure in (one.claims, one.done, one.activities))
    return str(at), one.name, one.role, one.unit, one.post, one.letter_no, *figures, one.left_on


def _unit(desk: Desk, unit_id: str) -> PartnerUnit:
    unit = desk.db.get(PartnerUnit, unit_id)
    if unit is None:
        raise AppError("这个单位已经不在了，没有打印。", next_step="请刷新列表后再试。")
    return unit
