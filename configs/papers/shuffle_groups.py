"""Negative controls: the same people, answers and features, with the groups dealt out among them by chance.

  /usr/bin/python3 configs/papers/shuffle_groups.py DATA.h5 -o OUT.h5 --attribute taste --seed 1 [--only majority]

Permutes the attribute's codes among all users, so that the groups keep their sizes and lose their meaning. With --only
LABEL people of other groups are left out first (their comparisons are, and their group becomes "not known"), and the
people of that one group are dealt out to all labels in the old proportions: one taste, under arbitrary labels. The best
accuracy that a group's people can expect is known for the old groups only, so /ceilings of the attribute is left out.
/about says what was done. h5py and numpy only.
"""
import argparse
import contextlib
import pathlib
import shutil
import sys

import h5py
import numpy as np

EXIT_FILE = 4


def fail(message):
    print(f"{pathlib.Path(sys.argv[0]).stem}: {message}", file=sys.stderr)
    sys.exit(EXIT_FILE)


def replace(file, name, values):
    """Writes a dataset of another length in the place of one, with its type and attributes."""
    kept, kind = dict(file[name].attrs), file[name].dtype
    del file[name]
    file[name] = np.asarray(values, kind)
    for key, value in kept.items():
        file[name].attrs[key] = value


def keep_comparisons_of(file, users):
    """Leaves out the comparisons of everybody else; `users` is true for those that stay."""
    offset = file["comparisons/offset"][:]
    kept = users[file["comparisons/user"][:]]
    size = np.diff(offset)
    candidates = file["comparisons/candidate"][:][np.repeat(kept, size)]
    for name in ("user", "context", "ranked", "weight", "repeat"):
        if f"comparisons/{name}" in file:
            replace(file, f"comparisons/{name}", file[f"comparisons/{name}"][:][kept])
    replace(file, "comparisons/offset", np.concatenate([[0], np.cumsum(size[kept])]))
    replace(file, "comparisons/candidate", candidates)


def dealt_out(codes, only, random):
    """Codes permuted among all users, or all codes in their proportions among those whose code is `only`."""
    if only is None:
        return random.permutation(codes)
    people, known = np.flatnonzero(codes == only), np.sort(codes[codes >= 0])
    new = np.full_like(codes, -1)
    new[people] = random.permutation(known[np.arange(len(people)) * len(known) // len(people)])
    return new


def note_step(file, step):
    """Adds to the recipe in /about what was done to the data."""
    about = file.require_group("about")
    said = about.attrs.get("recipe", b"")
    said = said.decode() if isinstance(said, bytes) else str(said)
    about.attrs["recipe"] = np.bytes_(f"{said}; {step}" if said else step)


def shuffle(path, attribute, seed, only):
    """Deals out the attribute in the file at `path`, in place. Returns the number of people of each label."""
    with h5py.File(path, "r+", libver=("v110", "v110")) as file:
        people = file[f"users/attributes/{attribute}"]
        labels, before = list(people["labels"].asstr()[:]), people["codes"][:]
        code = None if only is None else labels.index(only)
        people["codes"][:] = dealt_out(before, code, np.random.default_rng(seed))
        if only is not None:
            keep_comparisons_of(file, before == code)
        if f"ceilings/{attribute}" in file:
            del file[f"ceilings/{attribute}"]
        note_step(file, f"shuffle_groups.py --attribute {attribute} --seed {seed}" + (f" --only {only}" if only else ""))
        return {label: int(np.count_nonzero(people["codes"][:] == place)) for place, label in enumerate(labels)}


@contextlib.contextmanager
def changed_copy(data, output):
    """A copy of the file at `data` to change; it takes the place of `output` when that is done."""
    if output.exists() and output.samefile(data):
        fail(f"{output}: is the file to read; write to another one")
    unfinished = output.with_name(output.name + ".unfinished")
    shutil.copyfile(data, unfinished)
    yield unfinished
    unfinished.replace(output)


def labels_of(path, attribute):
    """Labels of a user attribute of the data; ends the program with a sentence where there are none."""
    if not path.is_file():
        fail(f"{path}: there is no such file")
    try:
        with h5py.File(path, "r") as file:
            attributes = sorted(file.get("users/attributes", []))
            if attribute not in attributes:
                fail(f"{path}: has no user attribute {attribute}; there are {', '.join(attributes) or 'none'}")
            return list(file[f"users/attributes/{attribute}/labels"].asstr()[:])
    except OSError as problem:
        fail(f"{path}: is not an HDF5 file that can be read ({problem})")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path, help="preference data; is not changed")
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True, help="data file to write, replaced whole")
    parser.add_argument("--attribute", required=True, help="user attribute to deal out")
    parser.add_argument("--seed", type=int, required=True, help="of the permutation, at least 0")
    parser.add_argument("--only", metavar="LABEL", help="leave out everybody else first")
    options = parser.parse_args()
    if options.seed < 0:
        parser.error(f"--seed is {options.seed}; it must be a whole number from 0")
    labels = labels_of(options.data, options.attribute)
    if options.only is not None and options.only not in labels:
        fail(f"{options.data}: {options.attribute} has no label {options.only}; there are {', '.join(labels)}")
    with changed_copy(options.data, options.output) as unfinished:
        people = shuffle(unfinished, options.attribute, options.seed, options.only)
    print(f"{options.output}: {options.attribute} dealt out with seed {options.seed}: "
          + ", ".join(f"{count} {label}" for label, count in people.items()))


if __name__ == "__main__":
    main()
