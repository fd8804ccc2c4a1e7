"""Why a row of a list was left out, or what of it was equal to somebody known: its codes in words."""

REJECTED = {
    "no_identity": "No name, no e-mail address and no profile",
    "repeated_header": "The header again",
    "column_mismatch": "More cells than columns: a separator inside a cell is not in quotes",
    "not_a_person": "The list itself says this is no person",
    "draft": "A draft that was never sent",
    "value_too_long": "A cell of absurd length",
    "invalid_date": "No moment can be read from its date, or one still to come",
    "erased": "Was erased here: nothing of this row is kept. Who comes back by themselves is added by hand",
}
EQUAL = {
    "email": "same e-mail",
    "linkedin_url": "same LinkedIn profile",
    "github_url": "same GitHub profile",
    "phone": "same phone",
    "phone+name": "same phone and name",
    "name": "same name",
    "short_name": "short form of the name",
    "other_spelling": "name spelled otherwise",
    "initial": "initial of the name",
    "shorter_name": "part of the name left out",
    "slip_in_name": "name but for a slip",
    "company": "same company",
    "shorter_company": "part of the company's name",
    "slip_in_company": "company but for a slip",
    "email_plus_tag": "same mailbox but for the +tag",
    "row": "the same row was imported before",
    "conversation_id": "same conversation",
    "sent_at": "same moment",
    "from_url": "same sender",
    "content": "same words",
}


def why(reason: str) -> str:
    """The reason a row carries: why it was left out, or what of it was equal."""
    if reason in REJECTED:
        return REJECTED[reason]
    words = [EQUAL.get(one, one) for one in reason.split(", ") if one]
    return (", ".join(words)[:1].upper() + ", ".join(words)[1:]) if words else ""
