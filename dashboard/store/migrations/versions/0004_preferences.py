"""What each person chooses for their own screens."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "preference",
        sa.Column("resource_id", sa.Integer(), sa.ForeignKey("resource.id"), primary_key=True),
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("chosen", sa.Boolean(), nullable=False),
    )
