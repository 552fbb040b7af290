"""A sheet as its headings are read: texts as a person sees them, merged cells carried along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from indicators.spreadsheets.books import Cell, Place, Sheet
from indicators.spreadsheets.layout.headings import seen


def text_of(cell: Cell) -> str:
    """A cell as a person reads it; numbers as spreadsheets show them."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        shown = f"{cell:.15g}"
        return f"{cell:.0f}" if "e+" in shown and cell.is_integer() else shown
    return cell.strip() if isinstance(cell, str) else str(cell)


def merged_corners(sheet: Sheet) -> dict[Place, Place]:
    """Place → corner of the merged range that covers it; ranges end where the sheet does."""
    found: dict[Place, Place] = {}
    widest = max((len(row) for row in sheet.rows), default=0)
    for first_row, first_column, last_row, last_column in sheet.merged:
        for row in range(first_row, min(last_row, len(sheet.rows) - 1) + 1):
            for column in range(first_column, min(last_column, widest - 1) + 1):
                found[row, column] = first_row, first_column
    return found


@dataclass(frozen=True, slots=True)
class Piece:
    """A text of the headings and the cell that it stands in."""

    row: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a table, or a column of it, is not read: a finding's place, code and parameters.

    ``fatal``: no row is read. ``asked``: the text that a person may say the meaning of.
    """

    row: int
    column: int
    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    fatal: bool = False
    asked: str = ""


class Grid:
    """A sheet with its merged cells; places are those of the sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.corners: Mapping[Place, Place] = merged_corners(sheet) if sheet.merged else {}

    def width(self, row: int) -> int:
        """How many columns a row has, those included that a merged cell covers."""
        beyond = [column for at, column in self.corners if at == row] if self.corners else []
        return max([len(self.sheet.rows[row]), *(column + 1 for column in beyond)])

    def cell(self, row: int, column: int) -> Cell:
        """A cell's content, of a merged cell that of its corner."""
        row, column = self.corners.get((row, column), (row, column))
        cells = self.sheet.rows[row] if row < len(self.sheet.rows) else []
        return cells[column] if column < len(cells) else ""

    def piece(self, row: int, column: int) -> Piece:
        """A cell's text with the place where it is written."""
        at = self.corners.get((row, column), (row, column))
        return Piece(*at, seen(text_of(self.cell(row, column))))

    def pieces(self, row: int) -> list[Piece]:
        """What is written in a row, each cell once; a merged cell belongs to its first row."""
        cells = enumerate(self.sheet.rows[row])
        return [Piece(row, column, seen(text_of(cell))) for column, cell in cells if cell != ""]

    def is_merged_across(self, piece: Piece) -> bool:
        """Whether a text is written over several columns."""
        return self.corners.get((piece.row, piece.column + 1)) == (piece.row, piece.column)

    def over(self, row: int, column: int, first: int) -> Piece | None:
        """The text of a row that stands over a column.

        Where nothing is merged across in the row, a text reaches to the next one; texts before the
        column ``first`` reach over none behind it.
        """
        if (row, column) in self.corners:
            piece = self.piece(row, column)
            return piece if piece.text else None
        pieces = self.pieces(row)
        own = next((piece for piece in pieces if piece.column == column), None)
        if own or any(self.is_merged_across(piece) for piece in pieces):
            return own
        before = [piece for piece in pieces if first <= piece.column < column]
        return before[-1] if before else None


def numbers_in(row: list[Cell]) -> Iterator[int]:
    """The columns of a row that hold numbers, or texts of figures alone."""
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            plain = cell.replace(",", "").strip()
            if plain.replace(".", "", 1).isdecimal():
                yield column
        elif not isinstance(cell, bool) and isinstance(cell, (int, float)):
            yield column
