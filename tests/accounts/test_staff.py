"""Who sits at the desk."""

import pytest

from desktop_app.accounts import actions, queries
from desktop_app.accounts.model import Staff
from desktop_app.app import App
from desktop_app.shared.errors import AppError


def test_whoever_sits_down_is_the_one_on_the_record(app: App) -> None:
    wang = actions.add_staff(app.db, app.actor, Staff(name="王芳", post="网格员"))
    actions.sit_down(app.db, wang.id)
    assert app.actor.name == "王芳"


def test_somebody_who_left_cannot_sit_down(app: App) -> None:
    wang = actions.add_staff(app.db, app.actor, Staff(name="王芳"))
    actions.change_staff(app.db, app.actor, wang.id, to_on="2026-11-01")
    with pytest.raises(AppError, match="已经离岗"):
        actions.sit_down(app.db, wang.id)
    assert [person.name for person in queries.staff(app.db)] == ["张三"]
    assert app.actor.name == "张三"
