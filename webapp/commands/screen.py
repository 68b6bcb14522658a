"""`salient screen`: files and folders to result files, without a server or a database."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click
from tqdm import tqdm

if TYPE_CHECKING:
    from screening.bulk import Outcome

_FORMATS = ("jsonl", "csv", "html")


def _formats(_context: click.Context, _option: click.Parameter, value: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in value.split(",") if name.strip()))
    strange = [name for name in names if name not in _FORMATS]
    if strange or not names:
        raise click.BadParameter(f"choose from {', '.join(_FORMATS)}, separated by commas.")
    return names


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default="salient-out", show_default=True,
              help="Folder for the results.")  # fmt: skip
@click.option("--jobs", type=click.IntRange(1, 256), help="Worker processes; one for each processor if not said.")
@click.option("--format", "formats", default="jsonl,csv,html", show_default=True, callback=_formats,
              help="Result files to write.")  # fmt: skip
@click.option("--all-passages", is_flag=True, help="Add passages with a signal that raise no flag.")
@click.option("--passages", is_flag=True,
              help="Write passages.jsonl: what was not flagged, to draw samples from.")  # fmt: skip
@click.option("--password-file", type=click.File(encoding="utf-8"),
              help="Passwords, one a line, tried on every locked file.")  # fmt: skip
@click.option("--ocr", "engine", type=click.Choice(["auto", "tesseract", "rapidocr", "none"]), default="auto",
              show_default=True, help="What recognises text on scans; auto takes what is installed.")  # fmt: skip
@click.option("--ocr-languages", default="",
              help="Languages of Tesseract, separated by commas; if not said, up to four installed ones.")  # fmt: skip
@click.option("--resume", is_flag=True, help="Go on with an interrupted run in the same folder.")
def screen(
    paths: tuple[Path, ...],
    out: Path,
    jobs: int | None,
    formats: tuple[str, ...],
    all_passages: bool,
    passages: bool,
    password_file: TextIO | None,
    engine: str,
    ocr_languages: str,
    resume: bool,
) -> None:
    """Screen files and folders for signs of harm to people, without a server or a database.

    Ends with 0 when every file has its result, also where the result is that it could not be read: those are
    listed first in report.html.

    \b
    Example:
      salient screen audits/ --out results --jobs 4
    """
    from screening import bulk

    passwords = tuple(dict.fromkeys(line.rstrip("\r\n") for line in password_file or () if line.strip()))
    languages = tuple(code.strip() for code in ocr_languages.split(",") if code.strip())
    options = bulk.Options(
        out=out,
        jobs=jobs or 0,
        formats=formats,
        all_passages=all_passages,
        passages=passages,
        passwords=passwords,
        recognition=bulk.Recognition(bulk.Engine(engine), languages),
        resume=resume,
    )
    with tqdm(unit="document", disable=not sys.stderr.isatty(), dynamic_ncols=True) as bar:

        def told(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        try:
            outcome = bulk.screen(paths, options, told=told)
        except (bulk.NothingThere, bulk.Stillborn) as error:
            raise click.ClickException(str(error)) from None
        except OSError as error:
            raise click.ClickException(f"The results cannot be written: {error}") from None
        except KeyboardInterrupt:
            raise click.ClickException("Stopped. The same command with --resume goes on from here.") from None
    if outcome.started_over:
        click.echo("The earlier run was made by another version of the engine, so that all was read anew.", err=True)
    click.echo(_said(outcome, out), err=True)


def _said(outcome: Outcome, out: Path) -> str:
    counts = outcome.tally.counts()
    unread = counts["documents"] - counts["documents_by_state"].get("screened", 0)
    before = f" ({outcome.skipped} done before)" if outcome.skipped else ""
    return (
        f"{_count(counts['documents'], 'document')}{before}, {counts['pages_read']} of "
        f"{_count(counts['pages'], 'page')} read, {_count(counts['findings'], 'flagged passage')}; "
        f"{_count(unread, 'document')} not read in full. Results in {out}/"
    )


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
