"""A desk with a matter."""

from collections.abc import Callable
from typing import Any

import pytest

from desktop_app.matters import actions
from desktop_app.matters.actions import Deed
from desktop_app.matters.model import Matter
from desktop_app.matters.rules import State
from desktop_app.shared.actor import Actor
from desktop_app.store.database import Database

Act = Callable[..., State]


@pytest.fixture
def propose(db: Database, actor: Actor) -> Callable[..., Matter]:
    """Proposes a matter by 王小明."""

    def proposed(title: str = "单车棚漏雨要修", **fields: Any) -> Matter:
        return actions.propose(db, actor, actions.blank(db, title=title, **({"proposer": "王小明"} | fields)))

    return proposed


@pytest.fixture
def act(db: Database, actor: Actor) -> Act:
    """Acts on a matter: `act(matter, "商议", text=…)`."""

    def acted(matter: Matter, kind: str, **more: Any) -> State:
        return actions.act(db, actor, matter.id, Deed(kind, **more))

    return acted
