"""Before a whole number is shown: the reason where the law asks for one, the approval where somebody is under age.

Nothing is shown before the line stands in the audit trail.
"""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from desktop_app.privacy import actions, queries, rules
from desktop_app.privacy.actions import NeedsApprovalError
from desktop_app.residents.model import Person
from ui.shell.desk import Desk
from ui.shell.parts import label
from ui.widgets.dialog import FormDialog
from ui.widgets.record_form import Field, RecordForm


def look(desk: Desk, parent: QWidget, people: Sequence[Person], what: str, then: Callable[[], object]) -> None:
    """Note the look and call `then`; ask for a reason first, or for an approval, where that is due."""
    app = desk.app

    def work() -> str:
        """What has to be asked first; "" where the look is noted."""
        if any(queries.reason_wanted(app.db, person, what) for person in people):
            return what
        for person in people:
            actions.look(app.db, app.actor, Person, person.id, what)
        return ""

    def done(wanted: str) -> None:
        if wanted:
            LookDialog(desk, people, what, then, parent).open()
        else:
            then()

    desk.background.write(work, done, owner=parent)


class LookDialog(FormDialog):
    """The reason for a look; for somebody under age without an approval in force, it asks for one."""

    def __init__(
        self, desk: Desk, people: Sequence[Person], what: str, then: Callable[[], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(desk.tr("查看完整{what}").format(what=what), desk.tr("查看"), desk.theme, parent)
        self._desk, self._people, self._what, self._then = desk, tuple(people), what, then
        self._wanting: Person | None = None
        self.form = RecordForm(
            (Field("why", self.tr("用途"), required=True, hint=self.tr("如 核对医保；不要写姓名")),),
            self,
            columns=1,
        )
        self.words = label(self.tr("这是敏感个人信息：用途会记入审计记录，看过 30 秒后自动遮住。"), "muted", wrap=True)
        self.body.addWidget(self.words)
        self.body.addWidget(self.form)
        self.form.save_asked.connect(self.press)

    def save(self) -> None:
        """Look, or ask for an approval."""
        if self.form.missing():
            return
        self.verb.setEnabled(False)
        write, failed = self._desk.background.write, self.fail(self.form)
        if self._wanting:
            write(self._ask, self._asked, owner=self, failed=failed)
        else:
            write(self._note, self._noted, owner=self, failed=failed)

    def _note(self) -> Person | None:
        """Who needs an approval first; None where the look is noted."""
        app, why = self._desk.app, self.form.value("why")
        for person in self._people:
            try:
                actions.look(app.db, app.actor, Person, person.id, self._what, why)
            except NeedsApprovalError:
                return person
        return None

    def _noted(self, wanting: Person | None) -> None:
        if wanting is None:
            self.finish()
            self._then()
            return
        self._wanting = wanting
        self.verb.setEnabled(True)
        self.verb.setText(self.tr("申请查看"))
        words = self.tr("这位居民未满 18 周岁：先由负责人审批，批准后再来查看（未成年人网络保护条例第 36 条）。")
        self.strip.show_words(words, "warn", stays=True)

    def _ask(self) -> object:
        app, person = self._desk.app, self._wanting
        person_id = person.id if person else None
        return actions.ask(app.db, app.actor, rules.LOOK_MINOR, self.form.value("why"), person_id=person_id)

    def _asked(self, _made: object) -> None:
        self._desk.say(self.tr("已申请查看。请负责人在“个人信息”里审批，批准后再看。"))
        self.finish()
