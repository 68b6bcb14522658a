"""Opens a workbook of our own as plain rows; files of others are opened in the cage instead."""

from __future__ import annotations

import io

import openpyxl

from questionnaires.exchange.sheets import Cell, Sheet


def sheets_of(data: bytes) -> list[Sheet]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [
        Sheet(
            sheet.title,
            {
                (cell.row - 1, cell.column - 1): Cell(str(cell.value), formula=cell.data_type == "f")
                for row in sheet.iter_rows()
                for cell in row
                if cell.value is not None
            },
        )
        for sheet in book.worksheets
    ]


def put(sheets: list[Sheet], key: str, text: str, *, column: int = 2, formula: bool = False) -> tuple[str, int]:
    """Write into the line with this key, as the supplier would. Answers where that was."""
    for sheet in sheets:
        for row in sheet.rows():
            if sheet.text(row, 0) == key:
                sheet.cells[row, column] = Cell(text, formula)
                return sheet.name, row
    raise AssertionError(f"no line {key}")
