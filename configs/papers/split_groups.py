"""A wrong number of groups: the same people, answers and features, with people of one group dealt out to several.

  /usr/bin/python3 configs/papers/split_groups.py DATA.h5 -o OUT.h5 --attribute taste --group majority --parts 2 --seed 1

Adds an attribute "taste_split" (the name given, and _split) that is the old one, but for the people of the group, who
are dealt out by chance to "majority 1", "majority 2" and so on, in parts of equal size. With --merge GROUP... instead,
the people of these groups become one, "merged". A sweep that names the new attribute under data.groups.attribute trains
with the wrong groups; compare_methods.py --attribute taste reports it by the right ones. h5py and numpy only.
"""
import argparse
import pathlib

import h5py
import numpy as np

from shuffle_groups import changed_copy, fail, labels_of, note_step, replace


def split(labels, codes, group, parts, random):
    """Labels and codes with the people of `group` in several parts."""
    people = np.flatnonzero(codes == labels.index(group))
    others = [label for label in labels if label != group]
    new = np.array([others.index(labels[code]) if code >= 0 and labels[code] != group else -1 for code in codes])
    new[random.permutation(people)] = len(others) + np.arange(len(people)) * parts // max(len(people), 1)
    return others + [f"{group} {part + 1}" for part in range(parts)], new


def merge(labels, codes, groups):
    """Labels and codes with the people of `groups` in one."""
    others = [label for label in labels if label not in groups]
    new = np.array([-1 if code < 0 else others.index(labels[code]) if labels[code] in others else len(others)
                    for code in codes])
    return others + ["merged"], new


def write(path, attribute, labels, codes, step):
    """Adds the new attribute to the file at `path`."""
    with h5py.File(path, "r+", libver=("v110", "v110")) as file:
        old, new = f"users/attributes/{attribute}", f"users/attributes/{attribute}_split"
        file.copy(old, new)
        kept, texts = dict(file[new]["labels"].attrs), [label.encode() for label in labels]
        kind = h5py.string_dtype("utf-8", max(map(len, texts)))
        del file[new]["labels"]
        file[new]["labels"] = np.array(texts, dtype=kind)
        for key, value in kept.items():
            file[new]["labels"].attrs[key] = value
        replace(file, f"{new}/codes", codes)
        note_step(file, step)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path, help="preference data; is not changed")
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True, help="data file to write, replaced whole")
    parser.add_argument("--attribute", required=True, help="user attribute that holds the right groups")
    parser.add_argument("--group", help="group whose people are dealt out")
    parser.add_argument("--parts", type=int, default=2, help="into how many groups, at least 2 (default: 2)")
    parser.add_argument("--merge", nargs="+", metavar="GROUP", help="groups that become one")
    parser.add_argument("--seed", type=int, default=1, help="of the dealing, at least 0 (default: 1)")
    options = parser.parse_args()
    if (options.group is None) == (options.merge is None):
        parser.error("give either --group or --merge")
    if options.parts < 2 or options.seed < 0:
        parser.error("--parts must be at least 2 and --seed at least 0")
    labels = labels_of(options.data, options.attribute)
    for group in options.merge or [options.group]:
        if group not in labels:
            fail(f"{options.data}: {options.attribute} has no label {group}; there are {', '.join(labels)}")
    with h5py.File(options.data, "r") as file:
        codes = file[f"users/attributes/{options.attribute}/codes"][:]
        if f"users/attributes/{options.attribute}_split" in file:
            fail(f"{options.data}: has an attribute {options.attribute}_split already")
    named, new = (merge(labels, codes, options.merge) if options.merge
                  else split(labels, codes, options.group, options.parts, np.random.default_rng(options.seed)))
    step = f"split_groups.py --attribute {options.attribute} " + (
        f"--merge {' '.join(options.merge)}" if options.merge
        else f"--group {options.group} --parts {options.parts} --seed {options.seed}")
    with changed_copy(options.data, options.output) as unfinished:
        write(unfinished, options.attribute, named, new, step)
    print(f"{options.output}: {options.attribute}_split: "
          + ", ".join(f"{int((new == code).sum())} {label}" for code, label in enumerate(named)))


if __name__ == "__main__":
    main()
