"""A desk with an appeal, and events as the pure rule sees them."""

from collections.abc import Callable
from typing import Any

import pytest

from desktop_app.appeals import actions, intake
from desktop_app.appeals.deeds import Deed
from desktop_app.appeals.model import Appeal
from desktop_app.appeals.rules import State
from desktop_app.profiles.queries import profile
from desktop_app.shared.actor import Actor
from desktop_app.store.database import Database

SHISHOU = profile("shishou").appeal_ladders[0]
QIAOKOU = profile("qiaokou").appeal_ladders[0]
GENERAL = profile("general").appeal_ladders[0]

Act = Callable[..., State]


@pytest.fixture
def take(db: Database, actor: Actor) -> Callable[..., Appeal]:
    """Takes an appeal in, accepted unless told otherwise."""

    def taken(title: str = "3栋楼道灯不亮", *, accept: bool = True, **fields: Any) -> Appeal:
        return intake.register(db, actor, intake.blank(db, title=title, **fields), accept=accept)

    return taken


@pytest.fixture
def act(db: Database, actor: Actor) -> Act:
    """Acts on an appeal: `act(appeal, "上报", text=…)`."""

    def acted(appeal: Appeal, kind: str, **more: Any) -> State:
        return actions.act(db, actor, appeal.id, Deed(kind, **more))

    return acted
