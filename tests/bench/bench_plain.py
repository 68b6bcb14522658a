"""Short plain sentences, as audits are full of them: how many findings are raised, and how many calm twins are not.

Usage: python -m tests.bench.bench_plain [--missed]

Each sentence is judged by itself, as from an audit. They were made up for this and nothing was learned from them; there
are few of them, so that a tenth is three sentences.
"""

from __future__ import annotations

import argparse

from screening.engine.results import Passage
from screening.engine.screener import Screener

TWINS = (
    ("en", "The exits were locked.", "The exits were unlocked."),
    ("en", "Two fire exits were locked during the night shift.", "All fire exits were open during the night shift."),
    ("en", "Wages for March were paid in May.", "Wages for March were paid on 31 March."),
    ("en", "Passports are kept in the manager's safe.", "Passports are kept in the workers' own lockers."),
    ("en", "Deposits of 300 dollars are taken from migrants.", "Deposits are taken from nobody."),
    ("en", "Toilets are dirty and have no water.", "Toilets are clean and have soap."),
    ("en", "Workers work 14 hours a day.", "Workers work eight hours a day."),
    ("en", "The guards search women by hand.", "The guards search nobody."),
    ("en", "Pregnant women are sent home without pay.", "Pregnant women are given light work at full pay."),
    ("en", "The agency holds the papers of all migrants.", "The agency holds copies of permits only."),
    ("en", "No rest day was given in March.", "Sunday was a rest day throughout March."),
    ("en", "Payslips are not handed out.", "Payslips are handed out on pay day."),
    ("en", "Chemicals stand open beside the canteen.", "Chemicals stand closed in a store of their own."),
    ("en", "Trainees are paid less than the minimum wage.", "Trainees are paid the minimum wage from the first day."),
    ("en", "Workers pay for their own gloves.", "Gloves are handed out free of charge."),
    ("en", "A 15-year-old runs the press.", "The youngest person at the press is 24."),
    ("nl", "De nooduitgangen zaten op slot.", "De nooduitgangen waren open."),
    ("nl", "Paspoorten liggen in de kluis van de manager.", "Iedereen bewaart zijn eigen paspoort."),
    ("de", "Die Notausgänge waren verschlossen.", "Die Notausgänge waren offen."),
    ("de", "Der Lohn für März kam erst im Mai.", "Der Lohn für März kam am 31. März."),
    ("fr", "Les issues de secours étaient verrouillées.", "Les issues de secours étaient ouvertes."),
    ("es", "Los pasaportes están en la caja fuerte del gerente.", "Cada uno guarda su pasaporte."),
    ("tr", "Pasaportlar müdürün kasasında tutuluyor.", "Herkes pasaportunu kendi saklıyor."),
    ("zh", "护照由经理保管。", "护照由工人自己保管。"),
    ("vi", "Lối thoát hiểm bị khóa.", "Lối thoát hiểm luôn mở."),
    ("pt", "As saídas de emergência estavam trancadas.", "As saídas de emergência estavam abertas."),
)
"""A language, a finding, and the same matter in order."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--missed", action="store_true", help="list what was judged wrongly, with its score")
    asked = parser.parse_args()
    screener = Screener.load()
    for name, side, wanted in (("findings raised", 1, True), ("calm twins left alone", 2, False)):
        found = screener.judge([Passage(row[side], language=row[0], document_type="audit") for row in TWINS])
        wrong = [(row[side], one.score) for row, one in zip(TWINS, found, strict=True) if one.flag is not wanted]
        print(f"{name:24} {len(TWINS) - len(wrong)} of {len(TWINS)}")
        if asked.missed:
            print("".join(f"  {score:.2f}  {text}\n" for text, score in wrong), end="")


if __name__ == "__main__":
    main()
