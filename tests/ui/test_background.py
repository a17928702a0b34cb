"""The threading policy: what runs where, what is delivered, what is dropped."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from desktop_app.shared.errors import AppError
from ui.shell import jobs
from ui.shell.background import Background
from ui.shell.problems import Problem, masked


def test_reads_run_off_the_windows_thread_and_come_back_on_it(qtbot: QtBot, background: Background):
    seen: list[QThread] = []
    background.read(QThread.currentThread, lambda where: seen.extend([where, QThread.currentThread()]))
    qtbot.waitUntil(lambda: len(seen) == 2)
    here = QThread.currentThread()
    assert seen[0] is not here
    assert seen[1] is here


def test_a_newer_question_with_the_same_key_takes_the_place_of_the_older(qtbot: QtBot, background: Background):
    gate, heard, interrupted = threading.Event(), [], []
    background.attach(lambda: interrupted.append(True))
    owner = QObject(background)
    running = threading.Event()

    def first() -> str:
        running.set()
        gate.wait(5)
        return "first"

    background.read(first, heard.append, owner=owner, key="find")
    running.wait(5)
    background.read(lambda: "second", heard.append, owner=owner, key="find")
    background.read(lambda: "third", heard.append, owner=owner, key="find")
    gate.set()
    qtbot.waitUntil(lambda: not background.is_busy)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == ["third"]
    assert interrupted


def test_questions_of_two_widgets_with_the_same_key_do_not_disturb_each_other(qtbot: QtBot, background: Background):
    heard: list[str] = []
    for name in ("one", "two"):
        owner = QObject(background)
        background.read(lambda name=name: name, heard.append, owner=owner, key="rows")
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert heard == ["one", "two"]


def test_nothing_is_delivered_to_a_widget_that_is_gone(qtbot: QtBot, background: Background):
    heard: list[int] = []
    gate = threading.Event()
    owner = QObject()
    background.read(lambda: gate.wait(5), heard.append, owner=owner)
    delete(owner)
    gate.set()
    qtbot.waitUntil(lambda: not background.is_busy)
    qtbot.wait(5)
    assert heard == []


def test_an_action_is_carried_out_even_if_the_asking_widget_is_closed(qtbot: QtBot, background: Background):
    done: list[int] = []
    gate = threading.Event()
    owner = QObject()
    background.write(lambda: gate.wait(5))
    background.write(lambda: done.append(1), owner=owner)
    delete(owner)
    gate.set()
    qtbot.waitUntil(lambda: done == [1])


def test_actions_run_in_the_order_they_were_asked_for(qtbot: QtBot, background: Background):
    done: list[int] = []
    for number in range(20):
        background.write(lambda number=number: done.append(number))
    qtbot.waitUntil(lambda: len(done) == 20)
    assert done == list(range(20))


def test_an_app_error_becomes_a_problem_with_its_words_field_and_next_step(qtbot: QtBot, background: Background):
    problems: list[Problem] = []

    def fail() -> None:
        raise AppError("没有这间房。", field="room", next_step="请核对。")

    background.write(fail, failed=problems.append)
    qtbot.waitUntil(lambda: bool(problems))
    assert problems == [Problem("没有这间房。", "请核对。", "room")]


def test_a_bug_becomes_a_problem_with_a_masked_report(qtbot: QtBot, background: Background):
    def fail() -> None:
        raise ZeroDivisionError("420299195001011234")

    with qtbot.waitSignal(background.problem) as heard:
        background.read(fail, lambda _never: None)
    problem = heard.args[0]
    assert problem.is_bug
    assert "ZeroDivisionError" in problem.report
    assert "420299195001011234" not in problem.report


def test_masking_keeps_the_last_four_digits_of_long_runs_only():
    assert masked("电话 13800001234，第 37 行") == "电话 *******1234，第 37 行"


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Jobs run a given Python script instead of the command line."""

    def write(script: str) -> None:
        path = tmp_path / "child.py"
        path.write_text(script, encoding="utf-8")
        monkeypatch.setattr(jobs, "child_command", lambda _arguments: [str(path)])

    return write


def test_a_job_reports_progress_and_its_result(qtbot: QtBot, background: Background, child):
    child(
        "import sys, json\n"
        'print(json.dumps({"done": 1, "total": 2, "words": "导入"}), file=sys.stderr, flush=True)\n'
        'print(json.dumps({"rows": 2}))\n'
    )
    steps: list[tuple[int, int, str]] = []
    job = background.start_job("导入", ["import"])
    job.progressed.connect(lambda *step: steps.append(step))
    with qtbot.waitSignal(job.ended, timeout=10_000) as heard:
        pass
    assert heard.args[0] == {"rows": 2}
    assert steps == [(1, 2, "导入")]
    qtbot.waitUntil(lambda: background.jobs == [])


def test_a_job_that_fails_tells_the_words_of_the_command_line(qtbot: QtBot, background: Background, child):
    child(
        "import sys, json\n"
        'print(json.dumps({"error": "读不了这个文件。", "next_step": "请另存为 xlsx。"}), file=sys.stderr)\n'
        "sys.exit(1)\n"
    )
    job = background.start_job("导入", ["import"])
    with qtbot.waitSignal(job.failed, timeout=10_000) as heard:
        pass
    assert str(heard.args[0]) == "读不了这个文件。 请另存为 xlsx。"


def test_a_cancelled_job_ends_its_child_and_says_so(qtbot: QtBot, background: Background, child):
    child('import sys, time\nprint("{\\"done\\": 0, \\"total\\": 0}", file=sys.stderr, flush=True)\ntime.sleep(60)\n')
    job = background.start_job("导入", ["import"])
    with qtbot.waitSignal(job.progressed, timeout=10_000):
        pass
    with qtbot.waitSignal(job.cancelled, timeout=10_000):
        job.cancel()


def test_a_question_asked_while_the_window_closes_does_not_start_the_thread_again(qtbot: QtBot, background: Background):
    heard: list[str] = []
    background.read(lambda: "before", heard.append)
    qtbot.waitUntil(lambda: heard == ["before"])
    background.close()
    background.read(lambda: heard.append("after"), heard.append)
    background.write(lambda: heard.append("after"), heard.append)
    assert not background.is_busy
    assert not background.reader.isRunning()
    qtbot.wait(5)
    assert heard == ["before"]


def test_closing_interrupts_until_the_reader_hears_it(qtbot: QtBot, background: Background):
    begun, gate, calls = threading.Event(), threading.Event(), []

    def interrupt() -> None:
        calls.append(True)
        if len(calls) > 1:  # the first one falls between two statements
            gate.set()

    background.attach(interrupt)
    background.read(lambda: (begun.set(), gate.wait(20)), lambda _found: None)
    assert begun.wait(5)
    background.close()
    assert len(calls) == 2
    assert not background.reader.isRunning()
