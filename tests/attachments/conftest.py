"""A desk with one resident to attach things to."""

import pytest

from desktop_app.residents.model import Person


@pytest.fixture
def person(app) -> str:
    """The identifier of a resident."""
    with app.db.transaction(app.actor, "登记居民") as tx:
        return tx.add(Person(name="王小明")).id
