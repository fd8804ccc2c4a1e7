"""What becomes of a row, and why, in the words a recruiter would use."""

from core.importers.preview import Counts, Outcome

OUTCOMES: dict[Outcome, str] = {
    "new": "New",
    "adds": "Adds to somebody known",
    "exact": "Known already",
    "likely": "To decide",
    "rejected": "Left out",
}
WARNINGS = {
    "invalid_email": "no e-mail address",
    "noreply_email": "an address nobody reads",
    "invalid_phone": "no phone number",
    "damaged_phone": "a phone number a spreadsheet has rounded",
    "invalid_date": "no date",
    "invalid_url": "no profile address",
    "control_chars": "invisible characters removed",
    "name_missing": "no name",
    "names_erased": "an address of somebody who was erased is taken out",
}
FIELDS = {
    "full_name": "Name",
    "first_name": "First name",
    "middle_name": "Middle name",
    "last_name": "Last name",
    "email": "E-mail",
    "phone": "Phone",
    "linkedin_url": "LinkedIn",
    "github_url": "GitHub",
    "website": "Website",
    "company": "Company",
    "title": "Title",
    "location": "Place",
    "city": "Place",
    "country": "Place",
    "skills": "Skills",
    "tags": "Tags",
    "notes": "Notes",
    "source": "Where from",
    "consent": "Consent: whoever says no is given none",
    "connected_at": "Known since",
    "added_at": "Known since",
    "applied_at": "Known since",
    "contacted_at": "Known since",
    "account_type": "Tells people from companies",
    "pay": "Not kept: present or past pay",
    "left_out": "Not kept: why a row was left out before",
    "conversation_id": "Conversation",
    "from_name": "From whom",
    "from_url": "From whom",
    "to_names": "To whom",
    "to_urls": "To whom",
    "sent_at": "When",
    "subject": "About",
    "content": "The words",
    "is_draft": "Drafts are left out",
}
"""What a column is understood as; any other is kept with its row and changes nothing."""

WITH_THE_ROW = "Kept with the row"


def understood(kind: str | None) -> str:
    return FIELDS.get(kind or "", WITH_THE_ROW)


def summary(counts: Counts, what: str = "people") -> str:
    """“222 new people, 4 known, 3 to decide, 5 left out”; what there is none of is not said."""
    one = {"people": "person", "messages": "message"}.get(what, what)
    parts = [f"{counts.new:,} new {one if counts.new == 1 else what}"]
    for number, words in ((counts.known, "known"), (counts.likely, "to decide"), (counts.rejected, "left out")):
        if number:
            parts.append(f"{number:,} {words}")
    return ", ".join(parts)
