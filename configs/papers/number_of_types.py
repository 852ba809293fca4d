"""How many hidden types of people there are, as far as held-out answers say, in one run that varies the number.

  /usr/bin/python3 configs/papers/number_of_types.py RUN [--json]

Prints, for each number of types that the run tried, the log-likelihood of a training comparison, from halves of people's
comparisons that the models of the round were not trained on, with its standard error over people, means over the
configurations and replicates of that number; the share of the smallest type; and, where the data have groups, the share of
people whose type is their group's under the best matching. Takes the smallest number within one standard error of the
highest likelihood: with more types than there are, some are split in two and the likelihood hardly falls. Selection reads
no validation and no test answer.

numpy and h5py only (Debian: python3-h5py).
"""
import argparse
import json
import pathlib
import sys

import h5py
import numpy as np

from paper_runs import EXIT_FILE, Unusable, column

HELD_OUT, ERROR = "types held-out log-likelihood", "types held-out standard error"
MATCHING = "types matching groups"


def notes_by_number(path):
    """number of types -> [notes of a trial]"""
    with h5py.File(path, "r") as file:
        if "configurations/method.types.number" not in file:
            raise Unusable(f"{path}: the run does not vary method.types.number; sweep it, "
                           "for example number: {choice: [1, 2, 3, 4, 5]}")
        number = column(file, "method.types.number")
        place = {int(row): i for i, row in enumerate(file["configurations/id"][:])}
        of_trial = {int(trial): number[place[int(row)]]
                    for trial, row in zip(file["trials/id"][:], file["trials/configuration"][:])}
        notes = {}
        for trial, name, value in zip(file["notes/trial"][:], file["notes/name"].asstr()[:], file["notes/value"][:]):
            notes.setdefault(int(trial), {})[name] = float(value)
    found = {}
    for trial, own in notes.items():
        if HELD_OUT in own and of_trial[trial]:
            found.setdefault(int(float(of_trial[trial])), []).append(own)
    if not found:
        raise Unusable(f"{path}: no trial of it searched for types; the methods types and max_min_types do")
    return dict(sorted(found.items()))


def table(found):
    """One row for each number, and the number that is taken."""
    rows = []
    for number, notes in found.items():
        def mean(name):
            return float(np.mean([own[name] for own in notes]))
        rows.append({"types": number, "trials": len(notes), "log_likelihood": mean(HELD_OUT), "standard_error": mean(ERROR),
                     "smallest_share": float(np.mean([min(value for name, value in own.items()
                                                          if name.startswith("types share ")) for own in notes])),
                     "matching_groups": mean(MATCHING) if all(MATCHING in own for own in notes) else None})
    best = max(rows, key=lambda row: row["log_likelihood"])
    enough = best["log_likelihood"] - best["standard_error"]
    return rows, next(row["types"] for row in rows if row["log_likelihood"] >= enough)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=pathlib.Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    path = options.run / "results.h5"
    try:
        if not path.is_file():
            raise Unusable(f"{path}: there is no such file; give the directory of a run, such as runs/types")
        rows, taken = table(notes_by_number(path))
    except Unusable as mistake:
        print(mistake, file=sys.stderr)
        return EXIT_FILE
    if options.json:
        print(json.dumps({"rows": rows, "types": taken}))
        return 0
    print("types  trials  held-out log-likelihood (standard error)  smallest share  matching groups")
    for row in rows:
        matching = "" if row["matching_groups"] is None else f"{row['matching_groups']:.3f}"
        print(f"{row['types']:5}  {row['trials']:6}  {row['log_likelihood']:23.4f} ({row['standard_error']:.4f})"
              f"{row['smallest_share']:25.3f}  {matching:>15}")
    print(f"{taken}: the fewest within one standard error of the highest")
    return 0


if __name__ == "__main__":
    sys.exit(main())
