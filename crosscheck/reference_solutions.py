#!/usr/bin/env python3
"""Reference solutions of the solver's test problems.

Writes crates/engine/tests/references/<problem>.csv with SciPy's Radau IIA (order 5) at a relative
tolerance of 1e-12, analytic Jacobians, and compares

* with a second run at a tolerance ten times larger, and
* with the values that the Test Set for Initial Value Problem Solvers (Mazzia and Magherini,
  release 2.4, Bari 2008) publishes for the end of the span, computed there in quadruple precision.

It stops with an error if either differs by more than 2e-11, relative to |y| plus the smallest size
that matters. Needs Python 3.11 or later with numpy and scipy:

    python3 -m venv .venv && .venv/bin/pip install numpy==2.* scipy==1.*
    .venv/bin/python crosscheck/reference_solutions.py
"""

import pathlib
import sys

import numpy as np
from scipy.integrate import solve_ivp

OUT = pathlib.Path(__file__).resolve().parents[1] / "crates/engine/tests/references"
RTOL = 1e-12

# The published end value of E5 breaks the invariant y2 = y3 + y4 of the problem by 1.3e-25, through
# rounding; in units of the smallest size that matters here that is 1.3e-5.
PUBLISHED_LIMIT = {"e5": 2e-5}


def robertson(_t, y):
    a, b, c = 0.04 * y[0], 1e4 * y[1] * y[2], 3e7 * y[1] ** 2
    return np.array([b - a, a - b - c, c])


def robertson_jacobian(_t, y):
    return np.array([
        [-0.04, 1e4 * y[2], 1e4 * y[1]],
        [0.04, -1e4 * y[2] - 6e7 * y[1], -1e4 * y[1]],
        [0.0, 6e7 * y[1], 0.0],
    ])


def hires(_t, y):
    b = 280.0 * y[5] * y[7]
    return np.array([
        -1.71 * y[0] + 0.43 * y[1] + 8.32 * y[2] + 0.0007,
        1.71 * y[0] - 8.75 * y[1],
        -10.03 * y[2] + 0.43 * y[3] + 0.035 * y[4],
        8.32 * y[1] + 1.71 * y[2] - 1.12 * y[3],
        -1.745 * y[4] + 0.43 * y[5] + 0.43 * y[6],
        -b + 0.69 * y[3] + 1.71 * y[4] - 0.43 * y[5] + 0.69 * y[6],
        b - 1.81 * y[6],
        1.81 * y[6] - b,
    ])


def hires_jacobian(_t, y):
    j = np.zeros((8, 8))
    j[0, :3] = -1.71, 0.43, 8.32
    j[1, :2] = 1.71, -8.75
    j[2, 2:5] = -10.03, 0.43, 0.035
    j[3, 1:4] = 8.32, 1.71, -1.12
    j[4, 4:7] = -1.745, 0.43, 0.43
    j[5, 3:8] = 0.69, 1.71, -280 * y[7] - 0.43, 0.69, -280 * y[5]
    j[6, 5:8] = 280 * y[7], -1.81, 280 * y[5]
    j[7] = -j[6]
    return j


def oregonator(_t, y):
    return np.array([
        77.27 * (y[1] + y[0] * (1 - 8.375e-6 * y[0] - y[1])),
        (y[2] - (1 + y[0]) * y[1]) / 77.27,
        0.161 * (y[0] - y[2]),
    ])


def oregonator_jacobian(_t, y):
    return np.array([
        [77.27 * (1 - 2 * 8.375e-6 * y[0] - y[1]), 77.27 * (1 - y[0]), 0.0],
        [-y[1] / 77.27, -(1 + y[0]) / 77.27, 1 / 77.27],
        [0.161, 0.0, -0.161],
    ])


# Reactions of the pollution model: rate constant, reactants, changes (species numbered from 1).
REACTIONS = [
    (0.35, (1,), {1: -1, 2: 1, 3: 1}),
    (26.6, (2, 4), {1: 1, 2: -1, 4: -1}),
    (1.23e4, (5, 2), {1: 1, 2: -1, 5: -1, 6: 1}),
    (8.6e-4, (7,), {5: 2, 7: -1, 8: 1}),
    (8.2e-4, (7,), {7: -1, 8: 1}),
    (1.5e4, (7, 6), {5: 1, 6: -1, 7: -1, 8: 1}),
    (1.3e-4, (9,), {5: 1, 8: 1, 9: -1, 10: 1}),
    (2.4e4, (9, 6), {6: -1, 9: -1, 11: 1}),
    (1.65e4, (11, 2), {1: 1, 2: -1, 10: 1, 11: -1, 12: 1}),
    (9e3, (11, 1), {1: -1, 11: -1, 13: 1}),
    (0.022, (13,), {1: 1, 11: 1, 13: -1}),
    (1.2e4, (10, 2), {1: 1, 2: -1, 10: -1, 14: 1}),
    (1.88, (14,), {5: 1, 7: 1, 14: -1}),
    (1.63e4, (1, 6), {1: -1, 6: -1, 15: 1}),
    (4.8e6, (3,), {3: -1, 4: 1}),
    (3.5e-4, (4,), {4: -1, 16: 1}),
    (0.0175, (4,), {3: 1, 4: -1}),
    (1e8, (16,), {6: 2, 16: -1}),
    (4.44e11, (16,), {3: 1, 16: -1}),
    (1.24e3, (17, 6), {5: 1, 6: -1, 17: -1, 18: 1}),
    (2.1, (19,), {2: 1, 19: -1}),
    (5.78, (19,), {1: 1, 3: 1, 19: -1}),
    (0.0474, (1, 4), {1: -1, 4: -1, 19: 1}),
    (1.78e3, (19, 1), {1: -1, 19: -1, 20: 1}),
    (3.12, (20,), {1: 1, 19: 1, 20: -1}),
]


def pollution(_t, y):
    f = np.zeros(20)
    for constant, reactants, changes in REACTIONS:
        rate = constant * np.prod([y[i - 1] for i in reactants])
        for species, change in changes.items():
            f[species - 1] += change * rate
    return f


def pollution_jacobian(_t, y):
    j = np.zeros((20, 20))
    for constant, reactants, changes in REACTIONS:
        for k, i in enumerate(reactants):
            rest = [y[other - 1] for m, other in enumerate(reactants) if m != k]
            slope = constant * np.prod(rest)
            for species, change in changes.items():
                j[species - 1, i - 1] += change * slope
    return j


def e5(_t, y):
    """With y4 = y2 - y3, the invariant of the problem, so that rounding cannot break it."""
    a, b = 7.89e-10 * y[0], 1.1e7 * y[0] * y[2]
    c, d = 1.13e9 * y[1] * y[2], 1.13e3 * (y[1] - y[2])
    return np.array([-a - b, a - c, a - b - c + d])


def e5_jacobian(_t, y):
    return np.array([
        [-7.89e-10 - 1.1e7 * y[2], 0.0, -1.1e7 * y[0]],
        [7.89e-10, -1.13e9 * y[2], -1.13e9 * y[1]],
        [7.89e-10 - 1.1e7 * y[2], -1.13e9 * y[2] + 1.13e3,
         -1.13e9 * y[1] - 1.1e7 * y[0] - 1.13e3],
    ])


def van_der_pol(_t, y):
    return np.array([y[1], ((1 - y[0] ** 2) * y[1] - y[0]) / 1e-6])


def van_der_pol_jacobian(_t, y):
    return np.array([[0.0, 1.0], [(-2 * y[0] * y[1] - 1) / 1e-6, (1 - y[0] ** 2) / 1e-6]])


def pollution_initial():
    y = np.zeros(20)
    for species, value in {2: 0.2, 4: 0.04, 7: 0.1, 8: 0.3, 9: 0.01, 17: 0.007}.items():
        y[species - 1] = value
    return y


# Name: right-hand side, Jacobian, initial state, output times, smallest size that matters for each
# state, published end values.
PROBLEMS = {
    "robertson": (
        robertson, robertson_jacobian, [1.0, 0.0, 0.0],
        [0.4 * 10.0**k for k in range(11)] + [1e11],
        [1e-9, 1e-14, 1.0],
        [0.2083340149701255e-07, 0.8333360770334713e-13, 0.9999999791665050],
    ),
    "hires": (
        hires, hires_jacobian, [1.0, 0, 0, 0, 0, 0, 0, 0.0057],
        [1.0, 5.0, 20.0, 50.0, 100.0, 200.0, 300.0, 321.8122],
        [1e-4] * 8,
        [0.7371312573325668e-3, 0.1442485726316185e-3, 0.5888729740967575e-4,
         0.1175651343283149e-2, 0.2386356198831331e-2, 0.6238968252742796e-2,
         0.2849998395185769e-2, 0.2850001604814231e-2],
    ),
    "oregonator": (
        oregonator, oregonator_jacobian, [1.0, 2.0, 3.0],
        [30.0 * k for k in range(1, 13)],
        [1e-2] * 3,
        [0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3],
    ),
    "pollution": (
        pollution, pollution_jacobian, pollution_initial(),
        [5.0 * k for k in range(1, 13)],
        [1e-2, 1e-1, 1e-9, 1e-3, 1e-7, 1e-7, 1e-2, 1e-1, 1e-3, 1e-8, 1e-8, 1e-3, 1e-4, 1e-5,
         1e-3, 1e-18, 1e-3, 1e-4, 1e-6, 1e-5],
        [0.5646255480022769e-01, 0.1342484130422339e+00, 0.4139734331099427e-08,
         0.5523140207484359e-02, 0.2018977262302196e-06, 0.1464541863493966e-06,
         0.7784249118997964e-01, 0.3245075353396018e+00, 0.7494013383880406e-02,
         0.1622293157301561e-07, 0.1135863833257075e-07, 0.2230505975721359e-02,
         0.2087162882798630e-03, 0.1396921016840158e-04, 0.8964884856898295e-02,
         0.4352846369330103e-17, 0.6899219696263405e-02, 0.1007803037365946e-03,
         0.1772146513969984e-05, 0.5682943292316392e-04],
    ),
    "e5": (
        e5, e5_jacobian, [1.76e-3, 0.0, 0.0],
        [10.0**k for k in range(0, 14)],
        [1e-9, 1e-20, 1e-20],
        [0.1152903278711829e-290, 0.8867655517642120e-22, 0.8854814626268838e-22],
    ),
    "van_der_pol": (
        van_der_pol, van_der_pol_jacobian, [2.0, 0.0],
        [0.25 * k for k in range(1, 9)],
        [1e-2, 1e-2],
        [0.1706167732170483e1, -0.8928097010247975],
    ),
}


def integrate_stepwise(problem, rtol):
    """Restart at every output, so that no output depends on the dense output."""
    rhs, jacobian, initial, times, sizes, _ = problem
    y, start, rows = np.array(initial, dtype=float), 0.0, []
    for end in times:
        solution = solve_ivp(
            rhs, (start, end), y, method="Radau", jac=jacobian, rtol=rtol,
            atol=rtol * np.array(sizes), first_step=1e-8 * max(end - start, 1.0) ** 0.5,
        )
        if not solution.success:
            sys.exit(solution.message)
        y, start = solution.y[:, -1], end
        rows.append(y)
    return np.array(rows)


def difference(a, b, sizes):
    return np.max(np.abs(a - b) / (np.abs(b) + np.array(sizes)))


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for name, problem in PROBLEMS.items():
        times, sizes, published = problem[3], problem[4], problem[5]
        fine = integrate_stepwise(problem, RTOL)
        coarse = integrate_stepwise(problem, 10 * RTOL)
        own = difference(coarse, fine, sizes)
        other = difference(fine[-1], np.array(published), sizes)
        print(f"{name}: against ten times the tolerance {own:.1e}, published {other:.1e}")
        if own > 2e-11 or other > PUBLISHED_LIMIT.get(name, 2e-11):
            sys.exit(f"{name}: the reference is not accurate enough")
        if name == "e5":
            fine = np.column_stack([fine, fine[:, 1] - fine[:, 2]])
        with open(OUT / f"{name}.csv", "w", encoding="utf-8") as file:
            file.write("# Radau IIA (SciPy) at rtol 1e-12; crosscheck/reference_solutions.py\n")
            file.write("time," + ",".join(f"y{i}" for i in range(fine.shape[1])) + "\n")
            for time, row in zip(times, fine):
                file.write(",".join(repr(float(v)) for v in [time, *row]) + "\n")


if __name__ == "__main__":
    main()
