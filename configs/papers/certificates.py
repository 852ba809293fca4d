"""What the certificates of PAFO-style training say in one or more runs, over all trials of each method that keeps them.

  /usr/bin/python3 configs/papers/certificates.py RUN [RUN...]

On validation, with log-likelihoods in nats a comparison (docs/methods/pafo.md): a student is proven to be better than
the pooled model for a group where its mean distance to the target margins (error) is below what the target gains over
the pooled model (target gains); the certificate of a trial says so of every group at once. Beside it: what the student
gained, for how many trials that is above zero, and the largest part of the error by which student and target differ,
which cannot be above 1. h5py and numpy only.
"""
import argparse
import pathlib
import sys

import h5py
import numpy as np

from paper_runs import EXIT_FILE, Unusable, column, resolved

ERROR, TARGET, STUDENT = "distillation_error ", "teacher_gain ", "student_gain "


def notes_of(folder):
    """(method, {note: value}) of each trial that has a certificate."""
    path = pathlib.Path(folder) / "results.h5"
    if not path.is_file():
        raise Unusable(f"{path}: there is no such file; give the directory of a run, such as runs/quickstart")
    with h5py.File(path, "r") as file:
        notes = {}
        for trial, name, value in zip(file["notes/trial"][:], file["notes/name"].asstr()[:], file["notes/value"][:]):
            notes.setdefault(int(trial), {})[name] = value
        ids = [int(i) for i in file["configurations/id"][:]]
        method = (column(file, "method.name") if "method.name" in file["configurations"]
                  else [resolved(file["configuration"].asstr()[0], "method.name")] * len(ids))
        of_trial = dict(zip(map(int, file["trials/id"][:]), map(int, file["trials/configuration"][:])))
    return [(method[ids.index(of_trial[trial])], values) for trial, values in notes.items() if "certificate" in values]


def table(trials):
    for method in sorted({method for method, _ in trials}):
        notes = [values for name, values in trials if name == method]
        yield (f"{method}: {len(notes)} trials; the certificate holds for every group in "
               f"{sum(values['certificate'] == 1 for values in notes)}")
        groups = sorted(name[len(ERROR):] for name in notes[0] if name.startswith(ERROR))
        width = max(map(len, groups))
        yield f"  {'':{width}}  holds for  error   target gains  student gains  in trials  distance / error"
        for group in groups:
            error, target, student = (np.array([values[name + group] for values in notes])
                                      for name in (ERROR, TARGET, STUDENT))
            yield (f"  {group:{width}}  {np.count_nonzero(error < target):9}  {error.mean():.4f}"
                   f"  {target.mean():+12.4f}  {student.mean():+13.4f}  {np.count_nonzero(student > 0):9}"
                   f"  {(np.abs(student - target) / error).max():16.4f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", nargs="+", help="directory of a run")
    options = parser.parse_args()
    try:
        trials = [trial for folder in options.run for trial in notes_of(folder)]
        if not trials:
            raise Unusable(f"{options.run[0]}: no trial has a certificate; methods pafo and pafo_dvao keep one")
    except Unusable as problem:
        print(f"certificates: {problem}", file=sys.stderr)
        sys.exit(EXIT_FILE)
    print("\n".join(table(trials)))


if __name__ == "__main__":
    main()
