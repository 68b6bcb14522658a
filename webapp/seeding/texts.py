"""What an invented installation is written with: sentences as audits hold them, names of companies that nobody has."""

from __future__ import annotations

import random
from functools import lru_cache
from itertools import accumulate

_SYLLABLES = (
    "bel", "cor", "dun", "fen", "gar", "hol", "jor", "kel", "lum", "mir", "nav", "oss", "pra", "quel", "ros", "sel",
    "tor", "ul", "vem", "wex", "yor", "zan",
)  # fmt: skip
_TRADES = ("Knitwear", "Footwear", "Foods", "Metalwork", "Toys", "Electronics", "Furniture", "Packaging", "Garments")
_GIVEN = ("Ada", "Bram", "Chidi", "Dewi", "Elif", "Femke", "Goran", "Hanna", "Ivo", "Jana", "Kofi", "Lien", "Mika")
COUNTRIES = ("BD", "CN", "VN", "TR", "IN", "MY", "PK", "RO", "MX", "TH", "PT", "ET")

_OPENINGS = {
    "en": (
        "During interviews {n} workers said that", "The auditor saw that", "Records of {month} show that",
        "In the sampled files it stood out that", "The union's representative told us that", "On the night shift,",
        "According to the supervisor", "Workers of line {n} reported that", "It could not be ruled out that",
        "At the time of the visit", "The gate log of {month} confirms that", "Two former workers wrote that",
    ),
    "es": (
        "En las entrevistas {n} personas dijeron que", "Los registros de {month} muestran que",
        "El equipo auditor vio que", "Según la encargada de la línea {n},",
    ),
    "nl": (
        "In gesprekken zeiden {n} werknemers dat", "Uit de administratie van {month} blijkt dat",
        "De auditor zag dat", "Volgens de ploegleider van lijn {n}",
    ),
}  # fmt: skip
_FACTS = {
    "en": (
        "passports were kept in the office safe and given out on request only",
        "overtime reached {n} hours in the week and was not paid at the higher rate",
        "wages were paid {n} days late and without a payslip",
        "recruitment fees of {n} monthly wages were taken off in parts",
        "the emergency exit of the dormitory was locked from outside",
        "{n} helpers below the legal age carried boxes in the packing hall",
        "a deposit was asked for before the first day and not given back",
        "women were asked about a pregnancy before they were hired",
        "nobody could leave the compound at night without a permit",
        "the needle guards of {n} machines had been taken off",
        "the supervisor shouted at workers who did not reach the target",
        "drinking water was closed outside the breaks",
        "members of the committee were moved to another hall after the meeting",
        "the second set of time sheets gave {n} hours less than the gate log",
        "solvents were poured out behind the building without any treatment",
        "contracts were in a language that the workers do not read",
        "fire drills were signed for on a day on which the plant was closed",
        "an agent holds the bank cards of {n} newcomers",
    ),
    "es": (
        "los pasaportes se guardan en la oficina", "las horas extra llegaron a {n} en la semana",
        "el salario se pagó con {n} días de retraso", "la salida de emergencia estaba cerrada con llave",
        "se descontaron cuotas de contratación durante {n} meses",
    ),
    "nl": (
        "paspoorten in de kluis van het kantoor liggen", "er {n} uur per week werd overgewerkt",
        "het loon {n} dagen te laat kwam", "de nooduitgang van de slaapzaal op slot was",
        "wervingskosten in {n} delen werden ingehouden",
    ),
}  # fmt: skip
_PLACES = {"en": "in the {place} building", "es": "en la nave {place}", "nl": "in gebouw {place}"}
_ENDINGS = (
    "", "", "", "; no action was planned.", " since {month}.", "; management disagrees.", " in {n} of {n} cases.",
    " and copies were taken.",
)  # fmt: skip
_MONTHS = {
    "en": ("January", "March", "April", "June", "August", "October", "December"),
    "es": ("enero", "marzo", "abril", "junio", "agosto", "octubre"),
    "nl": ("januari", "maart", "april", "juni", "augustus", "oktober"),
}
FILLER = (
    "The site was visited on two days with notice.", "Interviews were held in private and in the workers' language.",
    "The sample covered permanent and temporary staff.", "Machine maintenance is recorded by line and by month.",
    "The canteen was clean on the day of the visit.", "The training register lists all departments.",
    "Chemicals are stored in a separate room with a tray.", "The lift was inspected and the certificate is on file.",
    "The workforce has grown since the last audit.", "Policies hang at the entrance in three languages.",
    "Working hours are kept by a terminal at the gate.", "No part of the building was closed to the team.",
    "The production of the season had just begun.", "First aid boxes were complete in the halls that were seen.",
)  # fmt: skip
LANGUAGES = ("en", "es", "nl")
BARE = 0.12
"""So many sentences name no place: many of them say the same but for numbers, as standard texts do."""


def by_rank(count: int) -> list[float]:
    """Running sums of weights of which the second is half of the first, the third a third, and so on (Zipf)."""
    return list(accumulate(1 / (1 + place) for place in range(count)))


@lru_cache
def _places() -> tuple[tuple[str, ...], list[float]]:
    names = tuple((a + b).capitalize() for a in _SYLLABLES for b in _SYLLABLES if a != b)
    return names, by_rank(len(names))


def sentence(draw: random.Random, language: str) -> str:
    """One sentence that may point to harm. Some are the same but for their numbers."""
    facts, openings = _FACTS[language], _OPENINGS[language]
    fact = facts[int(len(facts) * draw.random() ** 2)]  # The first of the list are said most.
    parts = [openings[int(len(openings) * draw.random())], fact]
    if draw.random() >= BARE:
        names, weights = _places()
        parts.append(_PLACES[language].replace("{place}", draw.choices(names, cum_weights=weights)[0]))
    written = " ".join(parts) + (draw.choice(_ENDINGS) if language == "en" else ".")
    while "{n}" in written:
        written = written.replace("{n}", str(2 + int(draw.random() * 90)), 1)
    return written.replace("{month}", draw.choice(_MONTHS[language]))


def company(draw: random.Random, known: set[str]) -> str:
    """A name of two words that mean nothing and a trade; none twice."""
    while True:
        words = ["".join(draw.choices(_SYLLABLES, k=3)).capitalize(), "".join(draw.choices(_SYLLABLES, k=2)).title()]
        name = " ".join([*words, draw.choice(_TRADES)])
        if name not in known:
            known.add(name)
            return name


def somebody(draw: random.Random) -> str:
    """A given name and a family name that means nothing."""
    return f"{draw.choice(_GIVEN)} {''.join(draw.choices(_SYLLABLES, k=3)).capitalize()}"
