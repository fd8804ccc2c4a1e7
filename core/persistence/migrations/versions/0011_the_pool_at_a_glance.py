"""The pool at a glance: since when everybody is known, the last word, what became of them, and how many there are.

All of it is settled, so the policy is noted as not settled: the next start settles everybody.
"""

import sqlalchemy as sa
from alembic import op

from core.domain.names import folded

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BECAME = ("no_contact", "in_process", "placed", "known")
UNITS = ("weeks", "months")
POOLED_BY = (
    ["last_word_on", "met_on", "id"],
    ["in_touch_on", "rhythm_unit", "rhythm_count", "id", "met_on"],
    ["came_from", "became", "last_word_on", "id"],
)


def one_of(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def upgrade() -> None:
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("met_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("last_word_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("in_touch_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("became", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("came_from", sa.String(length=200), nullable=True))
        batch_op.create_check_constraint(op.f("ck_candidate_became"), sa.column("became").in_(BECAME))
    for columns in POOLED_BY:
        op.create_index(f"ix_candidate_{columns[0]}", "candidate", columns, unique=False)
        op.create_index(f"ix_candidate_owner_{columns[0]}", "candidate", ["owner_id", *columns], unique=False)
    op.create_table(
        "silence_tally",
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("met_month", sa.Integer(), nullable=False),
        sa.Column("last_month", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_silence_tally_is_a_count")),
        sa.PrimaryKeyConstraint("owner_id", "met_month", "last_month", name=op.f("pk_silence_tally")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "source_tally",
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("became", one_of(BECAME, "became"), nullable=False),
        sa.Column("last_month", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_source_tally_is_a_count")),
        sa.PrimaryKeyConstraint("owner_id", "source", "became", "last_month", name=op.f("pk_source_tally")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rhythm_tally",
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("rhythm_unit", one_of(UNITS, "rhythm_unit"), nullable=False),
        sa.Column("rhythm_count", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_rhythm_tally_is_a_count")),
        sa.PrimaryKeyConstraint("owner_id", "rhythm_unit", "rhythm_count", "due_on", name=op.f("pk_rhythm_tally")),
        sqlite_with_rowid=False,
    )
    _find_by_tags()
    op.execute("UPDATE policy SET settled_at = NULL WHERE id = (SELECT max(id) FROM policy)")


def _find_by_tags() -> None:
    """Each tag as a word: nobody comes upon it by typing, for what is typed has no such sign."""
    run = op.get_bind().execute
    people = sa.table("candidate", sa.column("id"), sa.column("tags", sa.JSON()))
    words = sa.table("search_word", sa.column("word"), sa.column("candidate_id"))
    tagged = sa.cast(people.c.tags, sa.Text()) != "[]"
    for id_, tags in run(sa.select(people.c.id, people.c.tags).where(tagged)).all():
        if found := sorted({f"#{folded(tag)}" for tag in tags or ()}):
            run(words.insert(), [{"word": word, "candidate_id": id_} for word in found])
