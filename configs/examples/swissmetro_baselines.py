"""What simple models reach on the split of a sweep: the best constant guess and a plain conditional logit.

Independent of fairsweep: numpy and h5py only (Debian: python3-h5py). The split is read from the result file, which
names the comparisons of the validation and test parts; all others were trained on. Accuracy is averaged over each
user's test comparisons and then over the users of a group, like the metric "accuracy"; a tie is half right.

  /usr/bin/python3 configs/examples/swissmetro_baselines.py data/swissmetro.h5 runs/swissmetro/results.h5 [ATTRIBUTE]
"""
import re
import sys

import h5py
import numpy as np


class Choices:
    """Comparisons as candidates in a row; comparison i has rows begin[i] : begin[i] + size[i], the chosen one first."""

    def __init__(self, path, attribute):
        with h5py.File(path, "r") as f:
            offset, rows = f["comparisons/offset"][:], f["comparisons/candidate"][:]
            self.x = f["candidates/features"][:][rows].astype(float)
            self.names = list(f["candidates/feature_names"].asstr()[:])
            self.begin, self.size, self.user = offset[:-1], np.diff(offset), f["comparisons/user"][:]
            people = f["users/attributes"][attribute]
            self.labels, self.group = list(people["labels"].asstr()[:]), people["codes"][:]
        self.comparison = np.repeat(np.arange(len(self.size)), self.size)

    def accuracy(self, score):
        """1 where the chosen candidate has the highest score of its comparison, one half where it shares it."""
        others = score.copy()
        others[self.begin] = -np.inf
        return (np.sign(score[self.begin] - np.maximum.reduceat(others, self.begin)) + 1) / 2


def held_out(path):
    """Comparisons of validation and of test."""
    with h5py.File(path, "r") as f:
        if re.search(r"\bhistory: *[1-9]", f["configuration"].asstr()[0]):
            sys.exit(f"{path}: some comparisons are shown as history; this script cannot tell them from training")
        parts = [f[f"front/margins/{part}/comparison"][:] for part in ("validation", "test")]
    if min(map(len, parts)) == 0:
        sys.exit(f"{path}: no margins are stored, so the split is not known; the run needs a front first")
    return parts


def constant_guess(choices, train):
    """Score of each candidate by how often its alternative was chosen where it was offered, in these comparisons."""
    columns = [i for i, name in enumerate(choices.names) if name.startswith("alternative=")]
    if not columns:
        sys.exit("the data have no features \"alternative=NAME\"; import them with alternative_constants: true")
    alternative = choices.x[:, columns].argmax(axis=1)
    chosen = np.bincount(alternative[choices.begin[train]], minlength=len(columns))
    return chosen[alternative].astype(float)


def fit_logit(choices, train, steps=50):
    """Weights of the conditional logit with the greatest likelihood, by Newton's method; a ridge of 1e-6 decides
    between weights that give the same probabilities (the alternatives' constants sum to 1)."""
    used = np.isin(choices.comparison, train)
    x, begin = choices.x[used], np.cumsum(choices.size[train]) - choices.size[train]
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        chance = np.exp(x @ w - np.repeat(np.logaddexp.reduceat(x @ w, begin), choices.size[train]))
        mean = np.add.reduceat(chance[:, None] * x, begin)
        gradient = x[begin].sum(0) - mean.sum(0) - 1e-6 * w
        curvature = (chance[:, None] * x).T @ x - mean.T @ mean + 1e-6 * np.eye(len(w))
        step = np.linalg.solve(curvature, gradient)
        w += step
        if np.abs(step).max() < 1e-10:
            return w
    sys.exit(f"the conditional logit has not converged in {steps} Newton steps")


def main(data, results, attribute="rail_pass"):
    choices, (validation, test) = Choices(data, attribute), held_out(results)
    train = np.setdiff1d(np.arange(len(choices.size)), np.concatenate([validation, test]))
    group_of = choices.group[choices.user]
    of_group = [constant_guess(choices, train[group_of[train] == group]) for group in range(len(choices.labels))]
    knowing = np.choose(np.maximum(group_of, 0)[choices.comparison], of_group)
    print(f"test accuracy, users averaged, standard error over users; {len(train)} comparisons to train on")
    print(f"{'':34}" + "".join(f"{attribute + ' = ' + label:>26}" for label in choices.labels))
    for name, score in (("best constant guess", constant_guess(choices, train)),
                        (f"best constant guess by {attribute}", knowing),
                        ("conditional logit", choices.x @ fit_logit(choices, train))):
        right, cells = choices.accuracy(score), ""
        for group in range(len(choices.labels)):
            mine = test[group_of[test] == group]
            people = np.unique(choices.user[mine])
            mean = np.array([right[mine[choices.user[mine] == who]].mean() for who in people])
            cells += f"{mean.mean():>13.4f} +- {mean.std(ddof=1) / len(mean) ** 0.5:.4f}   "
        print(f"{name:34}{cells.rstrip()}")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(*sys.argv[1:])
