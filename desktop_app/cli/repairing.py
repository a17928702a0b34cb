"""repair: a damaged store is set right as far as it can be read."""

from dataclasses import asdict

from desktop_app.accounts.rights import demand
from desktop_app.cli.session import Session, ask
from desktop_app.upkeep import repairing


def repair(session: Session) -> None:
    """`linli repair [--force]`: does nothing to a store that is sound; nobody can sign in to one that is damaged."""
    if repairing.is_sound(session.home, ask):
        if not session.arguments.force:
            session.out.result({"repaired": False}, "数据库文件完好，不用修复。")
            return
        with session.app() as app:
            demand(app.db, app.actor, "store.restore")
    session.out.progress(0, 0, "正在读出数据并重建")
    done = repairing.repair(session.home, ask=ask)
    session.out.result({"repaired": True, "words": done.words()} | asdict(done), done.words())
