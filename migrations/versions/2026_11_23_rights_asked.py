"""The journal keeps which rights an action asked for: whoever takes it back needs the same.

Rules: never import desktop_app; name tables and columns out in full; only add (a column goes at the end of its table,
since bits of a change mask follow the order in the file); what has been released is never edited again.

Revision: 2026_11_23_rights_asked
Below: 2026_11_22_matters
"""

from alembic import op

revision = "2026_11_23_rights_asked"
down_revision = "2026_11_22_matters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds what is new."""
    op.execute("ALTER TABLE journal_action ADD COLUMN needed TEXT")
