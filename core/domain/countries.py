"""Countries as lists name them, in English, Polish, German or by code: the region a phone number is read in."""

import re
from functools import lru_cache

from core.domain.names import folded

# The two letters, then the names: English; Polish; German; what else people write. Accents and capitals don't matter.
_COUNTRIES = """
AE united arab emirates; uae; zjednoczone emiraty arabskie; vereinigte arabische emirate
AL albania; albanien
AM armenia; armenien
AR argentina; argentyna; argentinien
AT austria; osterreich; aut
AU australia; australien; aus
AZ azerbaijan; azerbejdzan; aserbaidschan
BA bosnia and herzegovina; bosnia; bosnia i hercegowina; bosnien und herzegowina; bosnien
BE belgium; belgia; belgien; bel
BG bulgaria; bulgarien; bgr
BR brazil; brazylia; brasilien
BY belarus; bialorus; weissrussland; belarussia; blr
CA canada; kanada; can
CH switzerland; szwajcaria; schweiz; suisse; che
CL chile
CN china; chiny
CO colombia; kolumbia; kolumbien
CY cyprus; cypr; zypern
CZ czech republic; czechia; czechy; republika czeska; tschechien; tschechische republik; cze
DE germany; niemcy; deutschland; deu; ger; brd; bundesrepublik deutschland
DK denmark; dania; danemark; dnk
EE estonia; estland; est
EG egypt; egipt; agypten
ES spain; hiszpania; spanien; espana; esp
FI finland; finlandia; finnland; fin
FR france; francja; frankreich; fra
GB united kingdom; uk; great britain; england; scotland; wales; wielka brytania; anglia; szkocja; grossbritannien;
 vereinigtes konigreich; gbr
GE georgia; gruzja; georgien
GR greece; grecja; griechenland; grc
HR croatia; chorwacja; kroatien; hrv
HU hungary; wegry; ungarn; hun
ID indonesia; indonezja; indonesien
IE ireland; republic of ireland; irlandia; irland; irl
IL israel; izrael
IN india; indie; indien; ind
IR iran
IS iceland; islandia; island
IT italy; wlochy; italien; italia; ita
JP japan; japonia
KR south korea; korea poludniowa; sudkorea; korea
KZ kazakhstan; kazachstan; kasachstan
LT lithuania; litwa; litauen; ltu
LU luxembourg; luksemburg; luxemburg
LV latvia; lotwa; lettland; lva
MA morocco; maroko; marokko
MD moldova; moldawia; moldau; moldawien
ME montenegro; czarnogora
MK north macedonia; macedonia; macedonia polnocna; nordmazedonien
MT malta
MX mexico; meksyk; mexiko
NG nigeria
NL netherlands; the netherlands; holland; holandia; niderlandy; niederlande; nld
NO norway; norwegia; norwegen; nor
NZ new zealand; nowa zelandia; neuseeland
PH philippines; filipiny; philippinen
PK pakistan
PL poland; polska; polen; pol; rp; rzeczpospolita polska
PT portugal; portugalia; prt
RO romania; rumunia; rumanien; rou
RS serbia; serbien; srb
RU russia; russian federation; rosja; russland; rus
SE sweden; szwecja; schweden; swe
SG singapore; singapur
SI slovenia; slowenia; slowenien; svn
SK slovakia; slowacja; slowakei; svk
TN tunisia; tunezja; tunesien
TR turkey; turkiye; turcja; turkei; tur
UA ukraine; ukraina; ukr
US united states; united states of america; usa; us; america; stany zjednoczone; stany zjednoczone ameryki; vereinigte
 staaten; vereinigte staaten von amerika
VN vietnam; viet nam; wietnam
ZA south africa; republika poludniowej afryki; rpa; sudafrika
"""
_REGION_BY_NAME = {
    name.strip(): line[:2]
    for line in _COUNTRIES.replace("\n ", " ").strip().splitlines()
    for name in (line[:2].lower(), *line[3:].split(";"))
}


@lru_cache(maxsize=4096)
def region_of(country: str) -> str | None:
    """The two letters of a country, however it is named; None where we don't know it."""
    if len(country) > 60:
        return None
    return _REGION_BY_NAME.get(" ".join(re.findall(r"[^\W\d_]+", folded(country).replace(".", ""))))
