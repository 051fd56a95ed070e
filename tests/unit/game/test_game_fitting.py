"""Estimation of strategic models: derivatives, closed forms, simulation, penalties, and a case fitted from a table."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.optimize import minimize_scalar

from support import tool
from vetopoint.case import load_case
from vetopoint.errors import SolverError
from vetopoint.game.fit import Estimator, fit_case
from vetopoint.game.fit.likelihood import Likelihood
from vetopoint.game.fit.spec import Chance, Decision

trees = tool("validation/trees")
TreeSpec, bind, fit = trees.TreeSpec, trees.bind, trees.fit

DUEL = Decision("a", {"stay": "peace", "attack": Decision("b", {"yield": "gain", "resist": "war"})})
DUEL_SPEC = TreeSpec(
    DUEL,
    {("a", "peace"): ["x"], ("a", "gain"): ["1"], ("a", "war"): ["1", "z"], ("b", "war"): ["1", "z"]},
    {"b": ["w"]},
)
LONG = Decision(
    "a",
    {
        "out": "out",
        "in": Chance(
            {
                "calm": (0.4, Decision("b", {"no": "end", "yes": Decision("a", {"l": "left", "r": "right"})})),
                "storm": (0.6, Decision("c", {"down": "down", "up": "end"})),
            }
        ),
    },
)
LONG_SPEC = TreeSpec(
    LONG,
    {
        ("a", "out"): {"common": "x"},
        ("a", "left"): {"own": "1", "common": "z"},
        ("a", "right"): 0.5,
        ("a", "down"): ["z"],
        ("b", "left"): ["1"],
        ("b", "right"): {"common": "w"},
        ("b", "end"): 0.3,
        ("c", "end"): ["x"],
    },
    {"a": ["w"]},
)


def columns(n: int, seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {"x": rng.normal(size=n), "z": rng.normal(size=n), "w": rng.normal(size=n) * 0.3}


def outcomes(spec: TreeSpec, n: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).choice(np.array(spec.outcomes), n)


def probabilities(model: Likelihood, at: np.ndarray) -> np.ndarray:
    """(n, terminals) probability of each terminal."""
    shares = np.empty((model.design.n, model.ends))
    for _, rows in model._blocks:
        logs = rows.logs(at, 0, range(model.ends))
        shares[rows.keep] = np.exp(np.stack([logs[t].value for t in range(model.ends)], axis=1))
    return shares


def simulated(spec: TreeSpec, data: dict[str, np.ndarray], truth: np.ndarray, seed: int, **kind: str) -> np.ndarray:
    """Outcomes drawn from the model's own probabilities."""
    n = len(next(iter(data.values())))
    any_outcome = np.full(n, spec.outcomes[0])
    shares = probabilities(Likelihood(bind(spec, data, any_outcome), **kind), truth)  # type: ignore[arg-type]
    ends = np.array(spec.outcomes)
    place = (shares.cumsum(axis=1) < np.random.default_rng(seed).random((n, 1))).sum(axis=1)
    return np.asarray(ends[np.minimum(place, ends.size - 1)])


@pytest.mark.parametrize(
    ("spec", "error", "link"),
    [
        (DUEL_SPEC, "agent", "logit"),
        (DUEL_SPEC, "agent", "probit"),
        (DUEL_SPEC, "private", "probit"),
        (DUEL_SPEC, "private", "logit"),
        (LONG_SPEC, "agent", "logit"),
        (LONG_SPEC, "agent", "probit"),
        (LONG_SPEC, "private", "logit"),
    ],
)
def test_derivatives_are_exact(spec: TreeSpec, error: str, link: str) -> None:
    data = columns(60, 0)
    model = Likelihood(bind(spec, data, outcomes(spec, 60, 1)), error, link)  # type: ignore[arg-type]
    at = np.random.default_rng(2).normal(size=len(spec.coefficients())) * 0.5
    sums = model.sums(at)
    for k in range(at.size):
        step = np.zeros_like(at)
        step[k] = 1e-5
        up, down = model.sums(at + step, 1), model.sums(at - step, 1)
        assert sums.gradient[k] == pytest.approx((up.value - down.value) / 2e-5, abs=2e-6)
        assert np.allclose(sums.hessian[k], (up.gradient - down.gradient) / 2e-5, atol=2e-6)
    assert np.allclose(model.scores(at).sum(axis=0), sums.gradient)
    assert np.allclose(probabilities(model, at).sum(axis=1), 1)


def test_the_information_is_the_expected_hessian() -> None:
    data = columns(40, 3)
    at = np.random.default_rng(4).normal(size=len(DUEL_SPEC.coefficients())) * 0.3
    shares = probabilities(Likelihood(bind(DUEL_SPEC, data, np.full(40, "war")), "private", "probit"), at)
    total = 0.0
    for k, outcome in enumerate(DUEL_SPEC.outcomes):
        model = Likelihood(bind(DUEL_SPEC, data, np.full(40, outcome)), "private", "probit")
        total = total - model.sums(at, 2, shares[:, k]).hessian
    assert np.allclose(model.information(at), total)


def test_one_decision_is_a_logistic_or_probit_regression() -> None:
    data = columns(400, 5)
    spec = TreeSpec(Decision("a", {"no": "no", "yes": "yes"}), {("a", "yes"): ["1", "x", "z"]})
    chosen = outcomes(spec, 400, 6)
    design = np.column_stack([np.ones(400), data["x"], data["z"]])
    logit = sm.Logit(chosen == "yes", design).fit(disp=0)
    ours = fit(spec, data, chosen)
    assert np.allclose(ours.coefficients, logit.params, atol=1e-6)
    assert np.allclose(ours.covariance, logit.cov_params(), atol=1e-6)
    assert ours.loglik == pytest.approx(logit.llf)
    assert ours.aic == pytest.approx(logit.aic)
    robust = sm.Logit(chosen == "yes", design).fit(disp=0, cov_type="HC0")
    assert np.allclose(fit(spec, data, chosen, Estimator(errors="sandwich")).covariance, robust.cov_params(), atol=1e-6)
    probit = sm.Probit(chosen == "yes", design).fit(disp=0)
    assert np.allclose(
        fit(spec, data, chosen, Estimator(link="probit")).coefficients, probit.params * np.sqrt(2), atol=1e-5
    )


def played(rng: np.random.Generator, n: int, payoffs: dict[str, float], reply: dict[str, float]) -> np.ndarray:
    """The duel with private normal shocks to both players' payoffs, played out."""
    b = {k: reply[k] + rng.normal(size=n) for k in ("gain", "war")}
    gap = (reply["war"] - reply["gain"]) / np.sqrt(2)
    war = float(sm.distributions.ECDF(rng.normal(size=2_000_000))(gap))
    a = {k: v + rng.normal(size=n) for k, v in payoffs.items()}
    attack = war * a["war"] + (1 - war) * a["gain"] > a["peace"]
    return np.where(~attack, "peace", np.where(b["war"] > b["gain"], "war", "gain"))


def test_private_probit_is_what_players_with_private_payoffs_do() -> None:
    rng = np.random.default_rng(7)
    payoffs, reply = {"peace": 0.4, "gain": 1.0, "war": -0.3}, {"gain": 0.0, "war": 0.6}
    fixed = {("a", k): v for k, v in payoffs.items()} | {("b", "war"): ["1"]}
    model = Likelihood(bind(TreeSpec(DUEL, fixed), {}, np.array(["war"])), "private", "probit")
    shares = probabilities(model, np.array([0.6]))[0]
    found = played(rng, 400_000, payoffs, reply)
    assert np.allclose([np.mean(found == k) for k in ("peace", "gain", "war")], shares, atol=0.003)


def test_private_logit_expects_the_best_of_later_shocks() -> None:
    """One player moving twice with Gumbel shocks: the value of moving on is log-sum-exp, checked by simulation."""
    tree = Decision("a", {"stop": "stop", "go": Decision("a", {"left": "left", "right": "right"})})
    spec = TreeSpec(tree, {("a", "stop"): 0.5, ("a", "left"): ["1"], ("a", "right"): -0.2})
    shares = probabilities(Likelihood(bind(spec, {}, np.array(["stop"])), "private", "logit"), np.array([0.8]))[0]
    rng = np.random.default_rng(8)
    later = rng.gumbel(size=(2, 400_000)) + np.array([[0.8], [-0.2]])
    worth = later.max(axis=0).mean() - np.euler_gamma
    first = rng.gumbel(size=(2, 400_000)) + np.array([[0.5], [worth]])
    assert shares[0] == pytest.approx(np.mean(first[0] > first[1]), abs=0.003)
    assert shares[1] / shares[2] == pytest.approx(np.exp(1.0))


@pytest.mark.parametrize(("error", "link"), [("agent", "logit"), ("private", "probit")])
def test_simulated_coefficients_come_back(error: str, link: str) -> None:
    truth = np.array([0.5, 1.0, -0.5, 0.7, 0.4, 0.6, 0.5])
    data = columns(4000, 9)
    found = simulated(DUEL_SPEC, data, truth, 10, error=error, link=link)
    result = fit(DUEL_SPEC, data, found, Estimator(error, link, starts=2))  # type: ignore[arg-type]
    assert result.converged
    assert np.all(np.abs(result.coefficients - truth) < 4 * result.se)
    assert result.start_values[0] == pytest.approx(result.start_values[1], abs=1e-6)


def test_bootstrap_agrees_with_the_hessian_and_is_seeded() -> None:
    data = columns(600, 11)
    spec = TreeSpec(DUEL, {("a", "peace"): ["x"], ("b", "war"): ["1", "z"]})
    found = simulated(spec, data, np.array([0.5, 0.3, -0.6]), 12, error="agent", link="logit")
    plain = fit(spec, data, found)
    one = fit(spec, data, found, Estimator(errors="bootstrap", resamples=150, seed=1))
    two = fit(spec, data, found, Estimator(errors="bootstrap", resamples=150, seed=1))
    assert np.array_equal(one.covariance, two.covariance)
    assert np.allclose(one.se, plain.se, rtol=0.25)


def test_clusters_of_copies_widen_the_errors() -> None:
    data = {k: np.repeat(v, 4) for k, v in columns(150, 13).items()}
    spec = TreeSpec(Decision("a", {"no": "no", "yes": "yes"}), {("a", "yes"): ["1", "x"]})
    chosen = np.repeat(outcomes(spec, 150, 14), 4)
    labels = np.repeat(np.arange(150), 4)
    loose = fit(spec, data, chosen, Estimator(errors="sandwich"))
    tight = fit(spec, data, chosen, Estimator(errors="sandwich"), labels)
    assert np.allclose(tight.se, 2 * loose.se)


@pytest.mark.parametrize("yes", [0, 3, 10])
def test_penalties_on_one_proportion_have_known_answers(yes: int) -> None:
    """Firth and log-F(1, 1) both add half a case to each side; the Cauchy penalty is checked by a scalar search."""
    spec = TreeSpec(Decision("a", {"no": "no", "yes": "yes"}), {("a", "yes"): ["1"]})
    chosen = np.array(["yes"] * yes + ["no"] * (10 - yes))
    half = np.log((yes + 0.5) / (10 - yes + 0.5))
    for penalty in ("firth", "log-f"):
        result = fit(spec, {}, chosen, Estimator(penalty=penalty))  # type: ignore[arg-type]
        assert result.coefficients[0] == pytest.approx(half, abs=1e-5)

    def loss(b: float) -> float:
        return float((10 - yes) * np.logaddexp(0, b) + yes * np.logaddexp(0, -b) + np.log1p((b / 2.5) ** 2))

    best = minimize_scalar(loss, bounds=(-20, 20), method="bounded", options={"xatol": 1e-9}).x
    assert fit(spec, {}, chosen, Estimator(penalty="cauchy")).coefficients[0] == pytest.approx(best, abs=1e-4)


def test_separation_is_told_and_a_penalty_cures_it() -> None:
    spec = TreeSpec(Decision("a", {"no": "no", "yes": "yes"}), {("a", "yes"): ["1", "x"]})
    data = {"x": np.linspace(-1, 1, 20)}
    chosen = np.where(data["x"] > 0, "yes", "no")
    assert fit(spec, data, chosen).warnings
    cured = fit(spec, data, chosen, Estimator(penalty="log-f", starts=3))
    assert cured.converged
    assert not cured.warnings
    assert 2 < cured["a(yes):x"] < 20


def test_results_become_quantities_with_their_correlation() -> None:
    from vetopoint.quantity import parse_distribution

    spec = TreeSpec(Decision("a", {"no": "no", "yes": "yes"}), {("a", "yes"): {"beta_0": "1", "beta_x": "x"}})
    data = {"x": columns(300, 15)["x"] + 2}
    result = fit(spec, data, outcomes(spec, 300, 16))
    for name, text in result.as_quantities().items():
        assert parse_distribution(text).mean() == pytest.approx(result[name], rel=1e-5)
    stacked = np.random.default_rng(1).multivariate_normal(result.coefficients, result.covariance, size=50_000).T
    (pair,) = result.correlations()
    assert pair[:2] == ("beta_0", "beta_x")
    assert pair[2] == pytest.approx(np.corrcoef(stacked)[0, 1], abs=0.01)
    row = result.table()[1]
    assert row.z == pytest.approx(row.estimate / row.se)


def test_what_cannot_be_estimated_is_refused_with_the_reason() -> None:
    data = columns(3, 18)
    three = Decision("a", {k: k for k in ("l", "m", "r")})
    twice = Decision("a", {"stop": "stop", "go": Decision("a", {"left": "left", "right": "right"})})
    chosen = np.array(["l", "m", "r"])
    with pytest.raises(SolverError, match="logit link"):
        fit(TreeSpec(three, {("a", "l"): ["1"]}), data, chosen, Estimator(link="probit"))
    with pytest.raises(SolverError, match="moves twice"):
        fit(TreeSpec(twice, {("a", "left"): ["1"]}), data, np.array(["stop"] * 3), Estimator("private", "probit"))
    with pytest.raises(SolverError, match="not in the tree"):
        fit(DUEL_SPEC, data, np.array(["peace", "peace", "truce"]))
    with pytest.raises(SolverError, match="not in the data"):
        fit(TreeSpec(DUEL, {("a", "war"): ["gdp"]}), data, np.full(3, "war"))
    with pytest.raises(SolverError, match="missing values"):
        fit(TreeSpec(DUEL, {("a", "war"): ["x"]}), {"x": [1, np.nan, 2]}, np.full(3, "war"))
    with pytest.raises(SolverError, match="no such outcome"):
        TreeSpec(DUEL, {("a", "truce"): ["1"]})
    with pytest.raises(SolverError, match="no unknown coefficient"):
        fit(TreeSpec(DUEL, {("a", "war"): 1.0}), data, np.full(3, "war"))


CASE = """
vetopoint: 1
title: Fitted
as_of: 2026-01-01
owner: sender
actors: {sender: {label: Sender}, target: {label: Target}}
quantities:
  trade: {value: 0.5}
  threat: {value: 1}
  beta_cost: {value: "normal(0, 2)"}
  beta_trade: {value: "normal(0, 2)"}
  beta_stake: {value: "normal(0, 2)"}
  chance_of_calm: {value: 0.3}
moves:
  weather: {by: chance, options: {calm: chance_of_calm, rough: rest}}
  demand: {by: sender, options: [press, hold]}
  answer: {by: target, when: demand == press, options: [comply, resist]}
outcomes: {quiet: demand == hold, won: answer == comply, clash: otherwise}
goals: {won: outcome == won}
payoffs:
  sender:
    unit: [quiet, won]
    win: {worth: 1 + 0.2 * threat, when: outcome == won}
    clash: {worth: beta_cost + beta_trade * trade, when: outcome == clash}
    storm: {worth: -0.5, when: weather == rough and demand == press}
  target:
    unit: [won, clash]
    stake: {worth: beta_stake * threat, when: outcome == won}
"""


def written(folder: Path, rows: list[str], case: str = CASE) -> tuple[Path, Path]:
    (folder / "case.yaml").write_text(case)
    (folder / "past.csv").write_text("\n".join(rows) + "\n")
    return folder / "case.yaml", folder / "past.csv"


def past_cases(n: int, truth: tuple[float, float, float], seed: int) -> list[str]:
    """Rows drawn from the case's own agent logit, played out by hand."""
    rng = np.random.default_rng(seed)
    cost, per_trade, stake = truth
    rows = ["trade,threat,demand,answer,weather,region"]
    for _ in range(n):
        trade, threat = rng.normal(), rng.uniform(0.5, 1.5)
        rough = rng.random() < 0.7
        comply = 1 / (1 + np.exp(-stake * threat))
        gain = comply * (1 + 0.2 * threat) + (1 - comply) * (cost + per_trade * trade) - 0.5 * rough
        demanded = rng.random() < 1 / (1 + np.exp(-gain))
        answer = ("comply" if rng.random() < comply else "resist") if demanded else "skipped"
        sky = "rough" if rough else "calm"
        rows.append(f"{trade:.9g},{threat:.9g},{'press' if demanded else 'hold'},{answer},{sky},{rng.integers(9)}")
    return rows


def test_a_case_is_fitted_from_a_table_of_past_cases(tmp_path: Path) -> None:
    truth = (-0.8, 0.6, 0.5)
    case, table = written(tmp_path, past_cases(3000, truth, 19))
    found = fit_case(load_case(case), table, Estimator())
    assert found.result.names == ("beta_cost", "beta_trade", "beta_stake")
    assert np.all(np.abs(found.result.coefficients - truth) < 4 * found.result.se)
    assert found.covariates == ("trade", "threat")
    assert found.ignored == ("region",)
    told = json.loads(json.dumps(found.summary()))
    assert told["observations"] == 3000
    assert [row["name"] for row in told["coefficients"]] == list(found.result.names)
    assert told["aic"] == pytest.approx(6 - 2 * told["loglik"])
    clustered = fit_case(load_case(case), table, Estimator(errors="sandwich"), cluster="region")
    assert np.array_equal(clustered.result.coefficients, found.result.coefficients)
    assert not np.array_equal(clustered.result.se, found.result.se)


def test_a_fitted_case_plays_as_estimated(tmp_path: Path) -> None:
    """λ equal to the unit at the estimate makes a run's logit the one that was fitted."""
    case, table = written(tmp_path, past_cases(500, (-0.8, 0.6, 0.5), 20))
    found = fit_case(load_case(case), table, Estimator())
    beta = dict(zip(found.result.names, found.result.coefficients, strict=True))
    assert found.precision["target"] == pytest.approx(abs(beta["beta_stake"]))
    quiet = 0.0
    won = 1.2 - 0.7 * 0.0
    calm_won, rough_won = won, won - 0.5
    assert found.precision["sender"] == pytest.approx(abs((calm_won + rough_won) / 2 - quiet))
    text = found.as_case_text()
    assert "beta_cost: {value: 'normal(" in text
    assert "precision:" in text
    again = load_case(case, {k: v for k, v in found.result.as_quantities().items()})
    assert again.inputs["beta_cost"].text.startswith("normal(")  # type: ignore[union-attr]


def test_what_was_not_recorded_is_left_open(tmp_path: Path) -> None:
    rows = ["outcome,demand", "clash,", ",hold", "won,press", "quiet,"]
    case, table = written(tmp_path, rows)
    one = fit_case(load_case(case), table, Estimator(penalty="log-f"), ["beta_cost"])
    rows = ["outcome", "clash", "quiet", "won", "quiet"]
    _, table = written(tmp_path, rows)
    two = fit_case(load_case(case), table, Estimator(penalty="log-f"), ["beta_cost"])
    assert one.result.loglik == pytest.approx(two.result.loglik)


def test_tables_and_cases_that_cannot_be_fitted_say_why(tmp_path: Path) -> None:
    case, table = written(tmp_path, ["outcome,trade", "truce,1"])
    with pytest.raises(SolverError, match=r"past\.csv:2: outcome: truce agrees with no history"):
        fit_case(load_case(case), table)
    _, table = written(tmp_path, ["trade", "1"])
    with pytest.raises(SolverError, match="what happened"):
        fit_case(load_case(case), table)
    _, table = written(tmp_path, ["outcome,trade", "won,much"])
    with pytest.raises(SolverError, match="not numeric"):
        fit_case(load_case(case), table)
    _, table = written(tmp_path, ["outcome,trade", "won"])
    with pytest.raises(SolverError, match="cells"):
        fit_case(load_case(case), table)
    with pytest.raises(SolverError, match="not a quantity"):
        fit_case(load_case(case), table_of(tmp_path), estimate=["gamma"])
    squared = CASE.replace("beta_stake * threat", "beta_stake * beta_stake")
    case, table = written(tmp_path, ["outcome", "won", "clash"], squared)
    with pytest.raises(SolverError, match="not linear"):
        fit_case(load_case(case), table)
    blind = CASE.replace("when: demand == press, options", "when: demand == press, sees: nothing, options")
    case, table = written(tmp_path, ["outcome", "won", "clash"], blind)
    with pytest.raises(SolverError, match="perfect information"):
        fit_case(load_case(case), table)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("", r"past\.csv:5: column 'trade' is empty → write a number, or delete the line"),
        ("much", r"past\.csv:5: column 'trade': 'much' is not numeric → write a finite number"),
        ("nan", r"past\.csv:5: column 'trade': 'nan' is not numeric → write a finite number"),
        ("1e999", r"past\.csv:5: column 'trade': '1e999' is not numeric → write a finite number"),
    ],
)
def test_a_cell_that_is_no_number_is_named_with_its_line(tmp_path: Path, cell: str, said: str) -> None:
    """Lines are counted in the file: a blank line and a cell in quotes over two lines come before."""
    case, table = written(
        tmp_path, ["outcome,trade,remark", 'won,1,"in two', 'lines"', "", f"won,{cell},ill", "clash,2,"]
    )
    with pytest.raises(SolverError, match=said):
        fit_case(load_case(case), table)


def test_lines_are_counted_in_the_file_whatever_is_wrong(tmp_path: Path) -> None:
    case, table = written(tmp_path, ["outcome,trade,region", "", "won,1,a", "truce,1,b"])
    with pytest.raises(SolverError, match=r"past\.csv:4: .*agrees with no history"):
        fit_case(load_case(case), table)
    _, table = written(tmp_path, ["outcome,trade,region", "", "won,1,a", "won,1"])
    with pytest.raises(SolverError, match=r"past\.csv:4: 2 cells, the header has 3 → "):
        fit_case(load_case(case), table)
    _, table = written(tmp_path, ["outcome,trade,region", "", "won,1,a", "won,1,"])
    with pytest.raises(SolverError, match=r"past\.csv:4: column 'region' is empty → "):
        fit_case(load_case(case), table, cluster="region")


def table_of(folder: Path) -> Path:
    path = folder / "good.csv"
    path.write_text("outcome\nwon\nclash\n")
    return path


ROUNDS = """
vetopoint: 1
title: Rounds
as_of: 2026-01-01
owner: guest
actors: {guest: {}, host: {}}
quantities: {beta_leave: {value: "normal(0, 2)"}, load: {value: 1}}
moves:
  come: {by: guest, options: [enter, wait]}
  review: {by: host, when: come == enter, options: [keep, revoke], repeat: {every: 6, rounds: 2, stop_when: review == revoke}}
outcomes: {away: come == wait, expelled: any(review == revoke), stayed: otherwise}
goals: {stayed: outcome == stayed}
payoffs:
  guest: {unit: [away, stayed], stay: {worth: 1, when: outcome == stayed}}
  host: {unit: [stayed, expelled], rid: {worth: beta_leave * load, when: outcome == expelled}}
"""


def test_rounds_of_a_repeated_move_are_columns_of_their_own(tmp_path: Path) -> None:
    """By hand: with b = beta * load the host revokes with s2 = 1 / (1 + e^-b), then weighs s2 * b against b in the first round."""
    rows = [
        "come,review[1],review[2]",
        *["enter,keep,revoke"] * 3,
        *["enter,revoke,skipped"] * 4,
        *["enter,keep,keep"] * 2,
    ]
    case, table = written(tmp_path, rows, ROUNDS)
    found = fit_case(load_case(case), table, Estimator())

    def loss(b: float) -> float:
        second = 1 / (1 + np.exp(-b))
        first = 1 / (1 + np.exp(-(b - second * b)))
        enter = 1 / (1 + np.exp(-(1 - first) * (1 - second)))
        logs = (
            9 * np.log(enter)
            + 3 * np.log((1 - first) * second)
            + 4 * np.log(first)
            + 2 * np.log((1 - first) * (1 - second))
        )
        return -float(logs)

    best = minimize_scalar(loss, bounds=(-5, 5), method="bounded", options={"xatol": 1e-10})
    assert found.result["beta_leave"] == pytest.approx(best.x, abs=1e-5)
    assert found.result.loglik == pytest.approx(-best.fun)
