"""People who may be one: whoever is alike is asked about, and what was said of it stays.

The keys by which people are matched have changed, so everybody stored is given theirs. They must be the very keys that
the program which runs afterwards asks by; so its own code makes them, and not a copy that would fall behind. That code
names every column it reads, so that columns to come do not disturb it.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from core import clock
from core.persistence.lookalikes import note_lookalikes
from core.persistence.matching import index_match_keys

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lookalike",
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=100), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_lookalike_lower_first")),
        sa.ForeignKeyConstraint(
            ["one_id"], ["candidate.id"], name=op.f("fk_lookalike_one_id_candidate"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["candidate.id"], name=op.f("fk_lookalike_other_id_candidate"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("one_id", "other_id", name=op.f("pk_lookalike")),
    )
    op.create_index("ix_lookalike_found_at", "lookalike", ["found_at", "one_id", "other_id"], unique=False)
    op.create_index(op.f("ix_lookalike_other_id"), "lookalike", ["other_id"], unique=False)
    op.create_table(
        "not_same",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_not_same_lower_first")),
        sa.ForeignKeyConstraint(
            ["one_id"], ["candidate.id"], name=op.f("fk_not_same_one_id_candidate"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["candidate.id"], name=op.f("fk_not_same_other_id_candidate"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["said_by_id"], ["member.id"], name=op.f("fk_not_same_said_by_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_same")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_not_same_one_id_other_id")),
    )
    op.create_index(op.f("ix_not_same_other_id"), "not_same", ["other_id"], unique=False)
    op.create_table(
        "merged_value",
        sa.Column("merge_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("before", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("after", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(["merge_id"], ["merge.id"], name=op.f("fk_merged_value_merge_id_merge")),
        sa.PrimaryKeyConstraint("merge_id", "name", name=op.f("pk_merged_value")),
    )
    with op.batch_alter_table("merge", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ban_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_merge_ban_id_fact"), "fact", ["ban_id"], ["id"])
    _match_afresh()


def _match_afresh() -> None:
    """First everybody's keys, then who has some in common; a thousand people at a time."""
    session = Session(op.get_bind())
    for some in _strokes(session):
        index_match_keys(session, *some)
    for some in _strokes(session):
        note_lookalikes(session, some, now=clock.now())
    session.flush()


def _strokes(session: Session) -> Iterator[list[int]]:
    last = 0
    query = sa.text("SELECT id FROM candidate WHERE erased_at IS NULL AND id > :last ORDER BY id LIMIT 1000")
    while some := list(session.scalars(query, {"last": last})):
        yield some
        last = some[-1]
