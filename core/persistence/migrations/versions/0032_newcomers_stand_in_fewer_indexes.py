"""Whoever has no date stands in no index of that date, and who has no rhythm in none of rhythms.

A list may bring a hundred thousand people, and nothing of these is known of most of them: each index that they stand in
is work while everybody else waits. Who was added when is in the order of the ids.
"""

from alembic import op
from sqlalchemy import text

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

LISTED = "merged_into_id IS NULL AND erased_at IS NULL"
DATED_BY = ("last_word_from_at", "next_due_at")
IN_TOUCH = ["in_touch_on", "rhythm_unit", "rhythm_count", "id", "met_on"]


def upgrade() -> None:
    for column in (*DATED_BY, "added_at", "rhythm", "in_touch_on"):
        for name in (column, f"owner_{column}"):
            op.drop_index(f"ix_candidate_{name}", "candidate")
    _of_all_and_an_owner("listed", LISTED, ["id"])
    for column in DATED_BY:
        _of_all_and_an_owner(column, f"{column} IS NOT NULL AND {LISTED}", [column, "id"])
    _of_all_and_an_owner("in_touch_on", "rhythm_unit IS NOT NULL", IN_TOUCH)
    _make("without_rhythm", "rhythm_unit IS NULL", ["rhythm_unit", "owner_id", "id", "met_on"])
    op.drop_index("ix_candidate_do_not_contact", "candidate")
    op.create_index(
        "ix_candidate_do_not_contact",
        "candidate",
        ["do_not_contact", "sort_name", "id"],
        sqlite_where=text(f"do_not_contact = 1 AND {LISTED}"),
        postgresql_where=text(f"do_not_contact AND {LISTED}"),
    )
    op.drop_index("ix_fact_process_id", "fact")
    of_process = text("process_id IS NOT NULL")
    op.create_index("ix_fact_process_id", "fact", ["process_id"], sqlite_where=of_process, postgresql_where=of_process)


def _of_all_and_an_owner(name: str, where: str, columns: list[str]) -> None:
    _make(name, where, columns)
    _make(f"owner_{name}", where, ["owner_id", *columns])


def _make(name: str, where: str, columns: list[str]) -> None:
    whose = text(where)
    op.create_index(f"ix_candidate_{name}", "candidate", columns, sqlite_where=whose, postgresql_where=whose)
