"""What is wrong with attachments is found by the examination of the data."""

from desktop_app.attachments import actions
from desktop_app.health import examine
from tests.attachments.pictures import jpeg


def test_an_attachment_that_was_set_aside_is_reported_with_its_record(app, person):
    actions.attach(app.db, app.actor, "person", person, jpeg(), "走访")
    assert "attachment_stuck" not in {one.code for one in examine(app) if one.count}
    with app.db.applying() as tx:
        tx.execute("UPDATE blob SET problem='x'")
    (found,) = [one for one in examine(app) if one.code == "attachment_stuck"]
    assert [(case.place, case.words) for case in found.cases] == [(("person", person), "走访")]
