"""The settings: what is understood, what is refused in one sentence, and that the README lists them all."""

import re
from datetime import time, timedelta

import pytest

from core.settings import ROOT, SETTINGS, Settings, WrongSetting


def test_without_any_setting_a_team_in_poland_works_nine_to_five_on_this_machine():
    settings = Settings.read({})
    assert settings.database_url == f"sqlite:///{ROOT}/data/perennial.db"
    assert settings.calendar.zone_name == "Europe/Warsaw"
    assert (settings.calendar.opens, settings.calendar.closes) == (time(9), time(17))
    assert settings.calendar.days == {0, 1, 2, 3, 4}
    assert settings.phone_region == settings.calendar.country == "PL"
    assert settings.allowed_hosts == ("localhost", "127.0.0.1", "::1")
    assert settings.session_life == timedelta(hours=12)
    assert not settings.is_secure
    assert settings.origin == "http://127.0.0.1:8501"


def test_a_team_sets_its_own():
    settings = Settings.read(
        {
            "PERENNIAL_DATABASE_URL": "postgres://anna:secret@db/perennial",
            "PERENNIAL_TIME_ZONE": "America/New_York",
            "PERENNIAL_COUNTRY": "de",
            "PERENNIAL_WORKING_DAYS": "Sun-Tue, thursday",
            "PERENNIAL_WORKING_HOURS": "8:30 - 16:00",
            "PERENNIAL_PUBLIC_URL": "https://perennial.example.org/",
            "PERENNIAL_ADDRESS": "0.0.0.0",  # noqa: S104
            "HOME": "/root",
        }
    )
    assert settings.database_url == "postgresql+psycopg://anna:secret@db/perennial"
    assert settings.calendar.days == {6, 0, 1, 3}
    assert settings.calendar.opens == time(8, 30)
    assert settings.phone_region == "DE"
    assert settings.is_secure
    assert settings.origin == "https://perennial.example.org"
    assert settings.allowed_hosts == ("localhost", "127.0.0.1", "::1", "perennial.example.org")


def test_a_file_is_named_from_the_folder_of_the_program_unless_its_name_is_whole():
    assert Settings.read({"PERENNIAL_DATABASE_URL": "sqlite:///my.db"}).database_url == f"sqlite:///{ROOT}/my.db"
    assert Settings.read({"PERENNIAL_DATABASE_URL": "sqlite:////srv/my.db"}).database_url == "sqlite:////srv/my.db"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://root@db/perennial"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "perennial.db"),
        ("TIME_ZONE", "Europe/Varsovia"),
        ("TIME_ZONE", "../../etc/passwd"),
        ("COUNTRY", "XX"),
        ("WORKING_DAYS", "weekdays"),
        ("WORKING_DAYS", "Mon-"),
        ("WORKING_HOURS", "9-17"),
        ("WORKING_HOURS", "17:00-09:00"),
        ("WORKING_HOURS", "09:00-25:00"),
        ("PHONE_REGION", "Poland"),
        ("PORT", "0"),
        ("PORT", "http"),
        ("PUBLIC_URL", "perennial.example.org"),
        ("PUBLIC_URL", "ftp://perennial.example.org"),
        ("PUBLIC_URL", "https://perennial.example.org/team"),
        ("PUBLIC_URL", "https://[perennial"),
        ("ALLOWED_HOSTS", "https://perennial.example.org"),
        ("SESSION_HOURS", "0"),
        ("SESSION_HOURS", "a day"),
        ("UPLOAD_MB", "1000"),
        ("IMPORT_ROWS", "0"),
        ("IMPORT_COLUMNS", "many"),
        ("IMPORT_CELL", "10"),
        ("LOG", "xml"),
        ("TIMEZONE", "Europe/Warsaw"),
    ],
)
def test_what_means_nothing_is_refused_in_one_sentence_that_names_the_setting(name, value):
    with pytest.raises(WrongSetting, match=f"PERENNIAL_{name}") as refused:
        Settings.read({f"PERENNIAL_{name}": value})
    assert "\n" not in str(refused.value)


def test_a_wrong_database_address_is_not_repeated_for_it_may_hold_a_password():
    with pytest.raises(WrongSetting) as refused:
        Settings.read({"PERENNIAL_DATABASE_URL": "mysql://root:hunter2@db/perennial"})
    assert "hunter2" not in str(refused.value)


def test_the_readme_lists_every_setting_with_its_default_and_its_sentence():
    readme = (ROOT / "README.md").read_text()
    table = readme.partition("## Settings")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", table, re.MULTILINE)
    assert rows == [(setting.name, shown(setting.default), setting.sentence) for setting in SETTINGS]


def shown(default: str) -> str:
    """A value stands in the README as it is written; a description as it is said."""
    return f"`{default}`" if re.fullmatch(r"[\w:./-]+", default) and default != "none" else default
