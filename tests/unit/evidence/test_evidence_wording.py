"""Whatever is wrong with a claim is said in words of the claim: no text of a library gets through."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from vetopoint.errors import EvidenceError
from vetopoint.evidence import Claim, read_jsonl
from vetopoint.evidence.review import changed

FOREIGN = re.compile(
    r"pydantic|https?://|nput should|valid string|Extra inputs|permitted|_type|validation error|Field required", re.I
)
CLAIM: dict[str, Any] = {"id": "c1", "source": "report", "quote": "it cannot go ahead", "kind": "condition"}

values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["kind", "name", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)
fields = st.one_of(st.sampled_from([*Claim.model_fields, "knd"]), st.text(min_size=1, max_size=5))


def test_a_field_that_there_is_not_is_named_with_the_nearest() -> None:
    with pytest.raises(EvidenceError, match=r"there is no field 'knd', did you mean 'kind'\?"):
        changed(Claim.model_validate(CLAIM), {"knd": "threat"})


def test_a_choice_that_there_is_not_is_told_the_choices() -> None:
    with pytest.raises(EvidenceError, match="kind: 'thret' is none of 'assertion'"):
        changed(Claim.model_validate(CLAIM), {"kind": "thret"})


@settings(max_examples=80, deadline=None)
@example("edges", [{"kindd": 1}])
@example("chain", [{"name": 3}])
@example("content", "x")
@given(fields, values)
def test_a_correction_is_taken_or_refused_in_words(name: str, value: Any) -> None:
    said = ""
    try:
        changed(Claim.model_validate(CLAIM), {name: value})
    except EvidenceError as error:
        said = str(error).replace(repr(value), "")
    assert not FOREIGN.search(said), said


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields, values)
def test_a_line_of_claims_is_taken_or_refused_in_words(tmp_path: Path, name: str, value: Any) -> None:
    path = tmp_path / "claims.jsonl"
    path.write_text(json.dumps({**CLAIM, name: value}) + "\n", encoding="utf-8")
    said = ""
    try:
        read_jsonl(path)
    except EvidenceError as error:
        said = str(error)
    assert not FOREIGN.search(said), said
