"""What cannot be taken back by 撤销: asked for with a ground, and with the name typed once more."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from desktop_app.residents.model import Person
from ui.shell.desk import Desk
from ui.shell.parts import label
from ui.widgets.dialog import FormDialog
from ui.widgets.record_form import Field, RecordForm


class NamedOnceMoreDialog(FormDialog):
    """Says what it means, asks for the ground, and for the name as a last check.

    `words` are sentences with their role; `fields` the ground and the name, `refused` is told for another name.
    """

    refused: str

    def __init__(
        self,
        desk: Desk,
        person: Person,
        title: str,
        verb: str,
        words: Sequence[tuple[str, str]],
        fields: tuple[Field, Field],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title.format(name=person.name), verb, desk.theme, parent)
        self._desk, self._person = desk, person
        self.verb.setProperty("tone", "danger")
        for one, role in words:
            self.body.addWidget(label(one, role, wrap=True))
        self.form = RecordForm(fields, self, columns=1)
        self.body.addWidget(self.form)
        self.form.save_asked.connect(self.press)

    def work(self, person: Person, reason: str) -> object:
        """What is done; runs on the writer thread."""
        raise NotImplementedError

    def told(self, done: object) -> str:
        """What to say when it is done."""
        raise NotImplementedError

    def save(self) -> None:
        if self.form.missing():
            return
        person, reason = self._person, self.form.value("reason")
        if "".join(self.form.value("name").split()) != "".join(person.name.split()):
            self.form.show_fault("name", self.refused, focus=True)
            return
        self.verb.setEnabled(False)
        self._desk.background.write(
            lambda: self.work(person, reason), self._done, owner=self, failed=self.fail(self.form)
        )

    def _done(self, done: object) -> None:
        self._desk.say(self.told(done))
        self.finish()
