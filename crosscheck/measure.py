"""How far two trajectories lie apart, and how far they may."""

import numpy as np

# |y − ref| / (atol + |ref|): median and 95th percentile over all columns and times of all people.
MEDIAN_LIMIT = 1e-7
PERCENTILE_LIMIT = 1e-6
# 95th percentile of each column alone, so that one wrong result among many is seen.
COLUMN_LIMIT = 1e-4
# atol of a column as a share of its typical size: 1e-6, as in a default run.
ABSOLUTE_SHARE = 1e-6


def errors(found, reference, typical):
    """The measure, one number a cell. `typical` holds a size a column; NaN stands for the largest |reference|."""
    largest = np.abs(reference).max(axis=0)
    sizes = np.where(np.isnan(typical), largest, typical)
    absolute = np.where(sizes > 0.0, ABSOLUTE_SHARE * sizes, np.finfo(float).tiny)
    return np.abs(found - reference) / (absolute + np.abs(reference))


def verdict(title, values, ids=None):
    """Prints a line and says whether the limits are kept; `values` holds an array of times × columns a person."""
    columns = np.percentile(np.concatenate([np.atleast_2d(v) for v in values]), 95, axis=0)
    values = np.concatenate([np.ravel(v) for v in values])
    median, percentile, worst = np.median(values), np.percentile(values, 95), values.max()
    kept = bool(median <= MEDIAN_LIMIT and percentile <= PERCENTILE_LIMIT and columns.max() <= COLUMN_LIMIT)
    print(
        f"  {title}: median {median:.1e} (limit {MEDIAN_LIMIT:.0e}), "
        f"95th percentile {percentile:.1e} (limit {PERCENTILE_LIMIT:.0e}), "
        f"of the farthest column {columns.max():.1e} (limit {COLUMN_LIMIT:.0e}), "
        f"worst {worst:.1e}, {values.size} numbers: {'ok' if kept else 'TOO FAR'}"
    )
    if ids is not None:
        farthest = np.argsort(columns)[::-1][:5]
        print("    farthest:", ", ".join(f"{ids[i]} {columns[i]:.1e}" for i in farthest))
    return kept
