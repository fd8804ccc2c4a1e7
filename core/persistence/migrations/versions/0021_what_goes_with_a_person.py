"""Addresses, skills, words and keys are written with a person and deleted with them, and the database looks up neither.

A list brings twenty of them with each person: on PostgreSQL these look-ups took half of the time that it took to write.
`perennial check` looks for those of nobody. What list they came with is not looked up either: no list is ever deleted.
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

NOT_LOOKED_UP = {
    "search_word": ("candidate_id_candidate",),
    "match_key": ("candidate_id_candidate",),
    "candidate_skill": ("candidate_id_candidate", "batch_id_import_batch"),
    "handle": ("candidate_id_candidate", "batch_id_import_batch"),
}


def upgrade() -> None:
    for table, columns in NOT_LOOKED_UP.items():
        kept_by_key = {} if table == "handle" else {"sqlite_with_rowid": False}
        with op.batch_alter_table(table, table_kwargs=kept_by_key) as batch:
            for column in columns:
                batch.drop_constraint(op.f(f"fk_{table}_{column}"), type_="foreignkey")
