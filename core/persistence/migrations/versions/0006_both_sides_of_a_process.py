"""Openings have stages and an end, clients have people, and of each process it is known whose turn it is and since when.

What is settled is only begun here, so the policy is noted as not settled: the next start settles everybody.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core import clock
from core.domain.names import folded

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


KINDS = (
    "arrival contact process stage_move turn_change closing reopening meeting meeting_move meeting_outcome rhythm_change"
    " quiet_period growth_note placement placement_end referral handover consent withdrawal contact_ban"
    " contact_allowance erasure waiver snooze opening_hold opening_resumed opening_end departure policy"
).split()
STAGES = ["Screening", "With client", "Interview", "Offer"]
BEGAN_EMPTY = {
    "candidate": ["language"],
    "client": ["note"],
    "closing": ["note"],
    "meeting": ["place", "note"],
    "opening": ["note"],
    "opening_hold": ["reason", "note"],
    "placement_end": ["reason"],
}
"""Columns that what is there begins with empty; the program says them itself from now on."""
STATUSES = ("open", "held", "filled", "cancelled")


def upgrade() -> None:
    op.create_table(
        "stage_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("stages", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_template")),
        sa.UniqueConstraint("name", name=op.f("uq_stage_template_name")),
    )
    op.create_table(
        "message_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["member.id"], name=op.f("fk_message_template_changed_by_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_template")),
        sa.UniqueConstraint("occasion", "language", name=op.f("uq_message_template_occasion_language")),
    )
    op.create_table(
        "client_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_person_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_person")),
    )
    op.create_index(op.f("ix_client_person_client_id"), "client_person", ["client_id"], unique=False)
    op.create_table(
        "stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.CheckConstraint("trim(name) <> ''", name=op.f("ck_stage_has_a_name")),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_stage_opening_id_opening")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage")),
        sa.UniqueConstraint("opening_id", "name", name=op.f("uq_stage_opening_id_name")),
    )
    op.create_table(
        "opening_end",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column(
            "how",
            sa.Enum(
                "open",
                "held",
                "filled",
                "cancelled",
                name="opening_status",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("how in ('filled', 'cancelled')", name=op.f("ck_opening_end_is_an_end")),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_opening_end_id_fact")),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_opening_end_opening_id_opening")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_end")),
    )
    op.create_index(op.f("ix_opening_end_opening_id"), "opening_end", ["opening_id"], unique=False)
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(answered_at is null) = (answer is null)", name=op.f("ck_question_answered_is_both")),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_question_candidate_id_candidate")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["member.id"], name=op.f("fk_question_noted_by_id_member")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_question_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    op.create_index("ix_question_candidate_id", "question", ["candidate_id", "id"], unique=False)
    op.create_index(op.f("ix_question_process_id"), "question", ["process_id"], unique=False)
    op.create_table(
        "recommendation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_id", sa.Integer(), nullable=True),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["fact.id"], name=op.f("fk_recommendation_answer_id_fact")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.id"], name=op.f("fk_recommendation_candidate_id_candidate")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["member.id"], name=op.f("fk_recommendation_made_by_id_member")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_recommendation_process_id_process")),
        sa.ForeignKeyConstraint(["sent_id"], ["fact.id"], name=op.f("fk_recommendation_sent_id_fact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
    )
    op.create_index("ix_recommendation_candidate_id", "recommendation", ["candidate_id", "id"], unique=False)
    op.create_index(op.f("ix_recommendation_process_id"), "recommendation", ["process_id"], unique=False)
    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "said",
                "cv",
                "tested",
                "reference",
                "none",
                name="claim_source",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("source_fact_id", sa.Integer(), nullable=True),
        sa.Column("source_note", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_claim_recommendation_id_recommendation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["source_fact_id"], ["fact.id"], name=op.f("fk_claim_source_fact_id_fact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    op.create_index("ix_claim_recommendation_id", "claim", ["recommendation_id", "position"], unique=False)
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", sa.String(length=2), server_default="", nullable=False))

    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("sort_name", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True)
        )
        batch_op.add_column(sa.Column("called_in_policy", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("owner_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("note", sa.Text(), server_default="", nullable=False))
        batch_op.create_index(batch_op.f("ix_client_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_client_sort_name", ["sort_name", "id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_client_owner_id_member"), "member", ["owner_id"], ["id"])
    _name_clients()
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.alter_column("sort_name", nullable=False)
        batch_op.alter_column("called_in_policy", nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_client_called_in_policy"), ["called_in_policy"])

    with op.batch_alter_table("closing", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "reason",
                sa.Enum(
                    "degree",
                    "thin_cv",
                    "gap",
                    "background",
                    "skills",
                    "experience",
                    "language",
                    "location",
                    "terms",
                    "somebody_else",
                    "other_offer",
                    "too_slow",
                    "private",
                    "budget",
                    "role_changed",
                    "client_silent",
                    "other",
                    name="closing_reason",
                    native_enum=False,
                    create_constraint=True,
                    length=20,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("note", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("was_asked", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("opening_end_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_closing_opening_end_id"), ["opening_end_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_closing_opening_end_id_opening_end"), "opening_end", ["opening_end_id"], ["id"]
        )

    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("place", sa.String(length=300), server_default="", nullable=False))
        batch_op.add_column(sa.Column("note", sa.Text(), server_default="", nullable=False))
        batch_op.create_index("ix_meeting_starts_at", ["starts_at"], unique=False)

    with op.batch_alter_table("meeting_move", schema=None) as batch_op:
        batch_op.add_column(sa.Column("from_starts_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "asked_by",
                sa.Enum(
                    "candidate", "us", "client", name="asked_by", native_enum=False, create_constraint=True, length=20
                ),
                nullable=True,
            )
        )

    with op.batch_alter_table("meeting_outcome", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "asked_by",
                sa.Enum(
                    "candidate", "us", "client", name="asked_by", native_enum=False, create_constraint=True, length=20
                ),
                nullable=True,
            )
        )

    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.add_column(sa.Column("owner_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("note", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("added_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("status", sa.String(length=20), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_opening_owner_id_member"), "member", ["owner_id"], ["id"])
    _begin_openings()
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.alter_column("added_at", nullable=False)
        batch_op.alter_column("status", nullable=False)
        batch_op.create_check_constraint(op.f("ck_opening_opening_status"), sa.column("status").in_(STATUSES))
        batch_op.drop_column("is_held")
    op.create_index("ix_opening_owner", "opening", ["owner_id", "status"], unique=False)
    op.create_index("ix_opening_status", "opening", ["status", "added_at", "id"], unique=False)

    with op.batch_alter_table("opening_hold", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "reason",
                sa.Enum(
                    "budget",
                    "freeze",
                    "waiting",
                    "other",
                    name="hold_reason",
                    native_enum=False,
                    create_constraint=True,
                    length=20,
                ),
                server_default="other",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("note", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("placement_end", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("process", schema=None) as batch_op:
        batch_op.add_column(sa.Column("since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("turn_change", schema=None) as batch_op:
        batch_op.add_column(sa.Column("opening_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("began_wait", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("answer_days", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_turn_change_opening_id_opening"), "opening", ["opening_id"], ["id"])
    _begin_settling()
    with op.batch_alter_table("process", schema=None) as batch_op:
        batch_op.alter_column("since", nullable=False)
    with op.batch_alter_table("turn_change", schema=None) as batch_op:
        batch_op.alter_column("opening_id", nullable=False)
        batch_op.alter_column("began_wait", server_default=None)
    op.create_index(
        "ix_process_in_stage",
        "process",
        ["opening_id", "stage", "turn", "since", "next_due_at", "owner_id"],
        unique=False,
        sqlite_where=sa.text("is_active = 1"),
        postgresql_where=sa.text("is_active"),
    )
    op.create_index(
        "ix_turn_change_wait",
        "turn_change",
        ["opening_id", "ended_at", "answer_days"],
        unique=False,
        sqlite_where=sa.text("began_wait = 1"),
        postgresql_where=sa.text("began_wait"),
    )
    of_process = sa.text("status = 'open' AND process_id IS NOT NULL")
    op.create_index(
        "ix_promise_open_process",
        "promise",
        ["process_id", "due_at", "kind"],
        unique=False,
        sqlite_where=of_process,
        postgresql_where=of_process,
    )
    with op.batch_alter_table("fact", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_fact_fact_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_fact_fact_kind"), sa.column("kind").in_(KINDS))
    for table, columns in BEGAN_EMPTY.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.alter_column(column, server_default=None)


def _name_clients() -> None:
    client = sa.table(
        "client", sa.column("id"), sa.column("name"), sa.column("sort_name"), sa.column("called_in_policy")
    )
    connection = op.get_bind()
    for id_, name in connection.execute(sa.select(client.c.id, client.c.name)).all():
        named = client.update().where(client.c.id == id_)
        connection.execute(named.values(sort_name=folded(name), called_in_policy=name))


def _begin_openings() -> None:
    """Each began with its first process, was open or held, and had the stages that people were in."""
    connection = op.get_bind()
    connection.execute(
        sa.text(
            "UPDATE opening SET status = CASE WHEN is_held THEN 'held' ELSE 'open' END, added_at = COALESCE((SELECT"
            " min(fact.happened_at) FROM process JOIN fact ON fact.id = process.id WHERE process.opening_id = opening.id"
            "), :now)"
        ).bindparams(sa.bindparam("now", clock.now(), sa.DateTime(timezone=True)))
    )
    been_in = sa.text(
        "SELECT opening_id, name FROM (SELECT process.opening_id, process.first_stage AS name, process.id AS at"
        " FROM process UNION ALL SELECT process.opening_id, stage_move.to_stage, stage_move.id FROM stage_move"
        " JOIN fact ON fact.id = stage_move.id JOIN process ON process.id = fact.process_id) AS been"
        " WHERE trim(name) <> '' GROUP BY opening_id, name ORDER BY opening_id, min(at)"
    )
    stages: dict[int, list[str]] = {id_: [] for (id_,) in connection.execute(sa.text("SELECT id FROM opening"))}
    for opening_id, name in connection.execute(been_in):
        stages[opening_id].append(name)
    stage = sa.table("stage", sa.column("opening_id"), sa.column("position"), sa.column("name"))
    rows = [
        {"opening_id": opening_id, "position": position, "name": name}
        for opening_id, names in stages.items()
        for position, name in enumerate(_in_order(names))
    ]
    if rows:
        connection.execute(stage.insert(), rows)
    template = sa.table("stage_template", sa.column("name"), sa.column("stages", sa.JSON()), sa.column("version"))
    connection.execute(template.insert().values(name="Standard", stages=STAGES, version=1))


def _in_order(names: list[str]) -> list[str]:
    """The usual stages in their order, and after the first of them what else there was."""
    more = [name for name in names if name not in STAGES]
    return [STAGES[0], *more, *STAGES[1:]] if more else STAGES


def _begin_settling() -> None:
    run = op.get_bind().execute
    run(sa.text("UPDATE process SET since = (SELECT happened_at FROM fact WHERE fact.id = process.id)"))
    run(
        sa.text(
            "UPDATE turn_change SET opening_id = (SELECT process.opening_id FROM fact JOIN process"
            " ON process.id = fact.process_id WHERE fact.id = turn_change.id)"
        )
    )
    run(sa.text("UPDATE process SET is_active = false WHERE id IN (SELECT id FROM fact WHERE undone_at IS NOT NULL)"))
    run(sa.text("UPDATE policy SET settled_at = NULL WHERE id = (SELECT max(id) FROM policy)"))
