"""Which share of the pairs of answers a model orders as the average reward does, for models that `fairsweep export
--models` wrote and data of `fairsweep generate ring` or `lengths`.

    /usr/bin/python3 configs/papers/average_order.py EXPORTED data/ring_pairs.h5

EXPORTED is the folder of the .pt files; the data need only show every candidate, so few comparisons do. Needs numpy and h5py, and fairsweep-trainer in PATH or in FAIRSWEEP_TRAINER. The
rewards are written down here once more, apart from the generator.
"""
import csv
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import h5py
import numpy as np


def average_reward(name):
    """Mean reward of the three types for the candidate of this name ("offset -3", "length 77")."""
    kind, number = name.rsplit(" ", 1)
    x = float(number)
    if kind == "offset":
        def of_type(shift, rate, scale):
            apart = abs(x - shift)
            return scale * max(0.0, 1 - rate * min(apart, 40 - apart))
        return (of_type(-10, 0.075, 4) + of_type(0, 0.1, 1.5) + of_type(10, 0.075, 4)) / 3
    if kind == "length":
        return (min(4, np.exp(x / 80) / 100) + min(4, np.exp((512 - x) / 80) / 100)
                + np.exp(1 / (((x - 256) / 64) ** 2 + 1)) - 1) / 3
    raise ValueError(f"candidate {name!r} is of no known population")


def share_ordered(scores, truth):
    """Of the pairs that `truth` [n] puts in order, the share that `scores` [n] puts in the same."""
    wanted = np.subtract.outer(truth, truth)
    judged = np.triu(np.abs(wanted) > 1e-9, 1)
    return float((np.subtract.outer(scores, scores) * wanted > 0)[judged].mean())


def scores_of(trainer, model, data):
    """Score of every candidate, by row; NaN where no comparison shows it."""
    with h5py.File(data) as file:
        count = file["candidates/features"].shape[0]
    with tempfile.TemporaryDirectory() as folder:
        table = pathlib.Path(folder) / "scores.csv"
        subprocess.run([trainer, "score", model, data, "-o", table], check=True, capture_output=True)
        scores = np.full(count, np.nan)
        for row in csv.DictReader(io.StringIO(table.read_text())):
            scores[int(row["candidate"])] = float(row["score"])
    return scores


def within_contexts(scores, truth, offsets):
    """Mean over contexts of share_ordered, over the candidates that were scored."""
    shares = []
    for begin, end in zip(offsets[:-1], offsets[1:]):
        here = np.arange(begin, end)[~np.isnan(scores[begin:end])]
        if len(here) > 1:
            shares.append(share_ordered(scores[here], truth[here]))
    return float(np.mean(shares))


def main(folder, data):
    trainer = os.environ.get("FAIRSWEEP_TRAINER", "fairsweep-trainer")
    with h5py.File(data) as file:
        names = [name.decode() for name in file["candidates/names"][()]]
        offsets = file["contexts/offset"][()]
    truth = np.array([average_reward(name) for name in names])
    print(f"{'model':<10} {'ordered':>8}  method")
    for model in sorted(pathlib.Path(folder).glob("trial-*.pt"), key=lambda path: int(path.stem.split("-")[1])):
        settings = json.loads(model.with_suffix(".json").read_text())["settings"]
        method = settings["method.name"]
        if method == "first_order":
            method += f", alpha {settings['method.first_order.alpha']:g}"
        ordered = within_contexts(scores_of(trainer, model, data), truth, offsets)
        print(f"{model.stem:<10} {ordered:>8.4f}  {method}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
