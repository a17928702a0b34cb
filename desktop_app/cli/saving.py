"""points: accounts of points and of time, what comes in, what goes out, and whether it adds up."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from desktop_app.app import App
from desktop_app.cli.giving import give
from desktop_app.cli.naming import there, workbook
from desktop_app.cli.ordering import helper_id
from desktop_app.cli.output import table
from desktop_app.cli.reading import resolve
from desktop_app.cli.session import Session
from desktop_app.cli.speaking import typed_day
from desktop_app.points import actions, figures, opening, queries, rules, several, sheet
from desktop_app.points import due as owed
from desktop_app.points.actions import Deposit
from desktop_app.points.model import PointsEntry
from desktop_app.points.queries import AccountFilter, AccountLine
from desktop_app.shared.errors import AppError

_MOST = 100_000


def account_of(app: App, words: str, kind: str = "") -> AccountLine:
    """An account by identifier, or the only one of a name; AppError where there is none, or several."""
    if found := queries.account(app.db, words):
        return found
    every = queries.accounts(app.db, AccountFilter(text=words, kind=kind, closed=True), limit=_MOST)
    named = [one for one in every if one.name == words and not one.closed_on] or [
        one for one in every if one.name == words
    ]
    if len(named) != 1:
        many = "不止一个" if named else "没有找到"
        like = "、".join(f"{one.kind} {one.id}" for one in named)
        raise AppError(
            f"账户“{words}”{many}，什么也没有做。",
            next_step=f"请加 --kind 或用编号：{like}。" if named else "可用 linli points accounts 列出。",
        )
    return named[0]


def _given(
    session: Session, app: App, what: str, fields: Sequence[str], lines: Sequence[Any], make: Callable[[Path], object]
) -> list[str]:
    """Writes the workbook that was asked for; what to say of it."""
    if not session.arguments.output:
        return []
    workbook(session.arguments.output, what)
    give(session, app, what, fields, len(lines), make)
    return [f"已保存到 {session.arguments.output}"]


def accounts(session: Session) -> None:
    """`linli points accounts`: those below zero first."""
    told = session.arguments
    which = AccountFilter(text=told.text, kind=told.kind, below=told.below, closed=told.closed)
    with session.app() as app:
        limit = _MOST if told.output else told.limit
        lines = queries.accounts(app.db, which, order=told.order, limit=limit)
        total = queries.count(app.db, which)
        saved = _given(
            session, app, "积分账户", sheet.ACCOUNTS, lines, lambda draft: sheet.write_accounts(draft, lines)
        )
    if not lines:
        session.out.result([], "没有这样的账户。用 linli points open 开户。")
        return
    rows = [(one.kind, one.name, one.balance_words, one.last_on, one.gone or one.note, one.id) for one in lines]
    words = [*table(("类别", "户名", "结余", "最近一笔", "备注", "编号"), rows), f"共 {total} 个账户", *saved]
    session.out.result([asdict(one) for one in lines], words)


def open_account(session: Session) -> None:
    """`linli points open KIND --person …`."""
    told = session.arguments
    with session.app() as app:
        made = opening.open_account(
            app.db,
            app.actor,
            told.kind,
            person_id=resolve(app, "resident", told.person).id if told.person else "",
            household_id=resolve(app, "household", told.household).id if told.household else "",
            helper_id=helper_id(app, told.helper) if told.helper else "",
            name=told.name,
            on=typed_day(told.on),
            note=told.note,
        )
    session.out.result({"id": made.id}, [f"已开户：{made.name}的{made.kind}账户", f"编号：{made.id}"])


def close_account(session: Session) -> None:
    """`linli points close ACCOUNT`."""
    told = session.arguments
    with session.app() as app:
        found = account_of(app, told.account, told.kind)
        done = opening.close_account(app.db, app.actor, found.id, typed_day(told.on), told.why)
    session.out.result({"id": done.id, "closed_on": done.closed_on}, f"已销户：{done.name}，{done.closed_on}")


def written(session: Session, app: App, account_id: str, entry: PointsEntry, more: str = "") -> None:
    """What was written, and what is in the account now."""
    now = there(queries.account(app.db, account_id), "账户")
    number = f"，凭证 {entry.voucher_no}" if entry.voucher_no else ""
    words = f"{entry.kind} {rules.spoken(entry.amount, now.unit)}{number}；{now.name}结余 {now.balance_words}{more}"
    said = {"id": entry.id, "kind": entry.kind, "amount": entry.amount, "balance": now.balance}
    session.out.result({**said, "voucher_no": entry.voucher_no}, [words, f"编号：{entry.id}"])


def deposit(session: Session) -> None:
    """`linli points deposit ACCOUNT RULE …`."""
    told = session.arguments
    with session.app() as app:
        account = account_of(app, told.account, told.kind)
        new = Deposit(
            told.rule, told.amount, told.text, typed_day(told.on), told.attest1, told.attest2, by_name=told.by
        )
        entry = actions.deposit(app.db, app.actor, account.id, new)
        written(session, app, account.id, entry)


def deposit_due(session: Session) -> None:
    """`linli points deposit-due`: what was done and not deposited yet; exit code 1 where something could not be."""
    told = session.arguments
    with session.app() as app:
        lines = owed.due(app.db, typed_day(told.since), typed_day(told.until))
        chosen = [line.owed for line in lines if told.name in ("", line.name)]
        reviewed = {"attest1": told.attest1, "attest2": told.attest2}
        made, left = several.deposit_due(app.db, app.actor, chosen, told.rule, **reviewed)
    names = {line.id: line.name for line in lines}
    words = [f"已存入 {len(made)} 笔。" if made or left else "没有要存入的。"]
    if left:
        rows = [(one.owed.on, names[one.owed.ref_id], one.owed.text, one.why, one.next_step) for one in left]
        words += [
            f"有 {len(left)} 笔没有存入，仍列在可存入里：",
            *table(("日期", "志愿者", "事项", "原因", "怎么办"), rows),
        ]
    problems = [{"ref_id": one.owed.ref_id, "why": one.why, "next_step": one.next_step} for one in left]
    session.out.result({"count": len(made), "ids": [one.id for one in made], "problems": problems}, words)
    session.code = int(bool(left))


def spend(session: Session) -> None:
    """`linli points spend ACCOUNT AMOUNT WHAT`."""
    told = session.arguments
    with session.app() as app:
        account = account_of(app, told.account, told.kind)
        entry = actions.spend(
            app.db, app.actor, account.id, told.amount, told.text, on=typed_day(told.on), by_name=told.by
        )
        written(session, app, account.id, entry)


def transfer(session: Session) -> None:
    """`linli points transfer ACCOUNT TO AMOUNT`."""
    told = session.arguments
    with session.app() as app:
        giver = account_of(app, told.account, told.kind)
        taker = account_of(app, told.to_account, told.kind)
        entry = actions.transfer(
            app.db, app.actor, giver.id, taker.id, told.amount, text=told.text, on=typed_day(told.on), by_name=told.by
        )
        written(session, app, giver.id, entry, f"；已转给{taker.name}")


def reverse(session: Session) -> None:
    """`linli points reverse ENTRY WHY`."""
    told = session.arguments
    with session.app() as app:
        entry = actions.reverse(app.db, app.actor, told.entry, told.why)
        sides = (there(queries.account(app.db, one), "账户") for one in (entry.from_account_id, entry.to_account_id))
        whose = next(one for one in sides if one.kind != rules.COMMUNITY)
        written(session, app, whose.id, entry, "。已经用掉的要补上" if whose.balance < 0 else "")


def passbook(session: Session) -> None:
    """`linli points passbook ACCOUNT`: with the balance after each entry."""
    told = session.arguments
    with session.app() as app:
        found = account_of(app, told.account, told.kind)
        since, until = typed_day(told.since), typed_day(told.until)
        book = there(queries.passbook(app.db, found.id, since, until), "账户")
        saved = _given(
            session, app, "积分存折", sheet.PASSBOOK, book.lines, lambda draft: sheet.write_passbook(draft, book)
        )
    rows = [
        (one.on, one.kind, one.text, one.came or "", one.went or "", one.balance, one.reviewers,
         one.void or ("已冲正" if one.reversed_by else ""), one.id)
        for one in book.lines
    ]  # fmt: skip
    headers = ("日期", "收支", "服务事项", "存入", "支出", "结余", "审核人", "说明", "编号")
    line = book.account
    first = f"{line.name}　{line.kind}　结余 {line.balance_words}　{book.phone}"
    before = [f"承前 {rules.spoken(book.opening, line.unit)}"] if book.since else []
    words = [first.rstrip(), *before, *(table(headers, rows) if rows else ["这段时间没有收支。"]), *saved]
    session.out.result(asdict(book), words)


def due(session: Session) -> None:
    """`linli points due`: services and shifts with minutes that no entry names."""
    told = session.arguments
    with session.app() as app:
        lines = owed.due(app.db, typed_day(told.since), typed_day(told.until))
        saved = _given(session, app, "可存入", sheet.DUE, lines, lambda draft: sheet.write_due(draft, lines))
    if not lines:
        session.out.result([], ["办完的服务单和值守都存入了。", *saved])
        return
    rows = [
        (one.owed.on, one.name, rules.EVIDENCE[one.owed.ref_type], one.owed.text, one.owed.minutes,
         "" if one.account_id else "还没有账户")
        for one in lines
    ]  # fmt: skip
    words = [*table(("日期", "志愿者", "凭据", "事项", "分钟", "说明"), rows), f"共 {len(lines)} 笔", *saved]
    session.out.result([asdict(one) for one in lines], words)


def board(session: Session) -> None:
    """`linli points board`: a year's figures, names as they may hang out."""
    told = session.arguments
    with session.app() as app:
        year = told.year or app.clock.today().year
        lines = figures.year(app.db, year, told.kind)
        saved = _given(session, app, "积分公示榜", sheet.BOARD, lines, lambda draft: sheet.write_board(draft, lines))
    rows = [
        (one.rank, one.public_name, "否决" if one.vetoed else one.earned, one.spent, one.given, one.balance)
        for one in lines
    ]
    headers = ("名次", "姓名或户", "当年获得", "当年支出", "当年转赠", "结余")
    words = [*(table(headers, rows) if rows else [f"{year} 年没有{told.kind}的收支。"]), *saved]
    told_lines = [{name: value for name, value in asdict(one).items() if name != "name"} for one in lines]
    session.out.result(told_lines, words)


def rule_book(session: Session) -> None:
    """`linli points rules`: what is given for what, today."""
    with session.app() as app:
        found = queries.rule_book(app.db, session.arguments.kind)
    rows = [(one.code, one.of, one.words, f"{one.reviewers} 名审核人" if one.reviewers else "") for one in found]
    session.out.result([asdict(one) for one in found], table(("代码", "账户", "规则", "审核"), rows))


def check(session: Session) -> None:
    """`linli points check`: exit code 1 where something does not add up."""
    with session.app() as app:
        found = figures.check(app.db)
    words = [
        f"{found.accounts} 个账户，{found.entries} 笔流水，其中 {found.void} 笔没有生效。",
        *(f"各账户之和：{total} {unit}" for unit, total in found.totals),
        *(f"{name}：结余记为 {kept}，流水合计 {summed}" for name, kept, summed in found.differing),
        *(f"流水 {one} 的账户不在了" for one in found.missing),
        "总账是平的。"
        if found.sound
        else "总账不平，没有改动任何数据。请先同步再核对；还是不平，请运行 linli doctor。",
    ]
    session.out.result(asdict(found), words)
    session.code = int(not found.sound)
