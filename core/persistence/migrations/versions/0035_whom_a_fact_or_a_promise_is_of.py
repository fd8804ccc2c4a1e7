"""Whom a fact or a promise is of, what a promise is about, and of which fact an arrival is the rest, is not looked up.

A person is held before anything is said of them, and taken away only by who holds them; a promise follows from facts.
PostgreSQL marked each newcomer of a list, and each of their facts, as looked up, which is to write them twice.
`perennial check` looks for those of nobody, and of nothing.
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
            ("arrival", "fk_arrival_id_fact"),
            ("arrival", "fk_arrival_owner_id_member"),
            ("promise", "fk_promise_candidate_id_candidate"),
            ("promise", "fk_promise_about_id_fact"),
        ]
    )
