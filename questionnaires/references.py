"""What a question may refer to: signals of the taxonomy, ILO conventions, UN Guiding Principles and a few more."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from models import taxonomy
from questionnaires.definition import Words


class Source(StrEnum):
    SIGNAL = "signal"
    ILO = "ilo"
    UNGP = "ungp"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reference:
    """Something that stands behind a question, with a short title to show beside its code."""

    code: str
    source: Source
    title: Words


_ILO = {
    "C102": "Social Security (Minimum Standards)",
    "C121": "Employment Injury Benefits",
    "C132": "Holidays with Pay (Revised)",
    "C154": "Collective Bargaining",
    "C159": "Vocational Rehabilitation and Employment (Disabled Persons)",
    "C171": "Night Work",
    "C173": "Protection of Workers' Claims (Employer's Insolvency)",
}
"""Conventions that the taxonomy does not need but a question does; titles as in the ILO's list."""

_UNGP: dict[int, tuple[str, str]] = {
    7: ("States help companies in conflict areas", "Staten helpen bedrijven in conflictgebieden"),
    11: ("Companies respect human rights", "Bedrijven respecteren mensenrechten"),
    12: ("Which rights these are", "Om welke rechten het gaat"),
    13: ("Avoid causing or contributing to harm, and act on links to it", "Geen schade veroorzaken of eraan bijdragen"),
    14: ("Every company, whatever its size", "Elk bedrijf, hoe groot of klein ook"),
    15: ("Policy, due diligence and remedy in place", "Beleid, zorgvuldigheid en herstel geregeld"),
    16: ("A public commitment that is lived", "Een openbare belofte die wordt nageleefd"),
    17: ("Human rights due diligence", "Zorgvuldigheid voor mensenrechten"),
    18: ("Assess harm together with those concerned", "Schade in kaart brengen met de betrokkenen"),
    19: ("Act on what is found, and use influence", "Handelen naar wat gevonden is, en invloed gebruiken"),
    20: ("Follow whether it works", "Volgen of het werkt"),
    21: ("Tell what was done", "Vertellen wat er gedaan is"),
    22: ("Put right what was caused", "Herstellen wat veroorzaakt is"),
    23: ("Obey the law, and honour rights where laws conflict", "De wet volgen, en rechten eren waar wetten botsen"),
    24: ("The gravest harm first", "De ergste schade eerst"),
    25: ("Access to remedy", "Toegang tot herstel"),
    26: ("Courts that work", "Rechters die werken"),
    29: ("A way to complain at the company", "Een weg om bij het bedrijf te klagen"),
    31: ("What makes a way to complain good", "Wat een klachtenweg goed maakt"),
}
"""The principles that questions lean on, each in a few words of our own (English, Dutch); not the official text."""

_OTHER = {
    "Basel Convention": ("Hazardous waste across borders, 1989", "Gevaarlijk afval over grenzen, 1989"),
    "Employer Pays Principle": ("No worker pays for a job", "Geen werknemer betaalt voor een baan"),
    "Minamata Convention": ("Mercury, 2013", "Kwik, 2013"),
    "OECD Minerals": (
        "OECD guidance on minerals from conflict areas",
        "OESO-richtlijn voor mineralen uit conflictgebieden",
    ),
    "Stockholm Convention": ("Persistent organic pollutants, 2001", "Persistente organische stoffen, 2001"),
    "UN Declaration on Indigenous Peoples": ("Rights of indigenous peoples, 2007", "Rechten van inheemse volken, 2007"),
    "UN Voluntary Guidelines on Tenure": (
        "Tenure of land, fisheries and forests, 2012",
        "Rechten op land, visgronden en bossen, 2012",
    ),
    "Voluntary Principles": ("Security and human rights, 2000", "Beveiliging en mensenrechten, 2000"),
}


def find(code: str) -> Reference | None:
    """What a reference such as `FL.DOC`, `ILO C029` or `UNGP 15` stands for; None for what nobody knows."""
    return _all().get(code)


@cache
def _all() -> dict[str, Reference]:
    shipped = taxonomy.shipped()
    found = {
        signal.id: Reference(signal.id, Source.SIGNAL, {"en": signal.name.en, "nl": signal.name.nl})
        for signal in shipped.signals.values()
    }
    conventions = {key[1]: each.title for key, each in shipped.references.items() if key[0] == "ilo"} | _ILO
    for number, name in conventions.items():
        found[f"ILO {number}"] = Reference(f"ILO {number}", Source.ILO, {"en": name})
    for principle, (english, dutch) in _UNGP.items():
        code = f"UNGP {principle}"
        found[code] = Reference(code, Source.UNGP, {"en": english, "nl": dutch})
    for code, (english, dutch) in _OTHER.items():
        found[code] = Reference(code, Source.OTHER, {"en": english, "nl": dutch})
    return found
