"""`make bench-sync`: this product, Anki's sync server, PouchDB and the floor in one run; every figure against its goal.

run.py [--rows 10000] [--rounds 3] [--only phases,proofs,scoreboard,herd]     ends with 1 when a goal is missed
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent / "scoreboard"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import contestants
import goals
import herd
import phases
import proofs
import scoreboard
from goals import Finding, Phase
from programs import in_own_namespace

HERE: Final = Path(__file__).resolve().parent
INSIDE: Final = "LINLI_BENCH_NAMESPACE"
FIGURES: Final = HERE.parent.parent / "build" / "bench-sync.json"
PARTS: Final = ("phases", "proofs", "scoreboard", "herd")


def main() -> int:
    args = _arguments()
    enter_namespace()
    wanted = args.only.split(",")
    kinds = tuple(kind for kind in contestants.ALL if not _left_out(kind))
    _say_where()
    findings: list[Finding] = []
    if "phases" in wanted:
        figures = phases.best_of(kinds, args.rounds, args.rows)
        print_phases(figures)
        _keep(figures)
        findings += [one for who in goals.OURS for one in goals.held_against(figures, who)]
    if "proofs" in wanted:
        findings += proofs.all_of(args.rows)
    if "herd" in wanted:
        findings += herd.held(herd.measured(FIGURES))
    print_findings(findings)
    good = scoreboard.show(kinds) if "scoreboard" in wanted else True
    missed = goals.missed(findings)
    print(f"\n{len(missed)} of {len(findings)} goals missed" + ("" if good else "; the scoreboard is not clean"))
    return 1 if missed or not good else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default=",".join(PARTS))
    return parser.parse_args()


def enter_namespace() -> None:
    """Starts itself again in a network namespace of its own, where that is allowed."""
    kind = "-n" if os.geteuid() == 0 else "-rn"
    up = "ip link set lo up"
    if os.environ.get(INSIDE) or not shutil.which("unshare") or not shutil.which("ip"):
        return
    if subprocess.run(["unshare", kind, "sh", "-c", up], capture_output=True, check=False).returncode:
        return
    os.environ[INSIDE] = "1"
    again = ["unshare", kind, "sh", "-c", f'{up} && exec "$@"', "sh", sys.executable, *sys.argv]
    os.execvp("unshare", again)  # noqa: S606 - it takes the place of this process


def _left_out(kind: type[contestants.Contestant]) -> bool:
    why = kind.missing()
    if why:
        print(f"{kind.title} is left out: {why}.")
    return bool(why)


def _say_where() -> None:
    if in_own_namespace():
        print("In a network namespace of its own: bytes on the wire are exact, headers of TCP and IP included.")
    else:
        print("No network namespace could be made: bytes are those of the loopback of this machine, others' included.")


def print_phases(figures: goals.Figures) -> None:
    """The raw figures."""
    print(f"\n{'':17} {'phase':13} {'rows/s':>9} {'ms':>8} {'B/row':>8} {'CPU s':>7} {'server MB':>10} {'desk +MB':>9}")
    for title, measured in figures.items():
        for name, one in measured.items():
            speed = f"{one.speed:9.0f}" if name != "idle" else " " * 9
            print(
                f"{title:17} {name:13} {speed} {one.wall * 1000:8.1f} {one.row_bytes:8.1f} {one.cpu:7.3f} "
                f"{one.server_mb:10.1f} {one.desk_mb:9.1f}"
            )


def print_findings(findings: list[Finding]) -> None:
    """Every figure with its goal."""
    print(f"\n{'goal':4} {'':62} {'figure':>10}  {'goal':>12}")
    for one in sorted(findings, key=lambda one: int(one.goal[1:])):
        print(one.line())


def _keep(figures: goals.Figures) -> None:
    """For the model of the herd, and for whoever compares two runs."""
    FIGURES.parent.mkdir(exist_ok=True)
    plain = {who: {name: _plain(one) for name, one in some.items()} for who, some in figures.items()}
    FIGURES.write_text(json.dumps(plain, indent=1), "utf-8")


def _plain(one: Phase) -> dict[str, float]:
    return {name: getattr(one, name) for name in Phase.__slots__}


if __name__ == "__main__":
    sys.exit(main())
