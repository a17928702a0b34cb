"""Helpers say whether their own number may be printed: the day they agreed, the day they took it back.

Rules: never import desktop_app; name tables and columns out in full; only add (a column goes at the end of its table,
since bits of a change mask follow the order in the file); what has been released is never edited again.

Revision: 2026_11_24_helper_consent
Below: 2026_11_23_rights_asked
"""

from alembic import op

revision = "2026_11_24_helper_consent"
down_revision = "2026_11_23_rights_asked"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds what is new."""
    op.execute("ALTER TABLE helper ADD COLUMN phone_agreed_on VARCHAR")
    op.execute("ALTER TABLE helper ADD COLUMN phone_withdrawn_on VARCHAR")
