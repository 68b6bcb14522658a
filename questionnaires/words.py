"""What a yes-or-no question offers, in every language of the library: the same four answers everywhere."""

from __future__ import annotations

from questionnaires.definition import YES_NO, Words

_BY_LANGUAGE = {
    "en": ("Yes", "No", "Partly", "Not applicable"),
    "nl": ("Ja", "Nee", "Gedeeltelijk", "Niet van toepassing"),
    "de": ("Ja", "Nein", "Teilweise", "Trifft nicht zu"),
    "fr": ("Oui", "Non", "En partie", "Sans objet"),
    "es": ("Sí", "No", "En parte", "No aplica"),
    "pt": ("Sim", "Não", "Em parte", "Não se aplica"),
    "tr": ("Evet", "Hayır", "Kısmen", "Bizim için geçerli değil"),
    "zh": ("是", "否", "部分", "不适用"),
    "vi": ("Có", "Không", "Một phần", "Không áp dụng"),
    "id": ("Ya", "Tidak", "Sebagian", "Tidak berlaku"),
    "hi": ("हाँ", "नहीं", "कुछ हद तक", "लागू नहीं"),
    "bn": ("হ্যাঁ", "না", "আংশিক", "প্রযোজ্য নয়"),
}

YES_NO_WORDS: dict[str, Words] = {
    answer: {language: words[place] for language, words in _BY_LANGUAGE.items()} for place, answer in enumerate(YES_NO)
}
"""The label of each of the four answers, by language."""
