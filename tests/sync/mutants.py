"""Does anything notice?  Takes the rules out one at a time, until a test or an invariant of the simulation breaks.

    python -m tests.sync.mutants              at most 300 seeds per rule
    python -m tests.sync.mutants 600 R2 R7    at most 600, and only these rules
    python -m tests.sync.mutants 0            the rules that have targeted tests, and those tests alone

A rule is taken out by replacing words in the text of a module, in memory, in a process of its own.  The targeted tests
of a rule come first, for they are fast; a rule without any must be noticed by seeded worlds.
"""

import importlib
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Final

from tests.sync import (
    mutated_ahead,
    mutated_ledger,
    mutated_lives,
    mutated_merge,
    mutated_trespass,
    mutated_waits,
    simulate,
)

MUTANTS: Final = (
    mutated_merge.MUTANTS
    | mutated_lives.MUTANTS
    | mutated_waits.MUTANTS
    | mutated_ahead.MUTANTS
    | mutated_trespass.MUTANTS
    | mutated_ledger.MUTANTS
)
"""What is taken out: the module, its words, what stands in their place; then the tests that must notice, if any."""
TESTS = Path(__file__).parents[1]
PATIENCE_S = 900
"""Without some rules an exchange never comes to its end, which is noticed, too."""
NAME = "LINLI_MUTANT"
"""Variable: the rule that is taken out before the tests are collected (`mutant_plugin`)."""


class StaleError(Exception):
    """A rule whose words or tests are not there any more, so nobody knows whether anything notices."""


def text_without(name: str) -> tuple[ModuleType, str]:
    """The module of a rule, and its text without the rule.  StaleError if its words do not stand there."""
    module_name, old, new, *_ = MUTANTS[name]
    module = importlib.import_module(module_name)
    text = Path(str(module.__file__)).read_text("utf-8")
    if old not in text:
        raise StaleError(f"{name}: {module_name} no longer contains {old!r}")
    return module, text.replace(old, new)


def take_out(name: str) -> None:
    """Runs the text of a module anew with other words, and puts what it defines in the place of what it defined."""
    module, text = text_without(name)
    before = dict(vars(module))
    exec(compile(text, str(module.__file__), "exec"), vars(module))  # noqa: S102 - our own text
    fresh = {id(value): vars(module)[key] for key, value in before.items() if _is_of(module, value)}
    for key, value in before.items():
        if id(value) in fresh and isinstance(value, type) and value.__subclasses__():
            _hand_down(value, vars(module)[key])
    for other in [one for one in sys.modules.values() if isinstance(one, ModuleType)]:
        for key, value in list(vars(other).items()):
            if id(value) in fresh and other is not module:
                setattr(other, key, fresh[id(value)])


def _hand_down(old: type, new: type) -> None:
    """Classes that were derived from one before do what the new one does."""
    for name, part in vars(new).items():
        if isinstance(part, FunctionType | property):
            setattr(old, name, part)


def _is_of(module: ModuleType, value: object) -> bool:
    return getattr(value, "__module__", None) == module.__name__ and hasattr(value, "__name__")


def first_failure(name: str, seeds: int) -> str:
    """The first test or seed that notices, and what it says."""
    if words := _failing_test(name):
        return words
    take_out(name)
    try:
        wrong = ((seed, simulate.outcome(seed)[2]) for seed in range(seeds))
        return next((f"seed {seed:4}  {words.splitlines()[0][:100]}" for seed, words in wrong if words), "")
    except Exception as error:  # noqa: BLE001 - whatever breaks is noticed
        return f"seed    0  {type(error).__name__}: {str(error)[:80]}"


def _failing_test(name: str) -> str:
    """The first of the targeted tests of a rule that fails without it."""
    tests = [str(TESTS / one) for one in MUTANTS[name][3:]]
    if not tests:
        return ""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "tests.sync.mutant_plugin", *tests]
    try:
        done = subprocess.run(
            command,
            env={**os.environ, NAME: name},
            capture_output=True,
            text=True,
            cwd=TESTS.parent,
            check=False,
            timeout=PATIENCE_S,
        )
    except subprocess.TimeoutExpired:
        return "never ends"
    if done.returncode not in (0, 1):
        raise StaleError(f"{name}: the tests cannot run\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0].split("::")[-1][:100] if done.returncode and failed else ""


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    wanted = [name for name in MUTANTS if len(sys.argv) < 3 or name.split()[0].strip(":") in sys.argv[2:]]
    wanted = [name for name in wanted if seeds or len(MUTANTS[name]) > len(("module", "old", "new"))]
    with multiprocessing.get_context("spawn").Pool(os.cpu_count(), maxtasksperchild=1) as pool:
        found = [(name, pool.apply_async(first_failure, (name, seeds))) for name in wanted]
        missed = 0
        for name, answer in found:
            try:
                words = answer.get()
            except StaleError as error:
                words = ""
                simulate.say(str(error))
            missed += not words
            simulate.say(f"{name:52} {words or f'NOT NOTICED in {seeds} seeds'}")
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
