"""The register of what a recruiting team does with people's data (art. 30 GDPR), as this team has set it."""

from dataclasses import dataclass

from core.domain.backups import OLDEST
from core.domain.policy import Policy
from core.domain.retention import LONGEST_CLAIM


@dataclass(frozen=True, slots=True)
class Processing:
    """One thing that is done with data: what for, whose and which, on what ground, who receives it, for how long."""

    purpose: str
    data: str
    ground: str
    recipients: str
    period: str


def register(policy: Policy) -> list[Processing]:
    kept = f"{policy.retention_months} months after the candidate’s own last act"
    return [
        Processing(
            "Filling an opening",
            "Candidates: name, addresses, experience, skills, words exchanged, meetings, outcome",
            "Art. 6(1)(b) and (c) GDPR with art. 22¹ of the Labour Code",
            "Members of the team; the opening’s client, by a recommendation that is kept",
            f"While in process, then {kept}",
        ),
        Processing(
            "Thinking of people for future openings",
            "Candidates: the same, and what they want to become",
            "Consent, art. 6(1)(a) GDPR; it is asked for again "
            f"{policy.consent_before} days before it lapses, and withdrawn on their page",
            "Members of the team",
            kept.capitalize(),
        ),
        Processing(
            "Keeping our word to them",
            "Candidates: what is owed to them, by when and by whom, and whether it was kept",
            "Legitimate interest, art. 6(1)(f) GDPR",
            "Members of the team",
            "With the person; afterwards only as numbers",
        ),
        Processing(
            "Defence against claims",
            "Candidates whom a claim concerns: all that is known of them",
            "Art. 17(3)(e) GDPR",
            "Admins; advisers and courts as needed",
            f"Until the claim is over, at most {LONGEST_CLAIM} months at a time",
        ),
        Processing(
            "Answering requests",
            "Whoever asked: what they asked for, when, and how it was answered; after erasure without a name",
            "Art. 5(2), 12 and 15 to 17 GDPR",
            "Members of the team",
            "As proof, without personal data",
        ),
        Processing(
            "Not bringing back who was erased",
            "Whoever was erased: of each of their addresses a hash, which nobody can read it from",
            "Legitimate interest, art. 6(1)(f), with art. 17 GDPR",
            "Nobody",
            "Until they come back by themselves",
        ),
        Processing(
            "Writing to clients",
            "Contact persons of clients: name, title, addresses, words exchanged",
            "Legitimate interest, art. 6(1)(f) GDPR",
            "Members of the team",
            "While the client is one",
        ),
        Processing(
            "Running Perennial safely",
            "Members: name, sign-ins, and who did what; never what was written of a person",
            "Art. 6(1)(c) and (f), art. 32 GDPR",
            "Admins",
            f"The trail as long as the database; sessions a day, backups {OLDEST.days} days at most",
        ),
    ]
