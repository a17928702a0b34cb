"""print: papers to a file or to a printer, logged before they come out."""

import sys
from collections.abc import Callable
from pathlib import Path

from desktop_app.app import App
from desktop_app.appeals.model import Appeal
from desktop_app.cli.naming import one_of
from desktop_app.cli.output import table
from desktop_app.cli.saving import account_of
from desktop_app.cli.session import Session
from desktop_app.matters.model import Matter
from desktop_app.meetings.model import Meeting
from desktop_app.orders.model import Post, Registration, ServiceOrder, Wish
from desktop_app.papers import actions as papers
from desktop_app.papers.model import PrintJob
from desktop_app.papers.rules import NOTICE
from desktop_app.printing import spooler
from desktop_app.printing.form import Choice
from desktop_app.printing.forms import FORMS, form
from desktop_app.printing.forms.duty_roster import BETWEEN
from desktop_app.printing.forms.visit_sheet import BLANK
from desktop_app.printing.preview import page_count
from desktop_app.privacy.model import SubjectRequest
from desktop_app.residents import search
from desktop_app.shared.errors import AppError, UsageError
from desktop_app.store.base import Record

FORM_WORDS = {
    "card": "service_card",
    "plaque": "centre_plaque",
    "record": "meeting_record",
    "sign-in": "sign_in_sheet",
    "minutes": "minutes",
    "notice": "meeting_notice",
    "ballot": "vote_slip",
    "tally": "vote_tally",
    "matter": "matter_sheet",
    "assignment": "matter_assignment",
    "publicity": "matter_notice",
    "four-two": "four_two",
    "quarter": "quarter_sheet",
    "chart": "room_chart",
    "visit": "visit_sheet",
    "route": "visit_route",
    "receipt": "goods_receipt",
    "missed": "missed_note",
    "appeal-receipt": "appeal_receipt",
    "appeal-referral": "appeal_referral",
    "appeal-closing": "appeal_closing",
    "appeal-ledger": "appeal_ledger",
    "request-answer": "request_answer",
    "personal-file": "personal_file",
    "privacy-notice": "privacy_notice",
    "order": "order_card",
    "wish": "wish_card",
    "wishes": "wish_list",
    "registration": "registration_form",
    "registration-card": "registration_card",
    "roster": "duty_roster",
    "duty-log": "duty_log",
    "booklet": "service_booklet",
    "passbook": "points_passbook",
    "voucher": "points_voucher",
    "points-board": "points_board",
    "org-chart": "org_chart",
    "team-board": "team_board",
    "door-card": "door_card",
    "care-roll": "care_roll",
    "agreement": "agreement",
    "pledge": "pledge",
    "lists": "partner_lists",
    "review": "unit_review",
    "letter": "letter",
    "member-roll": "member_roll",
    "member-record": "member_record",
}
"""What a form is called on the command line; its own code works as well."""
_ALL = {
    "appeal_ledger": "SELECT id FROM appeal WHERE sync_del=0 ORDER BY received_on,local_no",
    "service_card": "SELECT id FROM building WHERE sync_del=0 AND to_on IS NULL",
    "team_board": "SELECT id FROM building WHERE sync_del=0 AND to_on IS NULL",
    "room_chart": "SELECT id FROM building WHERE sync_del=0 AND to_on IS NULL",
    "points_passbook": "SELECT id FROM points_account WHERE sync_del=0 AND closed_on IS NULL AND kind<>'社区'",
    "centre_plaque": "SELECT id FROM party_centre_household WHERE sync_del=0 AND to_on IS NULL",
}
_ID_LENGTH = 32


def print_papers(session: Session) -> None:
    """`linli print FORM [ID …] [--all] -o FILE | --printer NAME`."""
    told = session.arguments
    name = FORM_WORDS.get(told.form, told.form)
    if name not in {one.name for one in FORMS}:
        raise UsageError(f"没有“{told.form}”这种单据。", next_step=f"可以是：{'、'.join(FORM_WORDS)}。")
    if not told.output and not told.printer:
        raise UsageError(
            "没有说打印到哪里，什么也没有做。", next_step="存成文件用 -o 文件.pdf，打印用 --printer 打印机名。"
        )
    if told.output and told.printer:
        raise UsageError("-o 和 --printer 只能用一个，什么也没有做。", next_step="存成文件和打印请分两次。")
    with session.app() as app:
        subjects = _subjects(app, name, told.ids, whole=told.all)
        collected = form(name).collect(app, subjects)
        pdf = form(name).draw(collected, Choice(size=told.size, draft=told.draft, allow_missing=told.allow_missing))
        job = _noted(app, session, name, subjects, pdf)
        try:
            _deliver(pdf, job.title, session)
        except AppError:
            papers.mark_failed(app.db, app.actor, job.id)
            raise
    if told.output == "-":
        return
    value = {"form": name, "subjects": subjects, "pages": job.pages, "target": job.target, "sha256": job.sha256}
    where = f"已送到打印机 {job.target}" if told.printer else f"已保存到 {job.target}"
    session.out.result(value, f"{job.title}，{job.pages} 页，{where}")


def _noted(app: App, session: Session, name: str, subjects: list[str], pdf: bytes) -> PrintJob:
    """The line in the print log, committed before anything comes out."""
    told = session.arguments
    title = form(name).title
    return papers.record_print(
        app.db,
        app.actor,
        name,
        form(name).subject,
        subjects[0] if len(subjects) == 1 else None,
        f"{title}（{len(subjects)}份）" if len(subjects) > 1 else title,
        pdf_bytes=pdf,
        count=len(subjects),
        copies=told.copies,
        pages=page_count(pdf),
        target=told.printer or told.output,
        notified=tuple(subjects) if name == NOTICE and not told.draft else (),
    )


def _subjects(app: App, name: str, words: list[str], *, whole: bool) -> list[str]:
    if form(name).subject in {"list_group", "quarter", "community", "points_year"}:
        return words or [""]
    if whole:
        if name not in _ALL:
            raise UsageError("这种单据不能一次打印全部。", next_step="请写明编号。")
        found = [str(row[0]) for row in app.db.rows(_ALL[name])]
    else:
        finder = _FINDERS.get(form(name).subject, _subject)
        found = [finder(app, word) for word in words]
    if not found:
        raise UsageError("没有说给谁打印，什么也没有做。", next_step="写上编号或居民姓名，或用 --all。")
    return found


def _numbered(cls: type[Record], *fields: str) -> Callable[[App, str], str]:
    """What is called by its number or name; the word for a blank form stays as it is."""
    return lambda app, word: word if word == BLANK else one_of(app, cls, word, *fields).id


def _roster(app: App, word: str) -> str:
    """A place of duty by name, with a day of the week that is meant: 东门岗亭@2026-11-23."""
    post, at, day = word.partition(BETWEEN)
    return f"{one_of(app, Post, post, 'name').id}{at}{day}"


def _passbook(app: App, word: str) -> str:
    """An account by name, with its kind where a name has several, and a day to begin on: 志愿时间:李静@2026-01-01."""
    who, at, day = word.partition(BETWEEN)
    kind, _, name = who.rpartition(":")
    return f"{account_of(app, name, kind).id}{at}{day}"


def _voucher(app: App, word: str) -> str:
    """An entry by the number of its voucher."""
    sql = "SELECT id FROM points_entry WHERE sync_del=0 AND (id=:told OR voucher_no=:told)"
    found = app.db.scalar(sql, {"told": word})
    if found is None:
        raise AppError(
            f"凭证“{word}”没有找到，没有打印。", next_step="请核对凭证编号，可用 linli points passbook 列出。"
        )
    return str(found)


_FINDERS: dict[str, Callable[[App, str], str]] = {
    "order": _numbered(ServiceOrder),
    "wish": _numbered(Wish),
    "registration": _numbered(Registration, "no", "name"),
    "roster": _roster,
    "points_account": _passbook,
    "points_entry": _voucher,
    "appeal": _numbered(Appeal),
    "meeting": _numbered(Meeting),
    "matter": _numbered(Matter),
    "request": _numbered(SubjectRequest),
}
"""Subjects that people call by their number."""


def _subject(app: App, word: str) -> str:
    if len(word) == _ID_LENGTH or word == BLANK:
        return word
    hits = search.find(app.db, word, 2)
    if len(hits) != 1:
        found = "没有找到" if not hits else "找到不止一个"
        raise AppError(f"“{word}”{found}。", next_step="请用编号，linli find 会列出。")
    return hits[0].id


def _deliver(pdf: bytes, title: str, session: Session) -> None:
    told = session.arguments
    if told.printer:
        sides: spooler.Sides = "two-sided-long-edge" if told.duplex else "one-sided"
        spooler.send(pdf, told.printer, title, spooler.Ticket(copies=told.copies, sides=sides))
    elif told.output == "-":
        sys.stdout.buffer.write(pdf)
    else:
        spooler.save(pdf, Path(told.output))


def printers(session: Session) -> None:
    """`linli printers`: what there is to print on."""
    found = spooler.printers()
    rows = [(printer.name, "默认" if printer.default else "", printer.problem) for printer in found]
    words = table(("打印机", "", "状态"), rows) if rows else "还没有添加打印机。可以先另存为 PDF。"
    session.out.result([{"name": p.name, "default": p.default, "problem": p.problem} for p in found], words)
