"""What is asked before a visit is taken back."""

from desktop_app.visits import actions
from desktop_app.visits.queries import VisitLine
from ui.pages.asks import Asks
from ui.widgets.inline_form import Ask
from ui.widgets.record_form import Field


class VisitAsks(Asks):
    """Forms about one visit."""

    def withdraw(self, line: VisitLine) -> Ask:
        """Take back what was entered by mistake."""
        app = self._app
        return Ask(
            self.tr("撤销 {on} 走访 {name}").format(on=line.on, name=line.name or line.address),
            self.tr("撤销走访"),
            (Field("why", self.tr("理由"), required=True, hint=self.tr("如：登记重复、记错了人")),),
            lambda answer: actions.withdraw(app.db, app.actor, line.id, answer["why"]),
            lambda _none: self.tr("{on} 走访 {name} 已撤销").format(on=line.on, name=line.name or line.address),
            words=self.tr("照片和附件一起撤销，当时登记的诉求照旧。按 Ctrl+Z 可以找回。"),
            tone="danger",
        )
