"""The longest the window's thread works in one go on every page, over 200,000 residents; the goal is a frame, 16 ms.

`bench_pages.py [PAGE…]`; `--home DIR` takes a store that is there (its passphrase: benchmark), `--font 20` larger text.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import population

from desktop_app.store.keys import PASSPHRASE_VARIABLE

PERSONS = 200_000
ROUNDS = 3
GOAL_MS = 16.0
WATCH = Path(__file__).with_name("page_watch.py")
Found = dict[str, dict[str, float]]


def once(home: Path, pages: list[str], font: int) -> Found:
    os.environ[PASSPHRASE_VARIABLE] = "benchmark"
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    command = [sys.executable, str(WATCH), str(home), str(font), *pages]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=1800)
    found: Found = json.loads(told.stdout.splitlines()[-1])
    return found


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("pages", nargs="*")
    asked.add_argument("--home", type=Path)
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    asked.add_argument("--font", type=int, default=14)
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = told.home or Path(folder) / "full"
        if told.home is None:
            population.make(home, PERSONS).close()
        rounds = [once(home, told.pages, told.font) for _ in range(told.rounds)]
    missed, worst = [], 0.0
    for page, steps in rounds[0].items():
        # the least of some rounds: what a page needs, not what came between
        best = {step: min(one[page].get(step, 9e9) for one in rounds) for step in steps}
        worst = max(worst, *best.values())
        print(f"  {page:13}" + "  ".join(f"{step} {spent:.0f}" for step, spent in best.items()))
        missed += [f"{page} {step} {spent:.0f}" for step, spent in best.items() if spent > GOAL_MS]
    print(f"  over {GOAL_MS:g} ms: {', '.join(missed) or 'nothing'}")
    print(f"pages: longest work in one go {worst:.1f} ms, {worst / GOAL_MS:.1f} times a frame (goal 1)")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
