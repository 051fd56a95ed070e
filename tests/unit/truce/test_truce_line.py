"""The drawn line: measured on the sphere, over the antimeridian too, near or far from places; what is no line is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles.line_distance import nearest_km
from vetopoint.errors import CaseError
from vetopoint.truce.line import MapLine, haversine_km, read_line, read_points

LINE = {"type": "LineString", "coordinates": [[30.0, 50.0], [31.0, 50.0], [31.0, 51.0]]}
POINT = {
    "type": "Feature",
    "properties": {"name": "shelling"},
    "geometry": {"type": "Point", "coordinates": [30.5, 50.1]},
}


def write(folder, data):
    file = folder / "line.geojson"
    file.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return file


def test_a_line_is_measured_on_the_sphere(tmp_path):
    """A degree of latitude is 111.195 km on the mean sphere; one of longitude that times cos(50°)."""
    line = read_line(
        write(tmp_path, {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": LINE}, POINT]})
    )
    assert line.length_km == pytest.approx(111.195 * (1 + np.cos(np.radians(50))), rel=1e-4)
    assert line.incidents == ((30.5, 50.1, "shelling"),)
    assert line.at(0.0) == (30.0, 50.0)
    assert line.at(1e9) == (31.0, 51.0)
    longitude, latitude = line.at(haversine_km([30, 50], [31, 50]) / 2)
    assert (longitude, latitude) == (pytest.approx(30.5), pytest.approx(50.0))


def test_stretches_of_a_line_are_added_without_the_gap(tmp_path):
    parts = {"type": "MultiLineString", "coordinates": [[[0, 0], [0, 1]], [[10, 0], [10, 1]]]}
    line = read_line(write(tmp_path, {"type": "GeometryCollection", "geometries": [parts]}))
    assert line.length_km == pytest.approx(2 * 111.195, rel=1e-4)
    assert line.at(150.0)[0] == 10.0


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ("{", "no JSON"),
        ({"type": "FeatureCollection", "features": []}, "no line"),
        ({"type": "LineString", "coordinates": [[0, 95], [0, 96]]}, "bad coordinates"),
        ({"type": "LineString", "coordinates": [["a", 1], [0, 2]]}, "bad coordinates"),
        ("[1, 2]", "no line"),
        ("[" * 100_000, "no JSON"),
        ({"type": "LineString", "coordinates": []}, "no line"),
        ({"type": "MultiLineString", "coordinates": [[], []]}, "no line"),
        ({"type": "LineString", "coordinates": None}, "no line"),
        ({"type": "LineString", "coordinates": [[5, 5]]}, "one position"),
        ({"type": "LineString", "coordinates": [[5, 5], [5, 5]]}, "no length"),
        ({"type": "MultiLineString", "coordinates": [[[5, 5], [5, 5]], [[6, 6], [6, 6]]]}, "no length"),
        ({"type": "LineString", "coordinates": [["5", "5"], ["5", "6"]]}, "bad coordinates"),
        ({"type": "LineString", "coordinates": [[True, 5], [5, 6]]}, "bad coordinates"),
        ({"type": "LineString", "coordinates": [[5], [5, 6]]}, "bad coordinates"),
        ({"type": "LineString", "coordinates": [5, 6]}, "bad coordinates"),
        ({"type": "LineString", "coordinates": [None, [5, 6]]}, "bad coordinates"),
        ({"type": "LineString", "coordinates": {"a": 1}}, "bad coordinates"),
        ('{"type": "LineString", "coordinates": [[NaN, 5], [5, 6]]}', "bad coordinates"),
        ('{"type": "LineString", "coordinates": [[1e999, 5], [5, 6]]}', "bad coordinates"),
        ('{"type": "LineString", "coordinates": [[1' + "0" * 400 + ", 5], [5, 6]]}", "bad coordinates"),
        (
            {"type": "LineString", "coordinates": [[36.6, 127.1], [37.1, 126.5]]},
            r"longitude comes first: write \[127.1, 36.6\]",
        ),
        ({"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [0, 0]]]}, "neither line nor point"),
        ({"type": "MultiPoint", "coordinates": [[200, 100]]}, "bad coordinates"),
    ],
)
def test_a_bad_map_says_what_is_wrong(tmp_path, data, word):
    with pytest.raises(CaseError, match=word) as caught:
        read_line(write(tmp_path, data))
    (problem,) = caught.value.problems
    assert problem.file.endswith("line.geojson")
    assert problem.remedy


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "utf-8-sig"])
def test_another_encoding_is_named_and_a_byte_order_mark_is_none(tmp_path, encoding):
    file = tmp_path / "line.geojson"
    file.write_bytes(json.dumps({**LINE, "name": "Grün"}, ensure_ascii=False).encode(encoding))
    if encoding == "utf-8-sig":
        assert read_line(file).parts[0].shape == (3, 2)
    else:
        with pytest.raises(CaseError, match="save it as UTF-8"):
            read_line(file)


def test_what_is_empty_is_not_there_and_every_point_is_an_incident(tmp_path):
    many = {"type": "MultiPoint", "coordinates": [[0.1, 0.5], [0.2, 0.6]]}
    parts = {"type": "MultiLineString", "coordinates": [[[0, 0], [0, 1]], []]}
    features = [
        {"type": "Feature", "properties": ["odd"], "geometry": parts},
        {"type": "Feature", "properties": {"label": "both"}, "geometry": many},
        {"type": "Feature", "properties": None, "geometry": None},
    ]
    line = read_line(write(tmp_path, {"type": "FeatureCollection", "features": features}))
    assert len(line.parts) == 1
    assert line.incidents == ((0.1, 0.5, "both"), (0.2, 0.6, "both"))


@given(
    st.floats(-180, 180),
    st.floats(-60, 60),
    st.lists(st.tuples(st.floats(-20, 20), st.floats(-20, 20)), min_size=1, max_size=4),
)
def test_a_line_may_lie_anywhere_round_the_globe(longitude, latitude, steps):
    """Length and the place of every kilometre are those of the same line drawn at longitude 0, turned; over the antimeridian too."""
    points = np.vstack([[0.0, latitude], np.add([0.0, latitude], np.cumsum(steps, axis=0))])
    points[:, 1] = np.clip(points[:, 1], -80, 80)
    here = MapLine((points,))
    turned = np.column_stack([(points[:, 0] + longitude + 180) % 360 - 180, points[:, 1]])
    there = read_parts([turned])
    assert there.length_km == pytest.approx(here.length_km, abs=1e-6)
    if here.length_km < 1.0:
        return
    for share in (0.0, 0.3, 0.5, 0.99):
        (x, y), (moved, same) = here.at(share * here.length_km), there.at(share * here.length_km)
        assert -180 <= moved <= 180
        assert (moved - x - longitude + 180) % 360 - 180 == pytest.approx(0, abs=1e-4)
        assert same == pytest.approx(y, abs=1e-4)


def read_parts(parts):
    from vetopoint.truce.line import _continued

    return MapLine(tuple(_continued(parts)))


def test_the_post_midway_over_the_antimeridian_lies_there(tmp_path):
    line = read_line(write(tmp_path, {"type": "LineString", "coordinates": [[179, 0], [-179, 0]]}))
    assert line.length_km == pytest.approx(2 * 111.195, rel=1e-4)
    longitude, latitude = line.at(line.length_km / 2)
    assert abs(longitude) == pytest.approx(180)
    assert latitude == 0.0
    assert line.beside((-179.5, 0.0, "x"))[0] == pytest.approx(180.5)


@given(
    st.lists(st.tuples(st.floats(-4, 4), st.floats(30, 70)), min_size=2, max_size=4),
    st.lists(st.tuples(st.floats(-6, 6), st.floats(28, 72)), min_size=1, max_size=4),
    st.sampled_from([0.0, 178.0, -180.0]),
)
def test_the_distance_of_a_place_is_that_of_a_slow_search(points, places, turn):
    line = MapLine((np.add(points, [turn, 0]),))
    found = line.distance_km(np.add(places, [turn, 0]))
    expected = [nearest_km(points, place) for place in places]
    np.testing.assert_allclose(found, expected, atol=0.3)


def test_incidents_from_a_table(tmp_path):
    file = tmp_path / "incidents.csv"
    file.write_text("longitude,latitude,label\n30.5,50.1,shelling\n31,50,\n", encoding="utf-8")
    assert read_points(file) == ((30.5, 50.1, "shelling"), (31.0, 50.0, ""))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x,y\n1,2\n", 1),
        ("longitude,latitude\n1,2\n45,100\n", 3),
        ("longitude,latitude\n1,nan\n", 2),
        ("longitude,latitude\n1,2\n1,north\n", 3),
        ("longitude,latitude\n1\n", 2),
    ],
)
def test_a_bad_table_of_incidents_is_refused(tmp_path, text, line):
    file = tmp_path / "incidents.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        read_points(file)
    assert caught.value.problems[0].line == line
