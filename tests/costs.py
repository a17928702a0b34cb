"""What the tests cost: `pytest -p tests.costs` ends with the dearest files and tests, by processor time.

Processor time, that of child processes included, since a machine that does something else meanwhile makes every test
slow.  What a shared fixture costs stands at the test that asked for it first.
"""

import os
from collections import defaultdict
from collections.abc import Iterator

import pytest

FILES, TESTS = 25, 40
COST = "processor time"
_spent: dict[str, float] = {}


def _now() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _timed(item: pytest.Item) -> Iterator[None]:
    before = _now()
    try:
        return (yield)
    finally:
        item.user_properties.append((COST, _now() - before))  # travels with the report, from other processes too


pytest_runtest_setup = pytest.hookimpl(wrapper=True)(lambda item: (yield from _timed(item)))
pytest_runtest_call = pytest.hookimpl(wrapper=True)(lambda item: (yield from _timed(item)))
pytest_runtest_teardown = pytest.hookimpl(wrapper=True)(lambda item: (yield from _timed(item)))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """The last report of a test holds all its costs."""
    _spent[report.nodeid] = sum(float(str(value)) for name, value in report.user_properties if name == COST)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Files by their sum, then single tests."""
    files: dict[str, list[float]] = defaultdict(list)
    for nodeid, seconds in _spent.items():
        files[nodeid.split("::")[0]].append(seconds)
    terminalreporter.section(f"processor time: {sum(_spent.values()):.0f} s in {len(_spent)} tests")
    for name, costs in sorted(files.items(), key=lambda one: -sum(one[1]))[:FILES]:
        terminalreporter.line(f"{sum(costs):8.1f} s  {len(costs):4} tests  {name}")
    terminalreporter.line("")
    for nodeid, seconds in sorted(_spent.items(), key=lambda one: -one[1])[:TESTS]:
        terminalreporter.line(f"{seconds:8.1f} s  {nodeid}")
