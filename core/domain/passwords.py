"""What may be a password: length, and not what everybody tries first. No rule about kinds of characters."""

import re

from core.domain.refusal import Refused

SHORTEST, LONGEST = 12, 72
"""In bytes: bcrypt reads 72, and a longer one would be cut without a word."""

RULE = "12 to 72 characters. A few words you will remember are better than one word with signs in it."

COMMON = frozenset(
    """
    123456789012 1234567890123 12345678901234 123456789123 1234567890qwerty 1q2w3e4r5t6y 1qaz2wsx3edc 1q2w3e4r5t6y7u
    qwertyuiop12 qwertyuiop123 qwerty123456 qwerty1234567 qwertyuiopasdf asdfghjkl123 zxcvbnm12345 zaq12wsxcde3
    zaq1zaq1zaq1 password1234 password12345 password123456 passwordpassword mypassword123 newpassword1 newpassword123
    adminadmin123 administrator administrator1 administrator123 admin1234567 letmeinletmein iloveyou1234 iloveyouforever
    welcome12345 welcomewelcome changeme1234 changemechangeme unbelievable1 superman1234 football1234 princess1234
    sunshine1234 dragon123456 monkey123456 abcdefghijkl abcdefghijklm abcd12345678 abc123456789 a1b2c3d4e5f6
    correcthorsebatterystaple trustno1trustno1 qazwsxedcrfv polska123456 haslo1234567 haslohaslohaslo haslo123haslo
    mojehaslo123 kochamcie123 recruiter123 recruiting123 recruitment1 recruitment123 rekrutacja123 perennial123
    perennialperennial perennial1234 linkedin1234 candidate1234 summer2025summer winter2026winter
    """.split()
)


def refuse_weak(password: str, *, username: str = "", name: str = "") -> None:
    """Raises Refused, saying what would do, for one that is too short, too long, or among the first to be guessed."""
    length = len(password.encode())
    if length < SHORTEST:
        raise Refused(f"That password is too short. It needs {RULE}")
    if length > LONGEST:
        raise Refused("That password is too long: 72 characters at most, fewer with letters such as ż or ü.")
    if _is_common(password, username, name):
        raise Refused("That password is one of the first that would be tried. Take a few words nobody would think of.")


def _is_common(password: str, username: str, name: str) -> bool:
    plain = password.casefold()
    own = {*re.split(r"\W+", f"{username} {name}".casefold()), username.casefold(), "perennial"}
    rest = plain
    for word in sorted(own - {""}, key=len, reverse=True):
        rest = rest.replace(word, "") if len(word) > 2 else rest
    return (
        plain in COMMON
        or len(set(plain)) < 5
        or plain in "01234567890123456789012345678901234567890123456789" * 2
        or _is_repeated(plain)
        or len(rest) < 6
    )


def _is_repeated(text: str) -> bool:
    """One short piece again and again: `abcabcabcabc`."""
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, 5))
