"""Words and tones of appeals that several pages show."""

from datetime import date

from PySide6.QtCore import QCoreApplication

from desktop_app.appeals.queries import DUE_WORDS
from desktop_app.appeals.rules import PAUSED

_TONES = {DUE_WORDS[0]: "bad", DUE_WORDS[1]: "warn"}


def due_tone(due: str) -> str:
    """The role of the colour of 逾期 and 将到期."""
    return _TONES.get(due, "")


def due_words(due_on: str, what: str, due: str, phase: str, today: date) -> str:
    """What is due and when: 逾期 9 天　答复; 今天到期　首次联系; 11-25　本级办理."""
    if not due_on:
        return QCoreApplication.translate("Appeals", "暂停计时") if phase == PAUSED else ""
    late = (today - date.fromisoformat(due_on)).days
    if late > 0:
        when = QCoreApplication.translate("Appeals", "逾期 {n} 天").format(n=late)
    elif late == 0:
        when = QCoreApplication.translate("Appeals", "今天到期")
    else:
        when = QCoreApplication.translate("Appeals", "将到期 {day}") if due else "{day}"
        when = when.format(day=due_on[5:])
    return f"{when}　{what}"
