"""Candidates have a page of their own: links that open it, what they say of our claims, and how they score us."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

RESULTS = ("hired", "rejected", "withdrawn", "opening_closed", "not_now")


def upgrade() -> None:
    op.create_table(
        "own_page_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        _to_candidate("own_page_link"),
        sa.ForeignKeyConstraint(["made_by_id"], ["member.id"], name=op.f("fk_own_page_link_made_by_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_page_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_own_page_link_token_hash")),
    )
    op.create_index(op.f("ix_own_page_link_candidate_id"), "own_page_link", ["candidate_id"])
    op.create_table(
        "survey_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "result",
            sa.Enum(*RESULTS, name="result", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint("score between 0 and 10", name=op.f("ck_survey_answer_is_a_score")),
        _to_candidate("survey_answer"),
        sa.ForeignKeyConstraint(
            ["process_id"], ["process.id"], name=op.f("fk_survey_answer_process_id_process"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answer")),
        sa.UniqueConstraint("process_id", name=op.f("uq_survey_answer_process_id")),
    )
    op.create_index(op.f("ix_survey_answer_candidate_id"), "survey_answer", ["candidate_id"])
    op.create_index("ix_survey_answer_at", "survey_answer", ["at", "result", "score", "process_id"])
    with op.batch_alter_table("claim") as table:
        table.add_column(sa.Column("own_word_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("correction", sa.Text(), nullable=True))
        table.create_check_constraint(
            op.f("ck_claim_corrected_at_a_moment"), "correction is null or own_word_at is not null"
        )
    shown = {"names_client": sa.false(), "names_stage": sa.true()}
    with op.batch_alter_table("opening") as table:
        for name, default in shown.items():
            table.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=default))
    with op.batch_alter_table("opening") as table:
        for name in shown:
            table.alter_column(name, server_default=None, existing_type=sa.Boolean(), existing_nullable=False)


def _to_candidate(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_candidate_id_candidate")
    return sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=name, ondelete="CASCADE")
