"""One desk is a year ahead, one a year behind; each corrects what it has just received from another."""

import shutil
import subprocess
from pathlib import Path

from contestants import PEERS, Contestant
from trial import Trial, Verdict

TITLE = "clock wrong by a year"
YEAR_S = 365 * 86_400
SOURCE = Path(__file__).with_name("clock_shift.c")


def shifted(seconds: int) -> dict[str, str]:
    """The environment of a program that believes it is so many seconds later."""
    library = PEERS / "clock_shift.so"
    if not library.exists():
        PEERS.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, SOURCE, "-ldl"], check=True)
    return {"LD_PRELOAD": str(library), "CLOCK_SHIFT_S": str(seconds)}


def play(kind: type[Contestant], folder: Path) -> Verdict | None:
    if not shutil.which("cc"):
        return None
    with kind(folder) as one:
        trial = Trial(one)
        right = trial.desk("right")
        ahead, behind = trial.desk("ahead", env=shifted(YEAR_S)), trial.desk("behind", env=shifted(-YEAR_S))
        old = trial.add(right, 20)
        if not trial.quiet(right, ahead, behind):
            return trial.judge(right, ahead, behind)
        trial.add(ahead, 3)
        trial.add(behind, 3)
        for desk, words in ((ahead, "快一年的钟"), (right, "看过之后改的"), (behind, "又看过之后改的")):
            trial.sync(desk)
            trial.edit(desk, old[0], "note", words, instead=True)
            trial.sync(desk)
        return trial.judge(right, ahead, behind)
