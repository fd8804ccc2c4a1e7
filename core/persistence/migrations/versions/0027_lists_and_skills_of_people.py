"""With which list a person or a fact came, and which skill somebody has, is not looked up: no list is ever deleted, and
a skill only by who holds it and has looked that nobody has it.

PostgreSQL took a seventh of the time that a list takes to write for it. `perennial check` looks for those of none.
"""

import re

from alembic import op
from sqlalchemy import Connection

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

NOT_LOOKED_UP = {
    "candidate": "fk_candidate_batch_id_import_batch",
    "fact": "fk_fact_batch_id_import_batch",
    "candidate_skill": "fk_candidate_skill_skill_id_skill",
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _take_out(op.get_bind())
        return
    for table, name in NOT_LOOKED_UP.items():
        op.drop_constraint(op.f(name), table, type_="foreignkey")


def _take_out(connection: Connection) -> None:
    """From the words of the schema, as https://sqlite.org/lang_altertable.html (7) says how where no row changes by it:
    to rebuild the two largest tables takes minutes at a million people."""
    run = connection.exec_driver_sql
    version = run("PRAGMA schema_version").scalar_one()
    run("PRAGMA writable_schema=ON")
    for table, name in NOT_LOOKED_UP.items():
        words = run("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).scalar_one()
        key = rf",\s*CONSTRAINT {name} FOREIGN KEY\(\w+\) REFERENCES \w+ \(id\)"
        words, found = re.subn(key, "", words)
        assert found == 1, (table, words)
        run("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (words, table))
    run(f"PRAGMA schema_version={version + 1}")
    run("PRAGMA writable_schema=RESET")
