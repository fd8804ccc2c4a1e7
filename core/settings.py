"""What a team sets for itself, read once from the environment. Each has a name, a default and a sentence."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.domain.calendar import Calendar
from core.domain.refusal import Refused
from core.domain.templates import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "PERENNIAL_"
HERE = ("localhost", "127.0.0.1", "::1")
WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class WrongSetting(Refused):
    """A setting that is not understood; Perennial does not start with one."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable of the environment, as the README lists it."""

    name: str
    default: str
    sentence: str


SETTINGS = (
    Setting(
        "PERENNIAL_DATABASE_URL",
        "sqlite:///data/perennial.db",
        "Where everything is kept: `sqlite:///FILE` (a file's name counts from this folder) or"
        " `postgresql+psycopg://user:password@host/name`.",
    ),
    Setting(
        "PERENNIAL_BACKUP_FOLDER",
        "beside the database",
        "Where backups lie: a folder. Unless it is set, `backups` beside the SQLite file, or `data/backups`.",
    ),
    Setting(
        "PERENNIAL_TIME_ZONE",
        "Europe/Warsaw",
        "The team's time zone at its first start; from then on the page Policy says.",
    ),
    Setting(
        "PERENNIAL_COUNTRY",
        "PL",
        "The country, in two letters, whose public holidays count for nothing in a deadline; likewise.",
    ),
    Setting(
        "PERENNIAL_WORKING_DAYS",
        "Mon-Fri",
        "The days the team works, such as `Mon-Fri` or `Mon,Tue,Thu`; likewise.",
    ),
    Setting(
        "PERENNIAL_WORKING_HOURS",
        "09:00-17:00",
        "From when to when; what is due on a day is due when it closes. Likewise.",
    ),
    Setting(
        "PERENNIAL_PHONE_REGION",
        "the country",
        "The country, in two letters, of phone numbers that come without a country code.",
    ),
    Setting(
        "PERENNIAL_LANGUAGE",
        "en",
        "The language drafts are written in, `en` or `pl`, to whoever has none of their own.",
    ),
    Setting(
        "PERENNIAL_ADDRESS",
        "127.0.0.1",
        "The address Perennial answers on; `0.0.0.0` is every address of the machine.",
    ),
    Setting(
        "PERENNIAL_PORT",
        "8501",
        "The port Perennial answers on.",
    ),
    Setting(
        "PERENNIAL_PUBLIC_URL",
        "none",
        "The address people type, such as `https://perennial.example.org`. With https the sign-in never travels without"
        " it.",
    ),
    Setting(
        "PERENNIAL_ALLOWED_HOSTS",
        "this machine, and the host of the public URL",
        "The host names that are answered, with commas between; `*.example.org` is every name below it, `*` any.",
    ),
    Setting(
        "PERENNIAL_SESSION_HOURS",
        "12",
        "How long somebody stays signed in, 1 to 720.",
    ),
    Setting(
        "PERENNIAL_OWN_PAGE_DAYS",
        "90",
        "How long a link to a candidate’s own page is good, 1 to 730.",
    ),
    Setting(
        "PERENNIAL_UPLOAD_MB",
        "10",
        "The largest file that can be uploaded, 1 to 200.",
    ),
    Setting(
        "PERENNIAL_IMPORT_ROWS",
        "100000",
        "The most rows an uploaded list may have, 1 to 1000000; `perennial import` takes a million, and 200 MB.",
    ),
    Setting(
        "PERENNIAL_IMPORT_COLUMNS",
        "2000",
        "The most columns an uploaded list may have, 1 to 16384.",
    ),
    Setting(
        "PERENNIAL_IMPORT_CELL",
        "100000",
        "The most characters a cell of an uploaded list may have, 100 to 1000000; a row with more is left out.",
    ),
    Setting(
        "PERENNIAL_LOG",
        "text",
        "How the log is written: `text`, or `json`, an object a line. Neither says what anybody typed.",
    ),
)


@dataclass(frozen=True)
class Settings:
    """What the team set, understood and checked."""

    database_url: str
    backup_folder: Path | None
    calendar: Calendar
    phone_region: str
    language: str
    address: str
    port: int
    public_url: str
    allowed_hosts: tuple[str, ...]
    session_life: timedelta
    own_page_life: timedelta
    upload_mb: int
    import_rows: int
    import_columns: int
    import_cell: int
    log: str

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Settings":
        """Raises WrongSetting, with one sentence, for a value that means nothing and for a name that is no setting."""
        known = {setting.name: setting.default for setting in SETTINGS}
        for name in environment:
            if name.startswith(PREFIX) and name not in known and name not in _FOR_TESTS:
                raise WrongSetting(f"There is no setting {name}; README.md lists those there are.")

        def value(short: str) -> str:
            return environment.get(PREFIX + short, "").strip() or known[PREFIX + short]

        opens, closes = _hours(value("WORKING_HOURS"))
        country = _country("COUNTRY", value("COUNTRY"))
        address = value("ADDRESS")
        public_url = _public_url(_unless(value("PUBLIC_URL"), "none"))
        folder = _unless(value("BACKUP_FOLDER"), known["PERENNIAL_BACKUP_FOLDER"])
        hosts = _unless(value("ALLOWED_HOSTS"), known["PERENNIAL_ALLOWED_HOSTS"])
        return cls(
            database_url=_database(value("DATABASE_URL")),
            backup_folder=ROOT / folder if folder else None,
            calendar=Calendar(
                _zone(value("TIME_ZONE")), country, _days(value("WORKING_DAYS")), opens=opens, closes=closes
            ),
            phone_region=_region(_unless(value("PHONE_REGION"), "the country") or country),
            language=_language(value("LANGUAGE")),
            address=address,
            port=_number("PORT", value("PORT"), 1, 65535),
            public_url=public_url,
            allowed_hosts=_hosts(hosts) if hosts else _own_hosts(address, public_url),
            session_life=timedelta(hours=_number("SESSION_HOURS", value("SESSION_HOURS"), 1, 720)),
            own_page_life=timedelta(days=_number("OWN_PAGE_DAYS", value("OWN_PAGE_DAYS"), 1, 730)),
            upload_mb=_number("UPLOAD_MB", value("UPLOAD_MB"), 1, 200),
            import_rows=_number("IMPORT_ROWS", value("IMPORT_ROWS"), 1, 1_000_000),
            import_columns=_number("IMPORT_COLUMNS", value("IMPORT_COLUMNS"), 1, 16_384),
            import_cell=_number("IMPORT_CELL", value("IMPORT_CELL"), 100, 1_000_000),
            log=_log(value("LOG")),
        )

    @cached_property
    def is_secure(self) -> bool:
        """People reach it by https alone, so the cookie never has to travel without."""
        return self.public_url.startswith("https://")

    @cached_property
    def origin(self) -> str:
        """How links of the program begin."""
        here = f"[{self.address}]" if ":" in self.address else self.address
        return self.public_url or f"http://{'localhost' if here in ('0.0.0.0', '[::]') else here}:{self.port}"  # noqa: S104


@lru_cache(maxsize=1)
def current() -> Settings:
    """The settings of this process."""
    return Settings.read(os.environ)


_FOR_TESTS = ("PERENNIAL_REQUIRE_BROWSER",)


def _language(value: str) -> str:
    if value.lower() not in LANGUAGES:
        raise WrongSetting(f"PERENNIAL_LANGUAGE has to be one of {', '.join(LANGUAGES)}.")
    return value.lower()


def _log(value: str) -> str:
    if value not in ("text", "json"):
        raise WrongSetting("PERENNIAL_LOG has to be text or json.")
    return value


def _unless(value: str, default: str) -> str:
    return "" if value == default else value


def _database(url: str) -> str:
    if re.match(r"postgres(ql)?(\+psycopg)?://.", url):
        return re.sub(r"^postgres(ql)?(\+psycopg)?://", "postgresql+psycopg://", url)
    if not re.match(r"sqlite:///.", url):
        raise WrongSetting(
            "PERENNIAL_DATABASE_URL has to begin with sqlite:/// (and a file) or postgresql+psycopg:// (and a server)."
        )
    return f"sqlite:///{ROOT / url.removeprefix('sqlite:///')}"


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise WrongSetting(f"PERENNIAL_TIME_ZONE: there is no time zone “{name}”. One is Europe/Warsaw.") from unknown
    return name


def _country(name: str, code: str) -> str:
    from holidays import country_holidays

    try:
        country_holidays(code.upper())  # loads this one country; asking for the list would load all
    except NotImplementedError as unknown:
        known = f"PERENNIAL_{name}: no public holidays are known of “{code}”. Poland is PL, Germany DE."
        raise WrongSetting(known) from unknown
    return code.upper()


def _region(code: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", code):
        raise WrongSetting(f"PERENNIAL_PHONE_REGION: “{code}” is no country in two letters. Poland is PL.")
    return code.upper()


def _days(text: str) -> frozenset[int]:
    days: set[int] = set()
    for part in text.split(","):
        first, dash, last = (name.strip().capitalize()[:3] for name in part.partition("-"))
        last = last if dash else first
        if first not in WEEK or last not in WEEK:
            raise WrongSetting(f"PERENNIAL_WORKING_DAYS: “{text}” is not understood. Write Mon-Fri, or Mon,Tue,Thu.")
        start, end = WEEK.index(first), WEEK.index(last)
        days.update(range(start, end + 1) if start <= end else (*range(start, 7), *range(end + 1)))
    return frozenset(days)


def _hours(text: str) -> tuple[time, time]:
    found = re.fullmatch(r"(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})", text)
    try:
        opens, closes = (time.fromisoformat(clock.zfill(5)) for clock in found.groups()) if found else (None, None)
    except ValueError:
        opens = closes = None
    if opens is None or closes is None or not opens < closes:
        raise WrongSetting(f"PERENNIAL_WORKING_HOURS: “{text}” is not understood. Write it as 09:00-17:00.")
    return opens, closes


def _number(name: str, text: str, least: int, most: int) -> int:
    if not re.fullmatch(r"\d{1,9}", text) or not least <= int(text) <= most:
        raise WrongSetting(f"PERENNIAL_{name} has to be a whole number from {least} to {most}, not “{text}”.")
    return int(text)


def _public_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        well_formed = not url or (
            parts.scheme in ("http", "https")
            and parts.hostname is not None
            and (parts.port is None or parts.port > 0)
            and parts.path in ("", "/")
            and not (parts.query or parts.fragment or "@" in parts.netloc)
        )
    except ValueError:
        well_formed = False
    if not well_formed:
        raise WrongSetting(
            f"PERENNIAL_PUBLIC_URL: “{url}” is no address to give people."
            " Write https:// and a host, without a path: https://perennial.example.org."
        )
    return url.rstrip("/")


def _hosts(text: str) -> tuple[str, ...]:
    names = tuple(name.strip().lower() for name in re.split(r"[,\s]+", text) if name.strip())
    for name in names:
        if not re.fullmatch(r"\*|(\*\.)?[a-z0-9.-]+|\[?[0-9a-f:]+\]?", name):
            raise WrongSetting(f"PERENNIAL_ALLOWED_HOSTS: “{name}” is no host name. One is perennial.example.org.")
    return tuple(name.strip("[]") for name in names)


def _own_hosts(address: str, public_url: str) -> tuple[str, ...]:
    own = (*HERE, address, urlsplit(public_url).hostname or "")
    return tuple(dict.fromkeys(host for host in own if host not in ("", "0.0.0.0", "::")))  # noqa: S104
