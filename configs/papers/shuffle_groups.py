"""A negative control: the same people, answers and features, with the groups dealt out among them by chance.

  /usr/bin/python3 configs/papers/shuffle_groups.py DATA.h5 -o OUT.h5 --attribute taste --seed 1

Permutes the attribute's codes among all users, so that the groups keep their sizes and lose their meaning. The best
accuracy that a group's people can expect is known for the old groups only, so /ceilings of the attribute is left out.
/about says what was done. h5py and numpy only.
"""
import argparse
import pathlib
import shutil
import sys

import h5py
import numpy as np

EXIT_FILE = 4


def fail(message):
    print(f"shuffle_groups: {message}", file=sys.stderr)
    sys.exit(EXIT_FILE)


def shuffle(path, attribute, seed):
    """Permutes the attribute in the file at `path`, in place. Returns how many users have another label than before."""
    with h5py.File(path, "r+", libver=("v110", "v110")) as file:
        codes = file[f"users/attributes/{attribute}/codes"]
        before = codes[:]
        codes[:] = np.random.default_rng(seed).permutation(before)
        if f"ceilings/{attribute}" in file:
            del file[f"ceilings/{attribute}"]
        about = file.require_group("about")
        said = about.attrs.get("recipe", b"")
        said = said.decode() if isinstance(said, bytes) else str(said)
        step = f"shuffle_groups.py --attribute {attribute} --seed {seed}"
        about.attrs["recipe"] = np.bytes_(f"{said}; {step}" if said else step)
        return int(np.count_nonzero(codes[:] != before))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path, help="preference data; is not changed")
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True, help="data file to write, replaced whole")
    parser.add_argument("--attribute", required=True, help="user attribute to shuffle")
    parser.add_argument("--seed", type=int, required=True, help="of the permutation, at least 0")
    options = parser.parse_args()
    if options.seed < 0:
        parser.error(f"--seed is {options.seed}; it must be a whole number from 0")
    if not options.data.is_file():
        fail(f"{options.data}: there is no such file")
    if options.output.exists() and options.output.samefile(options.data):
        fail(f"{options.output}: is the file to read; write to another one")
    try:
        with h5py.File(options.data, "r") as file:
            attributes = sorted(file.get("users/attributes", []))
    except OSError as problem:
        fail(f"{options.data}: is not an HDF5 file that can be read ({problem})")
    if options.attribute not in attributes:
        fail(f"{options.data}: has no user attribute {options.attribute}; there are {', '.join(attributes) or 'none'}")
    unfinished = options.output.with_name(options.output.name + ".unfinished")
    shutil.copyfile(options.data, unfinished)
    moved = shuffle(unfinished, options.attribute, options.seed)
    unfinished.replace(options.output)
    print(f"{options.output}: {options.attribute} shuffled with seed {options.seed}; {moved} users have another label")


if __name__ == "__main__":
    main()
