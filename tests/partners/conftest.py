"""A community with two partners: a hospital that offers, and a bus company that needs."""

from dataclasses import dataclass

import pytest

from desktop_app.partners import actions
from desktop_app.partners.model import Claim, ListItem, PartnerUnit
from desktop_app.shared.actor import Actor
from desktop_app.store.database import Database

DAY = "2026-03-02"


@dataclass
class Neighbours:
    """The partners and short ways to let them do something."""

    db: Database
    actor: Actor
    hospital: PartnerUnit
    buses: PartnerUnit

    def publish(self, title: str, list_type: str = "need", unit: PartnerUnit | None = None, **more: object) -> ListItem:
        item = ListItem(title=title, list_type=list_type, unit_id=unit and unit.id, from_on=DAY, **more)  # type: ignore[arg-type]
        return actions.publish(self.db, self.actor, item)

    def claim(self, item: ListItem, unit: PartnerUnit | None, **more: object) -> Claim:
        taken = Claim(item_id=item.id, unit_id=unit and unit.id, taker=unit.name if unit else "社区", on=DAY, **more)  # type: ignore[arg-type]
        return actions.claim(self.db, self.actor, taken)


@pytest.fixture
def neighbours(db: Database, actor: Actor) -> Neighbours:
    hospital = PartnerUnit(name="第四医院", kind="医院", party_org="党办文化机关党支部", phone="138-0000-0001")
    buses = PartnerUnit(name="公交集团", kind="国企")
    return Neighbours(db, actor, actions.add_unit(db, actor, hospital), actions.add_unit(db, actor, buses))
