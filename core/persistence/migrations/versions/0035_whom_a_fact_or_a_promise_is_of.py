"""Whom a fact or a promise is of, and what a promise is about, is not looked up.

A person is held before anything is said of them, and taken away only by who holds them; a promise follows from facts.
PostgreSQL marked each newcomer of a list as looked up, which is to write them twice. `perennial check` looks for those
of nobody, and of nothing.
"""

from core.persistence.migrations.keys import forget_foreign_keys

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    forget_foreign_keys(
        [
            ("fact", "fk_fact_candidate_id_candidate"),
            ("promise", "fk_promise_candidate_id_candidate"),
            ("promise", "fk_promise_about_id_fact"),
        ]
    )
