"""What is known of one person, as they read it: told to them, by what it is about, with why it is kept.

The rows come masked (`own_data`): nobody else is named in them. A column that no section tells fails
`tests/queries/test_own_data.py`.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from core.domain import own_page
from core.domain.calendar import Calendar
from core.domain.document import Document, Line, Pair, Section
from core.domain.facts import ClosingReason, MeetingResult, Rhythm, Way
from core.domain.promises import Kind, Status
from core.domain.retention import claim_until, falls_due_on
from core.domain.rhythms import rhythm_words
from core.domain.row_reasons import why
from core.domain.trail import in_words, numbers_in
from core.domain.words import listed, plural
from core.persistence.tables import FactKind
from core.queries.own_words import ASKED, MISSED, changed, column, say, value

Row = Mapping[str, Any]
COLLEAGUE = "one of our team"


class Names(Protocol):
    """Ids in words, as whoever reads it may have them."""

    def called(self, table: str, id_: int) -> str: ...
    def client(self, process_id: int) -> str: ...
    def list_of(self, batch_id: int) -> tuple[Sequence[str], datetime]:
        """The headers of a list that was brought in, and when it was."""
        ...

    def offered_at(self, offer_id: int) -> datetime: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the document is made of."""

    name: str
    rows: Mapping[str, Sequence[Row]]
    """By table; of a fact with content, together with when it happened."""
    names: Names
    now: datetime
    calendar: Calendar
    months: int
    """For which they are kept after their own last act."""


def document(known: Known) -> Document:
    telling = _Telling(known)
    told = [(title, Section(title, why, list(lines()))) for title, why, lines in telling.parts()]
    nothing = [title for title, section in told if not section.lines]
    return Document(
        title=f"What we know of {known.name or 'you'}",
        lead=telling.lead(),
        sections=[section for _, section in told if section.lines],
        close=telling.close(nothing),
    )


Part = tuple[str, str, Callable[[], Iterable[Line]]]


class _Telling:
    """Section by section."""

    def __init__(self, known: Known) -> None:
        self.known, self.names, self.calendar = known, known.names, known.calendar
        self.people = known.rows["candidate"]
        self.facts = {row["id"]: row for row in known.rows["fact"]}

    def parts(self) -> list[Part]:
        """In the order in which somebody reads them."""
        return [
            ("Who you are to us", "So that we know whom we speak with, and what you are looking for.", self.who),
            ("How to reach you", "So that a word from us arrives, and we recognise you when you write.", self.handles),
            ("What was said", "So that you need not say things twice, and we keep what we said.", self.words),
            ("Meetings", "So that everybody comes, at the same time.", self.meetings),
            ("Openings you were considered for", "To fill them, and to tell you how it stands.", self.processes),
            ("What we asked you", "So that nobody judges by a guess where one can ask.", self.questions),
            ("What was said of you to clients", "So that each thing said has its source.", self.recommendations),
            (
                "Who received or was shown what",
                "You may know who has your data. Others than these, and the members of our team, were given none.",
                self.received,
            ),
            ("What we promised, and what came of it", "To keep our word, and to see where we did not.", self.promises),
            ("How often we keep in touch", "So that you hear from us, and not too often.", self.rhythm),
            ("Who looks after you", "So that you always have somebody to turn to.", self.handovers),
            ("What you want to become", "To think of you for what helps you on.", self.growth),
            ("Jobs you took through us", "To ask how you are doing there.", self.placements),
            ("People you recommended", "To thank you, and to tell you what came of it.", self.referrals),
            ("What you agreed to", "The law asks us to show what you agreed to, and when.", self.consents),
            ("Where your data come from", "You may know their source; so may whoever checks it.", self.sources),
            ("How you scored us", "To do better.", self.scores),
            ("What you asked of your data", "To answer in time, and to show that we did.", self.requests),
            ("Your own page", "So that the link we gave you opens it, and nobody else’s does.", self.own_page),
            ("Records of you that were brought together", "So that it can be undone if it was wrong.", self.merges),
            ("By what you are found", "So that a search finds you, and nobody is on record twice.", self.found_by),
            (
                "Who did what with your data, and when",
                "So that nothing is done with them unseen. Of what is personal only that it changed is kept here.",
                self.trail,
            ),
        ]

    # the beginning and the end

    def lead(self) -> tuple[str, ...]:
        known = self.known
        words = [row for row in known.rows["contact"] if row["way"] in (Way.TO, Way.FROM, Way.TALKED)]
        since = min((row["known_since"] or self.calendar.day(row["added_at"]) for row in self.people), default=None)
        owner = next((self.member(row["owner_id"]) for row in self.people if row["owner_id"]), "")
        openings = len(self.known.rows["process"])
        short = [
            f"We have known you since {self.day(since)}." if since else "",
            f"{owner} looks after you." if owner else "",
            f"{plural(len(words), 'word')} went between us." if words else "",
            f"You were considered for {plural(openings, 'opening')}." if openings else "",
        ]
        return (
            f"This is all of it, as of {self.moment(known.now)}, on the clock of {self.calendar.zone_name}. Other"
            " people’s names and addresses are left out, since they are theirs. The same stands beside this page as"
            " JSON, for other programs.",
            " ".join(filter(None, short)),
        )

    def close(self, nothing: Sequence[str]) -> tuple[str, ...]:
        today, person = self.calendar.day(self.known.now), self.people[0] if self.people else {}
        kept = f"We keep this for {plural(self.known.months, 'month')} after the last thing you did yourself"
        if (acted := person.get("last_act_on")) is not None:
            kept += f", which was on {self.day(acted)}: until {self.day(falls_due_on(acted, self.known.months))}"
            if any(row["is_active"] and row["undone_at"] is None for row in self.known.rows["process"]):
                kept += ", and for as long as you are in an opening"
        if claim := claim_until(person.get("kept_until"), today):
            kept += f"; a legal claim keeps it until {self.day(claim)}"
        said = [
            f"{kept}. Then it is to be erased.",
            "You can have it put right, ask to be forgotten, withdraw what you agreed to, or ask us to write no more:"
            " on your own page, or by a word to whoever looks after you. You can also complain to the authority for"
            " data protection; in Poland that is the President of the Office for Personal Data Protection (UODO). No"
            " program decides anything about you by itself.",
        ]
        if nothing:
            said.append(f"There is nothing on record under: {'; '.join(nothing)}.")
        return tuple(said)

    # who they are

    def who(self) -> Iterator[Line]:
        for number, row in enumerate(self.people):
            pairs = [
                ("Name", row["name"]),
                ("Title", row["title"]),
                ("Company", row["company"]),
                ("Place", row["location"]),
                ("Pronoun", row["pronoun"]),
                ("Language", value("language", row["language"])),
                ("Begins as", say(row["begins_as"]) if row["begins_as"] else ""),
                ("Tags", ", ".join(row["tags"])),
                ("Notes", row["notes"]),
                ("Where from", row["source"]),
                ("Known since", self.day(row["known_since"]) if row["known_since"] else ""),
                ("On record since", self.moment(row["added_at"])),
                ("Looked after by", self.looked_after(row)),
            ]
            if number == 0:
                pairs += [("You can do", ", ".join(self.skills())), *self.counted(row)]
            said = "" if number == 0 else "Another record of you, which was brought together with the first"
            yield Line(said, pairs=tuple(pairs))

    def looked_after(self, row: Row) -> str:
        owner, of = (self.member(row[name]) for name in ("owner_id", "covered_for_id"))
        return f"{owner}, in place of {of}" if of else owner

    def skills(self) -> list[str]:
        skills = self.known.rows["candidate_skill"]
        return list(dict.fromkeys(self.names.called("skill", row["skill_id"]) for row in skills))

    def counted(self, row: Row) -> Iterator[Pair]:
        if row["words_to"]:
            answered = f"{row['words_answered']} answered, {row['words_answered_soon']} of them soon"
            yield "Our personal words to you", f"{row['words_to']}: {answered}"
        if row["meetings_held"]:
            yield "Meetings held", str(row["meetings_held"])
        for label, name in (("Our last word to you", "last_word_to_at"), ("Your last word to us", "last_word_from_at")):
            if row[name]:
                yield label, self.moment(row[name])
        if row["do_not_contact"]:
            yield "Contact", "You asked for none: we answer, and start nothing."

    def handles(self) -> Iterator[Line]:
        rows = self.known.rows["handle"]
        pairs = tuple((say(row["kind"]), row["value"]) for row in rows)
        if pairs:
            yield Line(pairs=pairs)

    # what was said

    def words(self) -> Iterator[Line]:
        for row in self.known.rows["contact"]:
            asked = "" if row["text"] else ASKED.get(row["about"], "")
            notes = [
                f"subject: {row['about']}" if row["about"] and not asked else "",
                "with feedback" if row["is_feedback"] else "",
                "with thanks" if row["is_thanks"] else "",
                "to ask how the job goes" if row["is_check_in"] else "",
                "they needed longer" if row["still_waiting"] else "",
                "it needed no answer" if row["way"] is Way.FROM and not row["needs_answer"] else "",
                "the text is not kept" if row["has_text"] and not row["text"] else "",
            ]
            then = f"next: {row['next_what']}, by {self.moment(row['next_due_at'])}" if row["next_what"] else ""
            said = f"{asked or say(row['way'])}{' and others' if row['is_group'] else ''}"
            said += f", {value('channel', row['channel'])}" if row["channel"] else ""
            said += f", about {self.process(row)}" if row["process_id"] else ""
            beside = [*notes, then, *self.noted(row, by=row["way"] is not Way.FROM)]
            yield Line(said, self.moment(row["happened_at"]), (row["text"],), beside=_beside(beside))

    def meetings(self) -> Iterator[Line]:
        later = self.by("meeting_move", "meeting_id"), self.by("meeting_outcome", "meeting_id")
        for row in self.known.rows["meeting"]:
            said = say(row["meeting_kind"]) + (f" about {self.process(row)}" if row["process_id"] else "")
            said += f", until {self.clock(row['ends_at'])}"
            said += f", with {self.member(row['host_id'])}" if row["host_id"] else ""
            steps = [(self.moment(one["happened_at"]), self.moved(one)) for one in later[0][row["id"]]]
            steps += [(self.moment(one["happened_at"]), self.ended(one)) for one in later[1][row["id"]]]
            planned = f"planned on {self.moment(row['happened_at'])}"
            if row["planned_starts_at"] != row["starts_at"]:
                planned += f", for {self.moment(row['planned_starts_at'])} to {self.clock(row['planned_ends_at'])}"
            if row["planned_host_id"] != row["host_id"] and row["planned_host_id"]:
                planned += f", with {self.member(row['planned_host_id'])}"
            pairs = (("Where", row["place"]), ("Note", row["note"]), *steps)
            yield Line(said, self.moment(row["starts_at"]), pairs=pairs, beside=_beside([planned, *self.noted(row)]))

    def moved(self, row: Row) -> str:
        if row["to_host_id"]:
            return f"{self.member(row['to_host_id'])} hosts it{self.undone(row)}"
        was = f" from {self.moment(row['from_starts_at'])}" if row["from_starts_at"] else ""
        asked = f", asked for {say(row['asked_by'])}" if row["asked_by"] else ""
        times = f"{self.moment(row['to_starts_at'])} to {self.clock(row['to_ends_at'])}"
        return f"moved{was} to {times}{asked}{self.undone(row)}"

    def ended(self, row: Row) -> str:
        if row["outcome"] is MeetingResult.MISSED:
            who = f" ({self.member(row['absent_member_id'])})" if row["absent_member_id"] else ""
            return f"{MISSED[row['absent']]}{who}{self.undone(row)}"
        by = f" {say(row['asked_by'])}" if row["asked_by"] else ""
        return f"{say(row['outcome'])}{by}{self.undone(row)}"

    # openings

    def processes(self) -> Iterator[Line]:
        steps: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
        for table, told in (
            ("stage_move", lambda row: f"moved to “{row['to_stage']}”"),
            ("turn_change", lambda row: say(row["to_turn"])),
            ("closing", self.closed),
        ):
            for row in self.known.rows[table]:
                steps[row["process_id"]].append((row["happened_at"], f"{told(row)}{self.undone(row)}"))
        for row in self.of_kind(FactKind.REOPENING):
            steps[row["process_id"]].append((row["happened_at"], f"opened again{self.undone(row)}"))
        for row in self.known.rows["process"]:
            begun = f"began at “{row['first_stage']}”" if row["first_stage"] else "began"
            begun += f", with {self.member(row['first_owner_id'])}" if row["first_owner_id"] else ""
            in_order = [(row["happened_at"], begun), *sorted(steps.pop(row["id"], []), key=lambda step: step[0])]
            yield Line(
                self.names.called("process", row["id"]),
                self.day(row["happened_at"]),
                pairs=tuple((self.day(at), said) for at, said in in_order),
                beside=_beside([self.stands(row), *self.noted(row)]),
            )

        for at, said in sorted(step for left in steps.values() for step in left):
            yield Line(f"In an opening that is on record no more: {said}", self.moment(at))

    def stands(self, row: Row) -> str:
        owner = f", with {self.member(row['owner_id'])}" if row["owner_id"] else ""
        if row["is_active"]:
            since = f"at “{row['stage']}” since {self.day(row['since'])}" if row["stage"] else "it goes on"
            return f"{since}{owner}"
        stage = f"it came as far as “{row['stage']}”" if row["stage"] else "it has ended"
        days = row["told_days"]
        after = f"after {plural(days, 'working day')}" if days else "on the same working day"
        return f"{stage}{f', and you knew {after}' if days is not None else ''}{owner}"

    def closed(self, row: Row) -> str:
        reason = row["reason"] if row["reason"] is not ClosingReason.OTHER else None
        asked = {None: "", True: "You were asked first.", False: "You were not asked first."}
        said = [
            f"ended, and {say(row['answer'])}.",
            say(row["outcome"]),
            f"Why: {say(reason)}." if reason else "",
            f"“{row['note']}”" if row["note"] else "",
            asked[row["was_asked"]],
            "The whole opening ended." if row["opening_end_id"] else "",
            f"We said that we would look again on {self.day(row['revisit_on'])}." if row["revisit_on"] else "",
        ]
        return " ".join(filter(None, said))

    def questions(self) -> Iterator[Line]:
        for row in self.known.rows["question"]:
            asked = "we asked" if row["asked_at"] else "not asked yet"
            answered = f"answered on {self.moment(row['answered_at'])}" if row["answered_at"] else "no answer yet"
            yield Line(
                f"{row['text']}{f' ({self.process(row)})' if row['process_id'] else ''}",
                self.moment(row["asked_at"] or row["noted_at"]),
                (row["answer"] or "",),
                beside=_beside([asked, answered, self.by_whom(row["noted_by_id"], "noted", row["noted_at"])]),
            )

    def recommendations(self) -> Iterator[Line]:
        claims = self.by("claim", "recommendation_id")
        for row in self.known.rows["recommendation"]:
            said = [(say(one["source"]), self.claimed(one)) for one in claims[row["id"]]]
            sent = f"sent on {self.moment_of(row['sent_id'])}" if row["sent_id"] else "not sent"
            answer = f"answered on {self.moment_of(row['answer_id'])}" if row["answer_id"] else ""
            yield Line(
                f"For {self.process(row)}",
                self.moment(row["made_at"]),
                (row["summary"],),
                tuple(said),
                _beside([self.by_whom(row["made_by_id"], "written"), sent, answer]),
            )

    def claimed(self, row: Row) -> str:
        said = [row["text"]]
        if row["source_note"]:
            said.append(row["source_note"])
        if row["source_fact_id"]:
            said.append(f"Said on {self.moment_of(row['source_fact_id'])}.")
        if row["confirmed_at"]:
            said.append(f"Confirmed on {self.moment(row['confirmed_at'])}.")
        if row["correction"]:
            said.append(f"You corrected it on {self.moment(row['own_word_at'])}: “{row['correction']}”")
        return "\n".join(said)

    def received(self) -> Iterator[Line]:
        """By whom data left the team: recommendations that went out, words to clients, files of all of it."""
        told: list[tuple[datetime, Line]] = []
        for row in self.known.rows["recommendation"]:
            if row["sent_id"] and (at := self.happened(row["sent_id"])):
                said = f"{self.client(row)} received what was said of you for {self.process(row)}"
                told.append((at, Line(said, self.moment(at))))
        went_out = {row["sent_id"] for row in self.known.rows["recommendation"]}
        for row in self.known.rows["contact"]:
            if row["way"] is Way.CLIENT_TO and row["undone_at"] is None and row["id"] not in went_out:
                said = f"{self.client(row)} was told about you: see “What was said”"
                told.append((row["happened_at"], Line(said, self.moment(row["happened_at"]))))
        for row in self.known.rows["audit_entry"]:
            if row["action"] in GIVEN:
                said = GIVEN[row["action"]]
                told.append((row["at"], Line(said, self.moment(row["at"]))))
        yield from (line for _, line in sorted(told, key=lambda one: one[0]))

    # what is owed

    def promises(self) -> Iterator[Line]:
        put_off = self.by("snooze", "promise_key"), self.by("waiver", "promise_key")
        told = set()
        for row in sorted(self.known.rows["promise"], key=lambda row: (row["due_at"], row["id"])):
            told.add(row["key"])
            by = f"by {self.member(row['owner_id'])}" if row["owner_id"] else ""
            steps = [(self.day(one["happened_at"]), self.postponed(one)) for one in put_off[0][row["key"]]]
            steps += [(self.day(one["happened_at"]), self.let_go(one)) for one in put_off[1][row["key"]]]
            came = _beside([self.came_of(row), by])
            yield Line(self.promised(row), f"by {self.moment(row['due_at'])}", pairs=tuple(steps), beside=came)
        for rows, tell in zip(put_off, (self.postponed, self.let_go), strict=True):
            for row in (row for key, some in rows.items() if key not in told for row in some):
                yield Line(f"A word that is owed no more: {tell(row)}", self.moment(row["happened_at"]))

    def postponed(self, row: Row) -> str:
        return f"put off until {self.moment(row['until_at'])}{self.because(row)}"

    def let_go(self, row: Row) -> str:
        return f"let go{self.because(row)}"

    def because(self, row: Row) -> str:
        by = f" by {self.member(row['by_id'])}" if row["by_id"] else ""
        return f"{by}: “{row['reason']}”{self.undone(row)}"

    def promised(self, row: Row) -> str:
        about, at = self.facts.get(row["about_id"]), ""
        if about is not None:
            at = f" of {self.day(about['happened_at'])}"
        process = self.process(row) if row["process_id"] else ""
        of = f" ({process})" if process else ""
        match row["kind"]:
            case Kind.REPLY:
                return f"An answer to your word{at}{of}"
            case Kind.UPDATE:
                return f"A word on how it stands: {process}"
            case Kind.DELAY:
                return f"A word that it takes longer: {process}"
            case Kind.CHASE:
                return f"To ask the client for an answer: {process}"
            case Kind.OUTCOME:
                return f"To note how a meeting went{of}"
            case Kind.DEBRIEF:
                return f"A word after the interview{of}"
            case Kind.AMENDS:
                return f"Amends, since you were let down at a meeting{of}"
            case Kind.FEEDBACK:
                return f"How it ended, and why: {process}"
            case Kind.FOLLOW_UP:
                said = next((one for one in self.known.rows["contact"] if one["id"] == row["about_id"]), None)
                return f"As we said{at}: {said['next_what']}" if said and said["next_what"] else f"As we said{at}"
            case Kind.KEEP_IN_TOUCH:
                return "A word to keep in touch"
            case Kind.REVISIT:
                return f"To come back to you{of}"
            case Kind.CHECK_IN:
                return f"To ask how the job goes, after {plural(int(row['key'].rsplit(':', 1)[1]), 'day')}"
            case Kind.THANKS:
                return f"Thanks for the recommendation{at}"
            case Kind.INTRODUCE:
                return "That whoever looks after you now says hello"
            case _:
                return "To ask for your consent again"

    def came_of(self, row: Row) -> str:
        at = self.moment(row["settled_at"]) if row["settled_at"] else ""
        moved = f", put off from {self.moment(row['rule_due_at'])}" if row["is_snoozed"] else ""
        match row["status"]:
            case Status.KEPT_ON_TIME:
                return f"kept in time, {at}{moved}"
            case Status.KEPT_LATE:
                late = f", {plural(row['late'], 'working day')} late" if row["late"] else ""
                return f"kept too late, {at}{late}{moved}"
            case Status.WAIVED:
                return f"let go, {at}"
            case Status.VOID:
                return f"fell away, {at}"
            case Status.HISTORY:
                return "from before you were with us here; never answered"
            case _:
                return f"{'we are late' if row['due_at'] < self.known.now else 'to come'}{moved}"

    def rhythm(self) -> Iterator[Line]:
        told = []
        for row in self.known.rows["rhythm_change"]:
            rhythm = Rhythm(row["rhythm_count"], row["rhythm_unit"]) if row["rhythm_count"] else None
            told.append((row, f"A word {rhythm_words(rhythm)}" if rhythm else "No regular word any more"))
        for row in self.known.rows["quiet_period"]:
            told.append((row, f"Quiet until {self.day(row['until_on'])}"))
        yield from self.in_order(told)

    def handovers(self) -> Iterator[Line]:
        told = [(row, f"From then on {self.member(row['to_id'])}") for row in self.known.rows["handover"]]
        yield from self.in_order(told)
        for row in self.known.rows["offered_person"]:
            answered = f" on {self.moment(row['answered_at'])}" if row["answered_at"] else ""
            yield Line(
                f"{self.member(row['to_id'])} was asked to look after you",
                self.moment(self.names.offered_at(row["offer_id"])),
                pairs=(("What to know of you", row["note"]), ("Why not", row["reason"])),
                beside=f"{say(row['state'])}{answered}",
            )

    def growth(self) -> Iterator[Line]:
        for row in self.known.rows["growth_note"]:
            came = f"What came of it, {self.day(row['came_of_it_at'])}" if row["came_of_it_at"] else "What came of it"
            again = f"to come back to on {self.day(row['revisit_on'])}" if row["revisit_on"] else ""
            pairs = (
                ("What you want to become", row["wants"]),
                ("What we advised", row["advice"]),
                (came, row["came_of_it"] or ""),
            )
            beside = _beside([again, *self.noted(row)])
            yield Line("", self.moment(row["happened_at"]), pairs=pairs, beside=beside)

    def placements(self) -> Iterator[Line]:
        told = []
        for row in self.known.rows["placement"]:
            at = f": {self.process(row)}" if row["process_id"] else ""
            told.append((row, f"A job that begins on {self.day(row['starts_on'])}{at}"))
        for row in self.known.rows["placement_end"]:
            why = f": “{row['reason']}”" if row["reason"] else ""
            told.append((row, f"A job that ended{why}"))
        yield from self.in_order(told)

    def referrals(self) -> Iterator[Line]:
        yield from self.in_order([(row, "You recommended somebody to us") for row in self.recommended(by_them=True)])

    # the law

    def recommended(self, *, by_them: bool) -> list[Row]:
        records = {person["id"] for person in self.people}
        return [row for row in self.known.rows["referral"] if (row["candidate_id"] in records) is by_them]

    def consents(self) -> Iterator[Line]:
        told: list[tuple[datetime, Line]] = []
        for row in self.known.rows["consent"]:
            said = f"You agreed {say(row['purpose'])}, until {self.day(row['until_on'])}"
            source = f"it came: {row['source']}" if row["source"] else ""
            beside = _beside([say(row["basis"]), source, *self.noted(row)])
            line = Line(said, self.moment(row["happened_at"]), (row["evidence"],), beside=beside)
            told.append((row["happened_at"], line))
        for kind, said in (
            (FactKind.CONSENT_WITHDRAWAL, "You withdrew your consent"),
            (FactKind.CONTACT_BAN, "You asked for no contact"),
            (FactKind.CONTACT_ALLOWANCE, "Contact was welcome again"),
        ):
            for row in self.of_kind(kind):
                line = Line(said, self.moment(row["happened_at"]), beside=_beside(self.noted(row)))
                told.append((row["happened_at"], line))
        yield from (line for _, line in sorted(told, key=lambda one: one[0]))

    def sources(self) -> Iterator[Line]:
        for row in self.known.rows["arrival"]:
            rhythm = Rhythm(row["rhythm_count"], row["rhythm_unit"]) if row["rhythm_count"] else None
            with_whom = f", with {self.member(row['owner_id'])}" if row["owner_id"] else ""
            notes = [
                f"a word {rhythm_words(rhythm)}" if rhythm else "",
                f"the first by {self.day(row['first_on'])}" if row["first_on"] else "",
                *self.noted(row),
            ]
            yield Line(f"You came on record{with_whom}", self.moment(row["happened_at"]), beside=_beside(notes))
        yield from self.in_order([(row, "Somebody recommended you to us") for row in self.recommended(by_them=False)])
        for row in self.known.rows["import_row"]:
            headers, at = self.names.list_of(row["batch_id"])
            pairs = under(headers, row["cells"])
            filled = row["filled"] or {}
            pairs += [
                (f"{column(name)}, before and after", _change(value(name, change))) for name, change in filled.items()
            ]
            yield Line(
                f"Line {row['line']} of the list “{self.names.called('import_batch', row['batch_id'])}”",
                self.moment(at),
                pairs=tuple(pairs),
                beside=_beside([say(row["outcome"]), why(row["reason"])]),
            )

    def scores(self) -> Iterator[Line]:
        for row in self.known.rows["survey_answer"]:
            said = f"{row['score']} of {own_page.HIGHEST}, after {self.process(row)}"
            yield Line(said, self.moment(row["at"]), (row["words"],), beside=say(row["result"]))

    def requests(self) -> Iterator[Line]:
        for row in self.known.rows["privacy_request"]:
            at = f" on {self.moment(row['done_at'])}" if row["done_at"] else ""
            by = f"by {self.member(row['done_by_id'])}" if row["done_by_id"] else ""
            yield Line(
                f"You asked {say(row['kind'])}, {say(row['channel'])}",
                self.day(row["received_on"]),
                pairs=(("Why it takes longer", row["notice"] or ""),),
                beside=_beside(
                    [
                        f"to be answered by {self.day(row['due_on'])}",
                        f"{say(row['state'])}{at} {by}".strip(),
                        f"on your own page until {self.day(row['fetch_until'])}" if row["fetch_until"] else "",
                        f"first fetched on {self.moment(row['fetched_at'])}" if row["fetched_at"] else "",
                        self.by_whom(row["opened_by_id"], "noted", row["opened_at"]),
                    ]
                ),
            )

    def own_page(self) -> Iterator[Line]:
        for row in self.known.rows["own_page_link"]:
            yield Line(
                f"You were given a link, good until {self.moment(row['expires_at'])}",
                self.moment(row["made_at"]),
                beside=_beside(
                    [
                        self.by_whom(row["made_by_id"], "made"),
                        f"last opened on {self.moment(row['last_used_at'])}" if row["last_used_at"] else "never opened",
                        f"revoked on {self.moment(row['revoked_at'])}" if row["revoked_at"] else "",
                    ]
                ),
            )
        visits = [row["at"] for row in self.known.rows["audit_entry"] if row["action"] == "own page opened"]
        if visits:
            yield Line(f"It was opened {plural(len(visits), 'time')}: {'; '.join(map(self.moment, visits))}")

    # what only the program needs

    def merges(self) -> Iterator[Line]:
        values = self.by("merged_value", "merge_id")
        for row in self.known.rows["merge"]:
            pairs = tuple(
                (column(one["name"]), _change(value(one["name"], [one["before"], one["after"]])))
                for one in values[row["id"]]
            )
            undone = f"undone on {self.moment(row['undone_at'])}" if row["undone_at"] else ""
            beside = _beside([self.by_whom(row["merged_by_id"], "done"), undone])
            yield Line("Two records were found to be yours", self.moment(row["merged_at"]), pairs=pairs, beside=beside)
        for row in self.known.rows["lookalike"]:
            yield Line(f"A record looks like yours. {why(row['why'])}", self.moment(row["found_at"]))
        for row in self.known.rows["not_same"]:
            by = self.by_whom(row["said_by_id"], "said")
            yield Line("A record that looked like yours is somebody else’s", self.moment(row["said_at"]), beside=by)

    def found_by(self) -> Iterator[Line]:
        for row in self.people:
            became = say(row["became"]) if row["became"] else ""
            pairs = (
                ("Listed under", row["sort_name"]),
                ("Counted under", row["came_from"] or ""),
                ("Counted as", became),
            )
            yield Line(pairs=pairs)
        for label, table, name in (("Words", "search_word", "word"), ("Keys", "match_key", "key")):
            found = dict.fromkeys(row[name] for row in self.known.rows[table])
            if found:
                yield Line(pairs=((label, ", ".join(found)),))
        messages = [row["source_key"] for row in self.known.rows["contact"] if row["source_key"]]
        if messages:
            yield Line(pairs=(("Messages that came with a list", ", ".join(messages)),))

    def trail(self) -> Iterator[Line]:
        for row in self.known.rows["audit_entry"]:
            changes = row["changes"] or {}
            by_link = changes.get("own_page") is not None
            who = "You, on your own page" if by_link else "One of our team" if row["actor_id"] else "Perennial itself"
            names = {pair: self.named(*pair) for pair in numbers_in(changes)}
            said = {name: change for name, change in changes.items() if name not in UNSAID}
            told = _DAY.sub(self.day_of, "; ".join(in_words(changed(said), names, self.calendar)))
            yield Line(f"{who}: {row['action']}", self.moment(row["at"]), beside=told)

    def day_of(self, found: re.Match[str]) -> str:
        return self.day(date.fromisoformat(found[0]))

    def named(self, kind: str, id_: int) -> str:
        return COLLEAGUE if kind == "member" else self.names.called(kind, id_)

    # how things are said

    def in_order(self, told: Iterable[tuple[Row, str]]) -> Iterator[Line]:
        for row, said in sorted(told, key=lambda one: (one[0]["happened_at"], one[0]["id"])):
            yield Line(said, self.moment(row["happened_at"]), beside=_beside(self.noted(row)))

    def by(self, table: str, column: str) -> dict[Any, list[Row]]:
        found: dict[Any, list[Row]] = defaultdict(list)
        for row in self.known.rows[table]:
            found[row[column]].append(row)
        return found

    def of_kind(self, kind: FactKind) -> list[Row]:
        return [row for row in self.known.rows["fact"] if row["kind"] is kind]

    def noted(self, row: Row, *, by: bool = True) -> list[str]:
        """By whom, when if not at once, from which list, and whether it was taken back."""
        who = f"by {self.member(row['by_id'])}" if by and row["by_id"] else ""
        later = self.calendar.day(row["entered_at"]) != self.calendar.day(row["happened_at"])
        when = f"noted on {self.day(row['entered_at'])}" if later else ""
        came = f"from the list “{self.names.called('import_batch', row['batch_id'])}”" if row["batch_id"] else ""
        return [who, when, came, self.undone(row).removeprefix(", ")]

    def undone(self, row: Row) -> str:
        return f", taken back on {self.day(row['undone_at'])}" if row["undone_at"] else ""

    def by_whom(self, id_: int | None, verb: str, at: datetime | None = None) -> str:
        if id_ is None and at is None:
            return ""
        by = f" by {self.member(id_)}" if id_ is not None else ""
        return f"{verb}{by}{f' on {self.moment(at)}' if at else ''}"

    def member(self, id_: int | None) -> str:
        return self.names.called("member", id_) if id_ is not None else ""

    def process(self, row: Row) -> str:
        return self.names.called("process", row["process_id"])

    def client(self, row: Row) -> str:
        """“Nordbank”: whom a word about a process went to."""
        return self.names.client(row["process_id"]) if row["process_id"] else "A client"

    def happened(self, fact_id: int) -> datetime | None:
        return self.facts[fact_id]["happened_at"] if fact_id in self.facts else None

    def moment_of(self, fact_id: int) -> str:
        at = self.happened(fact_id)
        return self.moment(at) if at else "a day that is not kept"

    def day(self, when: date | datetime) -> str:
        """“3 March 2026”."""
        day = self.calendar.day(when) if isinstance(when, datetime) else when
        return f"{day.day} {day:%B %Y}"

    def moment(self, at: datetime) -> str:
        return f"{self.day(at)}, {self.clock(at)}"

    def clock(self, at: datetime) -> str:
        return f"{at.astimezone(self.calendar.zone):%H:%M}"


GIVEN = {
    "data taken out": "A file like this one was made for you, by one of our team",
    "data fetched": "You took a file like this one from your own page",
}
"""Entries of the trail by which all of it left the team."""
UNSAID = ("own_page", "request", "link", "process", "claim", "fact", "ids")
"""Numbers in the trail that say nothing to a person."""


_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")


def under(headers: Sequence[str], cells: Sequence[str]) -> list[Pair]:
    """The cells of a row, each under a header of its own: two columns may be called the same, or one have no name."""
    found: dict[str, str] = {}
    for place, cell in enumerate(cells):
        header = (headers[place] if place < len(headers) else "") or "(no header)"
        number, name = 1, header
        while name in found:
            number, name = number + 1, f"{header} ({number + 1})"
        found[name] = cell
    return list(found.items())


def _beside(parts: Iterable[str]) -> str:
    return " · ".join(filter(None, parts))


def _change(change: Any) -> str:
    was, becomes = change if isinstance(change, list) and len(change) == 2 else (None, change)
    return f"{_plain(was)} → {_plain(becomes)}"


def _plain(value: Any) -> str:
    return listed([str(one) for one in value]) if isinstance(value, list) else "nothing" if not value else str(value)
