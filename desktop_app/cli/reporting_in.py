"""report-in: who reported in, what they claimed, the posts there are, what may not be asked of them."""

from dataclasses import asdict
from typing import Any

from desktop_app.cli.giving import give
from desktop_app.cli.naming import one_of, workbook
from desktop_app.cli.output import table
from desktop_app.cli.reading import resolve
from desktop_app.cli.session import Session
from desktop_app.cli.speaking import typed_day
from desktop_app.orders import reporting, reporting_lists, reporting_rules, sheet
from desktop_app.orders.model import Post, Registration, RegistrationClaim


def add(session: Session) -> None:
    """`linli report-in add NAME --kind …`."""
    told = session.arguments
    with session.app() as app:
        person = resolve(app, "resident", told.name).id if told.resident else None
        one = Registration(
            on=typed_day(told.on) or app.clock.today().isoformat(),
            kind=told.kind,
            person_id=person,
            name="" if person else told.name,
            phone=told.phone or None,
            unit=told.unit or None,
            unit_post=told.post or None,
            branch=told.branch or None,
            role=told.role or None,
            colours=told.colours,
            hours=told.hours,
        )
        kept = reporting.report_in(app.db, app.actor, one, helps=told.helps)
    words = f"已登记报到 {kept.no or ''}：{kept.name}（{kept.kind}）"
    session.out.result({"id": kept.id, "no": kept.no}, [words, f"编号：{kept.id}"])


def listed(session: Session) -> None:
    """`linli report-in list`: who reported in, and the posts."""
    told = session.arguments
    path = workbook(told.output) if told.output else None
    with session.app() as app:
        lines = reporting_lists.registrations(app.db, text=told.text, kind=told.kind)
        posts = reporting_lists.posts(app.db)
        if path:
            give(
                session, app, "报到登记", sheet.REGISTRATIONS, len(lines),
                lambda draft: sheet.write_registrations(draft, lines, posts),
            )  # fmt: skip
    rows = [(one.no, one.on, one.kind, one.name, one.unit, one.role, one.claims, one.id) for one in lines]
    headers = ("编号", "日期", "类别", "姓名", "单位", "角色", "认领", "记录")
    words = table(headers, rows) if rows else ["还没有人报到。用 linli report-in add 登记。"]
    if posts:
        words += ["", *table(("岗位", "类别", "人数", "空缺", "认领人"),
                             [(one.name, one.kind, one.capacity, one.free, one.holders) for one in posts])]  # fmt: skip
    if path:
        words.append(f"已保存到 {path}")
    value = {"registrations": [asdict(one) for one in lines], "posts": [asdict(one) for one in posts]}
    session.out.result(value, words)


def claim(session: Session) -> None:
    """`linli report-in claim REGISTRATION KIND …`."""
    told = session.arguments
    with session.app() as app:
        one = RegistrationClaim(
            registration_id=one_of(app, Registration, told.registration).id,
            kind=told.kind,
            on=typed_day(told.on) or app.clock.today().isoformat(),
            post_id=one_of(app, Post, told.post, "name").id if told.post else None,
            household_id=told.household or None,
            text=told.text,
        )
        kept = reporting.claim(app.db, app.actor, one)
    session.out.result({"id": kept.id}, f"已登记{kept.kind}：{kept.text}")


def post(session: Session) -> None:
    """`linli report-in post NAME …`: sets up a post or a place of duty."""
    told = session.arguments
    kind = reporting_rules.DUTY if told.kiosk else reporting_rules.SERVICE
    with session.app() as app:
        new = Post(
            kind=kind,
            name=told.name,
            duty=told.duty or None,
            colour=told.colour or None,
            capacity=told.capacity,
            slots=told.slots,
            place=told.place or None,
        )
        kept = reporting.add_post(app.db, app.actor, new)
    session.out.result({"id": kept.id}, [f"已设立{kept.kind}：{kept.name}（{kept.capacity} 人）", f"编号：{kept.id}"])


def change_post(session: Session) -> None:
    """`linli report-in change-post POST …`: only what is told; `--closed` takes it off the list."""
    told = session.arguments
    with session.app() as app:
        found = one_of(app, Post, told.post, "name")
        changes: dict[str, Any] = {name: vars(told)[name] for name in _CHANGES if vars(told)[name] is not None}
        changes |= {name: changes[name] or None for name in _MAY_BE_BLANK if name in changes}
        if changes:
            found = reporting.change_post(app.db, app.actor, found.id, **changes)
        if told.closed:
            found = reporting.close_post(app.db, app.actor, found.id, typed_day(told.closed))
    words = f"已于{found.to_on}撤销{found.name}" if told.closed else f"已修改{found.kind}：{found.name}"
    session.out.result({"id": found.id, "changed": sorted(changes), "to_on": found.to_on}, words)


_CHANGES = ("name", "duty", "colour", "slots", "place", "capacity")
_MAY_BE_BLANK = ("duty", "colour", "place")


def negative(session: Session) -> None:
    """`linli report-in negative`: what may not be asked of those who report in."""
    with session.app() as app:
        items = reporting.negative_list(app.db)
    words = [f"{at}. {item.name}（认出的词：{'、'.join(item.words)}）" for at, item in enumerate(items, 1)]
    session.out.result([item._asdict() for item in items], words)


def figures(session: Session) -> None:
    """`linli report-in figures`: the sentence, and the figures behind it."""
    told = session.arguments
    with session.app() as app:
        found = reporting_lists.registration_counts(app.db, typed_day(told.since), typed_day(told.until))
    words = [
        reporting_lists.counts_sentence(found),
        *(f"{kind}：{many} 人" for kind, many in found.by_kind),
        *(f"{role}：{many} 人" for role, many in found.roles),
    ]
    session.out.result({**asdict(found), "claimed": found.claimed}, words)
