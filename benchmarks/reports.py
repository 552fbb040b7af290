"""What a review report costs in each format, against the bare libraries for the same content.

``python -m benchmarks.reports`` compiles the published edition once, then writes it and a report of
twenty times its length (``--times``), each in a process of its own: seconds without the start of
the process, peak memory with it, and how our rate compares with the peer's (2 would be twice as
quick). What the peers leave out stands in report_peers.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from io import StringIO
from pathlib import Path
from statistics import median
from typing import Any

ROUNDS = 3
TIMES = 20
FORMATS = ("odt", "docx", "pdf", "html")


def main() -> None:
    """Measure and print a line a format and length."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reports")
    parser.add_argument("--times", type=int, default=TIMES)
    parser.add_argument("--step", choices=("compile", "ours", "peer"), help=argparse.SUPPRESS)
    parser.add_argument("--form", choices=FORMATS, help=argparse.SUPPRESS)
    parser.add_argument("--tree", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        step = _compile if options.step == "compile" else _write
        print(json.dumps(step(options)))
        return
    with tempfile.TemporaryDirectory(prefix="indicators-bench-") as directory:
        os.environ["DATABASE_URL"] = f"sqlite:///{Path(directory) / 'bench.sqlite3'}"
        os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
        tree = Path(directory) / "report.json"
        made = _child("compile", "", 1, tree)
        print(f"compiling: {made['seconds']:.3f} s, {made['queries']} queries")
        print(
            f"{'format':<8}{'length':>7}{'s':>8}{'MB':>6}{'kB':>8}{'peer s':>9}{'ratio':>7}  peer"
        )
        for times in (1, options.times):
            for form in FORMATS:
                _measure(form, times, tree)


def _child(step: str, form: str, times: int, tree: Path) -> Any:
    command = [sys.executable, "-m", "benchmarks.reports", f"--step={step}"]
    command += [f"--times={times}", f"--tree={tree}", *([f"--form={form}"] if form else [])]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def _measure(form: str, times: int, tree: Path) -> None:
    from benchmarks.report_peers import PEERS

    found = {
        step: [_child(step, form, times, tree) for _round in range(ROUNDS)]
        for step in ("ours", "peer")
    }
    ours = median(one["seconds"] for one in found["ours"])
    peer = median(one["seconds"] for one in found["peer"])
    memory = max(one["megabytes"] for one in found["ours"])
    size = found["ours"][0]["bytes"] / 1000
    name = PEERS[form][0]
    print(
        f"{form:<8}{f'x{times}':>7}{ours:>8.3f}{memory:>6.0f}{size:>8,.0f}"
        f"{peer:>9.3f}{peer / ours:>7.2f}  {name}",
        flush=True,
    )


def _compile(options: argparse.Namespace) -> dict[str, float]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from reports.documents.tree import as_json
    from reports.editions.compiling import compile_report
    from reports.models import Edition
    from reports.texts.compilation import Compilation

    call_command("migrate", verbosity=0)
    call_command("load_review", verbosity=0, stdout=StringIO())
    start = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        report = compile_report(Compilation(Edition.objects.latest("year")))
    seconds = time.perf_counter() - start
    options.tree.write_text(json.dumps(as_json(report)))
    return {"seconds": seconds, "queries": len(queries)}


def _write(options: argparse.Namespace) -> dict[str, float]:
    from benchmarks.report_peers import PEERS, pieces
    from reports.documents.docx import write_docx
    from reports.documents.html import write_html
    from reports.documents.odt import write_odt
    from reports.documents.pdf import write_pdf
    from reports.documents.tree import Listing, Paragraph, from_json

    report = from_json(json.loads(options.tree.read_text()))
    blocks = tuple(
        block
        if isinstance(block, Paragraph | Listing)
        else dataclasses.replace(block, key=f"{block.key}-{copy}")
        for copy in range(options.times)
        for block in report.blocks
    )
    report = dataclasses.replace(report, blocks=blocks)
    writers = {"odt": write_odt, "docx": write_docx, "pdf": write_pdf, "html": write_html}
    given = list(pieces(report))
    start = time.perf_counter()
    if options.step == "ours":
        content = writers[options.form](report)
    else:
        content = PEERS[options.form][1](given)
    return {
        "seconds": time.perf_counter() - start,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "bytes": len(content),
    }


if __name__ == "__main__":
    main()
