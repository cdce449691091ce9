"""The ledger of consent is read from a moment on, and by who said what: a thread may have thousands of entries."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.drop_index("consent_thread", "consent")
    op.create_index("consent_at", "consent", ["thread_id", "at"])
    op.create_index("consent_said", "consent", ["thread_id", "source", "word", "at"])
