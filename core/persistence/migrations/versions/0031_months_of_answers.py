"""The answers of clients are counted by month, and by the working days they took.

What is counted follows from what is settled already, in months of the zone that everybody was last settled in.
"""

import json
from collections import Counter
from datetime import UTC, date
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer_month",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_answer_month_is_a_count")),
        sa.PrimaryKeyConstraint("client_id", "answered_on", "days", name=op.f("pk_answer_month")),
        sqlite_with_rowid=False,
    )
    _count(op.get_bind())


def _count(connection: sa.Connection) -> None:
    turn = sa.table(
        "turn_change", sa.column("client_id"), sa.column("ended_at", sa.DateTime()), sa.column("answer_days")
    )
    month = sa.table(
        "answer_month", *map(sa.column, ("client_id", "days", "number")), sa.column("answered_on", sa.Date())
    )
    zone = ZoneInfo(_zone_name(connection))
    number: Counter[tuple[int, date, int]] = Counter()
    answered = sa.select(turn).where(
        sa.text("began_wait"), turn.c.client_id.is_not(None), turn.c.answer_days.is_not(None)
    )
    for client, at, days in connection.execute(answered):
        utc = at if at.tzinfo else at.replace(tzinfo=UTC)
        number[client, utc.astimezone(zone).date().replace(day=1), days] += 1
    rows = [
        {"client_id": client, "answered_on": on, "days": days, "number": times}
        for (client, on, days), times in number.items()
    ]
    if rows:
        connection.execute(sa.insert(month), rows)


def _zone_name(connection: sa.Connection) -> str:
    """As the policy in force has it."""
    last = (
        "SELECT p.terms FROM policy p JOIN fact f ON f.id = p.id WHERE f.undone_at IS NULL ORDER BY p.id DESC LIMIT 1"
    )
    terms: Any = connection.scalar(sa.text(last)) or {}
    terms = terms if isinstance(terms, dict) else json.loads(terms)
    zone_name: str = (terms.get("working_time") or {}).get("zone") or "Europe/Warsaw"
    return zone_name
