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
    op.execute("INSERT INTO life (name, last) SELECT '', max(id) FROM message HAVING max(id) IS NOT NULL")
    op.bulk_insert(life, [{"name": secrets.token_hex(8), "last": None}])
