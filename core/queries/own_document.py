"""What is known of one person, as they read it: told to them, by what it is about, with why it is kept.

The rows come masked (`own_data`): nobody else is named in them. A column that no section tells fails
`tests/queries/test_own_data.py`.
"""

from collections.abc import Callable, Iterable, Sequence

from core.domain.document import Document, Line, Section
from core.domain.facts import Way
from core.domain.retention import claim_until, falls_due_on
from core.domain.words import plural
from core.queries import own_identity, own_openings, own_promises, own_record, own_rights, own_said
from core.queries.own_telling import Known, Telling


def document(known: Known) -> Document:
    telling = Telling(known)
    told = [(title, Section(title, why, list(lines(telling)))) for title, why, lines in parts()]
    nothing = [title for title, section in told if not section.lines]
    return Document(
        title=f"What we know of {known.name or 'you'}",
        lead=lead(telling),
        sections=[section for _, section in told if section.lines],
        close=close(telling, nothing),
    )


Part = tuple[str, str, Callable[[Telling], Iterable[Line]]]


def parts() -> list[Part]:
    """In the order in which somebody reads them."""
    return [
        ("Who you are to us", "So that we know whom we speak with, and what you are looking for.", own_identity.who),
        (
            "How to reach you",
            "So that a word from us arrives, and we recognise you when you write.",
            own_identity.handles,
        ),
        ("What was said", "So that you need not say things twice, and we keep what we said.", own_said.words),
        ("Meetings", "So that everybody comes, at the same time.", own_said.meetings),
        ("Openings you were considered for", "To fill them, and to tell you how it stands.", own_openings.processes),
        ("What we asked you", "So that nobody judges by a guess where one can ask.", own_openings.questions),
        ("What was said of you to clients", "So that each thing said has its source.", own_openings.recommendations),
        (
            "Who received or was shown what",
            "You may know who has your data. Others than these, and the members of our team, were given none.",
            own_openings.received,
        ),
        (
            "What we promised, and what came of it",
            "To keep our word, and to see where we did not.",
            own_promises.promises,
        ),
        ("How often we keep in touch", "So that you hear from us, and not too often.", own_promises.rhythm),
        ("Who looks after you", "So that you always have somebody to turn to.", own_promises.handovers),
        ("What you want to become", "To think of you for what helps you on.", own_identity.growth),
        ("Jobs you took through us", "To ask how you are doing there.", own_promises.placements),
        ("People you recommended", "To thank you, and to tell you what came of it.", own_promises.referrals),
        ("What you agreed to", "The law asks us to show what you agreed to, and when.", own_rights.consents),
        ("Where your data come from", "You may know their source; so may whoever checks it.", own_rights.sources),
        ("How you scored us", "To do better.", own_rights.scores),
        ("What you asked of your data", "To answer in time, and to show that we did.", own_rights.requests),
        ("Your own page", "So that the link we gave you opens it, and nobody else’s does.", own_rights.links),
        ("Records of you that were brought together", "So that it can be undone if it was wrong.", own_record.merges),
        ("By what you are found", "So that a search finds you, and nobody is on record twice.", own_record.found_by),
        (
            "Who did what with your data, and when",
            "So that nothing is done with them unseen. Of what is personal only that it changed is kept here.",
            own_record.trail,
        ),
    ]


def lead(telling: Telling) -> tuple[str, ...]:
    known = telling.known
    words = [row for row in known.rows["contact"] if row["way"] in (Way.TO, Way.FROM, Way.TALKED)]
    since = min((row["met_on"] for row in telling.people if row["met_on"]), default=None)
    owner = next((telling.member(row["owner_id"]) for row in telling.people if row["owner_id"]), "")
    openings = len(telling.known.rows["process"])
    short = [
        f"We have known you since {telling.day(since)}." if since else "",
        f"{owner} looks after you." if owner else "",
        f"{plural(len(words), 'word')} went between us." if words else "",
        f"You were considered for {plural(openings, 'opening')}." if openings else "",
    ]
    return (
        f"This is all of it, as of {telling.moment(known.now)}, on the clock of {telling.calendar.zone_name}. Other"
        " people’s names and addresses are left out, since they are theirs. The same stands beside this page as"
        " JSON, for other programs.",
        " ".join(filter(None, short)),
    )


def close(telling: Telling, nothing: Sequence[str]) -> tuple[str, ...]:
    today, person = telling.calendar.day(telling.known.now), telling.people[0] if telling.people else {}
    kept = f"We keep this for {plural(telling.known.months, 'month')} after the last thing you did yourself"
    if (acted := person.get("last_act_on")) is not None:
        kept += f", which was on {telling.day(acted)}: until {telling.day(falls_due_on(acted, telling.known.months))}"
        if any(row["is_active"] and row["undone_at"] is None for row in telling.known.rows["process"]):
            kept += ", and for as long as you are in an opening"
    if claim := claim_until(person.get("kept_until"), today):
        kept += f"; a legal claim keeps it until {telling.day(claim)}"
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
