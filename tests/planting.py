"""A marker in every text column of every table: for tests of what reads, or empties, all that is somebody's."""

from datetime import date, timedelta

from sqlalchemy import JSON, Boolean, Date, DateTime, Enum, Integer, insert, select, update
from sqlalchemy.types import TypeDecorator

from core.persistence.personal import PARTS, TABLES, text_columns
from core.persistence.traces import WHO_THEY_ARE
from tests.make import MONDAY

NOT_PLANTED = {
    **dict.fromkeys(
        sorted(WHO_THEY_ARE - {"candidate.name", "candidate.sort_name"}), "who somebody else is, or theirs"
    ),
    **dict.fromkeys(
        ("web_session.ticket_hash", "web_session.session_hash", "setup_link.token_hash", "password_link.token_hash"),
        "a hash",
    ),
    **dict.fromkeys(
        (
            "own_page_link.token_hash",
            "login_attempt.subject",
            "member.password_hash",
            "import_batch.sha256",
            "skill_edition.sha256",
        ),
        "a hash",
    ),
    "import_mapping.header_key": "a hash",
    "import_mapping.source_key": "the source folded, which is searched",
    "operation.key": "random",
    **dict.fromkeys(("promise.key", "waiver.promise_key", "snooze.promise_key"), "a kind and numbers"),
    **dict.fromkeys(
        ("import_batch.kind", "import_batch.basis", "contact.channel", "lookalike.why", "share_month.kind"),
        "one of our words",
    ),
    **dict.fromkeys(("merged_value.name", "message_template.occasion"), "one of our words"),
    **dict.fromkeys(("candidate.language", "message_template.language"), "two letters"),
    "source_tally.source": "planted by the candidate's source, and gone with the last who came from there",
    "candidate.came_from": "the same, settled",
    "contact.keeps": "numbers",
    "privacy_request.proof": "what was found, in numbers",
    **dict.fromkeys(("audit_entry.action", "audit_entry.subject_kind"), "one of our words"),
    "audit_entry.changes": "holds no personal value, ever: planted by the commands, see below",
}


def plain(kind):
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


OWN = {
    "candidate": {"kept_until": date(2026, 1, 1)},
    "merge": {"undone_at": MONDAY},
    "offered_person": {"state": "declined", "answered_at": MONDAY},
    "lookalike": {},
    "not_same": {},
    "meeting": {"planned_ends_at": MONDAY + timedelta(hours=1), "ends_at": MONDAY + timedelta(hours=1)},
    "placement_end": {},
    "opening_end": {"how": "filled"},
    "question": {"answered_at": MONDAY},
    "claim": {"own_word_at": MONDAY},
    "growth_note": {"came_of_it_at": MONDAY},
    "contact": {"next_due_at": MONDAY + timedelta(days=9)},
}
"""What a row needs beside the marker, to be one that the database takes."""


class Planting:
    """A marker in every text column: in a row of hers where the table has rows of people, else in any.

    `say` makes it, of the column and of what stands there.
    """

    def __init__(self, session, noor, other, say, leave=NOT_PLANTED, tables=None):
        self.session, self.noor, self.other, self.say = session, noor, other, say
        self.leave, self.tables = leave, TABLES.values() if tables is None else tables

    def plant(self):
        for table in self.tables:
            columns = [c for c in text_columns(table) if f"{table.name}.{c.name}" not in self.leave]
            if columns and not self.is_append_only(table):
                self.mark(table, columns)

    def is_append_only(self, table):
        return table.info.get("append_only")

    def mark(self, table, columns):
        where = PARTS[table.name].theirs([self.noor]) if table.name in PARTS else None
        query = select(table).limit(1)
        row = self.session.execute(query if where is None else query.where(where)).mappings().first()
        values = {c.name: self.say(c, (row or {}).get(c.name)) for c in columns} | OWN.get(table.name, {})
        if row is None:
            self.insert(table, values)
        elif values:
            here = [c == row[c.name] for c in table.primary_key]
            self.session.execute(update(table).where(*here).values(values))

    def insert(self, table, values):
        is_fact = table.name != "fact" and any(
            k.target_fullname == "fact.id" for c in table.primary_key for k in c.foreign_keys
        )
        row = {c.name: self.value(table, c) for c in table.columns if self.is_needed(c)} | values
        if is_fact:
            kind = {"policy": "policy", "consent": "consent"}.get(table.name, table.name)
            row["id"] = self.session.execute(
                insert(TABLES["fact"])
                .values(
                    kind="opening_resumed" if kind == "opening_resumption" else kind,
                    candidate_id=self.noor if table.name in PARTS else None,
                    happened_at=MONDAY,
                    entered_at=MONDAY,
                    undone_at=MONDAY,
                )
                .returning(TABLES["fact"].c.id)
            ).scalar_one()
        self.session.execute(insert(table).values(row))

    def is_needed(self, column):
        if column.primary_key and not column.foreign_keys and column.name == "id":
            return False
        return not column.nullable or column.name == "candidate_id"

    def value(self, table, column):
        for key in column.foreign_keys:
            of = key.column.table.name
            if of == "candidate":
                return self.other if column.name in ("other_id", "gone_id", "referred_id") else self.noor
            if (found := self.session.scalar(select(TABLES[of].c.id).limit(1))) is None:
                self.insert(TABLES[of], OWN.get(of, {}))
                found = self.session.scalar(select(TABLES[of].c.id).limit(1))
            return found
        if column.name == "candidate_id":  # without a foreign key, where there are as many as rows of lists
            return self.noor
        kind = plain(column.type)
        if isinstance(kind, Enum):
            return kind.enums[0]
        if isinstance(kind, Boolean):
            return False
        if isinstance(kind, Integer):
            return 1
        if isinstance(kind, Date):
            return date(2026, 3, 2)
        if isinstance(kind, DateTime):
            return MONDAY
        return [] if isinstance(kind, JSON) else f"x{len(table.name)}"[: kind.length]
