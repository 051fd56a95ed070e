"""The reference of the case language names every key, agrees with the schema, and its examples are a case."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from vetopoint.case import load_case
from vetopoint.quantity import draw_case

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "case-language.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("case_language", ROOT / "tools" / "case_language.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_key_has_a_meaning(tool: ModuleType) -> None:
    silent = [
        f"{m.__name__}.{f}" for m in tool.models().values() for f, i in m.model_fields.items() if not i.description
    ]
    assert silent == [], "describe these keys in the schema"


def test_every_part_has_its_table(tool: ModuleType) -> None:
    assert sorted(found[1] for found in tool.MARK.findall(PAGE)) == sorted(tool.models())


def test_the_tables_agree_with_the_schema(tool: ModuleType) -> None:
    assert tool.filled(PAGE) == PAGE, "run python tools/case_language.py"


def test_the_examples_make_a_case(tmp_path: Path) -> None:
    examples = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "case.yaml").write_text("".join(examples), encoding="utf-8")
    case = load_case(tmp_path)
    assert [str(warning) for warning in case.warnings] == []
    assert len(draw_case(case, 64, 1)) == len(case.inputs)


def test_the_examples_use_every_section(tool: ModuleType) -> None:
    written = set(
        re.findall(r"^([a-z_]+):", "\n".join(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)), re.MULTILINE)
    )
    keys = {f.alias or name for name, f in tool.models()["CaseFile"].model_fields.items()}
    assert written == keys - {"horizon_days"}, "which stands in place of horizon_months, in an example of its own"


def test_the_example_in_days_is_a_case(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yml\n(.*?)```", PAGE, re.DOTALL)
    assert "horizon_days" in example
    (tmp_path / "case.yaml").write_text(example, encoding="utf-8")
    assert [str(warning) for warning in load_case(tmp_path).warnings] == []
