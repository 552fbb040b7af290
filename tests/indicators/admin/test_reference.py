"""Reference data by spreadsheet: out, in again, and everything that may be wrong with a file."""

import io
import zipfile
from typing import Any

import openpyxl
import pytest
import tablib
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from accounts.models import Role
from indicators.models import Goal, Indicator, Milestone, Revision, Series, Target
from stakeholders.models import Channel, StakeholderGroup
from tests.builders import make_series, make_user
from tests.published import load_published_review

pytestmark = pytest.mark.django_db

FORMATS = {"xlsx": "0", "ods": "1", "csv": "2"}
TABLES = {
    "indicators_goal": Goal,
    "indicators_target": Target,
    "indicators_indicator": Indicator,
    "indicators_series": Series,
    "indicators_milestone": Milestone,
    "indicators_activity": None,
    "stakeholders_stakeholdergroup": StakeholderGroup,
    "stakeholders_channel": Channel,
}


@pytest.fixture
def planner(client: Client) -> Client:
    client.force_login(make_user(Role.PLANNER))
    return client


def export(client: Client, table: str, form: str) -> bytes:
    response = client.post(reverse(f"admin:{table}_export"), {"format": FORMATS[form]})
    assert response.status_code == 200, response.content
    return response.content


def upload(client: Client, table: str, form: str, content: bytes) -> HttpResponse:
    file = SimpleUploadedFile(f"table.{form}", content)
    return client.post(  # type: ignore[return-value]
        reverse(f"admin:{table}_import"),
        {"format": FORMATS[form], "import_file": file, "reason": "年度檢討"},
    )


def confirm(client: Client, table: str, preview: HttpResponse) -> HttpResponse:
    form = preview.context["confirm_form"]  # type: ignore[attr-defined]
    return client.post(  # type: ignore[return-value]
        reverse(f"admin:{table}_process_import"), {name: form[name].value() for name in form.fields}
    )


def csv(*rows: str) -> bytes:
    return "\n".join(rows).encode()


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("table", TABLES)
def test_what_goes_out_comes_in_again_and_changes_nothing(
    planner: Client, table: str, form: str
) -> None:
    load_published_review()
    revisions = Revision.objects.count()
    preview = upload(planner, table, form, export(planner, table, form))
    result = preview.context["result"]  # type: ignore[attr-defined]
    assert not result.has_errors(), [str(e.error) for _n, es in result.row_errors() for e in es]
    assert not result.has_validation_errors(), [r.error for r in result.invalid_rows]
    assert result.totals["skip"] == result.total_rows > 0
    assert confirm(planner, table, preview).status_code == 302
    assert Revision.objects.count() == revisions


@pytest.mark.parametrize("form", FORMATS)
def test_a_new_row_and_a_changed_one(planner: Client, form: str) -> None:
    Goal.objects.create(code="8", name_zh="舊名", colour="#A21942")
    data = tablib.Dataset(headers=["code", "name_zh", "name_en", "colour"])
    data.append(["8", "尊嚴勞動", "Decent work", "#A21942"])
    data.append(["10", "減少不平等", "", "#DD1367"])
    content = data.export(form)
    preview = upload(
        planner, "indicators_goal", form, content.encode() if form == "csv" else content
    )
    assert Goal.objects.get().name_zh == "舊名"
    assert confirm(planner, "indicators_goal", preview).status_code == 302
    assert list(Goal.objects.values_list("code", "name_zh")) == [
        ("8", "尊嚴勞動"),
        ("10", "減少不平等"),
    ]


@pytest.mark.parametrize(
    ("table", "rows", "said"),
    [
        ("indicators_goal", ["code,name_zh,name_en,colour", "8,名,,blue"], ["2", "colour"]),
        ("indicators_goal", ["code,name_zh,name_en,colour", "x8,名,,#A21942"], ["2", "code"]),
        ("indicators_goal", ["code,name_zh", "8,名"], ["name_en", "colour"]),
        ("indicators_goal", ["code,name_zh,name_en,colour"], []),
        (
            "indicators_target",
            ["goal,code,name_zh,name_en", "99,8.7,,"],
            ["<td>2</td>", "<td>goal</td>", "99"],
        ),
        (
            "indicators_milestone",
            [
                "indicator,series,year,value,window,base_month,note",
                '1.4.1,數列 1,2020,"1,23",2017-01/2020-12,,',
            ],
            ["2", "value", "1,23"],
        ),
        (
            "indicators_milestone",
            [
                "indicator,series,year,value,window,base_month,note",
                "1.4.1,數列 1,2020,400,12/01,,",
            ],
            ["2", "12/01"],
        ),
        (
            "indicators_milestone",
            ["indicator,series,year,value,window,base_month,note", "1.4.1,沒有,2020,400,2020,,"],
            ["<td>2</td>", "<td>series</td>", "沒有"],
        ),
    ],
)
def test_a_bad_row_is_named_by_row_and_column_and_nothing_is_saved(
    planner: Client, table: str, rows: list[str], said: list[str]
) -> None:
    make_series()
    before = (Goal.objects.count(), Target.objects.count(), Milestone.objects.count())
    response = upload(planner, table, "csv", csv(*rows))
    page = response.content.decode()
    assert response.context.get("confirm_form") is None  # type: ignore[attr-defined]
    assert "Traceback" not in page
    for words in said:
        assert words in page
    assert (Goal.objects.count(), Target.objects.count(), Milestone.objects.count()) == before


def test_one_bad_row_keeps_the_good_ones_out(planner: Client) -> None:
    rows = ["code,name_zh,name_en,colour", "8,名,,#A21942", "9,名,,blue"]
    page = upload(planner, "indicators_goal", "csv", csv(*rows)).content.decode()
    assert "<td>3</td>" in page
    assert not Goal.objects.exists()


def test_a_changed_target_value_becomes_the_next_revision(planner: Client) -> None:
    make_series()
    head = "indicator,series,year,value,window,base_month,note"
    for value in ("400", "450"):
        preview = upload(
            planner,
            "indicators_milestone",
            "csv",
            csv(head, f"1.4.1,數列 1,2020,{value},2017-01/2020-12,,"),
        )
        assert confirm(planner, "indicators_milestone", preview).status_code == 302
    assert list(Milestone.objects.order_by("revision").values_list("value", "revision")) == [
        (400, 1),
        (450, 2),
    ]


def xlsx(**cells: str) -> bytes:
    book = openpyxl.Workbook()
    for cell, value in cells.items():
        book.active[cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_cells_that_libreoffice_writes_as_repeated_stay_in_their_columns(planner: Client) -> None:
    document = OpenDocumentSpreadsheet()
    table = Table(name="Sheet1")
    for row in (
        [("goal", 1), ("code", 1), ("name_zh", 1), ("name_en", 1)],
        [("8", 1), ("8.7", 1), ("same", 2), ("", 1000)],
        [("8", 1), ("8.8", 1), ("", 1), ("English", 1)],
    ):
        line = TableRow()
        for text, times in row:
            cell = TableCell(valuetype="string", numbercolumnsrepeated=times)
            if text:
                cell.addElement(P(text=text))
            line.addElement(cell)
        table.addElement(line)
    table.addElement(TableRow(numberrowsrepeated=1_048_000))
    document.spreadsheet.addElement(table)
    content = io.BytesIO()
    document.write(content)
    Goal.objects.create(code="8", name_zh="目標", colour="#A21942")
    preview = upload(planner, "indicators_target", "ods", content.getvalue())
    confirm(planner, "indicators_target", preview)
    assert list(Target.objects.values_list("code", "name_zh", "name_en")) == [
        ("8.7", "same", "same"),
        ("8.8", "", "English"),
    ]


HOSTILE = {
    "far cell": ("xlsx", xlsx(A1="code", XFD1048576="x")),
    "bomb": ("xlsx", zipped(**{"xl/sheet.xml": b"0" * 30_000_000})),
    "entities": (
        "xlsx",
        zipped(**{"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}),
    ),
    "truncated": ("xlsx", xlsx(A1="code")[:300]),
    "a pdf": ("xlsx", b"%PDF-1.7 nothing of a sheet"),
    "nothing": ("xlsx", b""),
    "an ods that is none": ("ods", b"not a zip at all"),
    "too large": ("csv", b"code,name_zh,name_en,colour\n" + b"x" * 2_100_000),
    "nul bytes": ("csv", b"code,name_zh\x00,name_en,colour\n8,\x00,,#A21942"),
    "big5": ("csv", "code,name_zh,name_en,colour\n8,勞動,,#A21942".encode("cp950")),
}


@pytest.mark.parametrize(("form", "content"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_get_a_message(planner: Client, form: str, content: bytes) -> None:
    response = upload(planner, "indicators_goal", form, content)
    assert response.status_code == 200
    assert response.context.get("confirm_form") is None  # type: ignore[attr-defined]
    assert "Traceback" not in response.content.decode()
    assert not Goal.objects.exists()


@pytest.mark.parametrize("text", ["=1+1", "==1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "＝1+1"])
@pytest.mark.parametrize("form", FORMATS)
def test_no_formula_leaves_and_the_text_returns_as_it_was(
    planner: Client, text: str, form: str
) -> None:
    Goal.objects.create(code="8", name_zh=text, colour="#A21942")
    content = export(planner, "indicators_goal", form)
    if form == "csv":
        assert f"'{text}" in content.decode()
    if form == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        cells: Any = sheet.iter_rows()
        assert {cell.data_type for row in cells for cell in row} <= {"s", "inlineStr"}
    preview = upload(planner, "indicators_goal", form, content)
    confirm(planner, "indicators_goal", preview)
    assert Goal.objects.get().name_zh in (text, text.strip())


def test_an_upload_is_confirmed_by_who_uploaded_it(planner: Client) -> None:
    preview = upload(
        planner, "indicators_goal", "csv", csv("code,name_zh,name_en,colour", "8,名,,#A21942")
    )
    other = Client()
    other.force_login(make_user(Role.PLANNER))
    assert confirm(other, "indicators_goal", preview).status_code == 400
    assert not Goal.objects.exists()
    forged = {"import_file_name": "/etc/passwd", "format": "2", "original_file_name": "x"}
    url = reverse("admin:indicators_goal_process_import")
    assert other.post(url, forged).status_code == 400


@pytest.mark.parametrize("role", [Role.ENTRY_OFFICER, Role.REVIEWER, Role.ADMINISTRATOR])
def test_reference_data_is_the_planners(client: Client, role: Role) -> None:
    client.force_login(make_user(role))
    for table in TABLES:
        assert client.get(reverse(f"admin:{table}_import")).status_code == 403


def test_figures_have_no_import_beside_the_door() -> None:
    from django.urls import NoReverseMatch

    with pytest.raises(NoReverseMatch):
        reverse("admin:indicators_observation_import")
