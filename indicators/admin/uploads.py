"""Uploaded workbooks of reference data: looked at before any reader opens them, then read whole."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.formats import base_formats
from import_export.forms import ConfirmImportForm, ImportForm
from python_calamine import CalamineWorkbook
from tablib import Dataset

MOST_BYTES = 2_000_000
MOST_UNPACKED_BYTES = 20_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 200
CELL_REFERENCE = re.compile(rb'\br="([A-Z]{1,4})([0-9]{1,9})"')


class SheetFormat(base_formats.TablibFormat):
    """A workbook, read by calamine: tablib's own reader of OpenDocument drops repeated cells.

    LibreOffice writes two equal neighbours as one cell that is repeated, and tablib would shift
    what stands to the right of it.
    """

    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> Dataset:
        """The first sheet, from its first row with anything in it; empty rows are left out.

        Raises:
            CalamineError: the file is no workbook, or too large a one.
        """
        sheet = CalamineWorkbook.from_filelike(BytesIO(in_stream)).get_sheet_by_index(0)
        rows = [row for row in sheet.to_python() if any(cell != "" for cell in row)]
        dataset = Dataset()
        if rows:
            dataset.headers = [str(cell) for cell in rows[0]]
            dataset.extend(rows[1:])
        return dataset


class XLSX(SheetFormat):
    """Office Open XML."""

    TABLIB_MODULE = base_formats.XLSX.TABLIB_MODULE
    CONTENT_TYPE = base_formats.XLSX.CONTENT_TYPE


class ODS(SheetFormat):
    """OpenDocument."""

    TABLIB_MODULE = base_formats.ODS.TABLIB_MODULE
    CONTENT_TYPE = base_formats.ODS.CONTENT_TYPE


class ReferenceImportForm(ImportForm):
    """Refuses a file that is too large, or that would become so once unpacked."""

    def clean_import_file(self) -> UploadedFile:
        """Check size, compression and extent before any reader opens the file."""
        upload: UploadedFile = self.cleaned_data["import_file"]
        if (upload.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                _("The file has %(size)d kB; reference data fits into %(most)d kB. Split it.")
                % {"size": (upload.size or 0) // 1000, "most": MOST_BYTES // 1000}
            )
        if zipfile.is_zipfile(upload):
            upload.seek(0)
            self._check_archive(upload)
        upload.seek(0)
        return upload

    def _check_archive(self, upload: UploadedFile) -> None:
        try:
            with zipfile.ZipFile(upload) as archive:
                left = MOST_UNPACKED_BYTES
                for member in archive.infolist():
                    with archive.open(member) as content:
                        text = content.read(left + 1)
                    left -= len(text)
                    if left < 0:
                        raise forms.ValidationError(
                            _("The file is far larger inside than it looks; it was not opened.")
                        )
                    if b"<!ENTITY" in text or b"<!DOCTYPE" in text:
                        raise forms.ValidationError(
                            _("The file defines entities, as no spreadsheet does; not opened.")
                        )
                    self._check_extent(text)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
            raise forms.ValidationError(
                _("The file is damaged or encrypted. Save it anew without a password.")
            ) from error

    def _check_extent(self, text: bytes) -> None:
        for column, row in CELL_REFERENCE.findall(text):
            number = 0
            for letter in column:
                number = number * 26 + letter - 64
            if number > MOST_COLUMNS or int(row) > MOST_ROWS:
                raise forms.ValidationError(
                    _("The sheet reaches to cell %(cell)s; delete what lies beyond the table.")
                    % {"cell": (column + row).decode()}
                )


class ReasonedImportForm(ReferenceImportForm):
    """The upload of a table of definitions, with the reason for what it changes."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        help_text=gettext_lazy("Stays with everything that the file changes."),
    )


class ReasonedConfirmForm(ConfirmImportForm):
    """The confirmation, which carries the reason on, and the word for what the file alters."""

    reason = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
