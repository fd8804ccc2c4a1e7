"""Skills go by one name each: what was stored as `k8s` before lists knew it is Kubernetes too.

They must be the very names that the program which runs afterwards asks by; so its own code makes them, and it names
every column it reads, so that columns to come do not disturb it.
"""

from alembic import op

from core.persistence.skills import gather_skills

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    gather_skills(op.get_bind())
