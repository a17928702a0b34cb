"""An erasure says whether the person was put under seal: what else is sealed about somebody must outlast that.

NULL stands for every erasure from before, which does not say; one from now on has a day or is empty.

Rules: never import desktop_app; name tables and columns out in full; only add (a column goes at the end of its table,
since bits of a change mask follow the order in the file); what has been released is never edited again.

Revision: 2026_11_24_sealed_erasures
Below: 2026_11_24_helper_consent
"""

from alembic import op

revision = "2026_11_24_sealed_erasures"
down_revision = "2026_11_24_helper_consent"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds what is new."""
    op.execute("ALTER TABLE erasure ADD COLUMN sealed_on VARCHAR")
