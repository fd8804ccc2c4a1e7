"""Of what a list brings most of, only that is looked up in another table which our own code could get wrong.

Words and keys follow from the person, are written and deleted with them, and `perennial check` looks for those of
nobody; and no list is ever deleted. On PostgreSQL these look-ups took a third of the time that a list took to write.
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

NOT_LOOKED_UP = {
    "search_word": "fk_search_word_candidate_id_candidate",
    "match_key": "fk_match_key_candidate_id_candidate",
    "candidate_skill": "fk_candidate_skill_batch_id_import_batch",
    "handle": "fk_handle_batch_id_import_batch",
}


def upgrade() -> None:
    for table, constraint in NOT_LOOKED_UP.items():
        kept_by_key = {} if table == "handle" else {"sqlite_with_rowid": False}
        with op.batch_alter_table(table, table_kwargs=kept_by_key) as batch:
            batch.drop_constraint(op.f(constraint), type_="foreignkey")
