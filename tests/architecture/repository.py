"""The files of the source tree, for the tests of this folder."""
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BIN = pathlib.Path(os.environ.get("FAIRSWEEP_BINARY_DIR", ROOT / "build" / "ci")) / "bin"

CODE_FOLDERS = ("core", "objectives", "workers", "results", "orchestrator")
NOT_OURS = {".git", "build", "runs", "data", "shared", ".cache", "__pycache__"}


def files(*suffixes, under=("",)):
    """Paths relative to the root, in order, of every file with one of the suffixes ("" in suffixes: all of them)."""
    found = []
    for top in under:
        for folder, folders, names in os.walk(ROOT / top):
            at_root = pathlib.Path(folder) == ROOT
            folders[:] = sorted(name for name in folders if not (name in NOT_OURS and (at_root or name[0] in "._")))
            found += [(pathlib.Path(folder) / name).relative_to(ROOT) for name in names if name.endswith(suffixes)]
    return sorted(set(found))


def text_of(path):
    return (ROOT / path).read_text(encoding="utf-8")
