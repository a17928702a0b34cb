"""Notes typed in the window are on disk within a second: a process killed in the middle of a sentence loses no more."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from desktop_app.app import App, open_app
from desktop_app.meetings import actions
from desktop_app.meetings.model import Meeting

_WINDOW = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from desktop_app.app import open_app
from ui.finders import FINDERS
from ui.main_window import MainWindow
from ui.shell.background import Background
from ui.shell.settings import Settings
from ui.shell.theme import Theme

home, meeting = Path(sys.argv[1]), sys.argv[2]
app = QApplication(sys.argv[:1])
theme = Theme()
theme.apply("light", 14)
window = MainWindow(theme, Settings(home.parent / "window.ini"), Background())
window.show()
window.attach(open_app(home, ask=lambda _words: "correct horse"), FINDERS)
window.open_record("meeting", meeting)
page = None
while page is None or not page.agenda.cards or not any(page.agenda.cards):
    QTest.qWait(50)
    page = window.tabs.page("meeting:" + meeting)
card = next(card for key, card in page.agenda.cards.items() if key)
card.talk.setFocus()
typed = []

def type_on():
    letter = "abcdefghijklmnopqrstuvwxyz"[len(typed) % 26]
    QTest.keyClicks(card.talk, letter)
    typed.append(letter)
    print(f"{time.time():.3f} {len(typed)}", flush=True)

timer = QTimer(interval=20)
timer.timeout.connect(type_on)
timer.start()
app.exec()
"""
_LETTERS = 120
_GRACE_S = 1.5
"""A second, and a half for a machine that is busy with other tests."""


def test_a_killed_window_keeps_what_was_typed_a_second_before(app: App, tmp_path: Path) -> None:
    meeting = actions.call_meeting(app.db, app.actor, Meeting(kind="other", title="座谈", starts_at="2026-11-22 15:00"))
    actions.add_agenda_item(app.db, app.actor, meeting.id, "停车")
    home = app.home
    app.close()
    marks = []
    command = [sys.executable, "-c", _WINDOW, str(home), meeting.id]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            at, count = line.split()
            marks.append((float(at), int(count)))
            if len(marks) >= _LETTERS:
                break
        killed = time.time()
        process.send_signal(signal.SIGKILL)
    opened = open_app(home, ask=lambda _words: "correct horse")
    try:
        kept = "".join(row[0] for row in opened.db.rows("SELECT text FROM meeting_note WHERE sync_del=0 ORDER BY seq"))
    finally:
        opened.close()
    due = max((count for at, count in marks if at <= killed - _GRACE_S), default=0)
    assert due > 0
    assert len(kept) >= due
    assert kept == "abcdefghijklmnopqrstuvwxyz"[: len(kept)] or kept == ("abcdefghijklmnopqrstuvwxyz" * 9)[: len(kept)]
