"""What a column holds, told by its header in English, Polish or German, and where that says nothing, by its cells.

Field names are those of the samples' `expected.json`. A column whose field is None is kept with the raw row only.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.domain import handles
from core.domain.names import folded
from core.importers import values
from core.importers.cells import read_back

# Fields that a person can have several of: the second column becomes email_2, the third email_3.
NUMBERED = frozenset({"email", "phone"})
DATES = frozenset({"applied_at", "added_at", "contacted_at", "connected_at", "available_from"})
# What a row must have at least one of to be a person.
IDENTITY = frozenset({"full_name", "first_name", "last_name", "email", "linkedin_url", "github_url"})
# Not lawful to ask in Poland since 2025-12-24, so not kept either: the column leaves no trace, not even in the raw row.
PAY = "pay"
# What our own files of rows that were left out have besides: looked at, and not kept.
LEFT_OUT = "left_out"
WHY_LEFT_OUT, SURPLUS = "Why left out", "Surplus cell"
_LONGEST_HEADER = 80


@dataclass(frozen=True, slots=True)
class Column:
    index: int
    header: str
    field: str | None

    @property
    def kind(self) -> str | None:
        """The field without its number: `email` of `email_2`."""
        return self.field.rstrip("0123456789").rstrip("_") if self.field else None


def columns_of(header: Sequence[str], rows: Sequence[Sequence[str]] = (), region: str = "PL") -> tuple[Column, ...]:
    """Each column's field. Numbered where there are several; any other field's second column only fills its blanks."""
    fields = [field_of(name) for name in header]
    _settle_together(header, fields)
    for index, field in enumerate(fields):
        cells = [read_back(row[index][:500].strip()) for row in rows if index < len(row) and row[index].strip()]
        if field is None and not _says_what_it_is(header[index]):
            guessed = _field_by_cells(cells, region)
            fields[index] = None if guessed in _ONE_EACH and guessed in fields else guessed
        elif field == "website" and _plain(header[index]) in _ANY_ADDRESS:
            fields[index] = _field_by_cells(cells, region) or _address_of_whom(fields)
        elif field == "consent" and _UNTIL.search(_plain(header[index])) and _are_days(cells):
            fields[index] = None
    return tuple(Column(i, name, field) for i, (name, field) in enumerate(zip(header, _numbered(fields), strict=True)))


def mapped(header: Sequence[str], chosen: Mapping[int, str | None], base: Sequence[Column]) -> tuple[Column, ...]:
    """The columns with some fields chosen by the person who imports; what is pay stays out, whatever is chosen."""
    fields = [
        column.kind if column.kind == PAY else chosen.get(index, column.kind) for index, column in enumerate(base)
    ]
    return tuple(Column(i, name, field) for i, (name, field) in enumerate(zip(header, _numbered(fields), strict=True)))


def is_surname_first(header: str) -> bool:
    """`Nazwisko i imię`, `Nachname, Vorname`: how the names under it are written."""
    name = _plain(header)
    return name == "name vorname" or name.startswith(("nazwisk", "nachname", "surname", "last"))


def recognised(cells: Iterable[str]) -> int:
    """How many of a row's cells are headers we know: the more, the surer it is the header line."""
    return len({cell.strip().lower() for cell in cells if cell.strip() and _is_header_word(cell)})


@lru_cache(maxsize=8192)
def field_of(header: str) -> str | None:
    """The field a header names; None for one that names nothing we keep, and for the label beside a value."""
    if len(header) > _LONGEST_HEADER or _is_label(header):
        return None
    name = _plain(header)
    if name in _NOTHING:
        return None
    if _is_pay(name):
        return "salary_expectation" if _WISHED.search(name) else PAY
    if field := _BY_NAME.get(name) or _BY_NAME.get(_plain(_split_words(header))):
        return field
    field = _by_words(name)
    return None if field in _LOOKS_LIKE and _is_of_somebody_else(header) else field


def _is_header_word(cell: str) -> bool:
    return len(cell) <= _LONGEST_HEADER and "@" not in cell and (field_of(cell) is not None or _is_label(cell))


_NAMES_BY_FIELD = {
    "full_name": (
        "name; full name; fullname; candidate; candidate name; contact name; display name; person; applicant; "
        "applicant name; imie i nazwisko; nazwisko i imie; imie nazwisko; nazwisko imie; imie oraz nazwisko; "
        "kandydat; kandydatka; kandydat ka; osoba; vor und nachname; vorname nachname; nachname vorname; name "
        "vorname; vollstandiger name; bewerber; bewerberin; kandidat; kandidatin; name des bewerbers; candidate "
        "full name; kandydat imie i nazwisko; name and surname; name surname; surname and name; first and last "
        "name; first name last name; last name first name; osoba kontaktowa; personalia; imie nazwisko kandydata; "
        "imie i nazwisko kandydata; dane kandydata; candidate s name; employee name; nome; full names; kontakt "
        "name; ansprechpartner name; person name; imiona i nazwisko; nachname und vorname; name vollstandig; legal "
        "name; talent; talent name; prospect; prospect name; lead name; member name; profile name; your name; your "
        "full name"
    ),
    "first_name": (
        "first name; firstname; first; given name; given names; forename; imie; imiona; vorname; vornamen; rufname; "
        "candidate first name; preferred first name; first names; imie kandydata; legal first name; vorname n; "
        "contact first name; given"
    ),
    "middle_name": (
        "middle name; middle names; additional name; second name; drugie imie; zweiter vorname; weitere vornamen; "
        "drugie imiona; second given name; middle; middle initial"
    ),
    "last_name": (
        "last name; lastname; last; surname; family name; nazwisko; nachname; familienname; zuname; candidate last "
        "name; nazwisko kandydata; legal last name; second surname; nazwiska; contact last name; family; nachnamen"
    ),
    "email": (
        "email; e mail; mail; emails; e mails; email address; e mail address; email addresses; adres email; adres e "
        "mail; e mailadresse; emailadresse; mailadresse; email adresse; e mail adresse; primary email; work email; "
        "personal email; private email; email prywatny; email sluzbowy; e mail prywatny; e mail sluzbowy; poczta; "
        "other email; secondary email; e mail 1; email 1; candidate email; contact email; personal e mail; business "
        "email; home email; alternative email; alternate email; e mail privat; e mail geschaftlich; e mail "
        "dienstlich; private e mail; adres poczty elektronicznej; adres mailowy; adres mail; poczta elektroniczna; "
        "correo; kontakt mailowy; elektronische adresse"
    ),
    "phone": (
        "phone; phones; phone number; phone numbers; phone no; telephone; telephone number; tel; tel nr; mobile; "
        "mobile phone; mobile number; cell; cell phone; cellphone; contact number; telefon; telefony; nr telefonu; "
        "numer telefonu; nr tel; numer tel; tel kom; telefon kom; komorka; telefon komorkowy; nr kom; handy; mobil; "
        "mobiltelefon; telefonnummer; handynummer; mobilnummer; mobilfunk; rufnummer; telefon nr; tel nummer; "
        "primary phone; work phone; home phone; candidate phone; contact phone; business phone; other phone; mobil "
        "nr; handy nr; mobilnr; telefonnr; telefon privat; telefon geschaftlich; telefon dienstlich; telefon "
        "kontaktowy; numer kontaktowy; nr kontaktowy; kom; numer komorkowy; gsm; whatsapp; whatsapp number; "
        "festnetz; mobilrufnummer; rufnummern; telefonicznie; direct phone; direct dial; phone direct; work direct "
        "phone; kontakt telefoniczny; nr komorki"
    ),
    "linkedin_url": (
        "linkedin; linkedin url; linkedin profile; linkedin profile url; linkedin link; linkedin address; profil "
        "linkedin; link do linkedin; linkedin profil; adres linkedin; social media; social profile; social "
        "profiles; profile url; public profile url; profil url; link do profilu; person linkedin url; linked in; "
        "linked in url; linked in profile; social links; social link; social networks; social profile url; li "
        "profile; li url; li; url linkedin; konto linkedin"
    ),
    "github_url": (
        "github; github url; github profile; github login; github user; github username; github link; profil "
        "github; konto github; git hub; git hub url; git hub profile; login github"
    ),
    "website": (
        "website; web site; websites; web; www; strona; strona www; strona internetowa; homepage; portfolio; blog; "
        "url; link; links; webseite; internetseite; personal website; adres www; adres url; profile; profil; "
        "website blog or portfolio; website url; web page; strona sieci web; website portfolio; portfolio url; "
        "portfolio link; blog url; personal web site; personal site; webpage; portfolio website; strona domowa; "
        "link do portfolio; other website"
    ),
    "company": (
        "company; company name; current company; current company name; current employer; employer; organization; "
        "organisation; organization name; organisation name; firma; nazwa firmy; obecna firma; aktualna firma; "
        "pracodawca; obecny pracodawca; aktualny pracodawca; unternehmen; arbeitgeber; aktueller arbeitgeber; "
        "derzeitiger arbeitgeber; aktuelle firma; aktuelles unternehmen; firmenname; organization 1 name; "
        "workplace; miejsce pracy; ostatni pracodawca; ostatnia firma; most recent employer; most recent company; "
        "last company; last employer; associated company; primary associated company; firma obecna; firma aktualna; "
        "jetziger arbeitgeber; jetzige firma; letzter arbeitgeber; gegenwartiger arbeitgeber; present employer; "
        "current workplace; zatrudnienie; obecne miejsce pracy; current organization; current organisation; present "
        "company"
    ),
    "title": (
        "title; job title; jobtitle; current title; position; current position; current job title; role; current "
        "role; headline; occupation title; stanowisko; obecne stanowisko; aktualne stanowisko; rola; pozycja; "
        "zawod; jobtitel; positionsbezeichnung; berufsbezeichnung; aktuelle position; derzeitige position; beruf; "
        "tatigkeit; funktion; funkcja; organization title; organization 1 title; specjalizacja; specialization; "
        "specialisation; ostatnie stanowisko; most recent job title; most recent title; last title; last position; "
        "stanowisko sluzbowe; jetzige position; letzte position; candidate title; current job; current job "
        "position; aktueller jobtitel; stanowisko obecne; stanowisko aktualne; professional headline; professional "
        "title; profession; seniority and role"
    ),
    "skills": (
        "skills; skill; key skills; skill set; skillset; top skills; technologies; technology; tech; tech stack; "
        "techstack; stack; competencies; competences; technologie; technologia; umiejetnosci; kompetencje; stos "
        "technologiczny; kenntnisse; fahigkeiten; kompetenzen; technologien; it kenntnisse; skills technologies; "
        "primary skills; secondary skills; technologia wiodaca; technologie wiodace; glowna technologia; glowne "
        "technologie; skills technologien; skills technologie; main technology; main skills; primary technology; "
        "primary tech; tech skills; technical skills; hard skills; it skills; programming languages; jezyki "
        "programowania; programmiersprachen; frameworks; tools; tooling; narzedzia; tech stack skills; stack "
        "technologiczny; stack technologie; umiejetnosci techniczne; kluczowe umiejetnosci; technische kenntnisse; "
        "skillset tags; core skills; expertise; fachkenntnisse; edv kenntnisse; it skills kenntnisse; key "
        "technologies; technologies used; technologie i narzedzia; keywords skills; znajomosc technologii; "
        "technologie kenntnisse; endorsed skills"
    ),
    "tags": (
        "tags; tag; labels; label; candidate tags; tagi; etykiety; etykieta; group membership; groups; "
        "schlagworter; schlagworte; kategorien; kategorie; categories; category; grupa; grupy; gruppen; stichworte; "
        "candidate tag; tags names; tagi kandydata; hotlist; hotlists; talent pool; talent pools; pula; pule "
        "talentow; talentpool; lists; listen; listy; segment; segments; tag list; oznaczenia"
    ),
    "source": (
        "source; candidate source; lead source; origin; zrodlo; zrodlo kandydata; zrodlo pozyskania; skad; quelle; "
        "herkunft; bewerbungsquelle; kanal; channel; referring site; zrodlo aplikacji; recruiting kanal; recruiting "
        "channel; recruitment channel; skad mamy; skad kandydat; source name; sources; original source; traffic "
        "source; kanal pozyskania; sourcing channel; bewerbungskanal; rekrutierungskanal; source channel; source "
        "type; portal; pochodzenie; how did you hear about us; zrodlo pochodzenia; kandidatenquelle"
    ),
    "status": (
        "status; candidate status; stan; bewerbungsstatus; status kandydata; application status; status "
        "kandydatury; lead status; status aplikacji; kandidatenstatus; current status; bewerberstatus; status "
        "rekrutacji; stan rekrutacji; status procesu"
    ),
    "notes": (
        "notes; note; comments; comment; remarks; remark; uwagi; uwaga; komentarz; komentarze; notatki; notatka; "
        "notizen; notiz; bemerkung; bemerkungen; kommentar; kommentare; anmerkung; anmerkungen; opis; description; "
        "beschreibung; additional info; additional information; dodatkowe informacje; candidate summary; summary; "
        "podsumowanie; zusammenfassung; komentarz rekrutera; notatki rekrutera; recruiter notes; recruiter "
        "comments; last note; notatki z rozmowy; profile summary; candidate comments"
    ),
    "location": (
        "location; lokalizacja; standort; candidate location; miejsce zamieszkania; wohnort; region; current "
        "location; area; current place; place; miejsce; lokacja; preferred location; ubicacion; home location; geo "
        "location; geo; based in; location name; gdzie mieszka; arbeitsort"
    ),
    "city": (
        "city; town; miasto; miejscowosc; stadt; ort; home city; business city; ort geschaftlich; ort privat; "
        "miasto zamieszkania; miejscowosc zamieszkania; address city; candidate city; current city; miejscowosc "
        "prywatna; wohnort stadt"
    ),
    "country": (
        "country; kraj; land; panstwo; country of residence; country region; home country region; home country; "
        "kraj region; land region; land region privat; land region geschaftlich; kraj zamieszkania; business "
        "country region; country code; kod kraju; landercode; kraj pochodzenia; wohnsitzland; address country; "
        "candidate country"
    ),
    "address": (
        "address; adres; anschrift; adresse; street address; postal address; adres zamieszkania; home address; full "
        "address; mailing address; adres korespondencyjny; address 1; address line 1; home street address; "
        "wohnadresse; postanschrift; candidate address"
    ),
    "applied_at": (
        "applied on; applied at; applied; date applied; application date; apply date; data aplikacji; data "
        "zgloszenia; data aplikowania; bewerbungsdatum; beworben am; datum der bewerbung; bewerbung vom; eingang; "
        "eingangsdatum; application created at; application created; data wplyniecia; data wplyniecia aplikacji; "
        "eingang am; submitted at; submission date; date of application; applied date; application submitted; "
        "aplikacja z dnia; bewerbungseingang; eingegangen am; data aplikowania kandydata; application created date; "
        "zgloszenie z dnia"
    ),
    "added_at": (
        "date added; added on; added at; added; created at; created on; created; creation date; date created; data "
        "dodania; dodano; dodany; data utworzenia; data wpisu; hinzugefugt am; hinzugefugt; erstellt am; erstellt; "
        "angelegt am; erfasst am; erstellungsdatum; date; data; datum; added date; create date; created time; "
        "created date; date of creation; data wprowadzenia; wprowadzono; utworzono; data pozyskania; date sourced; "
        "sourced at; sourced on; imported at; entry date; angelegt; anlagedatum; erfassungsdatum; date entered; "
        "timestamp; sygnatura czasowa; zeitstempel; added time; date contact added"
    ),
    "contacted_at": (
        "last contact; last contacted; last contacted on; contacted on; contacted at; contacted; contact date; date "
        "contacted; date of contact; last contact date; data kontaktu; ostatni kontakt; data ostatniego kontaktu; "
        "kontakt data; letzter kontakt; kontaktdatum; kontaktiert am; zuletzt kontaktiert; last activity; last "
        "touch; last interaction; last interaction at; last interaction date; date last contacted; ostatnia "
        "aktywnosc; last activity date; last activity at; data pierwszego kontaktu; pierwszy kontakt; letzter "
        "kontakt am; letzte aktivitat; last contacted at; last contacted date; last communication; date of last "
        "contact; contacted date; data ostatniej rozmowy; ostatnia rozmowa; last message; last engaged"
    ),
    "connected_at": (
        "connected on; connected at; connected; connection date; data polaczenia; polaczono; verbunden am; vernetzt "
        "am; vernetzt seit; kontakt seit; in kontakt seit; znajomi od; verbunden seit; connected since; kontakt od"
    ),
    "available_from": (
        "available from; available; availability; start date; earliest start; earliest start date; dostepny od; "
        "dostepna od; dostepnosc; dostepny a od; mozliwa data rozpoczecia; verfugbar ab; verfugbarkeit; "
        "eintrittsdatum; fruhester eintritt; fruhestmoglicher eintritt; starttermin; dostepny; date available; "
        "availability date; available date; dostepny kiedy; od kiedy; od kiedy dostepny; verfugbar; verfugbar seit; "
        "startdatum; moglicher start; mozliwy start; data dostepnosci; earliest start day"
    ),
    "consent": (
        "consent; gdpr; gdpr consent; zgoda; zgoda rodo; rodo; zgoda na przetwarzanie danych; einwilligung; dsgvo; "
        "datenschutz; dsgvo einwilligung; gdpr status; zgoda na przyszle rekrutacje; consent status; zgody; zgoda "
        "na kontakt; gdpr consent status; zgoda na przyszle procesy; consent given; zgoda gdpr; einwilligung "
        "datenspeicherung; data consent; privacy consent; marketing consent; klauzula rodo; klauzula; datenschutz "
        "einwilligung"
    ),
    "rating": (
        "rating; score; ocena; bewertung; note 1 5; stars; punkty; average rating; overall rating; avg rating; "
        "gesamtbewertung; srednia ocena"
    ),
    "external_id": (
        "id; candidate id; person id; contact id; external id; lp; l p; nr; no; lfd nr; nummer; numer; record id; "
        "id kandydata; bewerber id; bewerbernummer; uid; uuid; candidate uuid; kandidaten id; kandidatennummer; "
        "numer kandydata; id osoby; reference; ref no; candidate ref; candidate number; greenhouse id; bullhorn id; "
        "contact record id; sourcing id; nr kandydata"
    ),
    "owner": (
        "owner; recruiter; who gets credit; opiekun; rekruter; rekruterka; betreuer; betreuerin; verantwortlich; "
        "coordinator; candidate owner; account owner; prowadzacy; recruiterin; zustandig; owner name; credited to; "
        "credited; odpowiedzialny; odpowiedzialna; kto prowadzi; contact owner; ansprechpartner; sourcer; sourced "
        "by; assignee; assigned to; osoba odpowiedzialna; zustandiger recruiter; lead owner"
    ),
    "job": (
        "job; job name; jobs; vacancy; requisition; opening; rekrutacja; oferta; oferta pracy; projekt; project; "
        "wakat; stelle; stellenbezeichnung; ausschreibung; applied job; position applied for; applied for; proces; "
        "posting title; job title applied for; job opening; offers; offer; nazwa projektu; nazwa rekrutacji; active "
        "project; job posting; job applied; posting; vacancies; position applied; rola na ktora "
        "aplikuje; ogloszenie; vakanz; projekt rekrutacyjny; requisition name; opening name; project name; "
        "stellenanzeige"
    ),
    "stage": (
        "stage; current stage; milestone; etap; etap rekrutacji; phase; schritt; pipeline stage; application stage; "
        "current interview stage; interview stage; application step; recruitment stage; hiring stage; current step; "
        "step; prozessschritt; aktueller schritt; etap procesu; obecny etap; bewerbungsphase"
    ),
    "account_type": "account type; user type; profile type; typ konta; kontotyp; type; typ",
    LEFT_OUT: f"{WHY_LEFT_OUT.lower()}; {SURPLUS.lower()}",
    "conversation_id": "conversation id",
    "conversation_title": "conversation title",
    "from_name": "from",
    "from_url": "sender profile url",
    "to_names": "to",
    "to_urls": "recipient profile urls; recipient profile url",
    "subject": "subject",
    "content": "content; body; message",
    "folder": "folder",
    "attachments": "attachments",
    "is_draft": "is message draft; is draft",
}
_BY_NAME = {name.strip(): field for field, names in _NAMES_BY_FIELD.items() for name in names.split(";")}
_MESSAGES_ONLY = frozenset(
    "conversation_id conversation_title from_name from_url to_names to_urls subject content folder attachments "
    "is_draft".split()
)

# Headers that sound like a field and are none.
_NOTHING = frozenset(
    "occupation; nickname; short name; maiden name; file as; initials; name prefix; name suffix; prefix; suffix; "
    "birthday; gender; photo; company size; company id; company website; email status; phone status; email opt out; "
    "organization department; job description; notice; notice period; corporate phone; company phone; company main "
    "phone; main phone; company linkedin url; company linkedin; company github; company e mail; company email; "
    "company city; company country; company address; company state; company location; telefon firma; telefon firmy; "
    "email domain; e mail domain; e mail type; e mail display name; company name for emails; company domain; "
    "assistant s phone; assistant phone; pager; last modified; created by; client name; hiring manager name; referrer "
    "name; referred by; emergency contact; emergency phone; company keywords; company technologies; school name; "
    "file name; kontaktperson im unternehmen".split("; ")
)
_LABEL = re.compile(r"(?:\blabel|\btype|\byomi(?: name)?|\bphonetic.*)$|^phonetic\b|\byomi\b", re.IGNORECASE)
# Whose address it is, where it is not the candidate's: whoever recommended, looks after, interviewed or employs them.
_OF_SOMEBODY_ELSE = re.compile(
    r"\b(?:\w+ed by|by$|referr\w*|referees?|references?|recommend\w*|introduc\w+|endorse\w*|emergency|"
    r"assistants?|managers?|supervisors?|interviewers?|recruiters?|clients?|"
    r"\w+n[ya] przez|przez$|polec\w+|rekomend\w+|referencj\w+|awaryjn\w+|asysten\w+|kierowni\w+|menedzer\w*|"
    r"przelozon\w+|rekruter\w*|opiekun\w*|klient\w*|"
    r"von$|durch$|empf[eo]h\w+|geworben\w*|referenz\w*|notfall\w*|assisten\w+|vorgesetzt\w*|betreuer\w*|kunden?)\b"
)
_PAY = re.compile(
    r"\b(?:salary|salaries|pay|wage|compensation|earnings|rate|remuneration|wynagrodzenie|zarobki|pensja|placa|stawka|"
    r"gehalt|verdienst|lohn|vergutung|stundensatz|tagessatz|jahresgehalt|gehaltsvorstellung(?:en)?|gehaltswunsch|wunschgehalt|"
    r"oczekiwania finansowe|oczekiwania placowe|widelki)\b"
)
_WISHED = re.compile(
    r"expect|desired|target|wanted|wish|asking|minimum|oczekiw|wymagan|preferow|gewunscht|wunsch|vorstellung|erwart|ziel|widelki"
)
# A second one that does not say so is somebody else's.
_ONE_EACH = frozenset({"linkedin_url", "github_url"})
_ANY_ADDRESS = frozenset({"url", "link", "links", "profile", "profil", "www", "web"})


def _plain(header: str) -> str:
    """`E-mail Address*` and `  e_mail  address` are the same words."""
    text = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", header) if "(" in header or "[" in header else header
    return " ".join(re.findall(r"[^\W_]+", folded(text)))


def _split_words(header: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)


def _is_label(header: str) -> bool:
    """`E-mail 1 - Label` says what kind of address the next column has; so do readings (`Yomi`) beside names."""
    name = _plain(header)
    if name in {"type", "label", "user type", "account type", "profile type"}:
        return False
    return bool(_LABEL.search(name))


def _is_of_somebody_else(header: str) -> bool:
    """`Referrer LinkedIn`, `Polecający`, `Empfohlen von`: an address there is nobody's of the list."""
    return bool(_OF_SOMEBODY_ELSE.search(_plain(_split_words(header))))


def _says_what_it_is(header: str) -> bool:
    """Though it is no field: then the cells are not asked, whatever they look like."""
    if len(header) > _LONGEST_HEADER or _is_label(header):
        return True
    return _plain(header) in _NOTHING or _is_of_somebody_else(header)


def _is_pay(name: str) -> bool:
    return bool(_PAY.search(name)) and not re.search(r"currency|waluta|wahrung", name)


_GROUPED = re.compile(r"(?P<what>[^\W\d_]+(?: [^\W\d_]+)?) ?\d+ (?P<part>.*[^\W\d_].*)")  # E-mail 1 - Value
_PARTS_OF_GROUPS = {
    ("email", "value"): "email",
    ("email", "address"): "email",
    ("email", "adresse"): "email",
    ("phone", "value"): "phone",
    ("telefon", "wert"): "phone",
    ("organization", "name"): "company",
    ("organization", "title"): "title",
    ("address", "formatted"): "address",
    ("address", "city"): "city",
    ("address", "country"): "country",
    ("website", "value"): "website",
}
_WORDS: Sequence[tuple[re.Pattern[str], str]] = tuple(
    (re.compile(pattern), field)
    for pattern, field in (
        (r"\blinked ?in\b", "linkedin_url"),
        (r"\bgit ?hub\b", "github_url"),
        (
            r"\be ?mail\b(?!.*\b(?:status|sent|valid|verified|opt|date|count|subject|domain|confidence|type|"
            r"display|provider|bounced|source)\b)",
            "email",
        ),
        (
            r"\b(?:phone|telefon\w*|mobile|handy\w*|tel)\b(?!.*\b(?:status|type|valid|verified|code|ext|extension|"
            r"date|screen|screening|interview)\b)",
            "phone",
        ),
        (r"\b(?:skills|technologie|umiejetnosci|kenntnisse)\b", "skills"),
        (r"\b(?:notes|comments|uwagi|notatki|bemerkungen|kommentar)\b", "notes"),
        (r"\b(?:zgoda|rodo|gdpr|dsgvo)\b", "consent"),
    )
)


def _by_words(name: str) -> str | None:
    if grouped := _GROUPED.fullmatch(name):
        what = grouped["what"].replace(" ", "").replace("isation", "ization")
        return _PARTS_OF_GROUPS.get((what, grouped["part"]))
    if numbered := re.fullmatch(r"(.+?) ?\d{1,2}", name):  # Phone 2, Email2
        return _BY_NAME.get(numbered[1])
    return next((field for pattern, field in _WORDS if pattern.search(name)), None)


def _settle_together(header: Sequence[str], fields: list[str | None]) -> None:
    """Some headers mean something only beside others."""
    if "conversation_id" not in fields:
        for index, field in enumerate(fields):
            if field in _MESSAGES_ONLY:
                fields[index] = None
    elif "added_at" in fields:
        fields[fields.index("added_at")] = "sent_at"
    names = [_plain(name) for name in header]
    if "job title" in names and not {"suffix", "middle name"}.isdisjoint(names):
        fields[:] = [
            None if name == "title" else field for name, field in zip(names, fields, strict=True)
        ]  # Outlook's Mr
    if "first_name" in fields and "last_name" not in fields and "full_name" in fields:
        fields[fields.index("full_name")] = "last_name"  # a German list: Vorname, Name


def _address_of_whom(fields: Sequence[str | None]) -> str:
    """`URL` in LinkedIn's own export is the profile, whether or not any row has one."""
    return "linkedin_url" if "connected_at" in fields else "website"


def _field_by_cells(cells: Sequence[str], region: str) -> str | None:
    """What most of the cells are; a phone only when written with its country, since many numbers look like one."""
    if not cells:
        return None
    for field, is_one in _LOOKS_LIKE.items():
        if sum(is_one(cell, region) for cell in cells) >= max(1, len(cells) * 0.6):
            return field
    return None


_LOOKS_LIKE: dict[str, Callable[[str, str], bool]] = {
    "email": lambda cell, _: "@" in cell and bool(handles.email(cell).values),
    "linkedin_url": lambda cell, _: "/" in cell and bool(handles.linkedin(cell).values),
    "github_url": lambda cell, _: "github." in cell.lower() and bool(handles.github(cell).values),
    "phone": lambda cell, region: cell.startswith(("+", "00")) and bool(handles.phone(cell, region).values),
}


# `Zgoda do`, `DSGVO bis`: of days under it, nobody is one who says no.
_UNTIL = re.compile(r"\b(?:until|till|expir\w*|valid\w*|do|wygas\w*|wazn\w*|bis|gultig\w*|ablauf\w*)\b")


def _are_days(cells: Sequence[str]) -> bool:
    order = values.date_order(cells)
    return bool(cells) and all(values.day(cell, order) or values.could_be_either(cell) for cell in cells)


def _numbered(fields: Sequence[str | None]) -> list[str | None]:
    seen: dict[str, int] = {}
    numbered: list[str | None] = []
    for field in fields:
        if field not in NUMBERED:
            numbered.append(field)
            continue
        seen[field] = seen.get(field, 0) + 1
        numbered.append(field if seen[field] == 1 else f"{field}_{seen[field]}")
    return numbered
