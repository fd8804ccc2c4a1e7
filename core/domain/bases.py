"""On what basis people are kept on record: what the law asks to be known of everybody."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

CONSENT_LASTS = timedelta(days=365)
"""As asked for, where nothing else is said."""


class Basis(StrEnum):
    CONSENT = "consent"
    APPLIED = "applied"
    PUBLIC = "public profile"
    REFERRAL = "referral"
    RELATIONSHIP = "relationship"

    @property
    def lapses(self) -> bool:
        """Only a consent has a last day; the others hold as long as their ground does."""
        return self is Basis.CONSENT

    @property
    def needs_notice(self) -> bool:
        """They did not give us their data themselves: they are told within a month (art. 14 GDPR)."""
        return self in (Basis.PUBLIC, Basis.REFERRAL)


class Purpose(StrEnum):
    """What somebody agreed to."""

    FUTURE = "future openings"
    PRESENT = "present opening"
    CLIENTS = "shown to clients"


class ConsentBasis(StrEnum):
    """Which rule asks for the consent, in Poland."""

    CONSENT = "consent"
    """Art. 6(1)(a) GDPR."""
    MORE = "more data"
    """More than an employer may ask for: art. 22¹ᵃ of the Labour Code."""
    SENSITIVE = "sensitive data"
    """Health, faith, origin and the like, where they told of it themselves: art. 22¹ᵇ of the Labour Code."""


PURPOSES = {
    Purpose.FUTURE: "to be thought of for future openings",
    Purpose.PRESENT: "to be considered for the opening they are in",
    Purpose.CLIENTS: "to be shown to clients",
}
"""“You agreed to be …”."""

BASES = {
    ConsentBasis.CONSENT: "Consent, art. 6(1)(a) GDPR",
    ConsentBasis.MORE: "More than an employer may ask for, art. 22¹ᵃ of the Labour Code",
    ConsentBasis.SENSITIVE: "Sensitive, and told by themselves, art. 22¹ᵇ of the Labour Code",
}


@dataclass(frozen=True, slots=True)
class Ground:
    """On what basis people are kept on record, and until when; no basis: nobody was asked."""

    basis: Basis | None = None
    until_on: date | None = None

    def what_is_wrong(self, today: date) -> str:
        """In a sentence; "" is nothing. A consent has a last day that is still to come, and nothing else has one."""
        lapses = self.basis is not None and self.basis.lapses
        if lapses and (self.until_on is None or self.until_on <= today):
            return "Say until when the consent holds; the day must be still to come."
        if not lapses and self.until_on is not None:
            return "Only a consent has a last day."
        return ""
