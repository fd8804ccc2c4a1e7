"""Decisions told and meetings held or missed are counted by month; what members and clients are compared by, coarser.

What is counted follows from what is settled already, so nobody needs to be settled for it; only the days are new, and
they are those of the zone that everybody was last settled in.
"""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ANSWERS = ("told", "owed", "unreachable", "do_not_contact")
STATUSES = ("open", "kept on time", "kept late", "waived", "void", "history")
CAME = ("unnoted", "noted", "missed")
TEAM = -1


def one_of(name: str, column: str, values: tuple[str, ...]) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)
    return sa.Column(column, kind, nullable=False)


def upgrade() -> None:
    op.create_table(
        "share_month",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        one_of("promise_status", "status", STATUSES),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_share_month_is_a_count")),
        sa.PrimaryKeyConstraint(
            *("client_id", "kind", "owner_id", "status", "late", "due_on"), name=op.f("pk_share_month")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "told_month",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        one_of("answer", "answer", ANSWERS),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_told_month_is_a_count")),
        sa.PrimaryKeyConstraint(*("client_id", "owner_id", "ended_on", "days", "answer"), name=op.f("pk_told_month")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "meeting_month",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        one_of("came", "came", CAME),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_meeting_month_is_a_count")),
        sa.PrimaryKeyConstraint("client_id", "owner_id", "begins_on", "came", name=op.f("pk_meeting_month")),
        sqlite_with_rowid=False,
    )
    op.drop_index("ix_process_told", "process")
    op.drop_index("ix_meeting_starts_at", "meeting")
    op.drop_index("ix_fact_meeting_undone", "fact")
    op.drop_index("ix_fact_of_acquaintance", "fact")
    known = sa.text("kind IN ('process', 'closing', 'consent', 'withdrawal')")
    op.create_index("ix_fact_of_acquaintance", "fact", ["candidate_id"], sqlite_where=known, postgresql_where=known)
    came = sa.Enum(*CAME, name="came", native_enum=False, create_constraint=True, length=20)
    settled: dict[str, dict[str, Any]] = {
        "process": {"client_id": sa.Integer(), "ended_on": sa.Date()},
        "meeting": {"client_id": sa.Integer(), "begins_on": sa.Date(), "came": came},
    }
    for table, columns in settled.items():
        with op.batch_alter_table(table, recreate="always" if op.get_bind().dialect.name == "sqlite" else "auto") as it:
            for name, kind in columns.items():
                it.add_column(sa.Column(name, kind, nullable=True))
    _settle_and_count(op.get_bind())
    closed, missed = sa.text("closed_at IS NOT NULL"), sa.text("came = 'missed'")
    op.create_index(
        "ix_process_closed_at",
        "process",
        ["closed_at", "id", "owner_id", "client_id"],
        sqlite_where=closed,
        postgresql_where=closed,
    )
    op.create_index("ix_meeting_starts_at", "meeting", ["starts_at", "came", "host_id", "client_id"])
    op.create_index(
        "ix_meeting_missed",
        "meeting",
        ["starts_at", "id", "host_id", "client_id"],
        sqlite_where=missed,
        postgresql_where=missed,
    )


def _settle_and_count(connection: sa.Connection) -> None:
    day, run = _day_in(connection), connection.exec_driver_sql
    client = "SELECT o.client_id FROM opening o WHERE o.id = process.opening_id"
    run(f"UPDATE process SET client_id = ({client}), ended_on = {day('closed_at')}")  # noqa: S608 - our names
    of_process = "SELECT p.client_id FROM fact f JOIN process p ON p.id = f.process_id WHERE f.id = meeting.id"
    first_outcome = (
        "SELECT o.absent FROM meeting_outcome o JOIN fact f ON f.id = o.id"
        " WHERE o.meeting_id = meeting.id AND f.undone_at IS NULL ORDER BY f.happened_at, f.id LIMIT 1"
    )
    run(
        f"UPDATE meeting SET client_id = ({of_process}), begins_on = {day('starts_at')},"  # noqa: S608
        " came = CASE WHEN result IS NULL THEN 'unnoted' WHEN result = 'cancelled' THEN NULL"
        f" WHEN result = 'missed' AND ({first_outcome}) = 'us' THEN 'missed' ELSE 'noted' END"
        " WHERE EXISTS (SELECT 1 FROM fact f WHERE f.id = meeting.id AND f.undone_at IS NULL)"
    )
    is_sqlite = connection.dialect.name == "sqlite"
    month = "date({}, 'start of month')" if is_sqlite else "date_trunc('month', {})::date"
    days = (
        "CASE WHEN told_days IS NULL THEN -1 WHEN told_days <= 20 THEN told_days"
        " WHEN told_days >= 60 THEN 60 ELSE told_days / 5 * 5 END"
    )
    for kind in ("'any'", "kind"):
        run(
            f"INSERT INTO share_month SELECT client_id, {kind}, owner_id, status, late, due_on, sum(number)"  # noqa: S608
            f" FROM promise_month WHERE status <> 'open' AND (client_id = 0) = (owner_id <> {TEAM})"
            " GROUP BY 1, 2, 3, 4, 5, 6"
        )
    for client in ("0", "client_id"):
        for of_team in (True, False):
            ended = _of(client, "owner_id", of_team), month.format("ended_on"), days, "answer"
            met = _of(client, "host_id", of_team), month.format("begins_on"), "came"
            for into, counted, source in (
                ("told_month", ended, "process WHERE ended_on IS NOT NULL AND answer IS NOT NULL"),
                ("meeting_month", met, "meeting WHERE came IS NOT NULL"),
            ):
                run(
                    f"INSERT INTO {into} SELECT {', '.join(counted)}, count(*) FROM {source}"  # noqa: S608
                    f" AND {client} IS NOT NULL GROUP BY {', '.join(str(n + 1) for n in range(len(counted) + 1))}"
                )


def _of(client: str, owner: str, of_team: bool) -> str:
    """Two columns."""
    return f"{client}, {TEAM if of_team else f'coalesce({owner}, 0)'}"


def _day_in(connection: sa.Connection) -> Any:
    """The day of a moment, in the zone that the policy in force says everybody was settled in."""
    zone = ZoneInfo(_zone_name(connection))
    if connection.dialect.name != "sqlite":
        return lambda column: f"({column} AT TIME ZONE '{zone.key}')::date"

    def day(moment: str | None) -> str | None:
        """Moments are stored in UTC."""
        if moment is None:
            return None
        return datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(zone).date().isoformat()

    driver: Any = connection.connection.driver_connection
    driver.create_function("day_in_the_zone", 1, day)
    return lambda column: f"day_in_the_zone({column})"


def _zone_name(connection: sa.Connection) -> str:
    """Among the terms, or, of an older policy, the first word of its calendar."""
    last = "SELECT p.* FROM policy p JOIN fact f ON f.id = p.id WHERE f.undone_at IS NULL ORDER BY p.id DESC LIMIT 1"
    policy: Any = connection.execute(sa.text(last)).mappings().first() or {"terms": {}}
    terms = policy["terms"] if isinstance(policy["terms"], dict) else json.loads(policy["terms"])
    zone_name: str = (terms.get("working_time") or {}).get("zone") or policy.get("calendar", "").split(" ")[0]
    return zone_name or "Europe/Warsaw"
