"""What happened: one row of `fact` for each thing, and beside it, where it has content, a row with the same id.

The ledger follows these and nothing else. Undoing a fact marks it; an undone one counts as never entered.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.bases import ConsentBasis, Purpose
from core.domain.facts import (
    Absent,
    Answer,
    ClosingReason,
    HoldReason,
    MeetingKind,
    MeetingResult,
    OpeningStatus,
    Result,
    Turn,
    Unit,
    Way,
)
from core.domain.figures import Came
from core.domain.referrals import CameTo
from core.persistence.tables.base import PERSONAL, Json, Moment, Sorted, Table, not_looked_up, one_of


class FactKind(StrEnum):
    ARRIVAL = "arrival"
    CONTACT = "contact"
    PROCESS = "process"
    STAGE_MOVE = "stage_move"
    TURN_CHANGE = "turn_change"
    CLOSING = "closing"
    REOPENING = "reopening"
    MEETING = "meeting"
    MEETING_MOVE = "meeting_move"
    MEETING_OUTCOME = "meeting_outcome"
    RHYTHM_CHANGE = "rhythm_change"
    QUIET_PERIOD = "quiet_period"
    GROWTH_NOTE = "growth_note"
    PLACEMENT = "placement"
    PLACEMENT_END = "placement_end"
    REFERRAL = "referral"
    HANDOVER = "handover"
    CONSENT = "consent"
    CONSENT_WITHDRAWAL = "withdrawal"
    CONTACT_BAN = "contact_ban"
    CONTACT_ALLOWANCE = "contact_allowance"
    ERASURE = "erasure"
    WAIVER = "waiver"
    SNOOZE = "snooze"
    OPENING_HOLD = "opening_hold"
    OPENING_RESUMPTION = "opening_resumed"
    OPENING_END = "opening_end"
    DEPARTURE = "departure"
    POLICY = "policy"


OF_ACQUAINTANCE = "kind IN ('process', 'closing', 'consent', 'withdrawal')"
"""The facts by which somebody is known, beside words and meetings, which are many and counted."""


class Fact(Table):
    __tablename__ = "fact"
    __table_args__: Any = (
        CheckConstraint("entered_at >= happened_at", name="entered_after_it_happened"),
        Index("ix_fact_candidate", "candidate_id", "happened_at"),
        Index(
            "ix_fact_of_acquaintance",
            "candidate_id",
            sqlite_where=text(OF_ACQUAINTANCE),
            postgresql_where=text(OF_ACQUAINTANCE),
        ),
        Index(
            "ix_fact_process_id",
            "process_id",
            sqlite_where=text("process_id IS NOT NULL"),
            postgresql_where=text("process_id IS NOT NULL"),
        ),
        Index("ix_fact_batch_id", "batch_id"),
        Index(
            "ix_fact_of_the_team",
            "kind",
            sqlite_where=text("candidate_id IS NULL"),
            postgresql_where=text("candidate_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[FactKind] = mapped_column(one_of(FactKind, "fact_kind"))
    candidate_id: Mapped[int | None]
    """None: it concerns an opening or the whole team. No foreign key: whoever says something of a person holds them."""
    process_id: Mapped[int | None] = mapped_column(ForeignKey("process.id", use_alter=True))
    happened_at: Mapped[datetime] = mapped_column(Moment)
    entered_at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    """Who acted; None where nobody is named."""
    batch_id: Mapped[int | None]
    """The import that brought it."""
    undone_at: Mapped[datetime | None] = mapped_column(Moment)

    __mapper_args__ = {"polymorphic_on": "kind"}  # noqa: RUF012


def _identity() -> Mapped[int]:
    return mapped_column(ForeignKey("fact.id"), primary_key=True)


class Arrival(Fact):
    """A candidate was added; an import may bring a rhythm and a first date to keep it."""

    __tablename__ = "arrival"
    __table_args__: Any = (not_looked_up("id", "fact.id"),)
    __mapper_args__ = {"polymorphic_identity": FactKind.ARRIVAL}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int | None]
    """No foreign key: a list brings one with each person, and no member is ever deleted."""
    rhythm_count: Mapped[int | None]
    rhythm_unit: Mapped[Unit | None] = mapped_column(one_of(Unit, "rhythm_unit"))
    first_on: Mapped[date | None]


class Contact(Fact):
    """One word said, to or from a candidate or a client; or an attempt at one, or a note."""

    __tablename__ = "contact"
    __table_args__: Any = (
        CheckConstraint("(next_what is null) = (next_due_at is null)", name="next_is_what_and_when"),
        Index("ix_contact_source_key", "source_key"),
    )
    __mapper_args__ = {"polymorphic_identity": FactKind.CONTACT}  # noqa: RUF012

    id: Mapped[int] = _identity()
    way: Mapped[Way] = mapped_column(one_of(Way, "way"))
    channel: Mapped[str] = mapped_column(String(30), default="")
    about: Mapped[str | None] = mapped_column(String(200), info=PERSONAL)
    text: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    has_text: Mapped[bool] = mapped_column(default=False)
    """Stays true after erasure, when the text is gone: feedback that was given was given."""
    is_feedback: Mapped[bool] = mapped_column(default=False)
    is_thanks: Mapped[bool] = mapped_column(default=False)
    is_check_in: Mapped[bool] = mapped_column(default=False)
    is_group: Mapped[bool] = mapped_column(default=False)
    needs_answer: Mapped[bool] = mapped_column(default=True)
    still_waiting: Mapped[bool] = mapped_column(default=False)
    keeps: Mapped[list[int] | None] = mapped_column(Json)
    """Ids of facts whose follow-up or revisit this word keeps."""
    next_what: Mapped[str | None] = mapped_column(String(200), info=PERSONAL)
    next_due_at: Mapped[datetime | None] = mapped_column(Moment)
    source_key: Mapped[str | None] = mapped_column(Sorted)
    """What tells an imported message from every other, so that it comes in once."""


class Process(Fact):
    """One candidate in one opening. What stands under "settled" follows from the facts."""

    __tablename__ = "process"
    __table_args__: Any = (
        Index("ix_process_opening", "opening_id", "is_active"),
        # All that the boards and their overview ask of who is in process, without a look at the rows.
        Index(
            "ix_process_in_stage",
            "opening_id",
            "stage",
            "turn",
            "since",
            "next_due_at",
            "owner_id",
            "heard_at",
            sqlite_where=text("is_active = 1"),
            postgresql_where=text("is_active"),
        ),
        # Those that ended in a stretch, the last first.
        Index(
            "ix_process_closed_at",
            "closed_at",
            "id",
            "owner_id",
            "client_id",
            sqlite_where=text("closed_at IS NOT NULL"),
            postgresql_where=text("closed_at IS NOT NULL"),
        ),
        # How those of a client ended, without a look at the rows.
        Index(
            "ix_process_of_client",
            "client_id",
            "closed_at",
            "result",
            "reason",
            sqlite_where=text("closed_at IS NOT NULL"),
            postgresql_where=text("closed_at IS NOT NULL"),
        ),
        # How far those came who are in process no more.
        Index(
            "ix_process_ended",
            "opening_id",
            "stage",
            "closed_at",
            sqlite_where=text("closed_at IS NOT NULL"),
            postgresql_where=text("closed_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = _identity()
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id"))
    first_stage: Mapped[str | None] = mapped_column(String(100))
    first_owner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    version: Mapped[int] = mapped_column(default=1)

    # settled
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    stage: Mapped[str | None] = mapped_column(String(100))
    turn: Mapped[Turn] = mapped_column(one_of(Turn, "turn"), default=Turn.OURS)
    is_active: Mapped[bool] = mapped_column(default=True)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    result: Mapped[Result | None] = mapped_column(one_of(Result, "result"))
    since: Mapped[datetime] = mapped_column(Moment)
    """When it came to its stage, or was last started there."""
    heard_at: Mapped[datetime | None] = mapped_column(Moment)
    """Our last word that counts for it, since it (last) started."""
    next_due_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the first of the open promises about it is due."""
    reason: Mapped[ClosingReason | None] = mapped_column(one_of(ClosingReason, "closing_reason"))
    """Why it was closed; None where nobody said."""
    answer: Mapped[Answer | None] = mapped_column(one_of(Answer, "answer"))
    """How it was answered for when it was closed."""
    told_days: Mapped[int | None]
    """Working days from its closing to the word that told the decision; None: not told, or still active."""
    client_id: Mapped[int | None]
    """Its opening's."""
    ended_on: Mapped[date | None]
    """The day of its closing, by which it counts in `told_month`."""

    __mapper_args__ = {  # noqa: RUF012
        "polymorphic_identity": FactKind.PROCESS,
        "inherit_condition": id == Fact.id,
        "version_id_col": version,
    }


class StageMove(Fact):
    __tablename__ = "stage_move"
    __mapper_args__ = {"polymorphic_identity": FactKind.STAGE_MOVE}  # noqa: RUF012

    id: Mapped[int] = _identity()
    to_stage: Mapped[str] = mapped_column(String(100))


class TurnChange(Fact):
    """Whose move it is from then on; the client's means that we wait on the client.

    The one that began a stretch of waiting tells, settled, how that went.
    """

    __tablename__ = "turn_change"
    __table_args__: Any = (
        # PostgreSQL also keeps statistics of `began_wait` with `ended_at` (migration 0033).
        Index(
            "ix_turn_change_wait",
            "client_id",
            "ended_at",
            "answer_days",
            sqlite_where=text("began_wait = 1"),
            postgresql_where=text("began_wait"),
        ),
    )

    id: Mapped[int] = _identity()
    to_turn: Mapped[Turn] = mapped_column(one_of(Turn, "turn"))
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id"))
    """The process's."""

    # settled
    began_wait: Mapped[bool] = mapped_column(default=False)
    client_id: Mapped[int | None]
    """Whom we wait on, so that what a client did is one range."""
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    """Of the waiting, whoever ended it."""
    answer_days: Mapped[int | None]
    """Working days to the client's answer; None where it gave none."""

    __mapper_args__ = {  # noqa: RUF012
        "polymorphic_identity": FactKind.TURN_CHANGE,
        "inherit_condition": id == Fact.id,
    }


class Closing(Fact):
    __tablename__ = "closing"
    __table_args__: Any = (
        Index(
            "ix_closing_was_asked",
            "id",
            "was_asked",
            sqlite_where=text("was_asked IS NOT NULL"),
            postgresql_where=text("was_asked IS NOT NULL"),
        ),
    )

    id: Mapped[int] = _identity()
    outcome: Mapped[Result] = mapped_column(one_of(Result, "result"))
    answer: Mapped[Answer] = mapped_column(one_of(Answer, "answer"))
    revisit_on: Mapped[date | None]
    reason: Mapped[ClosingReason | None] = mapped_column(one_of(ClosingReason, "closing_reason"))
    note: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    """What more there is to say of why."""
    was_asked: Mapped[bool | None]
    """Whether the candidate was asked before being rejected for their background; None where that was not why."""
    opening_end_id: Mapped[int | None] = mapped_column(ForeignKey("opening_end.id"), index=True)
    """The end of the opening it was part of."""

    __mapper_args__ = {  # noqa: RUF012
        "polymorphic_identity": FactKind.CLOSING,
        "inherit_condition": id == Fact.id,
    }


class Reopening(Fact):
    __mapper_args__ = {"polymorphic_identity": FactKind.REOPENING}  # noqa: RUF012


class Meeting(Fact):
    """A planned meeting. When it is now, and how it ended, follows from its moves and its outcome."""

    __tablename__ = "meeting"
    __table_args__: Any = (
        CheckConstraint("planned_ends_at > planned_starts_at", name="planned_ends_after_it_starts"),
        CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
        Index("ix_meeting_host", "host_id", "starts_at"),
        Index("ix_meeting_starts_at", "starts_at", "came", "host_id", "client_id"),
        Index(
            "ix_meeting_missed",
            "starts_at",
            "id",
            "host_id",
            "client_id",
            sqlite_where=text("came = 'missed'"),
            postgresql_where=text("came = 'missed'"),
        ),
        Index("ix_meeting_of_client", "client_id", "starts_at", "meeting_kind", "result", "ends_at"),
        Index(
            "ix_meeting_upset",
            "client_id",
            "upset_at",
            "meeting_kind",
            "result",
            sqlite_where=text("upset_at IS NOT NULL"),
            postgresql_where=text("upset_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = _identity()
    meeting_kind: Mapped[MeetingKind] = mapped_column(one_of(MeetingKind, "meeting_kind"))
    place: Mapped[str] = mapped_column(String(300), default="", info=PERSONAL)
    """Where: an address, a room, a link, a number to call."""
    note: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    planned_host_id: Mapped[int | None] = mapped_column(
        ForeignKey("member.id"), default=lambda row: row.get_current_parameters().get("host_id")
    )
    """Who is to host it at first is who hosts it."""
    planned_starts_at: Mapped[datetime] = mapped_column(Moment)
    planned_ends_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    # settled
    host_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    starts_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    result: Mapped[MeetingResult | None] = mapped_column(one_of(MeetingResult, "meeting_result"))
    client_id: Mapped[int | None]
    """Its process's; of one that was taken back, nobody's."""
    begins_on: Mapped[date | None]
    """The day of `starts_at`, by which it counts in `meeting_month`."""
    came: Mapped[Came | None] = mapped_column(one_of(Came, "came"))
    """What it counts as; None: it was cancelled or taken back, and counts nowhere."""
    upset_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was last missed, cancelled or moved to another time."""

    __mapper_args__ = {  # noqa: RUF012
        "polymorphic_identity": FactKind.MEETING,
        "inherit_condition": id == Fact.id,
        "version_id_col": version,
    }


class MeetingMove(Fact):
    """To another time; or, at whatever time it is, to another host."""

    __tablename__ = "meeting_move"

    id: Mapped[int] = _identity()
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    to_starts_at: Mapped[datetime] = mapped_column(Moment)
    to_ends_at: Mapped[datetime] = mapped_column(Moment)
    from_starts_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was to begin before; what lies between the move and that is the notice."""
    to_host_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    """Who hosts it from then on; one that names somebody leaves the time as it is."""
    asked_by: Mapped[Absent | None] = mapped_column(one_of(Absent, "asked_by"))
    """Who wanted it moved; None where nobody said."""

    __mapper_args__ = {  # noqa: RUF012
        "polymorphic_identity": FactKind.MEETING_MOVE,
        "inherit_condition": id == Fact.id,
    }


class MeetingOutcome(Fact):
    __tablename__ = "meeting_outcome"
    __table_args__: Any = (
        CheckConstraint("(outcome = 'missed') = (absent is not null)", name="missed_names_who"),
        # Few are missed or cancelled, and who did that is asked of a year's at once.
        Index("ix_meeting_outcome_outcome", "outcome", "absent", "asked_by"),
    )

    id: Mapped[int] = _identity()
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    outcome: Mapped[MeetingResult] = mapped_column(one_of(MeetingResult, "meeting_result"))
    absent: Mapped[Absent | None] = mapped_column(one_of(Absent, "absent"))
    absent_member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    asked_by: Mapped[Absent | None] = mapped_column(one_of(Absent, "asked_by"))
    """Of one that was cancelled: who cancelled it; None where nobody said."""

    __mapper_args__ = {  # noqa: RUF012
        "polymorphic_identity": FactKind.MEETING_OUTCOME,
        "inherit_condition": id == Fact.id,
    }


class RhythmChange(Fact):
    """No length: no rhythm any more."""

    __tablename__ = "rhythm_change"
    __table_args__: Any = (CheckConstraint("(rhythm_count is null) = (rhythm_unit is null)", name="rhythm_is_whole"),)
    __mapper_args__ = {"polymorphic_identity": FactKind.RHYTHM_CHANGE}  # noqa: RUF012

    id: Mapped[int] = _identity()
    rhythm_count: Mapped[int | None]
    rhythm_unit: Mapped[Unit | None] = mapped_column(one_of(Unit, "rhythm_unit"))


class QuietPeriod(Fact):
    __tablename__ = "quiet_period"
    __mapper_args__ = {"polymorphic_identity": FactKind.QUIET_PERIOD}  # noqa: RUF012

    id: Mapped[int] = _identity()
    until_on: Mapped[date]


class GrowthNote(Fact):
    """What somebody wants to become, what we advised, when we look again, and what came of it."""

    __tablename__ = "growth_note"
    __table_args__: Any = (
        CheckConstraint("(came_of_it_at is null) = (came_of_it is null)", name="came_of_it_is_both"),
    )
    __mapper_args__ = {"polymorphic_identity": FactKind.GROWTH_NOTE}  # noqa: RUF012

    id: Mapped[int] = _identity()
    wants: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    """What they want to become; empty where only advice was given."""
    advice: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    revisit_on: Mapped[date | None]
    came_of_it: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    """What became of the wish and the advice, noted later."""
    came_of_it_at: Mapped[datetime | None] = mapped_column(Moment)


class Placement(Fact):
    __tablename__ = "placement"
    __mapper_args__ = {"polymorphic_identity": FactKind.PLACEMENT}  # noqa: RUF012

    id: Mapped[int] = _identity()
    starts_on: Mapped[date]


class PlacementEnd(Fact):
    __tablename__ = "placement_end"

    id: Mapped[int] = _identity()
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), index=True)
    reason: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)

    __mapper_args__ = {  # noqa: RUF012
        "polymorphic_identity": FactKind.PLACEMENT_END,
        "inherit_condition": id == Fact.id,
    }


class Referral(Fact):
    """The candidate recommended somebody else. Settled, it stands alone: who brought whom, when, what came of it.

    The referrer's facts tell the one half of that, those of whoever was recommended the other.
    """

    __tablename__ = "referral"
    __table_args__: Any = (
        Index("ix_referral_referrer", "referrer_id", "came_to", "referred_on", "brought_id"),
        Index("ix_referral_brought", "brought_id", "referrer_id"),
        Index("ix_referral_referred_on", "referred_on", "came_to", "referrer_id", "brought_id"),
    )

    id: Mapped[int] = _identity()
    referred_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"), index=True)

    # settled
    referrer_id: Mapped[int | None] = mapped_column(ForeignKey("candidate.id"))
    """Who recommended, as the one kept; None: it was taken back."""
    referred_on: Mapped[date | None]
    brought_id: Mapped[int | None] = mapped_column(ForeignKey("candidate.id"))
    """Who was recommended, as the one kept."""
    came_to: Mapped[CameTo | None] = mapped_column(one_of(CameTo, "came_to"))

    __mapper_args__ = {  # noqa: RUF012
        "polymorphic_identity": FactKind.REFERRAL,
        "inherit_condition": id == Fact.id,
    }


class Handover(Fact):
    """Accepted: the candidate is the new owner's from then on."""

    __tablename__ = "handover"
    __mapper_args__ = {"polymorphic_identity": FactKind.HANDOVER}  # noqa: RUF012

    id: Mapped[int] = _identity()
    to_id: Mapped[int] = mapped_column(ForeignKey("member.id"))


class Consent(Fact):
    __tablename__ = "consent"
    __mapper_args__ = {"polymorphic_identity": FactKind.CONSENT}  # noqa: RUF012

    id: Mapped[int] = _identity()
    until_on: Mapped[date]
    """The last day on which it is valid."""
    purpose: Mapped[Purpose] = mapped_column(one_of(Purpose, "purpose"), default=Purpose.FUTURE)
    basis: Mapped[ConsentBasis] = mapped_column(one_of(ConsentBasis, "consent_basis"), default=ConsentBasis.CONSENT)
    source: Mapped[str] = mapped_column(String(200), default="", info=PERSONAL)
    """How it came: by e-mail, in a form, with a list."""
    evidence: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    """What shows it: its exact wording, and where that is kept."""


class ConsentWithdrawal(Fact):
    __mapper_args__ = {"polymorphic_identity": FactKind.CONSENT_WITHDRAWAL}  # noqa: RUF012


class ContactBan(Fact):
    """Do-not-contact was set."""

    __mapper_args__ = {"polymorphic_identity": FactKind.CONTACT_BAN}  # noqa: RUF012


class ContactAllowance(Fact):
    """Do-not-contact was lifted."""

    __mapper_args__ = {"polymorphic_identity": FactKind.CONTACT_ALLOWANCE}  # noqa: RUF012


class Erasure(Fact):
    __mapper_args__ = {"polymorphic_identity": FactKind.ERASURE}  # noqa: RUF012


class Waiver(Fact):
    __tablename__ = "waiver"
    __table_args__: Any = (CheckConstraint("trim(reason) <> ''", name="has_a_reason"),)
    __mapper_args__ = {"polymorphic_identity": FactKind.WAIVER}  # noqa: RUF012

    id: Mapped[int] = _identity()
    promise_key: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(Text, info=PERSONAL)


class Snooze(Fact):
    __tablename__ = "snooze"
    __table_args__: Any = (CheckConstraint("trim(reason) <> ''", name="has_a_reason"),)
    __mapper_args__ = {"polymorphic_identity": FactKind.SNOOZE}  # noqa: RUF012

    id: Mapped[int] = _identity()
    promise_key: Mapped[str] = mapped_column(String(80))
    until_at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(Text, info=PERSONAL)


class OpeningHold(Fact):
    __tablename__ = "opening_hold"
    __mapper_args__ = {"polymorphic_identity": FactKind.OPENING_HOLD}  # noqa: RUF012

    id: Mapped[int] = _identity()
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id"), index=True)
    reason: Mapped[HoldReason] = mapped_column(one_of(HoldReason, "hold_reason"), default=HoldReason.OTHER)
    note: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)


class OpeningEnd(Fact):
    """It was filled or cancelled; its processes were closed with it, each by a fact of its own."""

    __tablename__ = "opening_end"
    __table_args__: Any = (CheckConstraint("how in ('filled', 'cancelled')", name="is_an_end"),)
    __mapper_args__ = {"polymorphic_identity": FactKind.OPENING_END}  # noqa: RUF012

    id: Mapped[int] = _identity()
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id"), index=True)
    how: Mapped[OpeningStatus] = mapped_column(one_of(OpeningStatus, "opening_status"))
    note: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)


class OpeningResumption(Fact):
    """Taken up again: after a hold, or after its end."""

    __tablename__ = "opening_resumption"
    __mapper_args__ = {"polymorphic_identity": FactKind.OPENING_RESUMPTION}  # noqa: RUF012

    id: Mapped[int] = _identity()
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id"), index=True)


class Departure(Fact):
    """A member left, and who takes what is theirs."""

    __tablename__ = "departure"
    __mapper_args__ = {"polymorphic_identity": FactKind.DEPARTURE}  # noqa: RUF012

    id: Mapped[int] = _identity()
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    cover_id: Mapped[int] = mapped_column(ForeignKey("member.id"))


class PolicyChange(Fact):
    """The team's policy from then on; the first one counts as always in force."""

    __tablename__ = "policy"
    __mapper_args__ = {"polymorphic_identity": FactKind.POLICY}  # noqa: RUF012

    id: Mapped[int] = _identity()
    terms: Mapped[dict[str, Any]] = mapped_column(Json)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    """None: somebody may not have been settled by it yet."""
