"""What the papers of orders, wishes and those who report in say, read from the store."""

from dataclasses import dataclass, replace

from desktop_app.orders import checks, queries, reporting, reporting_lists, wish_lists
from desktop_app.orders.model import Helper
from desktop_app.orders.reporting_lists import ClaimLine
from desktop_app.printing.form import Desk
from desktop_app.printing.words import spoken_date
from desktop_app.profiles.desk import desk_codes
from desktop_app.shared.errors import AppError
from desktop_app.shared.text import mask

_GONE = "已经不在了，没有打印。"
_NEXT = "请刷新列表后再试。"


@dataclass(frozen=True, slots=True)
class OrderPaper:
    """A card for whoever serves: the requester's whole number stands on it, since they have to call."""

    community: str
    hotline: str = ""
    no: str = ""
    variant: str = ""
    title: str = ""
    text: str = ""
    colour: str = ""
    received: str = ""
    when: str = ""
    requester: str = ""
    phone: str = ""
    place: str = ""
    helper: str = ""
    helper_phone: str = ""
    sent: str = ""
    printed: str = ""


def order_paper(desk: Desk, order_id: str) -> OrderPaper:
    """The card of an order.  AppError when it is gone."""
    found = queries.detail(desk.db, order_id)
    if found is None:
        raise AppError(f"这张服务单{_GONE}", next_step=_NEXT)
    order, state = found.order, found.state
    helper = desk.db.get(Helper, state.helper_id) if state.helper_id else None
    span = "-".join(filter(None, (order.from_time, order.to_time)))
    return OrderPaper(
        community=desk.community.name,
        hotline=desk.community.phone or "",
        no=order.no or "",
        variant=order.variant,
        title=order.title,
        text=order.text,
        colour=checks.colour_word(desk.db, order.colour),
        received=spoken_date(order.received_on),
        when="　".join(filter(None, (spoken_date(order.want_on), span))),
        requester=order.requester_name or "",
        phone=order.requester_phone or "",
        place=found.line.place,
        helper=state.to_whom,
        helper_phone=(helper.phone or "") if helper else "",
        sent=spoken_date(state.sent_on),
        printed=spoken_date(desk.clock.today().isoformat()),
    )


@dataclass(frozen=True, slots=True)
class WishPaper:
    """A wish as it hangs on the wall: it has no field for who the wisher is."""

    community: str
    phone: str = ""
    no: str = ""
    alias: str = ""
    kind: str = ""
    text: str = ""
    cap: str = ""
    until: str = ""
    taken: bool = False


def wish_paper(desk: Desk, wish_id: str) -> WishPaper:
    """The card of a wish.  AppError when it is gone."""
    found = wish_lists.wish_detail(desk.db, wish_id)
    if found is None:
        raise AppError(f"这个心愿{_GONE}", next_step=_NEXT)
    line = found.line
    return WishPaper(
        desk.community.name,
        desk.community.phone or "",
        line.no,
        line.alias,
        line.kind,
        line.text,
        wish_lists.money(line.cap_fen) if line.cap_fen else "不花钱",
        spoken_date(line.expires_on),
        bool(line.taker),
    )


@dataclass(frozen=True, slots=True)
class RegistrationPaper:
    """A registration form; every field blank is one to be filled in by hand."""

    community: str
    phone: str = ""
    no: str = ""
    on: str = ""
    kinds: tuple[str, ...] = ()
    kind: str = ""
    name: str = ""
    tel: str = ""
    unit: str = ""
    unit_post: str = ""
    branch: str = ""
    home: str = ""
    hours: str = ""
    roles: tuple[str, ...] = ()
    role: str = ""
    colours: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    claims: tuple[tuple[str, str], ...] = ()
    """kind of claim, what was claimed"""
    negative: tuple[str, ...] = ()

    @property
    def masked(self) -> str:
        """The number as the receipt shows it."""
        return mask("phone", self.tel)


def registration_paper(desk: Desk, registration_id: str = "") -> RegistrationPaper:
    """The form of somebody who reported in, or a blank one.  AppError when they are gone."""
    db, blank = desk.db, _blank(desk)
    if not registration_id:
        return blank
    found = reporting_lists.registration_detail(db, registration_id)
    if found is None:
        raise AppError(f"这份报到登记{_GONE}", next_step=_NEXT)
    one, line = found.registration, found.line
    held = {
        kind: "；".join(_claimed(claim) for claim in found.claims if claim.kind == kind) for kind, _ in blank.claims
    }
    return replace(
        blank,
        no=line.no,
        on=spoken_date(line.on),
        kind=one.kind,
        name=one.name,
        tel=one.phone or "",
        unit=line.unit,
        unit_post=line.unit_post,
        branch=line.branch,
        home=line.place,
        hours=one.hours,
        role=line.role,
        chosen=tuple(checks.colour_word(db, code) for code in one.colours.split()),
        claims=tuple(held.items()),
    )


def _claimed(claim: ClaimLine) -> str:
    return " ".join(part for part in (claim.text, claim.home) if part)


def _blank(desk: Desk) -> RegistrationPaper:
    """Everything there is to tick, nothing ticked."""
    db, today = desk.db, desk.clock.today()
    return RegistrationPaper(
        desk.community.name,
        desk.community.phone or "",
        kinds=tuple(one.name for one in desk_codes(db, "registration_kinds").offered(today)),
        roles=reporting.rider_roles(db),
        colours=tuple(checks.colour_word(db, one.code) for one in desk_codes(db, checks.COLOURS).offered(today)),
        claims=tuple((one.name, "") for one in desk_codes(db, "claim_kinds").offered(today)),
        negative=tuple(item.name for item in reporting.negative_list(db)),
    )


def ticked(words: tuple[str, ...], chosen: tuple[str, ...], row: int = 4) -> str:
    """■ 是　□ 否, so many in a line, so that no box stands apart from its word."""
    boxes = [f"{'■' if word in chosen else '□'} {word}" for word in words]
    return "\n".join("　".join(boxes[at : at + row]) for at in range(0, len(boxes), row))
