"""The file with somebody's data waits on their own page, once they asked for it and the team has put it there."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("privacy_request", recreate="always" if is_sqlite else "auto") as table:
        table.add_column(sa.Column("fetch_until", sa.Date(), nullable=True))
        table.add_column(sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True))
