"""A name for the life of this database, and none for what was handed over before: reports on that carry none."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    life = op.create_table(
        "life",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("last", sa.Integer(), nullable=True),
    )
    op.execute("INSERT INTO life (name, last) SELECT '', id FROM message ORDER BY id DESC LIMIT 1")
    op.bulk_insert(life, [{"name": secrets.token_hex(8), "last": None}])
