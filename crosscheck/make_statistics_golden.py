#!/usr/bin/env python3
"""Writes the golden values of crates/study/tests/golden/statistics.json with statsmodels and SciPy (synthetic data).

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install statsmodels==0.15.0
    /tmp/venv/bin/python crosscheck/make_statistics_golden.py
"""
import json
import pathlib

import numpy as np
import pandas as pd
import scipy.stats
import statsmodels
import statsmodels.api as sm
import statsmodels.formula.api as smf
from statsmodels.duration.survfunc import SurvfuncRight, survdiff
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestIndPower
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

OUT = pathlib.Path(__file__).resolve().parent.parent / "crates/study/tests/golden/statistics.json"
rng = np.random.default_rng(20261128)


def numbers(values):
    return [float(v) for v in values]


def ancova(first, second):
    n = [first, second]
    x = np.concatenate([rng.lognormal(3, 0.4, k) for k in n])
    arm = np.repeat([0.0, 1.0], n)
    y = 0.6 * x - 3 * arm + rng.normal(0, 6, len(x))
    x, y = np.round(x, 3), np.round(y, 3)
    fit = sm.OLS(y, np.column_stack([np.ones_like(x), x, arm])).fit()
    low, high = fit.conf_int()[2]
    pairs = [[float(a), float(b)] for a, b in zip(x, y)]
    return {"first": pairs[:first], "second": pairs[first:], "estimate": float(fit.params[2]), "standard_error": float(fit.bse[2]),
            "p": float(fit.pvalues[2]), "low": float(low), "high": float(high), "residual_sd": float(np.sqrt(fit.scale))}


def cells(size):
    x = np.round(rng.lognormal(3, 0.4, 4 * size), 3)
    cell = np.repeat(np.arange(4), size)
    y = np.round(0.5 * x + np.array([0, -2, -9, -10])[cell] + rng.normal(0, 4, len(x)), 3)
    fit = sm.OLS(y, np.column_stack([cell == k for k in range(4)] + [x]).astype(float)).fit()
    weights = [-0.5, 0.5, -0.5, 0.5]
    test = fit.t_test(np.array(weights + [0]))
    return {"cells": [[[float(a), float(b)] for a, b in zip(x[cell == k], y[cell == k])] for k in range(4)], "weights": weights,
            "estimate": float(test.effect[0]), "standard_error": float(test.sd[0, 0]), "p": float(test.pvalue)}


def log_rank(first, second):
    n = first + second
    arm = np.repeat([0, 1], [first, second])
    time = np.ceil(rng.exponential(np.where(arm, 40, 25)))
    event = (time <= 60) & (rng.random(n) > 0.15)
    time = np.minimum(time, 60)
    chi2, p = survdiff(time, event.astype(int), arm)
    curve = SurvfuncRight(time[arm == 0], event[arm == 0].astype(int))
    return {"first": [[float(t), bool(e)] for t, e in zip(time[arm == 0], event[arm == 0])],
            "second": [[float(t), bool(e)] for t, e in zip(time[arm == 1], event[arm == 1])],
            "chi_squared": float(chi2), "p": float(p),
            "curve": [[float(t), float(s)] for t, s in zip(curve.surv_times, curve.surv_prob)]}


def mixed(people, between):
    visits = [4, 8, 12]
    rows = []
    for person in range(people):
        arm, base, own = person % 2, rng.normal(25, 5), rng.normal(0, between)
        for k, _ in enumerate(visits):
            if rng.random() < 0.15:
                continue
            value = 0.5 * base - 2 * k - (1 + k) * arm + own + rng.normal(0, 2)
            row = [base] + [float(k == j) for j in range(3)] + [float(arm and k == j) for j in range(3)]
            rows.append((person, np.round(row, 3), round(value, 3)))
    x = np.array([r[1] for r in rows])
    y = np.array([r[2] for r in rows])
    groups = np.array([r[0] for r in rows])
    fit = sm.MixedLM(y, x, groups).fit(reml=True, method=["bfgs", "powell"], gtol=1e-10)
    # Standard errors by least squares with the fitted variances, as textbooks have them; those that statsmodels prints
    # come from a numerical Hessian and differ by up to 0.3 %.
    information = np.zeros((7, 7))
    for person in np.unique(groups):
        here = x[groups == person]
        variance = fit.scale * np.eye(len(here)) + float(fit.cov_re[0, 0])
        information += here.T @ np.linalg.solve(variance, here)
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    assert np.allclose(errors, fit.bse_fe, rtol=5e-3)
    return {"person": [int(g) for g in groups], "rows": [numbers(r) for r in x], "values": numbers(y), "effects": numbers(fit.fe_params),
            "standard_errors": numbers(errors), "between": float(fit.cov_re[0, 0]), "within": float(fit.scale),
            "log_likelihood": float(fit.llf)}


def proportions(a, n, b, m):
    low, high = confint_proportions_2indep(b, m, a, n, method="newcomb", compare="diff")
    wilson = proportion_confint(a, n, method="wilson")
    return {"counts": [a, n, b, m], "low": float(low), "high": float(high), "wilson": numbers(wilson)}


def size(effect, sd, power):
    n = TTestIndPower().solve_power(effect / sd, alpha=0.05, power=power)
    return {"effect": effect, "sd": sd, "power": power, "n": float(n)}


def main():
    p = np.round(rng.random(9) ** 3, 6)
    golden = {
        "made_with": f"statsmodels {statsmodels.__version__}, SciPy {scipy.__version__}",
        "ancova": [ancova(8, 11), ancova(60, 60)],
        "log_rank": [log_rank(15, 18), log_rank(80, 70)],
        "mixed": [mixed(24, 3.0), mixed(60, 1.0), mixed(30, 0.0)],
        "multiplicity": {"p": numbers(p), "holm": numbers(multipletests(p, method="holm")[1]),
                         "bh": numbers(multipletests(p, method="fdr_bh")[1])},
        "proportions": [proportions(12, 50, 25, 48), proportions(0, 20, 5, 22), proportions(99, 200, 101, 200)],
        "size": [size(0.5, 1.0, 0.8), size(3.0, 10.0, 0.9), size(8.0, 6.0, 0.8)],
        "cells": cells(12),
        "student": [{"t": t, "df": df, "p": float(2 * scipy.stats.t.sf(abs(t), df)), "q": float(scipy.stats.t.ppf(0.975, df))}
                    for t, df in [(0.3, 3), (2.1, 17), (-4.5, 190)]],
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    parts = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in golden.items())
    OUT.write_text("{\n" + parts + "\n}\n")


if __name__ == "__main__":
    main()
