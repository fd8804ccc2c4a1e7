"""Candidates and how to reach them, what they can do, and whom they might work for."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from itertools import chain
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, and_, text
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.facts import Unit
from core.domain.growth import Beginner
from core.domain.pool import Became
from core.persistence.tables.base import PERSONAL, Json, Moment, Sorted, Table, one_of


class HandleKind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    LINKEDIN = "linkedin"
    GITHUB = "github"


DATED_BY = ("last_word_from_at", "next_due_at")
"""What a list is sorted by and most newcomers have nothing of: whoever has none stands in no index of it."""
POOLED_BY = (("last_word_on", "met_on", "id"), ("came_from", "became", "last_word_on", "id"))
"""What people of the pool are chosen by, and listed in the order of. Whoever is not in it has none of it."""
LISTED = "merged_into_id IS NULL AND erased_at IS NULL"
"""Whoever was merged away or erased is in no list, so that an index of a list holds only who is."""
NOT_IN_PROCESS = f"active_processes = 0 AND {LISTED}"
"""Whoever may fall due: kept long enough."""
IN_RHYTHM, WITHOUT_RHYTHM = "rhythm_unit IS NOT NULL", "rhythm_unit IS NULL"
"""Whether they are to hear from us every so often. A list may bring a hundred thousand who are not."""
GROWING = f"(begins_as IS NOT NULL OR growth_id IS NOT NULL) AND {LISTED}"
"""Whoever begins as something, or has told us what they want to become."""


def _of_those(where: str, name: str, *columns: str) -> Index:
    return Index(f"ix_candidate_{name}", *columns, sqlite_where=text(where), postgresql_where=text(where))


def _of_all_and_an_owner(where: str, name: str, *columns: str) -> Iterator[Index]:
    yield _of_those(where, name, *columns)
    yield _of_those(where, f"owner_{name}", "owner_id", *columns)


def _of_those_growing(column: str) -> Index:
    """With all that narrows them, so that nobody who is counted or passed over is looked up in the table."""
    return _of_those(GROWING, f"growing_{column}", column, "id", "owner_id", "begins_as")


class Candidate(Table):
    """A person. What stands under "settled" follows from the facts; `ledger.settle` alone writes it."""

    __tablename__ = "candidate"
    __table_args__ = (
        CheckConstraint("(rhythm_count is null) = (rhythm_unit is null)", name="rhythm_is_whole"),
        CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
        CheckConstraint("(kept_until is null) = (kept_because is null)", name="kept_has_a_reason"),
        *_of_all_and_an_owner(LISTED, "listed", "id"),
        *_of_all_and_an_owner(LISTED, "sort_name", "sort_name", "id"),
        *_of_all_and_an_owner(LISTED, "last_word_to_at", "last_word_to_at", "id"),  # also of whoever has none
        *chain.from_iterable(_of_all_and_an_owner(f"{by} IS NOT NULL AND {LISTED}", by, by, "id") for by in DATED_BY),
        *_of_all_and_an_owner(IN_RHYTHM, "in_touch_on", "in_touch_on", "rhythm_unit", "rhythm_count", "id", "met_on"),
        _of_those(WITHOUT_RHYTHM, "without_rhythm", "rhythm_unit", "owner_id", "id", "met_on"),
        *(_of_those_growing(column) for column in ("revisit_due_at", "growth_id")),
        *(Index(f"ix_candidate_{columns[0]}", *columns) for columns in POOLED_BY),
        *(Index(f"ix_candidate_owner_{columns[0]}", "owner_id", *columns) for columns in POOLED_BY),
        Index(
            "ix_candidate_covered_for",
            "covered_for_id",
            "sort_name",
            "id",
            sqlite_where=text(f"covered_for_id IS NOT NULL AND {LISTED}"),
            postgresql_where=text(f"covered_for_id IS NOT NULL AND {LISTED}"),
        ),
        Index(
            "ix_candidate_ghosted",
            "ghosted_on",
            "id",
            "owner_id",
            sqlite_where=text("ghosted_on IS NOT NULL"),
            postgresql_where=text("ghosted_on IS NOT NULL"),
        ),
        Index(
            "ix_candidate_last_act_on",
            "last_act_on",
            "id",
            "kept_until",
            sqlite_where=text(NOT_IN_PROCESS),
            postgresql_where=text(NOT_IN_PROCESS),
        ),
        # Who was erased is also on record beside the database.
        Index(
            "ix_candidate_erased_at",
            "erased_at",
            sqlite_where=text("erased_at IS NOT NULL"),
            postgresql_where=text("erased_at IS NOT NULL"),
        ),
        Index(
            "ix_candidate_merged_into_id",
            "merged_into_id",
            sqlite_where=text("merged_into_id IS NOT NULL"),
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
        Index(
            "ix_candidate_do_not_contact",
            "do_not_contact",
            "sort_name",
            "id",
            sqlite_where=text(f"do_not_contact = 1 AND {LISTED}"),
            postgresql_where=text(f"do_not_contact AND {LISTED}"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), info=PERSONAL)
    """Empty where a list gave only an address."""
    sort_name: Mapped[str] = mapped_column(Sorted, info=PERSONAL)
    """Folded for sorting: no accents, lower case."""
    title: Mapped[str] = mapped_column(String(200), default="", info=PERSONAL)
    company: Mapped[str] = mapped_column(String(200), default="", info=PERSONAL)
    location: Mapped[str] = mapped_column(String(200), default="", info=PERSONAL)
    source: Mapped[str] = mapped_column(String(200), default="", info=PERSONAL)
    pronoun: Mapped[str] = mapped_column(String(20), default="", info=PERSONAL)
    language: Mapped[str] = mapped_column(String(2), default="", info=PERSONAL)
    """In which we write to them, as ISO 639-1 has it; empty: the team's."""
    tags: Mapped[list[str]] = mapped_column(Json, default=list, info=PERSONAL)
    notes: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    begins_as: Mapped[Beginner | None] = mapped_column(one_of(Beginner, "begins_as"), info=PERSONAL)
    """None: they have done the work before, or nobody said."""
    known_since: Mapped[date | None]
    added_at: Mapped[datetime] = mapped_column(Moment)
    batch_id: Mapped[int | None]
    """The import that brought them. No foreign key, nor has a fact one: no list is ever deleted."""
    kept_until: Mapped[date | None]
    """Until that day a claim keeps them: they don't fall due, and are not erased."""
    kept_because: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("candidate.id"))
    erased_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    # settled
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    covered_for_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    """The member who left and whom the owner stands in for, until it is handed over; None: the person is theirs."""
    rhythm_count: Mapped[int | None]
    rhythm_unit: Mapped[Unit | None] = mapped_column(one_of(Unit, "rhythm_unit"))
    quiet_until: Mapped[date | None]
    do_not_contact: Mapped[bool] = mapped_column(default=False)
    last_word_to_id: Mapped[int | None]
    last_word_to_at: Mapped[datetime | None] = mapped_column(Moment)
    last_word_from_id: Mapped[int | None]
    last_word_from_at: Mapped[datetime | None] = mapped_column(Moment)
    active_processes: Mapped[int] = mapped_column(default=0)
    words_to: Mapped[int] = mapped_column(default=0)
    """Our personal words to them; of those, how many they answered, and how many soon: see `domain.warmth`."""
    words_answered: Mapped[int] = mapped_column(default=0)
    words_answered_soon: Mapped[int] = mapped_column(default=0)
    meetings_held: Mapped[int] = mapped_column(default=0)
    next_due_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the first of the open promises to them is due."""
    revisit_due_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the first of those to come back to them is: after a growth note, or a process that ended "not now"."""
    growth_id: Mapped[int | None]
    """The last of their growth notes."""
    met_on: Mapped[date | None]
    """Since when they are known; None of whoever was merged away or erased, who counts nowhere."""
    last_word_on: Mapped[date | None]
    """The later of the two clocks, as a day; NEVER where neither began."""
    in_touch_on: Mapped[date | None]
    """By when the next word is due that keeps their rhythm; None where none is owed."""
    became: Mapped[Became | None] = mapped_column(one_of(Became, "became"))
    came_from: Mapped[str | None] = mapped_column(String(200))
    """The source they are counted under: the one written of them, once it is counted."""
    ghosted_on: Mapped[date | None]
    """From this day on they have waited for a word of ours twice as long as they were to, as things stand."""
    last_act_on: Mapped[date | None]
    """The day of their own last act, from which on they are kept so many months: see `domain.retention`."""
    settlings: Mapped[int] = mapped_column(default=0)
    """How often they were settled: tells a settling prepared outside the writer's turn that it came too late."""

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


IS_LISTED = and_(Candidate.merged_into_id.is_(None), Candidate.erased_at.is_(None))
"""LISTED, as a query asks it."""


class Handle(Table):
    """An address of a person, normalised; one address belongs to one person.

    Of this and the three below the database looks up neither the person, with whom they are written and deleted, nor
    the list: an import brings twenty with each person. `check` looks for those of nobody.
    """

    __tablename__ = "handle"
    __table_args__ = (Index("uq_handle_kind_value", "kind", "value", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[HandleKind] = mapped_column(one_of(HandleKind, "handle_kind"))
    value: Mapped[str] = mapped_column(Sorted, info=PERSONAL)
    batch_id: Mapped[int | None]
    """The list that brought it."""


class SearchWord(Table):
    """A word by which a candidate is found: the beginning of it is a range of this table's key."""

    __tablename__ = "search_word"
    __table_args__ = ({"sqlite_with_rowid": False},)

    word: Mapped[str] = mapped_column(Sorted, primary_key=True, info=PERSONAL)
    candidate_id: Mapped[int] = mapped_column(primary_key=True, index=True)


class MatchKey(Table):
    """What the matcher compares people by, besides their handles: name with company, the like of it, mailbox, row."""

    __tablename__ = "match_key"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[str] = mapped_column(Sorted, primary_key=True, info=PERSONAL)
    candidate_id: Mapped[int] = mapped_column(primary_key=True, index=True)


class Skill(Table):
    __tablename__ = "skill"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    key: Mapped[str] = mapped_column(Sorted, unique=True)
    """The name folded: one skill, however it is written."""


class CandidateSkill(Table):
    __tablename__ = "candidate_skill"
    __table_args__ = (Index("ix_candidate_skill_skill_id", "skill_id", "candidate_id"), {"sqlite_with_rowid": False})

    candidate_id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(primary_key=True)
    """No foreign key: whoever deletes a skill locks it and looks that nobody has it; whoever gives it, locks it too."""
    batch_id: Mapped[int | None]


class Merge(Table):
    """Two records found to be one person. The one gone points to the one kept until it is undone."""

    __tablename__ = "merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"), index=True)
    merged_at: Mapped[datetime] = mapped_column(Moment)
    merged_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    ban_id: Mapped[int | None] = mapped_column(ForeignKey("fact.id"), index=True)
    """The fact that upholds a do-not-contact of the one gone, where what is younger of the one kept would end it."""
    undone_at: Mapped[datetime | None] = mapped_column(Moment)


class MergedValue(Table):
    """What a merge put into a column of the one kept, and what stood there before: for undo alone."""

    __tablename__ = "merged_value"

    merge_id: Mapped[int] = mapped_column(ForeignKey("merge.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    """The column's."""
    before: Mapped[Any] = mapped_column(Json, nullable=True, info=PERSONAL)
    after: Mapped[Any] = mapped_column(Json, nullable=True, info=PERSONAL)


class Lookalike(Table):
    """Two who may be one person, as the matcher found when either of them was written."""

    __tablename__ = "lookalike"
    __table_args__ = (
        CheckConstraint("one_id < other_id", name="lower_first"),
        Index("ix_lookalike_found_at", "found_at", "one_id", "other_id"),
    )

    one_id: Mapped[int] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"), primary_key=True, index=True)
    why: Mapped[str] = mapped_column(String(100))
    """The reasons, as a match gives them: "short_name, company"."""
    found_at: Mapped[datetime] = mapped_column(Moment)


class NotSame(Table):
    """Two of whom somebody said that they are not one person. It is not asked again."""

    __tablename__ = "not_same"
    __table_args__ = (
        CheckConstraint("one_id < other_id", name="lower_first"),
        UniqueConstraint("one_id", "other_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    one_id: Mapped[int] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"), index=True)
    said_at: Mapped[datetime] = mapped_column(Moment)
    said_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
