"""The example notebooks run from top to bottom, in a kernel of their own, and are kept without outputs."""

from __future__ import annotations

import json
import tempfile
import warnings
from pathlib import Path
from typing import Any

import pytest

from support import ROOT

FOLDER = ROOT / "docs" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
MOST_BYTES = 30_000


def test_there_is_one() -> None:
    assert NOTEBOOKS
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert [path for path in NOTEBOOKS if f"notebooks/{path.name}" not in page] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
def test_it_is_kept_small_and_without_outputs(path: Path) -> None:
    assert path.stat().st_size < MOST_BYTES
    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert cells
    assert [cell["id"] for cell in cells if cell["outputs"] or cell["execution_count"]] == []


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A notebook with its outputs, run where it lies."""
    pytest.importorskip("nbclient", reason="nbclient is not installed")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed")
    for library in ("pandas", "pyarrow", "xarray"):
        pytest.importorskip(library, reason=f"{library} is not installed")
    home = tmp_path_factory.mktemp("jupyter")

    def run(path: Path) -> Any:
        with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the notebook's own machinery says of itself
            for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"):
                patch.setenv(name, str(home))
            import nbformat
            from nbclient import NotebookClient

            notebook = nbformat.read(path, as_version=4)
            NotebookClient(
                notebook, timeout=280, kernel_name="python3", resources={"metadata": {"path": FOLDER}}
            ).execute()
        return notebook

    return run


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
def test_it_runs(path: Path, executed: Any) -> None:
    """An error in a cell fails it; every cell of code that ends in a value shows one, and none shows where on a machine it ran."""
    notebook = executed(path)
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert len(shown) > 5
    assert [output for output in shown if output.output_type == "error"] == []
    text = json.dumps(shown)
    assert "<table>" in text
    for place in (str(ROOT), str(Path.home()), tempfile.gettempdir() + "/"):
        assert place not in text
