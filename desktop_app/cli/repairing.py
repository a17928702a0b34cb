"""repair: a damaged store is set right as far as it can be read."""

from dataclasses import asdict

from desktop_app.cli.session import Session, ask
from desktop_app.upkeep import repairing


def repair(session: Session) -> None:
    """`linli repair [--force]`: does nothing to a store that is sound."""
    if not session.arguments.force and repairing.is_sound(session.home, ask):
        session.out.result({"repaired": False}, "数据库文件完好，不用修复。")
        return
    session.out.progress(0, 0, "正在读出数据并重建")
    done = repairing.repair(session.home, ask=ask)
    session.out.result({"repaired": True} | asdict(done), done.words())
