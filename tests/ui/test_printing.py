"""What she is told before pages go to a printer."""

import sys
from io import BytesIO

import pytest
from pypdf import PdfWriter
from PySide6.QtPrintSupport import QPrinter

from crisisdesk.errors import PrintProblem
from crisisdesk.ui import printing
from crisisdesk.ui.printing import Caution, Printer, Went, caution_about, known_of


def _caution(printer: Printer) -> Caution:
    """Return what she is told of a printer, which must be something."""
    caution = caution_about(printer)
    assert caution is not None
    return caution


@pytest.mark.parametrize(
    ("name", "title", "went"),
    [
        ("Microsoft Print to PDF", "Make an open file?", Went.FILE),
        ("PDF", "Make an open file?", Went.FILE),
        ("CUPS-PDF", "Make an open file?", Went.FILE),
        ("Microsoft XPS Document Writer", "Make an open file?", Went.FILE),
        ("Print to file", "Make an open file?", Went.FILE),
        ("OneNote (Desktop)", "Hand the pages to another program?", Went.FILE),
        ("Send To OneNote 2016", "Hand the pages to another program?", Went.FILE),
        ("Google Cloud Print", "Hand the pages to another program?", Went.FILE),
        ("Fax", "Send the pages by fax?", Went.PAPER),
        ("Fax - HP OfficeJet", "Send the pages by fax?", Went.PAPER),
    ],
)
def test_a_printer_that_makes_no_paper_is_told_by_its_name(name, title, went):
    caution = _caution(Printer(name=name))
    assert (caution.title, caution.went) == (title, went)


@pytest.mark.parametrize("name", ["Front office", "HP LaserJet M404", "Expdfast", "Brother HL-L2350DW"])
def test_a_printer_on_the_desk_needs_no_word(name):
    known = Printer(name=name)
    assert caution_about(known) is None


def test_a_printer_in_a_network_is_told_of_once(monkeypatch, answers):
    monkeypatch.setattr(printing, "_told", set())
    known = Printer(name="Hall", is_remote=True)
    caution = _caution(known)
    answers.confirm(False)
    assert not printing._agreed(None, known, caution, "")
    answers.confirm(True)
    assert printing._agreed(None, known, caution, "")
    assert printing._agreed(None, known, caution, "")
    assert answers.seen == ["Print on a shared printer?"] * 2


def test_an_open_file_is_asked_about_each_time(answers):
    known = Printer(name="PDF")
    for _each in range(2):
        answers.confirm(True)
        assert printing._agreed(None, known, _caution(known), "")


def test_a_network_does_not_hide_that_a_file_is_made():
    assert _caution(Printer(name="PDF", is_remote=True)).went is Went.FILE


@pytest.mark.usefixtures("dressed")
def test_qt_tells_that_it_writes_a_file():
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    assert known_of(printer).is_file


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of a file's size")
@pytest.mark.parametrize("room", [0, 1000])
@pytest.mark.usefixtures("dressed")
def test_a_file_that_the_disk_has_no_room_for_is_told_and_not_left_behind(room, answers, tmp_path):
    import resource  # noqa: PLC0415  Windows has none

    page, paper = BytesIO(), PdfWriter()
    paper.add_blank_page(612, 792)
    paper.write(page)
    file = tmp_path / "sheet.pdf"
    answers.printer(file)
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, usual[1]))
    try:
        with pytest.raises(PrintProblem, match="whole"):
            printing.print_pdf(None, page.getvalue(), "Sheet")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert list(tmp_path.iterdir()) == []
