"""Roles begin to mean something; resources get logins, and the add-on its switch.

Up to here whoever had a role could do everything: existing roles of an unusual name keep all that there was to do.
"""

import sqlalchemy as sa
from alembic import op

from dashboard.core.rights import ADMINISTRATOR, BEGINNINGS, CRM, DOCUMENTS, EVERY, RESOURCES, RIGHTS, TEXTING
from dashboard.core.tables import UTCDateTime

revision = "0009"
down_revision = "0008"

ROLE = sa.table("role", sa.column("id"), sa.column("name"), sa.column("rights", sa.JSON()))
ADD_ON = sa.table("add_on", sa.column("key"))
ALL_THERE_WAS = {key for key, right in RIGHTS.items() if right.tab == CRM} | {DOCUMENTS, RESOURCES}


def upgrade() -> None:
    op.add_column("role", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("resource", sa.Column("login", sa.Text(), nullable=True))
    op.add_column("resource", sa.Column("password", sa.Text(), nullable=True))
    op.create_index("resource_login", "resource", ["login"], unique=True)
    op.create_table("add_on", sa.Column("key", sa.String(), primary_key=True))
    create_sessions()
    give_rights()


def create_sessions() -> None:
    op.create_table(
        "login_session",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token", sa.String(), nullable=False, unique=True),
        sa.Column("resource_id", sa.Integer(), sa.ForeignKey("resource.id"), nullable=False, index=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
    )
    still = {"sqlite_where": sa.text("ended_at IS NULL"), "postgresql_where": sa.text("ended_at IS NULL")}
    op.create_index("login_session_open", "login_session", ["id"], **still)
    op.create_table(
        "login_try",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
    )
    op.create_index("login_try_name", "login_try", ["name", "at"])
    op.create_index("login_try_address", "login_try", ["address", "at"])


def give_rights() -> None:
    bind = op.get_bind()
    bind.execute(sa.insert(ADD_ON).values(key=TEXTING))
    roles = bind.execute(sa.select(ROLE.c.id, ROLE.c.name).order_by(ROLE.c.id)).all()
    given = {role.id: BEGINNINGS.get(role.name, ALL_THERE_WAS) for role in roles}
    if roles and ADMINISTRATOR not in {role.name for role in roles}:
        given[roles[0].id] = EVERY  # somebody has to be able to give rights
    for id_, rights in given.items():
        bind.execute(sa.update(ROLE).where(ROLE.c.id == id_).values(rights=sorted(rights)))
