"""Exports, approvals, requests of residents and what is under seal, kept as the law asks.

Rules: never import desktop_app; name tables and columns out in full; only add (a column goes at the end of its table,
since bits of a change mask follow the order in the file); what has been released is never edited again.

Revision: 2026_11_22_privacy
Below: 2026_11_22_accounts
"""

from alembic import op

revision = "2026_11_22_privacy"
down_revision = "2026_11_22_accounts"
branch_labels = None
depends_on = None

FIRST = "id VARCHAR(32) NOT NULL UNIQUE, local_no INTEGER NOT NULL PRIMARY KEY"
SYNC = (
    "scope INTEGER NOT NULL DEFAULT 0, sync_seq INTEGER NOT NULL DEFAULT 0, sync_ts INTEGER NOT NULL DEFAULT 0, "
    "sync_dev INTEGER NOT NULL DEFAULT 0, sync_by VARCHAR(32), sync_del INTEGER NOT NULL DEFAULT 0, sync_ext VARCHAR"
)


def upgrade() -> None:
    """Five synced tables."""
    op.execute(
        f"CREATE TABLE export_record ({FIRST}, at BIGINT NOT NULL, what VARCHAR NOT NULL, recipient VARCHAR NOT NULL, "
        "purpose VARCHAR NOT NULL, fields VARCHAR NOT NULL, count INTEGER NOT NULL, masked INTEGER NOT NULL, "
        "by_name VARCHAR NOT NULL, sha256 VARCHAR(64) NOT NULL, size BIGINT NOT NULL, target VARCHAR NOT NULL, "
        f"approval_id VARCHAR(32), {SYNC})"
    )
    op.execute("CREATE INDEX ix_export_record_at ON export_record(at)")
    op.execute("CREATE INDEX ix_export_record_sha256 ON export_record(sha256)")
    op.execute(
        f"CREATE TABLE approval ({FIRST}, kind VARCHAR NOT NULL, person_id VARCHAR(32), reason VARCHAR NOT NULL, "
        "asked_by VARCHAR(32), asked_name VARCHAR NOT NULL, asked_at BIGINT NOT NULL, verdict VARCHAR, why VARCHAR, "
        f"decided_by VARCHAR(32), decided_name VARCHAR NOT NULL, decided_at BIGINT, valid_until VARCHAR, {SYNC})"
    )
    op.execute("CREATE INDEX ix_approval_person ON approval(person_id)")
    op.execute("CREATE INDEX ix_approval_asked_at ON approval(asked_at)")
    op.execute(
        f"CREATE TABLE subject_request ({FIRST}, no VARCHAR, kind VARCHAR NOT NULL, person_id VARCHAR(32), "
        "applicant VARCHAR NOT NULL, relation VARCHAR NOT NULL, phone VARCHAR, text VARCHAR NOT NULL, "
        "received_on VARCHAR NOT NULL, channel VARCHAR NOT NULL, identity_how VARCHAR, identity_on VARCHAR, "
        "due_on VARCHAR, decision VARCHAR, why VARCHAR, decided_on VARCHAR, decided_name VARCHAR, "
        f"answered_on VARCHAR, answered_how VARCHAR, {SYNC})"
    )
    op.execute("CREATE INDEX ix_subject_request_person ON subject_request(person_id)")
    op.execute("CREATE INDEX ix_subject_request_received ON subject_request(received_on)")
    op.execute("CREATE INDEX ix_subject_request_no ON subject_request(no)")
    op.execute(
        f"CREATE TABLE seal_key ({FIRST}, kdf TEXT NOT NULL, wrapped TEXT NOT NULL, made_at BIGINT NOT NULL, "
        f"made_name VARCHAR NOT NULL, approval_id VARCHAR(32), off_on VARCHAR, {SYNC})"
    )
    op.execute(
        f"CREATE TABLE sealed_record ({FIRST}, kind VARCHAR NOT NULL, subject VARCHAR(64) NOT NULL, "
        "key_id VARCHAR(32) NOT NULL, content TEXT NOT NULL, at BIGINT NOT NULL, by_name VARCHAR NOT NULL, "
        f"keep_until VARCHAR, {SYNC})"
    )
    op.execute("CREATE INDEX ix_sealed_record_subject ON sealed_record(subject)")
