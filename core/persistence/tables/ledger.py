"""The promises, as the rules derive them from the facts, stored so that a team's overdue list is one index range."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.facts import Answer
from core.domain.figures import Came
from core.domain.promises import Kind, Status
from core.persistence.tables.base import Moment, Table, one_of

OPEN = text("status = 'open'")
HISTORY = text("status = 'history'")
SETTLED = text("settled_by_id IS NOT NULL")
OPEN_IN_PROCESS = text("status = 'open' AND process_id IS NOT NULL")
OPEN_OR_LATE = text("status IN ('open', 'kept late')")
OPEN_OR_LATE_IN_PROCESS = text(f"{OPEN_OR_LATE} AND process_id IS NOT NULL")
OPEN_AND_SOME = text("status = 'open' AND number > 0")
"""Asked in these words too: SQLite takes a partial index for no bound value."""


class Promise(Table):
    __tablename__ = "promise"
    __table_args__ = (
        Index("uq_promise_candidate_id_key", "candidate_id", "key", unique=True),
        Index("ix_promise_open", "due_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_promise_open_owner", "owner_id", "due_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_promise_open_kind", "kind", "due_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index(
            "ix_promise_open_owner_kind", "owner_id", "kind", "due_at", "id", sqlite_where=OPEN, postgresql_where=OPEN
        ),
        Index("ix_promise_open_opening", "kind", "opened_at", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index(
            "ix_promise_open_process",
            "process_id",
            "due_at",
            "kind",
            sqlite_where=OPEN_IN_PROCESS,
            postgresql_where=OPEN_IN_PROCESS,
        ),
        # Those a client's silence may have broken, of each process that waits on it.
        Index(
            "ix_promise_broken",
            "process_id",
            "due_at",
            "kind",
            sqlite_where=OPEN_OR_LATE_IN_PROCESS,
            postgresql_where=OPEN_OR_LATE_IN_PROCESS,
        ),
        Index("ix_promise_history", "opened_at", "id", sqlite_where=HISTORY, postgresql_where=HISTORY),
        Index(
            "ix_promise_history_owner", "owner_id", "opened_at", "id", sqlite_where=HISTORY, postgresql_where=HISTORY
        ),
        Index("ix_promise_about_id", "about_id"),
        # What is behind a figure: all of a kind that fell due in a stretch, and what became of them.
        Index("ix_promise_due", "kind", "due_at", "status", "owner_id", "client_id"),
        # Without it, taking a fact away looks through every promise there is.
        Index("ix_promise_settled_by_id", "settled_by_id", sqlite_where=SETTLED, postgresql_where=SETTLED),
        CheckConstraint("(status in ('open', 'history')) = (settled_at is null)", name="settled_has_a_moment"),
        CheckConstraint("(settled_at is null) = (settled_by_id is null)", name="settled_has_a_fact"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int]
    """The one kept, where two were merged. Neither they nor the fact have a foreign key: it follows from both."""
    key: Mapped[str] = mapped_column(String(80))
    kind: Mapped[Kind] = mapped_column(one_of(Kind, "promise_kind"))
    about_id: Mapped[int]
    """The fact that opened it."""
    process_id: Mapped[int | None] = mapped_column(ForeignKey("process.id"))
    client_id: Mapped[int | None]
    """The client's of its process."""
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    """Before this moment it is asleep: stored, but not there."""
    due_at: Mapped[datetime] = mapped_column(Moment)
    rule_due_at: Mapped[datetime] = mapped_column(Moment)
    is_snoozed: Mapped[bool] = mapped_column(default=False)
    status: Mapped[Status] = mapped_column(one_of(Status, "promise_status"))
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("fact.id"))
    late: Mapped[int | None]
    """Working days late when it was kept, 0 unless it was kept late; None where it is in no figure."""
    hours: Mapped[int | None]
    """Of a reply that was given: whole working hours from their word to ours."""


class PromiseTally(Table):
    """How many promises of a kind, of an owner, fall due on a day, and what became of them.

    `ledger.settle` keeps it in the same transaction, so that counts and charts never read the promises themselves.
    """

    __tablename__ = "promise_tally"
    __table_args__ = (
        CheckConstraint("number >= 0", name="is_a_count"),
        Index("ix_promise_tally_due_on", "due_on", "status", "number"),
        # Holds only days on which something is still open, so that counting it never reads the past.
        Index(
            "ix_promise_tally_open",
            "due_on",
            "owner_id",
            "kind",
            "opens_on",
            "number",
            sqlite_where=OPEN_AND_SOME,
            postgresql_where=OPEN_AND_SOME,
        ),
        {"sqlite_with_rowid": False},
    )

    owner_id: Mapped[int] = mapped_column(primary_key=True)
    """0: nobody's."""
    due_on: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(one_of(Kind, "promise_kind"), primary_key=True)
    status: Mapped[Status] = mapped_column(one_of(Status, "promise_status"), primary_key=True)
    opens_on: Mapped[date] = mapped_column(primary_key=True)
    """The day from which one that is still asleep counts; for the others the first day there is."""
    number: Mapped[int]


TEAM = -1
"""Everybody's together, where a sum is kept by owner."""


class PromiseMonth(Table):
    """How many promises of a kind fell due in a month, what became of them, how late and how soon they were kept.

    Each that is settled stands under its owner and under the team, with no client and with the one it is about: so what
    a page asks for is a short range, however many members and clients there are. One that is open stands here only with
    its client, by day; by owner `promise_tally` knows them. `ledger.settle` keeps both.
    """

    __tablename__ = "promise_month"
    __table_args__ = (CheckConstraint("number >= 0", name="is_a_count"), {"sqlite_with_rowid": False})

    client_id: Mapped[int] = mapped_column(primary_key=True)
    """0: whomever it is about, if anybody."""
    owner_id: Mapped[int] = mapped_column(primary_key=True)
    """0: nobody's. TEAM: whoever's."""
    status: Mapped[Status] = mapped_column(one_of(Status, "promise_status"), primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    """The first of the month; of what is open the day itself, since it counts from then on."""
    kind: Mapped[Kind] = mapped_column(one_of(Kind, "promise_kind"), primary_key=True)
    late: Mapped[int] = mapped_column(primary_key=True)
    """Working days, as they are counted: `figures.counted_days`."""
    hours: Mapped[int] = mapped_column(primary_key=True)
    """Working hours from their word to our answer, of replies that were given: `figures.counted_hours`."""
    number: Mapped[int]


ANY = "any"
"""Words of every kind together, where a sum is kept by kind."""


class ShareMonth(Table):
    """The same of what is settled, coarser: what all members, or all clients, are compared by.

    Each stands under its kind and under ANY: with its owner and no client, and with its client and the team.
    """

    __tablename__ = "share_month"
    __table_args__ = (CheckConstraint("number >= 0", name="is_a_count"), {"sqlite_with_rowid": False})

    client_id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    owner_id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[Status] = mapped_column(one_of(Status, "promise_status"), primary_key=True)
    late: Mapped[int] = mapped_column(primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    """The first of the month; last in the key, so that the months of each are added up without being sorted."""
    number: Mapped[int]


class ToldMonth(Table):
    """How many processes ended in a month, after how many working days that was told, and how they were answered for.

    Each stands under its owner and under the team, with no client and with its own; so does a meeting below.
    """

    __tablename__ = "told_month"
    __table_args__ = (CheckConstraint("number >= 0", name="is_a_count"), {"sqlite_with_rowid": False})

    client_id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(primary_key=True)
    ended_on: Mapped[date] = mapped_column(primary_key=True)
    """The first of the month."""
    days: Mapped[int] = mapped_column(primary_key=True)
    """As they are counted, or `figures.NOT_TOLD`."""
    answer: Mapped[Answer] = mapped_column(one_of(Answer, "answer"), primary_key=True)
    number: Mapped[int]


class MeetingMonth(Table):
    """How many meetings were, or are, to begin in a month, and what they count as."""

    __tablename__ = "meeting_month"
    __table_args__ = (CheckConstraint("number >= 0", name="is_a_count"), {"sqlite_with_rowid": False})

    client_id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(primary_key=True)
    """The host."""
    begins_on: Mapped[date] = mapped_column(primary_key=True)
    """The first of the month."""
    came: Mapped[Came] = mapped_column(one_of(Came, "came"), primary_key=True)
    number: Mapped[int]


class AnswerMonth(Table):
    """How many answers a client gave in a month, by the working days from when we began to wait."""

    __tablename__ = "answer_month"
    __table_args__ = (CheckConstraint("number >= 0", name="is_a_count"), {"sqlite_with_rowid": False})

    client_id: Mapped[int] = mapped_column(primary_key=True)
    answered_on: Mapped[date] = mapped_column(primary_key=True)
    """The first of the month."""
    days: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]


class GhostTally(Table):
    """How many people, by their owner, have waited twice as long as they were to from a day on. `settle` keeps it."""

    __tablename__ = "ghost_tally"
    __table_args__ = (CheckConstraint("number >= 0", name="is_a_count"), {"sqlite_with_rowid": False})

    ghosted_on: Mapped[date] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(primary_key=True)
    """0: nobody's."""
    number: Mapped[int]
