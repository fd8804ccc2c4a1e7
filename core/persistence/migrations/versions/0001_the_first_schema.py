"""The first schema."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.persistence.migrations.append_only import make_append_only

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "client",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("name", name=op.f("uq_client_name")),
    )
    op.create_table(
        "login_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempt")),
    )
    op.create_index(op.f("ix_login_attempt_at"), "login_attempt", ["at"], unique=False)
    op.create_index(op.f("ix_login_attempt_subject"), "login_attempt", ["subject"], unique=False)
    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "role",
            sa.Enum("admin", "recruiter", "viewer", name="role", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(length=120), nullable=True),
        sa.Column("token_version", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("username = lower(username)", name=op.f("ck_member_username_is_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("username", name=op.f("uq_member_username")),
    )
    op.create_table(
        "operation",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_operation")),
    )
    op.create_index(op.f("ix_operation_at"), "operation", ["at"], unique=False)
    op.create_table(
        "promise_tally",
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reply",
                "update",
                "delay",
                "chase",
                "outcome",
                "debrief",
                "amends",
                "feedback",
                "follow_up",
                "keep_in_touch",
                "revisit",
                "check_in",
                "thanks",
                "introduce",
                "consent",
                name="promise_kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "kept on time",
                "kept late",
                "waived",
                "void",
                "history",
                name="promise_status",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_promise_tally_is_a_count")),
        sa.PrimaryKeyConstraint("owner_id", "due_on", "kind", "status", "opens_on", name=op.f("pk_promise_tally")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_promise_tally_due_on", "promise_tally", ["due_on", "status", "number"], unique=False)
    op.create_index(
        "ix_promise_tally_open",
        "promise_tally",
        ["due_on", "owner_id", "kind", "opens_on", "number"],
        unique=False,
        sqlite_where=sa.text("status = 'open' AND number > 0"),
        postgresql_where=sa.text("status = 'open' AND number > 0"),
    )
    op.create_table(
        "setup_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setup_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_setup_link_token_hash")),
    )
    op.create_table(
        "skill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill")),
        sa.UniqueConstraint("key", name=op.f("uq_skill_key")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("changes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["member.id"], name=op.f("fk_audit_entry_actor_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"], unique=False)
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject_kind", "subject_id"], unique=False)
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by_id", sa.Integer(), nullable=True),
        sa.Column("counts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["imported_by_id"], ["member.id"], name=op.f("fk_import_batch_imported_by_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_index(op.f("ix_import_batch_imported_at"), "import_batch", ["imported_at"], unique=False)
    op.create_index(op.f("ix_import_batch_sha256"), "import_batch", ["sha256"], unique=False)
    op.create_table(
        "opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_opening_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
    )
    op.create_index(op.f("ix_opening_client_id"), "opening", ["client_id"], unique=False)
    op.create_table(
        "web_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("token_version", sa.Integer(), nullable=False),
        sa.Column("ticket_hash", sa.String(length=64), nullable=True),
        sa.Column("session_hash", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_web_session_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("session_hash", name=op.f("uq_web_session_session_hash")),
        sa.UniqueConstraint("ticket_hash", name=op.f("uq_web_session_ticket_hash")),
    )
    op.create_index(op.f("ix_web_session_expires_at"), "web_session", ["expires_at"], unique=False)
    op.create_index(op.f("ix_web_session_member_id"), "web_session", ["member_id"], unique=False)
    op.create_table(
        "candidate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sort_name", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("company", sa.String(length=200), nullable=False),
        sa.Column("location", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("pronoun", sa.String(length=20), nullable=False),
        sa.Column("tags", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("known_since", sa.Date(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("rhythm_count", sa.Integer(), nullable=True),
        sa.Column(
            "rhythm_unit",
            sa.Enum("weeks", "months", name="rhythm_unit", native_enum=False, create_constraint=True, length=20),
            nullable=True,
        ),
        sa.Column("quiet_until", sa.Date(), nullable=True),
        sa.Column("do_not_contact", sa.Boolean(), nullable=False),
        sa.Column("last_word_to_id", sa.Integer(), nullable=True),
        sa.Column("last_word_to_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_word_from_id", sa.Integer(), nullable=True),
        sa.Column("last_word_from_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active_processes", sa.Integer(), nullable=False),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settlings", sa.Integer(), nullable=False),
        sa.CheckConstraint("(rhythm_count is null) = (rhythm_unit is null)", name=op.f("ck_candidate_rhythm_is_whole")),
        sa.CheckConstraint("merged_into_id <> id", name=op.f("ck_candidate_not_merged_into_itself")),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_candidate_batch_id_import_batch")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["candidate.id"], name=op.f("fk_candidate_merged_into_id_candidate")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name=op.f("fk_candidate_owner_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate")),
    )
    op.create_index(
        "ix_candidate_added_at",
        "candidate",
        ["added_at", "id"],
        unique=False,
        sqlite_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
        postgresql_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
    )
    op.create_index(op.f("ix_candidate_batch_id"), "candidate", ["batch_id"], unique=False)
    op.create_index(
        "ix_candidate_do_not_contact",
        "candidate",
        ["sort_name", "id"],
        unique=False,
        sqlite_where=sa.text("do_not_contact = 1 AND merged_into_id IS NULL AND erased_at IS NULL"),
        postgresql_where=sa.text("do_not_contact AND merged_into_id IS NULL AND erased_at IS NULL"),
    )
    op.create_index(
        "ix_candidate_last_word_from_at",
        "candidate",
        ["last_word_from_at", "id"],
        unique=False,
        sqlite_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
        postgresql_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
    )
    op.create_index(
        "ix_candidate_last_word_to_at",
        "candidate",
        ["last_word_to_at", "id"],
        unique=False,
        sqlite_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
        postgresql_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
    )
    op.create_index(
        "ix_candidate_merged_into_id",
        "candidate",
        ["merged_into_id"],
        unique=False,
        sqlite_where=sa.text("merged_into_id IS NOT NULL"),
        postgresql_where=sa.text("merged_into_id IS NOT NULL"),
    )
    op.create_index(
        "ix_candidate_next_due_at",
        "candidate",
        ["next_due_at", "id"],
        unique=False,
        sqlite_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
        postgresql_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
    )
    op.create_index(
        "ix_candidate_owner_added_at",
        "candidate",
        ["owner_id", "added_at", "id"],
        unique=False,
        sqlite_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
        postgresql_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
    )
    op.create_index(
        "ix_candidate_owner_last_word_from_at",
        "candidate",
        ["owner_id", "last_word_from_at", "id"],
        unique=False,
        sqlite_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
        postgresql_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
    )
    op.create_index(
        "ix_candidate_owner_last_word_to_at",
        "candidate",
        ["owner_id", "last_word_to_at", "id"],
        unique=False,
        sqlite_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
        postgresql_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
    )
    op.create_index(
        "ix_candidate_owner_next_due_at",
        "candidate",
        ["owner_id", "next_due_at", "id"],
        unique=False,
        sqlite_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
        postgresql_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
    )
    op.create_index(
        "ix_candidate_owner_rhythm",
        "candidate",
        ["owner_id", "rhythm_unit", "rhythm_count", "sort_name", "id"],
        unique=False,
        sqlite_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
        postgresql_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
    )
    op.create_index(
        "ix_candidate_owner_sort_name",
        "candidate",
        ["owner_id", "sort_name", "id"],
        unique=False,
        sqlite_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
        postgresql_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
    )
    op.create_index(
        "ix_candidate_rhythm",
        "candidate",
        ["rhythm_unit", "rhythm_count", "sort_name", "id"],
        unique=False,
        sqlite_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
        postgresql_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
    )
    op.create_index(
        "ix_candidate_sort_name",
        "candidate",
        ["sort_name", "id"],
        unique=False,
        sqlite_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
        postgresql_where=sa.text("merged_into_id IS NULL AND erased_at IS NULL"),
    )
    op.create_table(
        "candidate_skill",
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_candidate_skill_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.id"], name=op.f("fk_candidate_skill_candidate_id_candidate")
        ),
        sa.ForeignKeyConstraint(["skill_id"], ["skill.id"], name=op.f("fk_candidate_skill_skill_id_skill")),
        sa.PrimaryKeyConstraint("candidate_id", "skill_id", name=op.f("pk_candidate_skill")),
    )
    op.create_index(op.f("ix_candidate_skill_batch_id"), "candidate_skill", ["batch_id"], unique=False)
    op.create_index(op.f("ix_candidate_skill_skill_id"), "candidate_skill", ["skill_id"], unique=False)
    op.create_table(
        "fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "arrival",
                "contact",
                "process",
                "stage_move",
                "turn_change",
                "closing",
                "reopening",
                "meeting",
                "meeting_move",
                "meeting_outcome",
                "rhythm_change",
                "quiet_period",
                "growth_note",
                "placement",
                "placement_end",
                "referral",
                "handover",
                "consent",
                "withdrawal",
                "contact_ban",
                "contact_allowance",
                "erasure",
                "waiver",
                "snooze",
                "opening_hold",
                "opening_resumed",
                "departure",
                "policy",
                name="fact_kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("candidate_id", sa.Integer(), nullable=True),
        sa.Column("process_id", sa.Integer(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("entered_at >= happened_at", name=op.f("ck_fact_entered_after_it_happened")),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_fact_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name=op.f("fk_fact_by_id_member")),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_fact_candidate_id_candidate")),
        sa.ForeignKeyConstraint(
            ["process_id"], ["process.id"], name=op.f("fk_fact_process_id_process"), use_alter=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
    )
    op.create_index("ix_fact_batch_id", "fact", ["batch_id"], unique=False)
    op.create_index("ix_fact_candidate", "fact", ["candidate_id", "happened_at"], unique=False)
    op.create_index(
        "ix_fact_of_the_team",
        "fact",
        ["kind"],
        unique=False,
        sqlite_where=sa.text("candidate_id IS NULL"),
        postgresql_where=sa.text("candidate_id IS NULL"),
    )
    op.create_index("ix_fact_process_id", "fact", ["process_id"], unique=False)
    op.create_table(
        "handle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "email",
                "phone",
                "linkedin",
                "github",
                name="handle_kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_handle_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_handle_candidate_id_candidate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handle")),
    )
    op.create_index(op.f("ix_handle_batch_id"), "handle", ["batch_id"], unique=False)
    op.create_index(op.f("ix_handle_candidate_id"), "handle", ["candidate_id"], unique=False)
    op.create_index("uq_handle_kind_value", "handle", ["kind", "value"], unique=True)
    op.create_table(
        "import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("record", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "new",
                "exact",
                "likely",
                "rejected",
                name="row_outcome",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=True),
        sa.Column("cells", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("filled", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_import_row_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_import_row_candidate_id_candidate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
    )
    op.create_index("ix_import_row_batch", "import_row", ["batch_id", "line"], unique=False)
    op.create_index(op.f("ix_import_row_candidate_id"), "import_row", ["candidate_id"], unique=False)
    op.create_table(
        "match_key",
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_match_key_candidate_id_candidate")),
        sa.PrimaryKeyConstraint("key", "candidate_id", name=op.f("pk_match_key")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_match_key_candidate_id"), "match_key", ["candidate_id"], unique=False)
    op.create_table(
        "merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["gone_id"], ["candidate.id"], name=op.f("fk_merge_gone_id_candidate")),
        sa.ForeignKeyConstraint(["kept_id"], ["candidate.id"], name=op.f("fk_merge_kept_id_candidate")),
        sa.ForeignKeyConstraint(["merged_by_id"], ["member.id"], name=op.f("fk_merge_merged_by_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
    )
    op.create_index(op.f("ix_merge_gone_id"), "merge", ["gone_id"], unique=False)
    op.create_index(op.f("ix_merge_kept_id"), "merge", ["kept_id"], unique=False)
    op.create_table(
        "search_word",
        sa.Column("word", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_search_word_candidate_id_candidate")),
        sa.PrimaryKeyConstraint("word", "candidate_id", name=op.f("pk_search_word")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_search_word_candidate_id"), "search_word", ["candidate_id"], unique=False)
    op.create_table(
        "arrival",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("rhythm_count", sa.Integer(), nullable=True),
        sa.Column(
            "rhythm_unit",
            sa.Enum("weeks", "months", name="rhythm_unit", native_enum=False, create_constraint=True, length=20),
            nullable=True,
        ),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_arrival_id_fact")),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name=op.f("fk_arrival_owner_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
    )
    op.create_table(
        "closing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "hired",
                "rejected",
                "withdrawn",
                "opening_closed",
                "not_now",
                name="result",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "answer",
            sa.Enum(
                "told",
                "owed",
                "unreachable",
                "do_not_contact",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("revisit_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_closing_id_fact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing")),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_consent_id_fact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "way",
            sa.Enum(
                "to",
                "from",
                "talked",
                "attempt",
                "note",
                "client_to",
                "client_from",
                name="way",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("channel", sa.String(length=30), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("has_text", sa.Boolean(), nullable=False),
        sa.Column("is_feedback", sa.Boolean(), nullable=False),
        sa.Column("is_thanks", sa.Boolean(), nullable=False),
        sa.Column("is_check_in", sa.Boolean(), nullable=False),
        sa.Column("is_group", sa.Boolean(), nullable=False),
        sa.Column("needs_answer", sa.Boolean(), nullable=False),
        sa.Column("still_waiting", sa.Boolean(), nullable=False),
        sa.Column("keeps", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("next_what", sa.String(length=200), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True),
        sa.CheckConstraint(
            "(next_what is null) = (next_due_at is null)", name=op.f("ck_contact_next_is_what_and_when")
        ),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_contact_id_fact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index("ix_contact_source_key", "contact", ["source_key"], unique=False)
    op.create_table(
        "departure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("cover_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cover_id"], ["member.id"], name=op.f("fk_departure_cover_id_member")),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_departure_id_fact")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_departure_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departure")),
    )
    op.create_table(
        "growth_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("revisit_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_growth_note_id_fact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_growth_note")),
    )
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_handover_id_fact")),
        sa.ForeignKeyConstraint(["to_id"], ["member.id"], name=op.f("fk_handover_to_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "meeting_kind",
            sa.Enum("interview", "talk", name="meeting_kind", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("planned_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "result",
            sa.Enum(
                "held",
                "cancelled",
                "missed",
                name="meeting_result",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_meeting_ends_after_it_starts")),
        sa.CheckConstraint("planned_ends_at > planned_starts_at", name=op.f("ck_meeting_planned_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["host_id"], ["member.id"], name=op.f("fk_meeting_host_id_member")),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_meeting_id_fact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    op.create_index("ix_meeting_host", "meeting", ["host_id", "starts_at"], unique=False)
    op.create_table(
        "opening_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_opening_hold_id_fact")),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_opening_hold_opening_id_opening")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_hold")),
    )
    op.create_index(op.f("ix_opening_hold_opening_id"), "opening_hold", ["opening_id"], unique=False)
    op.create_table(
        "opening_resumption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_opening_resumption_id_fact")),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_opening_resumption_opening_id_opening")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_resumption")),
    )
    op.create_index(op.f("ix_opening_resumption_opening_id"), "opening_resumption", ["opening_id"], unique=False)
    op.create_table(
        "placement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_placement_id_fact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
    )
    op.create_table(
        "policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("terms", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("calendar", sa.String(length=200), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_policy_id_fact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy")),
    )
    op.create_table(
        "process",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("first_stage", sa.String(length=100), nullable=True),
        sa.Column("first_owner_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("stage", sa.String(length=100), nullable=True),
        sa.Column(
            "turn",
            sa.Enum("ours", "client", "candidate", name="turn", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "result",
            sa.Enum(
                "hired",
                "rejected",
                "withdrawn",
                "opening_closed",
                "not_now",
                name="result",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["first_owner_id"], ["member.id"], name=op.f("fk_process_first_owner_id_member")),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_process_id_fact")),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_process_opening_id_opening")),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name=op.f("fk_process_owner_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process")),
    )
    op.create_index("ix_process_opening", "process", ["opening_id", "is_active"], unique=False)
    op.create_table(
        "quiet_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_quiet_period_id_fact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiet_period")),
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referred_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_referral_id_fact")),
        sa.ForeignKeyConstraint(["referred_id"], ["candidate.id"], name=op.f("fk_referral_referred_id_candidate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    op.create_index(op.f("ix_referral_referred_id"), "referral", ["referred_id"], unique=False)
    op.create_table(
        "rhythm_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rhythm_count", sa.Integer(), nullable=True),
        sa.Column(
            "rhythm_unit",
            sa.Enum("weeks", "months", name="rhythm_unit", native_enum=False, create_constraint=True, length=20),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(rhythm_count is null) = (rhythm_unit is null)", name=op.f("ck_rhythm_change_rhythm_is_whole")
        ),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_rhythm_change_id_fact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rhythm_change")),
    )
    op.create_table(
        "snooze",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("promise_key", sa.String(length=80), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("trim(reason) <> ''", name=op.f("ck_snooze_has_a_reason")),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_snooze_id_fact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snooze")),
    )
    op.create_table(
        "stage_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("to_stage", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_stage_move_id_fact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_move")),
    )
    op.create_table(
        "turn_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "to_turn",
            sa.Enum("ours", "client", "candidate", name="turn", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_turn_change_id_fact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn_change")),
    )
    op.create_table(
        "waiver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("promise_key", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("trim(reason) <> ''", name=op.f("ck_waiver_has_a_reason")),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_waiver_id_fact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver")),
    )
    op.create_table(
        "meeting_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("to_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_meeting_move_id_fact")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_move_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_move")),
    )
    op.create_index(op.f("ix_meeting_move_meeting_id"), "meeting_move", ["meeting_id"], unique=False)
    op.create_table(
        "meeting_outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "held",
                "cancelled",
                "missed",
                name="meeting_result",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "absent",
            sa.Enum("candidate", "us", "client", name="absent", native_enum=False, create_constraint=True, length=20),
            nullable=True,
        ),
        sa.Column("absent_member_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'missed') = (absent is not null)", name=op.f("ck_meeting_outcome_missed_names_who")
        ),
        sa.ForeignKeyConstraint(
            ["absent_member_id"], ["member.id"], name=op.f("fk_meeting_outcome_absent_member_id_member")
        ),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_meeting_outcome_id_fact")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_outcome_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_outcome")),
    )
    op.create_index(op.f("ix_meeting_outcome_meeting_id"), "meeting_outcome", ["meeting_id"], unique=False)
    op.create_table(
        "placement_end",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["fact.id"], name=op.f("fk_placement_end_id_fact")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_placement_end_placement_id_placement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_end")),
    )
    op.create_index(op.f("ix_placement_end_placement_id"), "placement_end", ["placement_id"], unique=False)
    op.create_table(
        "promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reply",
                "update",
                "delay",
                "chase",
                "outcome",
                "debrief",
                "amends",
                "feedback",
                "follow_up",
                "keep_in_touch",
                "revisit",
                "check_in",
                "thanks",
                "introduce",
                "consent",
                name="promise_kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_snoozed", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "kept on time",
                "kept late",
                "waived",
                "void",
                "history",
                name="promise_status",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(status in ('open', 'history')) = (settled_at is null)", name=op.f("ck_promise_settled_has_a_moment")
        ),
        sa.CheckConstraint(
            "(settled_at is null) = (settled_by_id is null)", name=op.f("ck_promise_settled_has_a_fact")
        ),
        sa.ForeignKeyConstraint(["about_id"], ["fact.id"], name=op.f("fk_promise_about_id_fact")),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_promise_candidate_id_candidate")),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name=op.f("fk_promise_owner_id_member")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_promise_process_id_process")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["fact.id"], name=op.f("fk_promise_settled_by_id_fact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
    )
    op.create_index(
        "ix_promise_history",
        "promise",
        ["opened_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'history'"),
        postgresql_where=sa.text("status = 'history'"),
    )
    op.create_index(
        "ix_promise_history_owner",
        "promise",
        ["owner_id", "opened_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'history'"),
        postgresql_where=sa.text("status = 'history'"),
    )
    op.create_index(
        "ix_promise_open",
        "promise",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_promise_open_kind",
        "promise",
        ["kind", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_promise_open_opening",
        "promise",
        ["kind", "opened_at", "due_at"],
        unique=False,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_promise_open_owner",
        "promise",
        ["owner_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_promise_open_owner_kind",
        "promise",
        ["owner_id", "kind", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index("ix_promise_about_id", "promise", ["about_id"], unique=False)
    op.create_index(
        "ix_promise_settled_by_id",
        "promise",
        ["settled_by_id"],
        unique=False,
        sqlite_where=sa.text("settled_by_id IS NOT NULL"),
        postgresql_where=sa.text("settled_by_id IS NOT NULL"),
    )
    op.create_index("uq_promise_candidate_id_key", "promise", ["candidate_id", "key"], unique=True)
    make_append_only("audit_entry")
    if op.get_bind().dialect.name != "sqlite":
        op.create_foreign_key("fk_fact_process_id_process", "fact", "process", ["process_id"], ["id"])
