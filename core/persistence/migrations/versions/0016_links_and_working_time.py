"""A password is chosen by whoever has a link for it; and working time is one of the terms of a policy.

All was reckoned by the working time put on record last, so that is what every policy so far is given.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "password_link",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_password_link_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_password_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_link_token_hash")),
    )
    _put_working_time_into_terms()
    with op.batch_alter_table("policy", schema=None) as batch_op:
        batch_op.drop_column("calendar")


def _put_working_time_into_terms() -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, terms, calendar FROM policy ORDER BY id")).all()
    for row in rows if rows and rows[-1].calendar else ():
        terms = row.terms if isinstance(row.terms, dict) else json.loads(row.terms)
        given = {"id": row.id, "terms": json.dumps({**terms, "working_time": _as_values(rows[-1].calendar)})}
        value = "CAST(:terms AS jsonb)" if connection.dialect.name == "postgresql" else ":terms"
        connection.execute(sa.text(f"UPDATE policy SET terms = {value} WHERE id = :id"), given)  # noqa: S608


def _as_values(words: str) -> dict[str, Any]:
    """Of “Europe/Warsaw PL 0,1,2,3,4 09:00-17:00”."""
    zone, country, days, hours = words.split(" ")
    opens, closes = hours.split("-")
    return {
        "zone": zone,
        "country": country,
        "days": [int(day) for day in days.split(",")],
        "opens": opens,
        "closes": closes,
        "days_off": [],
    }
