"""Forms beside a list, as a test fills them in."""

import json

from pytestqt.qtbot import QtBot

from tests.ui.conftest import rest
from ui.pages.list_pane import ListPane
from ui.pages.page import Page


def fill(pane: ListPane, **values: str) -> None:
    form = pane.form.form
    form.show_values({**form.values(), **values})
    pane.form.save()


def typed(pane: ListPane, **values: str) -> None:
    """As somebody types over what is shown; `fill` only shows."""
    pane.form.form.take_draft(json.dumps(values))
    pane.form.save()


def face(page: Page, what: str, qtbot: QtBot) -> None:
    """Go to one of the lists of a page."""
    page.show_this(what)
    rest(page, qtbot)
