"""backup, backups, restore, recovery-sheet: copies of the store, and the paper that opens them elsewhere."""

from pathlib import Path
from typing import Final

from desktop_app.accounts.rights import has_accounts
from desktop_app.app import BACKUPS, App
from desktop_app.cli.output import table
from desktop_app.cli.recovery_codes import told_code
from desktop_app.cli.session import Session, ask
from desktop_app.printing import spooler
from desktop_app.shared.clock import local_text
from desktop_app.shared.errors import UsageError
from desktop_app.store import copies, recovery
from desktop_app.upkeep.elsewhere import restore_elsewhere

_ACCOUNTS_OF_THEN: Final = (
    "备份以后停用的账号、改过的密码和收回的角色，打开时照这台电脑所知的补上；请核对：linli account list。"
)


def make_backup(session: Session) -> None:
    """`linli backup [--to DIR] [--if-due daily|exit]`: a copy, opened again before it counts."""
    told = session.arguments
    with session.app() as app:
        folder = Path(told.to) if told.to else copies.target(app.db, app.home / BACKUPS)
        session.out.progress(0, 0, "正在备份")
        made = app.backup_if_due(told.if_due, folder) if told.if_due else app.backup(folder)
    if made is None:
        session.out.result({"path": None}, "上次备份以后没有改动，或刚刚备份过，没有再备份。")
        return
    session.out.result(
        {"path": str(made.path), "size": made.size, "counts": made.counts},
        f"已备份并验证可恢复：{made.path}（{made.size / 1e6:.1f} MB，居民 {made.counts['person']} 人）",
    )


def listed(session: Session) -> None:
    """`linli backups [--verify FILE]`: the copies there are, or the proof that one opens."""
    with session.app() as app:
        if session.arguments.verify:
            _verify(session, app, Path(session.arguments.verify))
            return
        kept = copies.listed(app.db, app.home / BACKUPS, app.mark)
    rows = [
        (f"{one.copy.at:%Y-%m-%d %H:%M}", one.why, f"{one.copy.size / 1e6:.1f} MB", local_text(one.proved_at),
         str(one.copy.path)) for one in kept
    ]  # fmt: skip
    value = [
        {"path": one.id, "at": f"{one.copy.at:%Y-%m-%dT%H:%M:%S}", "why": one.copy.why, "size": one.copy.size,
         "proved_at": one.proved_at} for one in kept
    ]  # fmt: skip
    words = (
        table(("时间", "缘由", "大小", "最近验证", "文件"), rows)
        if rows
        else "还没有备份。运行 linli backup 备份一次。"
    )
    session.out.result(value, words)


def _verify(session: Session, app: App, copy: Path) -> None:
    session.out.progress(0, 0, "正在验证备份")
    counts = app.verify(copy)
    copies.note_proof(copy, app.clock.ms())
    session.out.result({"path": str(copy), "counts": counts}, f"可以恢复：{copy.name}，居民 {counts['person']} 人。")


def restore(session: Session) -> None:
    """`linli restore FILE --into DIR [--code CODE]`: puts a backup into a new folder; with a code, on any machine."""
    told = session.arguments
    copy, into = Path(told.file), Path(told.into)
    session.out.progress(0, 0, "正在恢复")
    if told.code:
        counts = restore_elsewhere(copy, told_code(session, needed=True), into, ask=ask)
        rest = "接着请在“同步”里用新的接入码重新接入服务器；在那之前账号、密码和角色还是备份时的。"
    else:
        with session.app() as app:
            counts = app.restore(copy, into)
            accounts = has_accounts(app.db)
        rest = "原来的数据没有动。" + (_ACCOUNTS_OF_THEN if accounts else "")
    words = f"已恢复到 {told.into}：居民 {counts['person']} 人。{rest}"
    session.out.result({"into": told.into, "counts": counts}, words)


def recovery_sheet(session: Session) -> None:
    """`linli recovery-sheet -o FILE.pdf|--printer NAME`: a fresh code on paper; told this once."""
    from desktop_app.printing.recovery_issue import issue

    told = session.arguments
    if bool(told.output) == bool(told.printer):
        step = "直接打印用 --printer 打印机名（推荐），存成文件用 -o 文件.pdf。"
        raise UsageError("要说清楚打印到哪里（只能选一处），没有制作恢复单。", next_step=step)
    with session.app() as app:
        if before := recovery.made_on(app.home):
            session.confirm(f"{before} 制作过恢复单。换新之后，旧的打不开以后的备份。")

        def deliver(pdf: bytes) -> None:
            if told.printer:
                spooler.send(pdf, told.printer, "数据恢复单", spooler.Ticket())
            else:
                spooler.save(pdf, Path(told.output))

        issue(app, deliver)
        made = app.backup(copies.target(app.db, app.home / BACKUPS))
    where = f"已送到打印机 {told.printer}" if told.printer else f"已保存到 {told.output}，打印后请删除这个文件"
    words = f"恢复单{where}。请装入信封锁好。已备份一次：{made.path}，这张恢复单能打开它。"
    session.out.result({"target": told.printer or told.output, "backup": str(made.path)}, words)
