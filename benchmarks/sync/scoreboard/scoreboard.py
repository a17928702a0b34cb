"""The fault scoreboard: what happens to people's work when something goes wrong, here and with others.

scoreboard.py [SCENARIO…]      ours must lose nothing silently and need nobody, everywhere
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import cloned_disk
import crash_while_applying
import lost_reply
import poison_row
import restored_server
import scope_move
import wrong_clock
from contestants import Anki, Contestant, Linli, Pouch
from programs import Failed, Program
from trial import Verdict

SCENARIOS = (restored_server, cloned_disk, wrong_clock, lost_reply, crash_while_applying, poison_row, scope_move)
PLAYERS = (Linli, Anki, Pouch)
PATIENCE_S = 60.0
"""A few hundred rows are moved: whoever says nothing for so long (PouchDB, now and then after a cut) has hung."""
Results = dict[tuple[str, str], Verdict | None]


def show(kinds: tuple[type[Contestant], ...], wanted: tuple[str, ...] = ()) -> bool:
    """Plays every scenario with everybody who is there, prints the table; whether ours is clean."""
    Program.patience = PATIENCE_S
    players = tuple(kind for kind in PLAYERS if kind in kinds)
    results: Results = {}
    for scenario in SCENARIOS:
        if wanted and scenario.__name__ not in wanted:
            continue
        print(f"\n{scenario.TITLE}")
        for kind in players:
            verdict = _play(scenario, kind)
            results[scenario.TITLE, kind.title] = verdict
            print(f"  {kind.title:8} {_words(verdict):34} {verdict.why if verdict else 'does not apply'}", flush=True)
    _table(results, tuple(kind.title for kind in players))
    return all(verdict is None or verdict.clean for (_, who), verdict in results.items() if who == Linli.title)


def _play(scenario, kind: type[Contestant]) -> Verdict | None:  # noqa: ANN001 - a module with `play`
    with tempfile.TemporaryDirectory() as folder:
        try:
            return scenario.play(kind, Path(folder) / "trial")
        except Failed as failure:
            return Verdict(loss=False, human=True, why=f"it broke off: {failure}")


def _words(verdict: Verdict | None) -> str:
    if verdict is None:
        return "-"
    return f"silent loss: {_yes(verdict.loss)}, human step: {_yes(verdict.human)}"


def _yes(value: bool) -> str:
    return "YES" if value else "no"


def _table(results: Results, players: tuple[str, ...]) -> None:
    print(f"\n{'silent loss? / human step needed?':38}" + "".join(f"{who:>14}" for who in players))
    for title in dict.fromkeys(title for title, _ in results):
        cells = []
        for who in players:
            verdict = results[title, who]
            cells.append("-" if verdict is None else f"{_yes(verdict.loss)} / {_yes(verdict.human)}")
        print(f"{title:38}" + "".join(f"{cell:>14}" for cell in cells))


if __name__ == "__main__":
    import run

    run.enter_namespace()
    present = tuple(kind for kind in PLAYERS if not kind.missing())
    sys.exit(0 if show(present, tuple(sys.argv[1:])) else 1)
