"""Lists say on what basis people came, a row of them may add to somebody, and many people come in quickly."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BEFORE = ("new", "exact", "likely", "rejected")
NOW = ("new", "adds", "exact", "likely", "rejected")
FEWER = (
    ("candidate", "batch_id"),
    ("handle", "batch_id"),
    ("candidate_skill", "batch_id"),
)
"""Indexes that nothing asks any more: an import's own rows say whom it concerns."""
AT_A_STROKE = 1_000


def upgrade() -> None:
    op.add_column("import_batch", sa.Column("basis", sa.String(length=30), nullable=False, server_default=""))
    op.add_column("import_batch", sa.Column("consent_until", sa.Date(), nullable=True))
    with op.batch_alter_table("import_batch") as batch:
        batch.alter_column("basis", server_default=None)
    with op.batch_alter_table("import_row") as row:
        row.drop_constraint(op.f("ck_import_row_row_outcome"), type_="check")
        row.create_check_constraint(op.f("ck_import_row_row_outcome"), sa.column("outcome").in_(NOW))
    for table, column in FEWER:
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
    _say_what_stood_before()


def _say_what_stood_before() -> None:
    """What a row filled was blank before; now the row says both."""
    row = sa.table("import_row", sa.column("id"), sa.column("filled"))
    connection = op.get_bind()
    filled = connection.execute(sa.select(row.c.id, sa.cast(row.c.filled, sa.Text)).where(row.c.filled.is_not(None)))
    told = [(id_, json.loads(text)) for id_, text in filled]
    changed = [
        {
            "row_id": id_,
            "now": json.dumps({name: [[] if name == "tags" else "", value] for name, value in columns.items()}),
        }
        for id_, columns in told
        if columns
    ]
    as_json = "CAST(:now AS jsonb)" if connection.dialect.name == "postgresql" else ":now"
    for start in range(0, len(changed), AT_A_STROKE):
        connection.execute(
            sa.text(f"UPDATE import_row SET filled = {as_json} WHERE id = :row_id"),  # noqa: S608 - our own words
            changed[start : start + AT_A_STROKE],
        )
