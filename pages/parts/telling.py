"""Somebody in words: who they are, and what happened. A line of Markdown for each thing, the words themselves below."""

import re
from datetime import date, datetime, timedelta

from core.charts.timeline import ENDS
from core.domain.calendar import Calendar
from core.domain.drafts import NAMES, OBJECTS, POSSESSIVES
from core.domain.facts import Absent, Answer, ClosingReason, MeetingKind, MeetingResult, Turn, Way
from core.domain.gate import reason_in_words
from core.domain.own_page import ASKED, request_in
from core.domain.promises import Status
from core.domain.rhythms import rhythm_words
from core.domain.warmth import FORMULA, Warmth
from core.persistence.tables import FactKind
from core.queries.candidate import InOpening, Profile
from core.queries.history import Entry, KeptWord
from core.queries.last_words import LastWord
from core.queries.meetings import Appointment
from core.queries.skills import Near
from pages.parts import wording
from pages.parts.layout import badge, quiet
from pages.parts.wording import md

LONGEST = 600
MOST_FOLLOW = 10
ANSWERS = {
    Answer.TOLD: "told",
    Answer.OWED: "feedback owed from then on",
    Answer.UNREACHABLE: "not reachable after three tries",
    Answer.DO_NOT_CONTACT: "asked for no contact",
}
TURNS = {Turn.OURS: "Our turn", Turn.CLIENT: "Waiting on the client", Turn.CANDIDATE: "Candidate’s turn"}
SIDES = {Absent.US: "We", Absent.CANDIDATE: "The candidate", Absent.CLIENT: "The client"}
ABSENT = {Absent.CANDIDATE: "they did not come", Absent.US: "we did not come", Absent.CLIENT: "the client did not come"}


BY = {Absent.US: "by us", Absent.CANDIDATE: "by them", Absent.CLIENT: "by the client"}
_LINK = re.compile(r"https://[\w.-]+(/[\w./?=&%#:~+-]*)?")


class Pronoun:
    """How somebody is spoken of: by the pronoun they gave, else by their first name."""

    def __init__(self, profile: Profile) -> None:
        given = profile.pronoun.lower().split("/")[0].strip()
        first = profile.name.split()[0] if profile.name.strip() else ""
        self.subject = {"she": "She", "he": "He", "they": "They"}.get(given) or first or "They"
        self.object = OBJECTS.get(given) or first or "them"
        self.possessive = POSSESSIVES.get(given) or (f"{first}’s" if first else "their")


def warmth_in_parts(how: Warmth | None) -> str:
    """What it is the sum of, a line each, and how it is reckoned of anybody."""
    parts = how.parts if how else ()
    lines = [f"- {part.points} of {part.most}: {part.why}" for part in parts]
    return "\n".join([*lines, "", FORMULA])


def known(person: Profile) -> str:
    """Addresses, skills and notes, in one piece."""
    lines = [_address(kind.value, value) for kind, value in person.handles]
    if person.skills:
        lines.append(f"**Skills:** {', '.join(md(skill) for skill in person.skills)}")
    if person.tags:
        lines.append(f"**Tags:** {', '.join(md(tag) for tag in person.tags)}")
    if person.source:
        lines.append(f"**From:** {md(person.source)}")
    if person.notes:
        lines.append(md(person.notes))
    return "  \n".join(lines) or quiet("No address, no skill is known yet: Details has room for them.")


def follows(others: list[Near]) -> str:
    """What somebody can do by what they have, the nearest first."""
    named = [md(near.name) for near in others[:MOST_FOLLOW]]
    more = f" and {len(others) - MOST_FOLLOW} more" if len(others) > MOST_FOLLOW else ""
    return f"From these follow: {', '.join(named)}{more}"


def known_for(since: date, today: date) -> str:
    """“known since today”, “known for 12 days”, “known for 3 years”."""
    return f"known for {wording.span(since, today)}" if since < today else "known since today"


def last_word(word: LastWord, who: Pronoun, today: date, calendar: Calendar) -> str:
    whose = who.object if word.is_from_them else "us"
    said = wording.quote(word.text) if word.text else "spoke live" if word.was_live else word.asked or "no text kept"
    channel = f", {md(word.channel)}" if word.channel else ""
    return f"{quiet(f'{wording.day(calendar.day(word.at), today)} · {md(whose)}{channel}')}  \n{said}"


def in_opening(process: InOpening, now: datetime, calendar: Calendar) -> str:
    today = calendar.day(now)
    at = f", {md(process.client)}" if process.client else ""
    if process.is_active:
        state = badge(TURNS[process.turn].lower(), "violet" if process.turn is Turn.OURS else "gray")
        held = f" {badge('on hold')}" if process.is_held else ""
        how = f"{state}{held}{_next_word(process, now, calendar)}"
    else:
        how = badge(ENDS[process.result] if process.result else "ended")
    since = wording.day(calendar.day(process.started_at), today)
    until = f" to {wording.day(calendar.day(process.closed_at), today)}" if process.closed_at else ""
    with_whom = f" · with {md(process.owner)}" if process.owner else ""
    line = f"{since}{until}{_in_stage(process, now, calendar)}{with_whom}"
    return f"**{md(process.opening)}{at}** {how}  \n{quiet(line)}"


def appointment(row: Appointment, now: datetime, calendar: Calendar, *, with_name: bool = True) -> str:
    """Two lines: what and with whom, and how it ended; when, where and who of us."""
    named = f", {md(row.name)}" if with_name else ""
    at = f" · {md(row.at)}" if row.at else ""
    until = wording.time(row.ends_at, calendar)
    parts = [f"{md(wording.moment(row.starts_at, now, calendar))} to {md(until)}"]
    parts += [f"with {md(row.host)}"] if row.host else []
    parts += [place(row.place)] if row.place else []
    parts += [md(row.note)] if row.note else []
    parts += [f"moved {'once' if row.moves == 1 else f'{row.moves} times'}"] if row.moves else []
    return f"**{row.kind.capitalize()}{named}**{at} {how_it_went(row, now)}  \n{quiet(' · '.join(parts))}"


def how_it_went(row: Appointment, now: datetime) -> str:
    """A badge; nothing while it is to come and may be."""
    match row.result:
        case MeetingResult.HELD:
            return badge("held", "green")
        case MeetingResult.CANCELLED:
            by = f", {BY[row.asked_by]}" if row.asked_by else ""
            return badge(f"cancelled{by}")
        case MeetingResult.MISSED:
            return badge(f"missed: {_absent(row.absent or Absent.US, row.absent_member)}", "yellow")
        case _:
            if row.ends_at <= now:
                return badge("no outcome yet", "violet")
            return badge("the process has ended: cancel it, and tell them", "orange") if row.is_off else ""


def place(text: str) -> str:
    """Where a meeting is; a link if it is nothing but one."""
    if _LINK.fullmatch(text):
        return f"[{md(text.split('/')[2])}](<{text}>)"
    return md(text)


def notice(starts_at: datetime, at: datetime) -> str:
    """“3 days’ notice”: from when it was changed until the meeting was to begin, or now is, whichever is earlier."""
    if starts_at - at < timedelta(minutes=1):
        return "no notice"
    before = wording.lasting(starts_at - at)
    return f"{before}{'’' if before.endswith('s') else '’s'} notice"


def told(entry: Entry, who: Pronoun, now: datetime, calendar: Calendar) -> str:
    """The whole entry: when and what in one line, what was said below, and what it kept."""
    when = wording.moment(entry.at, now, calendar)
    by = f" · {md(entry.by)}" if entry.by and entry.way is not Way.FROM else ""
    lines = [f"**{_what(entry, who, now, calendar)}**  \n{quiet(md(when) + by + _beside(entry, now, calendar))}"]
    if entry.text:
        lines.append(wording.quote(entry.text, LONGEST))
    if entry.kept:
        lines.append(" ".join(_kept(word, now, calendar) for word in entry.kept))
    return "  \n".join(lines)


def in_short(entry: Entry, who: Pronoun, now: datetime, calendar: Calendar) -> str:
    """In one line, to choose it by: what, when, and how what was said begins."""
    said = f" · {wording.quote(entry.text, 40)}" if entry.text else ""
    return f"{_what(entry, who, now, calendar)} · {md(wording.moment(entry.at, now, calendar))}{said}"


def _next_word(process: InOpening, now: datetime, calendar: Calendar) -> str:
    if process.next_due_at is None:
        return ""
    if process.next_due_at < now:
        return f" {badge(wording.lateness(process.next_due_at, now, calendar), 'red')}"
    return f" {badge(f'a word {wording.due(process.next_due_at, now, calendar)}')}"


def _in_stage(process: InOpening, now: datetime, calendar: Calendar) -> str:
    if not process.is_active or not process.stage:
        return ""
    days = calendar.working_days_late(process.since, now)
    return f" · {md(process.stage)}, {wording.plural(days, 'working day') if days else 'since today'}"


def _address(kind: str, value: str) -> str:
    if value.startswith("https://"):
        return f"[{ {'linkedin': 'LinkedIn', 'github': 'GitHub'}.get(kind, md(value)) }](<{value}>)"
    return md(value)


def _beside(entry: Entry, now: datetime, calendar: Calendar) -> str:
    parts = []
    if entry.process and entry.kind is not FactKind.PROCESS:
        parts.append(md(entry.process))
    if entry.about and not request_in(entry.text, entry.about):
        parts.append(f"about {md(entry.about)}")
    if entry.next_what and entry.next_due_at:
        parts.append(f"next: {md(entry.next_what)}, {wording.due(entry.next_due_at, now, calendar)}")
    if entry.is_imported:
        parts.append("imported")
    return "".join(f" · {part}" for part in parts)


def _what(entry: Entry, who: Pronoun, now: datetime, calendar: Calendar) -> str:
    today = calendar.day(now)
    until = wording.day(entry.until, today) if entry.until else ""
    match entry.kind:
        case FactKind.CONTACT:
            return _said(entry, who)
        case FactKind.ARRIVAL:
            return f"Added{f', with {md(entry.who)}' if entry.who else ''}"
        case FactKind.PROCESS:
            at = f" at {md(entry.process)}" if entry.process != entry.opening else ""
            return f"In for {md(entry.opening)}{at}{f', {md(entry.stage)}' if entry.stage else ''}"
        case FactKind.STAGE_MOVE:
            return f"Moved to {md(entry.stage)}"
        case FactKind.TURN_CHANGE:
            return TURNS[entry.turn or Turn.OURS]
        case FactKind.CLOSING:
            ended = ENDS[entry.result] if entry.result else "ended"
            answer = f", {ANSWERS[entry.answer]}" if entry.answer else ""
            return f"Ended: {ended}{_why(entry)}{answer}{f', to come back to on {until}' if until else ''}"
        case FactKind.REOPENING:
            return "Opened again"
        case FactKind.MEETING | FactKind.MEETING_MOVE | FactKind.MEETING_OUTCOME:
            return _met(entry, now, calendar)
        case FactKind.RHYTHM_CHANGE:
            return f"Rhythm: a word {rhythm_words(entry.rhythm)}" if entry.rhythm else "No rhythm any more"
        case FactKind.QUIET_PERIOD:
            return f"Quiet until {until}"
        case FactKind.GROWTH_NOTE:
            return f"Growth{f', to come back to on {until}' if until else ''}"
        case FactKind.PLACEMENT:
            return f"A job that begins {until}"
        case FactKind.PLACEMENT_END:
            return "The job ended"
        case FactKind.REFERRAL:
            return f"Recommended {md(entry.who) or 'somebody'}"
        case FactKind.HANDOVER:
            return f"Handed over to {md(entry.who)}"
        case FactKind.CONSENT:
            return f"Consent until {until}"
        case FactKind.CONSENT_WITHDRAWAL:
            return "Consent withdrawn"
        case FactKind.CONTACT_BAN:
            return "Asked for no contact"
        case FactKind.CONTACT_ALLOWANCE:
            return "Contact allowed again"
        case FactKind.WAIVER:
            return f"Waived: {_promise(entry)}"
        case FactKind.SNOOZE:
            return f"Snoozed: {_promise(entry)}{_until(entry, now, calendar)}"
        case FactKind.ERASURE:
            return "Erased"
        case _:
            return entry.kind.value.replace("_", " ").capitalize()


def _said(entry: Entry, who: Pronoun) -> str:
    how = f", {md(entry.channel)}" if entry.channel else ""
    match entry.way:
        case Way.FROM:
            asked = ASKED.get(request_in(entry.text, entry.about), "")
            return f"{md(who.subject)}{f' {asked}' if asked else ''}{how}"
        case Way.TALKED:
            return f"We talked{how}"
        case Way.ATTEMPT:
            return f"Tried to reach {md(who.object)}{how}"
        case Way.NOTE:
            return "Note"
        case Way.CLIENT_TO:
            return f"We, to the client{how}"
        case Way.CLIENT_FROM:
            return f"The client{how}{', needs longer' if entry.still_waiting else ''}"
        case _:
            return f"We{how}{', feedback' if entry.is_feedback else ''}"


def _met(entry: Entry, now: datetime, calendar: Calendar) -> str:
    what = (entry.meeting or MeetingKind.INTERVIEW).capitalize()
    if entry.kind is FactKind.MEETING_OUTCOME:
        how = {MeetingResult.HELD: "held", MeetingResult.CANCELLED: "cancelled", MeetingResult.MISSED: "missed"}
        absent = f": {md(_absent(entry.absent, entry.absent_member))}" if entry.absent else ""
        by = f", {BY[entry.asked_by]}" if entry.asked_by else ""
        return f"{what} {how[entry.meeting_result or MeetingResult.HELD]}{absent}{by}"
    at = md(wording.moment(entry.meeting_at, now, calendar)) if entry.meeting_at else ""
    if entry.kind is FactKind.MEETING:
        return f"{what} for {at}"
    if entry.who:
        return f"{what} for {at}: {md(entry.who)} hosts it"
    by = f", asked for {BY[entry.asked_by]}" if entry.asked_by else ""
    times = [at for at in (entry.moved_from, entry.meeting_at) if at]
    with_notice = f", with {notice(min(times), entry.at)}" if entry.moved_from else ""
    return f"{what} moved to {at}{by}{with_notice}"


def _absent(side: Absent, member: str) -> str:
    return f"{member} did not come" if side is Absent.US and member else ABSENT[side]


def _why(entry: Entry) -> str:
    """“ (thin CV), without asking, as the opening was cancelled”."""
    reason = f" ({reason_in_words(entry.reason)})" if entry.reason and entry.reason is not ClosingReason.OTHER else ""
    asked = {None: "", True: ", asked first", False: ", without asking"}[entry.was_asked if reason else None]
    opening = f", as the opening was {entry.ended_with.value}" if entry.ended_with else ""
    return f"{reason}{asked}{opening}"


def _promise(entry: Entry) -> str:
    return NAMES[entry.promise].lower() if entry.promise else "a word"


def _until(entry: Entry, now: datetime, calendar: Calendar) -> str:
    return f", until {wording.day(calendar.day(entry.until_at), calendar.day(now))}" if entry.until_at else ""


def _kept(word: KeptWord, now: datetime, calendar: Calendar) -> str:
    due = wording.day(calendar.day(word.due_at), calendar.day(now))
    match word.status:
        case Status.KEPT_ON_TIME:
            return badge(f"kept: {NAMES[word.kind].lower()}, due {due}", "green")
        case Status.KEPT_LATE:
            return badge(f"kept late: {NAMES[word.kind].lower()}, due {due}", "yellow")
        case _:
            return badge(f"let go: {NAMES[word.kind].lower()}, due {due}")
