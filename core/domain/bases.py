"""On what basis people are kept on record: what the law asks to be known of everybody."""

from enum import StrEnum


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
