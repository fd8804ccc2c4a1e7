"""Whose the rows of each table are: what somebody may see of their own, and what is left when they are erased.

A table stands in one of the two lists; a new one is placed before anything else passes (tests/commands/test_marker.py).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Enum, Select, String, Table, and_, or_, select
from sqlalchemy.types import JSON, TypeDecorator

from core.persistence.tables import Table as Base

TABLES = Base.metadata.tables
FACT, CANDIDATE, AUDIT = TABLES["fact"], TABLES["candidate"], TABLES["audit_entry"]
Records = Sequence[int]
"""The ids of one person: of the record kept, and of all that were merged into it."""


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one table that are somebody's."""

    title: str
    """As it is said to them."""
    theirs: Callable[[Records], ColumnElement[bool]]


def _by(table: str, *columns: str) -> Callable[[Records], ColumnElement[bool]]:
    return lambda records: or_(*(TABLES[table].c[name].in_(records) for name in columns))


def _beside_facts(table: str) -> Callable[[Records], ColumnElement[bool]]:
    return lambda records: TABLES[table].c.id.in_(facts_of(records))


def _within(table: str, column: str, outer: str) -> Callable[[Records], ColumnElement[bool]]:
    return lambda records: (
        TABLES[table].c[column].in_(select(TABLES[outer].c.id).where(PARTS[outer].theirs(records)).scalar_subquery())
    )


def _recommended_or_by(theirs: Callable[[Records], ColumnElement[bool]]) -> Callable[[Records], ColumnElement[bool]]:
    """Also where somebody was recommended: that is a fact of who recommended them, and tells where they came from."""
    return lambda records: or_(theirs(records), TABLES["referral"].c.referred_id.in_(records))


def facts_of(records: Records) -> Select[Any]:
    return select(FACT.c.id).where(FACT.c.candidate_id.in_(records))


def _audited(records: Records) -> ColumnElement[bool]:
    """What was done about them: to their record, to what happened, to what else is theirs."""
    kinds = (*FACT_TABLES, "fact", "question", "recommendation", "merge", "privacy_request")
    found = (
        and_(
            AUDIT.c.subject_kind == kind,
            AUDIT.c.subject_id.in_(select(TABLES[kind].c.id).where(PARTS[kind].theirs(records)).scalar_subquery()),
        )
        for kind in kinds
    )
    return or_(and_(AUDIT.c.subject_kind == "candidate", AUDIT.c.subject_id.in_(records)), *found)


FACT_TABLES = {
    "arrival": "How you came on record",
    "contact": "Words between us, and notes of them",
    "process": "Openings you were considered for",
    "stage_move": "Steps in them",
    "turn_change": "Whose turn it was",
    "closing": "How they ended",
    "meeting": "Meetings",
    "meeting_move": "Meetings moved",
    "meeting_outcome": "How meetings went",
    "rhythm_change": "How often we keep in touch",
    "quiet_period": "When you wanted quiet",
    "growth_note": "What you want to become, and advice",
    "placement": "Jobs you took",
    "placement_end": "Jobs that ended",
    "referral": "People you recommended, or who recommended you",
    "handover": "Who looks after you",
    "consent": "Consents",
    "waiver": "Words we let go",
    "snooze": "Words we put off",
}
"""Facts with content of their own; of somebody, if the fact is."""

PARTS: dict[str, Part] = {
    "candidate": Part("Who you are to us", _by("candidate", "id")),
    "handle": Part("How you are reached", _by("handle", "candidate_id")),
    "candidate_skill": Part("What you can do", _by("candidate_skill", "candidate_id")),
    "fact": Part("All that happened, in short", _by("fact", "candidate_id")),
    **{name: Part(title, _beside_facts(name)) for name, title in FACT_TABLES.items()},
    "referral": Part(FACT_TABLES["referral"], _recommended_or_by(_beside_facts("referral"))),
    "promise": Part("What we owe you, or owed", _by("promise", "candidate_id")),
    "question": Part("Questions to you", _by("question", "candidate_id")),
    "recommendation": Part("Recommendations to clients", _by("recommendation", "candidate_id")),
    "claim": Part("What was said of you in them", _within("claim", "recommendation_id", "recommendation")),
    "offered_person": Part("Offers to hand you over to a colleague", _by("offered_person", "candidate_id")),
    "import_row": Part("Rows of lists that told of you", _by("import_row", "candidate_id")),
    "merge": Part("Records of you that were brought together", _by("merge", "kept_id", "gone_id")),
    "merged_value": Part("What stood in them before", _within("merged_value", "merge_id", "merge")),
    "lookalike": Part("Records that look like yours", _by("lookalike", "one_id", "other_id")),
    "not_same": Part("Records said to be somebody else’s", _by("not_same", "one_id", "other_id")),
    "search_word": Part("Words you are found by", _by("search_word", "candidate_id")),
    "match_key": Part("Keys you are recognised by", _by("match_key", "candidate_id")),
    "own_page_link": Part("Links to your own page", _by("own_page_link", "candidate_id")),
    "survey_answer": Part("How you scored us", _by("survey_answer", "candidate_id")),
    "privacy_request": Part("What you asked of your data", _by("privacy_request", "candidate_id")),
    "audit_entry": Part("Who did what with your data, and when", _audited),
}
"""Tables with rows of candidates, in the order in which somebody reads them."""

NOT_OF_A_PERSON: dict[str, str] = {
    **dict.fromkeys(
        ("member", "web_session", "login_attempt", "setup_link", "password_link"), "of the team's own members"
    ),
    **dict.fromkeys(("client", "client_person"), "of clients and whom we write to there"),
    **dict.fromkeys(
        ("opening", "opening_skill", "opening_hold", "opening_resumption", "opening_end", "stage", "stage_template"),
        "of openings",
    ),
    **dict.fromkeys(("policy", "departure"), "of the whole team"),
    **dict.fromkeys(
        (
            *("promise_tally", "promise_month", "ghost_tally", "silence_tally", "source_tally", "rhythm_tally"),
            *("told_month", "meeting_month", "share_month", "answer_month"),
        ),
        "numbers of people, not people",
    ),
    **dict.fromkeys(("skill", "skill_closure", "skill_edition", "skill_implication"), "of skills"),
    "import_batch": "of a list; its rows are people's",
    "import_mapping": "of the columns of lists",
    "message_template": "of drafts to anybody",
    "handover_offer": "of two members",
    "tombstone": "hashes by which whoever was erased is known again; without the key nobody can tell whose",
    "audit_head": "where the trail ends",
    "operation": "random keys of forms that were sent",
}


def text_columns(table: Table) -> list[Any]:
    """The columns in which anything may be written: text and JSON, but not those that hold one of a few words."""
    return [column for column in table.columns if is_text(column.type)]


def is_text(kind: Any) -> bool:
    kind = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    return isinstance(kind, String | JSON) and not isinstance(kind, Enum)
