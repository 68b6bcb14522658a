"""`salient questionnaire`: for whoever writes one. Checks it, shows its paths, prints it, and converts it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

    from questionnaires.definition import Choice, Question, Questionnaire
    from questionnaires.exchange.sheets import Sheet
    from questionnaires.rules import Value

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def questionnaire() -> None:
    """Questionnaires as files: check one, see its paths, print it."""


@questionnaire.command()
@click.argument("files", nargs=-1, required=True, type=_FILE)
def check(files: tuple[Path, ...]) -> None:
    """Check definition files, with the translations beside them. Ends with 1 where anything is wrong.

    \b
    Example:
      salient questionnaire check my-questions.yaml
    """
    wrong = 0
    for file in files:
        found = _problems(file)
        wrong += len(found)
        for problem in found:
            click.echo(f"{file}:{problem}")
        if not found:
            click.echo(f"{file}: sound")
    if wrong:
        raise click.ClickException("1 thing to repair." if wrong == 1 else f"{wrong} things to repair.")


@questionnaire.command()
@click.argument("file", type=_FILE)
@click.option("--most", type=click.IntRange(1, 100_000), default=2000, show_default=True,
              help="Sets of answers to try at most.")  # fmt: skip
def paths(file: Path, most: int) -> None:
    """Show which questions only some suppliers meet, by which answers, and every way through a small questionnaire.

    \b
    Example:
      salient questionnaire paths my-questions.yaml
    """
    from questionnaires.previewing import conditional, ways

    made = _sound(file)
    sometimes = conditional(made)
    click.echo(f"{len(made.questions)} questions, {len(sometimes)} of them not for everybody:")
    for each in sometimes:
        click.echo(f"  {each.question}: when {' and '.join(each.rules)}")
        if each.answers:
            click.echo(f"    such as {_told(each.answers)}")
    found = ways(made, most=most)
    if not found.complete:
        click.echo(f"There are more ways than {most} sets of answers could find; a greater --most tries more.")
        return
    click.echo(f"{len(found.ways)} ways through:")
    for way in found.ways:
        click.echo(f"  {len(way.asked)} questions: {', '.join(way.asked)}")
        click.echo(f"    such as {_told(way.answers)}")


@questionnaire.command()
@click.argument("file", type=_FILE)
@click.option("--language", default="en", show_default=True, help="ISO 639-1 code of the language to print.")
def preview(file: Path, language: str) -> None:
    """Print a questionnaire whole, each question with its choices and the rule that brings it up.

    \b
    Example:
      salient questionnaire preview my-questions.yaml --language nl
    """
    made = _sound(file)
    if language not in made.languages:
        raise click.ClickException(f"This questionnaire has no {language}: it has {', '.join(made.languages)}.")
    click.echo(made.title[language])
    for section in made.sections:
        click.echo(f"\n{section.title[language]}{_when(section.relevant)}")
        for question in section.questions:
            mark = "*" if question.required else " "
            click.echo(f" {mark} {question.label[language]} ({question.kind.value}){_when(question.relevant)}")
            for label in (part.label for parts in _parts(question) for part in parts):
                click.echo(f"     - {label[language]}")
    click.echo("\n* must be answered")


@questionnaire.command()
def schema() -> None:
    """Print the JSON Schema of definition files, for editors.

    \b
    Example:
      salient questionnaire schema > questionnaire.schema.json
    """
    from questionnaires.schema import schema as made

    click.echo(json.dumps(made(), indent=2, ensure_ascii=False))


@questionnaire.command("to-xlsform")
@click.argument("file", type=_FILE)
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def to_xlsform(file: Path, out: Path) -> None:
    """Write a questionnaire as an XLSForm workbook, and list what XLSForm has no words for.

    \b
    Example:
      salient questionnaire to-xlsform my-questions.yaml form.xlsx
    """
    from questionnaires.exchange.workbook import pack
    from questionnaires.exchange.xlsform import KEPT, export

    made = export(_sound(file))
    out.write_bytes(pack(made.sheets(), hidden={KEPT}))
    for each in made.not_said:
        click.echo(f"{each.question}, {each.field}: {each.why}")
    click.echo(f"Wrote {out}. What is listed above is kept in its hidden sheet." if made.not_said else f"Wrote {out}.")


@questionnaire.command("from-xlsform")
@click.argument("form", type=_FILE)
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def from_xlsform(form: Path, out: Path) -> None:
    """Read an XLSForm workbook into a definition file, and name each row that could not be taken over whole.

    The workbook is opened in the cage. Translations are written beside OUT.

    \b
    Example:
      salient questionnaire from-xlsform form.xlsx my-questions.yaml
    """
    from questionnaires.checking import check as prove
    from questionnaires.exchange import writing
    from questionnaires.exchange.xlsform_reading import take

    taken = take(_sheets(form))
    out.write_text(writing.as_yaml(taken.questionnaire), encoding="utf-8")
    for language, text in writing.translations(taken.questionnaire).items():
        out.with_name(f"{out.stem}.{language}.yaml").write_text(text, encoding="utf-8")
    for note in taken.notes:
        click.echo(f"{form}, sheet {note.sheet}, row {note.row}, {note.name}: not taken over: {note.why}")
    for problem in prove(taken.questionnaire):
        click.echo(f"{out}: {problem.message}")
    click.echo(f"Wrote {out} with {len(taken.questionnaire.questions)} questions.")


def _sheets(form: Path) -> list[Sheet]:
    """The cells of a workbook, opened where it can do no harm."""
    from questionnaires.exchange.sheets import Cell, Sheet
    from screening.engine.reading.workbooks import CannotOpen, Workbooks

    cage = Workbooks()
    try:
        found = cage.cells(form.read_bytes())
    except CannotOpen as why:
        raise click.ClickException(f"{form} cannot be read: {why.reason.value.replace('_', ' ')}.") from None
    finally:
        cage.close()
    return [
        Sheet(name, {(cell.row, cell.column): Cell(cell.text, cell.formula) for cell in cells})
        for name, cells in found.items()
    ]


def _problems(file: Path) -> list[str]:
    from questionnaires import checking
    from questionnaires.loading import CannotLoad, load

    try:
        found = checking.check(load(file))
    except CannotLoad as refused:
        found = refused.problems
    return [f"{problem.line}: {problem.message}" for problem in found]


def _sound(file: Path) -> Questionnaire:
    from questionnaires.loading import load

    found = _problems(file)
    if found:
        raise click.ClickException("\n".join(f"{file}:{problem}" for problem in found))
    return load(file)


def _parts(question: Question) -> tuple[tuple[Choice, ...], tuple[Choice, ...], tuple[Question, ...]]:
    return question.choices, question.rows, question.columns


def _when(rule: str | None) -> str:
    return f" [when {rule}]" if rule else ""


def _told(answers: Mapping[str, Value]) -> str:
    return ", ".join(f"{id_} = {_plain(value)}" for id_, value in answers.items()) or "no answer at all"


def _plain(value: Value) -> str:
    if isinstance(value, frozenset):
        return "{" + ", ".join(sorted(value)) + "}"
    return str(value)
