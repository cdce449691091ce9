"""The change log is walked by person, and by thread in its order."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_index("change_by", "change", ["by_id", "action", "revision"])
    op.create_index("change_subject_thread", "change_subject", ["thread_id", "revision"])
    op.drop_index("ix_change_subject_thread_id", "change_subject")
