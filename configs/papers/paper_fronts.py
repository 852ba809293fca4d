"""Arithmetic on sets of points, larger is better everywhere: which are not dominated, what they dominate, and what
mixtures of two of them attain. numpy only.
"""
import numpy as np


def non_dominated(points):
    """Rows of points [n, d] that no other row is at least as good as everywhere and better somewhere."""
    return [i for i, point in enumerate(points)
            if not any((other >= point).all() and (other > point).any() for other in points)]


def hypervolume(points, reference):
    """Volume above `reference` that is below at least one of the points [n, d]; maximisation, by slices."""
    points = np.asarray([point for point in points if (point > reference).all()])
    if len(points) == 0:
        return 0.0
    if points.shape[1] == 1:
        return float(points.max() - reference[0])
    points = points[np.argsort(-points[:, -1])]
    levels = np.append(points[:, -1], reference[-1])
    return sum((levels[i] - levels[i + 1]) * hypervolume(points[:i + 1, :-1], reference[:-1])
               for i in range(len(points)) if levels[i] > levels[i + 1])


def attained(first, second, level):
    """The most of `second` where `first` is at least `level`, for points (first[i], second[i]) and every mixture of two
    of them; arrays [samples, n] -> [samples]. Somebody who answers a share of the questions by one model and the rest
    by another has the mixture of their accuracies, so fronts of few points can be compared between their points. NaN
    where no point reaches the level.
    """
    best = np.where(first >= level, second, -np.inf).max(axis=1)
    for i in range(first.shape[1]):
        for j in range(first.shape[1]):
            across = (first[:, i] > level) & (first[:, j] < level)
            share = (level - first[:, j]) / np.where(across, first[:, i] - first[:, j], 1)
            best = np.where(across, np.maximum(best, second[:, j] + share * (second[:, i] - second[:, j])), best)
    return np.where(np.isfinite(best), best, np.nan)
