"""Headers as other systems export them, in the languages they do: what each column is, and what is none of ours."""

import pytest

from core.importers.columns import columns_of

SYSTEMS = {
    "Greenhouse": (
        "Candidate Name=full_name; Candidate ID=external_id; Email(s)=email; Phone(s)=phone; Current "
        "Company=company; Current Title=title; Candidate Tags=tags; Job Name=job; Current Stage=stage; "
        "Application Status=status; Source=source; Recruiter=owner; Coordinator=owner; Applied On=applied_at; "
        "Last Activity=contacted_at; Rejection Reason=; Candidate Notes=notes; Website(s)=website; "
        "LinkedIn=linkedin_url; Application ID="
    ),
    "Lever": (
        "Candidate Name=full_name; Candidate Email=email; Candidate Phone=phone; Headline=title; Current "
        "Stage=stage; Origin=source; Tags=tags; Links=website; Owner Name=owner; Applied At=applied_at; Posting "
        "Title=job; Archive Reason=; Location=location; Last Interaction At=contacted_at; Created At=added_at; "
        "Opportunity ID=; Contact ID=external_id"
    ),
    "Workable": (
        "Name=full_name; Headline=title; Email=email; Phone=phone; Address=address; Job=job; Stage=stage; "
        "Source=source; Created=added_at; Candidate Summary=notes; Tags=tags; Social profiles=linkedin_url; "
        "Disqualified=; Disqualification reason="
    ),
    "Ashby": (
        "Name=full_name; Primary Email Address=email; Primary Phone Number=phone; LinkedIn=linkedin_url; Current "
        "Company=company; Current Position=title; School=; Candidate Tags=tags; Source=source; Credited To=owner; "
        "Current Interview Stage=stage; Application Created At=applied_at; Candidate Location=location; "
        "GitHub=github_url"
    ),
    "Bullhorn": (
        "ID=external_id; First Name=first_name; Last Name=last_name; Email 1=email; Email 2=email_2; Mobile "
        "Phone=phone; Work Phone=phone_2; Company Name=company; Status=status; Owner=owner; Date Added=added_at; "
        "Primary Skills=skills; City=city; State=; Zip=; Country=country; General Comments=notes; Date Last "
        "Contacted=contacted_at; Date Available=available_from; Current Salary=pay; Desired "
        "Salary=salary_expectation; Last Modified="
    ),
    "Recruitee": (
        "ID=external_id; Name=full_name; Emails=email; Phones=phone; Created at=added_at; Source=source; "
        "Offers=job; Stage=stage; Tags=tags; Social links=linkedin_url; Cover letter=; Rating=rating; Disqualify "
        "reason=; GDPR status=consent"
    ),
    "Teamtailor": (
        "First name=first_name; Last name=last_name; Email=email; Phone=phone; LinkedIn profile=linkedin_url; "
        "Created=added_at; Job=job; Stage=stage; Tags=tags; Pitch=; Referring site=source; Average rating=rating; "
        "Last activity=contacted_at; Department="
    ),
    "Traffit": (
        "Imię=first_name; Nazwisko=last_name; Adres email=email; Numer telefonu=phone; Projekt=job; Etap=stage; "
        "Źródło aplikacji=source; Data utworzenia=added_at; Tagi=tags; Ocena=rating; Odpowiedzialny=owner; Profil "
        "LinkedIn=linkedin_url; Zgoda na przyszłe rekrutacje=consent; Data wygaśnięcia zgody=; Ostatnia "
        "aktywność=contacted_at"
    ),
    "eRecruiter": (
        "Kandydat=full_name; Adres e-mail=email; Telefon kontaktowy=phone; Miejscowość=city; Data "
        "wpłynięcia=applied_at; Nazwa projektu=job; Etap rekrutacji=stage; Źródło=source; Ostatnie "
        "stanowisko=title; Ostatni pracodawca=company; Wykształcenie=; Oczekiwania finansowe=salary_expectation; "
        "Okres wypowiedzenia=; Znajomość języków="
    ),
    "Personio": (
        "Vorname=first_name; Nachname=last_name; E-Mail=email; Telefon=phone; Stelle=job; Beworben am=applied_at; "
        "Recruiting-Kanal=source; Phase=stage; Verfügbar ab=available_from; "
        "Gehaltsvorstellung=salary_expectation; Geburtsdatum=; Geschlecht=; Wohnort=location; Kündigungsfrist=; "
        "Kommentare=notes; Aktueller Arbeitgeber=company"
    ),
    "SmartRecruiters": (
        "Candidate ID=external_id; First Name=first_name; Last Name=last_name; Email=email; Phone number=phone; "
        "Location=location; Average Rating=rating; Source=source; Application date=applied_at; Most recent "
        "employer=company; Most recent job title=title; Hiring Manager=; Candidate tags=tags; Status=status"
    ),
    "BambooHR": (
        "Last Name=last_name; First Name=first_name; Email=email; Phone=phone; Date Applied=applied_at; Job "
        "Opening=job; Status=status; Rating=rating; Date Available=available_from; Desired "
        "Salary=salary_expectation; LinkedIn URL=linkedin_url; Website, Blog or Portfolio=website; "
        "College/University=; Highest Education Obtained=; Referred By="
    ),
    "HubSpot": (
        "Record ID=external_id; First Name=first_name; Last Name=last_name; Email=email; Phone Number=phone; "
        "Mobile Phone Number=phone_2; Contact owner=owner; Associated Company=company; Job Title=title; Lead "
        "Status=status; Create Date=added_at; Last Activity Date=contacted_at; Country/Region=country; Email "
        "Domain=; LinkedIn URL=linkedin_url; Lifecycle Stage=; Time Zone=; Website URL=website; Last "
        "Contacted=contacted_at"
    ),
    "Outlook": (
        "Title=; First Name=first_name; Middle Name=middle_name; Last Name=last_name; Suffix=; E-mail "
        "Address=email; E-mail 2 Address=email_2; Home Phone=phone; Business Phone=phone_2; Mobile Phone=phone_3; "
        "Other Phone=phone_4; Business Fax=; Home Fax=; Pager=; Company Main Phone=; Assistant's Phone=; "
        "Company=company; Job Title=title; Department=; Web Page=website; Home City=city; Home "
        "Country/Region=country; Notes=notes; Categories=tags; Birthday=; Manager's Name=; Spouse=; Business "
        "Street=; E-mail Type=; E-mail Display Name="
    ),
    "Outlook auf Deutsch": (
        "Anrede=; Vorname=first_name; Weitere Vornamen=middle_name; Nachname=last_name; Firma=company; "
        "Abteilung=; Position=title; Ort geschäftlich=city; Land/Region geschäftlich=country; Telefon "
        "geschäftlich=phone; Telefon privat=phone_2; Mobiltelefon=phone_3; Fax geschäftlich=; Telefax=; "
        "E-Mail-Adresse=email; E-Mail 2: Adresse=email_2; Notizen=notes; Kategorien=tags; Webseite=website"
    ),
    "Outlook po polsku": (
        "Tytuł=; Imię=first_name; Drugie imię=middle_name; Nazwisko=last_name; Firma=company; Dział=; Stanowisko "
        "służbowe=title; Telefon służbowy=phone; Telefon domowy=phone_2; Telefon komórkowy=phone_3; Faks "
        "służbowy=; Adres e-mail=email; Adres e-mail 2=email_2; Notatki=notes; Kategorie=tags; Strona sieci "
        "Web=website"
    ),
    "LinkedIn Recruiter": (
        "First Name=first_name; Last Name=last_name; Headline=title; Location=location; Current Title=title; "
        "Current Company=company; Email Address=email; Phone Number=phone; Profile URL=linkedin_url; Active "
        "Project=job; Notes=notes; Feedback=; Industry="
    ),
    "Apollo": (
        "First Name=first_name; Last Name=last_name; Title=title; Company=company; Email=email; Email Status=; "
        "Person Linkedin Url=linkedin_url; Company Linkedin Url=; Work Direct Phone=phone; Corporate Phone=; "
        "Company Phone=; Website=website; City=city; Company City=; Company Country=; Country=country; Company "
        "Name for Emails=; Seniority=; # Employees=; Keywords=; Email Confidence="
    ),
    "Airtable": (
        "Name=full_name; Status=status; E-mail=email; Telefon=phone; Created time=added_at; Created by=; Last "
        "edited time=; Technologie=skills; Rekruter=owner; CV=; Attachments="
    ),
    "Xing": (
        "Vorname=first_name; Nachname=last_name; XING-Profil=; Aktuelle Position=title; Aktuelles "
        "Unternehmen=company; Kontakt seit=connected_at; Sprachen=; Berufserfahrung=; Ort=city"
    ),
    "A Polish tracker": (
        "Lp.=external_id; Kandydat (imię i nazwisko)=full_name; Kontakt=; Tel.=phone; Mail=email; "
        "Techstack=skills; Technologia wiodąca=skills; Dostępność=available_from; Lokalizacja=location; Skąd "
        "mamy=source; Kto prowadzi=owner; Data pierwszego kontaktu=contacted_at; Data kontaktu=contacted_at; "
        "Komentarz rekrutera=notes; Wiek=; Stawka oczekiwana=salary_expectation; Poziom angielskiego=; Lata "
        "doświadczenia=; Link do CV=; Firma obecna=company; Nazwisko i imię=full_name"
    ),
    "A German tracker": (
        "Lfd. Nr.=external_id; Name, Vorname=full_name; Mailadresse=email; Handy-Nr.=phone; Wohnort=location; "
        "Skills/Technologien=skills; Quelle=source; Status=status; Letzter Kontakt am=contacted_at; "
        "Ansprechpartner=owner; Wunschgehalt=salary_expectation; Bemerkung=notes; Jetziger Arbeitgeber=company; "
        "Jetzige Position=title; Eingang am=applied_at"
    ),
}


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_columns_of_another_system_are_understood(system):
    pairs = [pair.partition("=") for pair in SYSTEMS[system].split(";")]
    header = [name.strip() for name, _, _ in pairs]
    found = {column.header: column.field or "" for column in columns_of(header)}
    assert found == {name.strip(): field for name, _, field in pairs}
