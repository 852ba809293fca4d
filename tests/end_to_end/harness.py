"""What the end-to-end tests share: small data, small sweeps, the programs, and readers of what they leave behind.

The environment says where things are (ctest sets it):
  FAIRSWEEP_BINARY_DIR   build folder with bin/fairsweep and bin/fairsweep-trainer
  FAIRSWEEP_SOURCE_DIR   root of the repository
  FAIRSWEEP_MPIEXEC      mpirun (default: the one in PATH)
"""
import functools
import json
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

BUILD = pathlib.Path(os.environ.get("FAIRSWEEP_BINARY_DIR", "build/ci")).resolve()
SOURCE = pathlib.Path(os.environ.get("FAIRSWEEP_SOURCE_DIR", ".")).resolve()
FAIRSWEEP = BUILD / "bin" / "fairsweep"
TRAINER = BUILD / "bin" / "fairsweep-trainer"
MPIEXEC = os.environ.get("FAIRSWEEP_MPIEXEC") or "mpirun"
SKIPPED = 77  # exit code that CMakeLists.txt declares as "skipped"


def environment(**more):
    """Environment of a program: quiet, one thread a trainer, root and more ranks than cores allowed."""
    allowed = {"OMP_NUM_THREADS": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1",
               "OMPI_MCA_btl_vader_single_copy_mechanism": "none", "OMPI_MCA_smsc": "^cma",
               "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe"}
    if os.geteuid() == 0:
        for family in ("OMPI", "PRTE"):
            allowed[f"{family}_ALLOW_RUN_AS_ROOT"] = allowed[f"{family}_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
    return {**os.environ, **allowed, **more}


def fairsweep(*arguments, cwd, expect=0, timeout=300):
    """Runs fairsweep to its end and checks the exit code. Returns the finished process."""
    done = subprocess.run([FAIRSWEEP, *map(str, arguments)], cwd=cwd, env=environment(), capture_output=True, text=True,
                          timeout=timeout)
    words = " ".join(map(str, arguments))
    assert done.returncode == expect, (f"fairsweep {words}: exit code {done.returncode}, expected {expect}\n"
                                       f"{done.stdout}\n{done.stderr}")
    return done


def answer(*arguments, cwd):
    """What a command says with --json."""
    return json.loads(fairsweep(*arguments, "--json", cwd=cwd).stdout)


@functools.lru_cache
def mpi_version():
    """Major version of Open MPI, or 0 where there is no mpirun."""
    if shutil.which(MPIEXEC) is None:
        return 0
    words = subprocess.run([MPIEXEC, "--version"], capture_output=True, text=True, env=environment()).stdout
    found = re.search(r"(\d+)\.\d+", words)
    return int(found.group(1)) if found else 0


def under_mpi(ranks, *arguments, options=()):
    """The command line that starts fairsweep on this many ranks of this machine."""
    return [MPIEXEC, *options, "-np", str(ranks), str(FAIRSWEEP), *map(str, arguments)]


class Scene(unittest.TestCase):
    """A test with a folder of its own, removed at the end, and small data in it."""
    users = 90
    features = 33  # no multiple of a vector register

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fairsweep-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def make_data(self):
        fairsweep("generate", "personal-llm", "-o", "data.h5", "--users", self.users, "--features", self.features,
                  "--comparisons-per-user", 12, "--contexts", 60, "--seed", 3, cwd=self.folder)

    def write_sweep(self, name, only=(), **sections):
        """Writes NAME.yaml (JSON is YAML) for 6 configurations x 2 replicates; `sections` are merged over it, those named
        in `only` replaced whole."""
        sweep = {
            "sweep": name,
            "declaration": {"use_case": "a test", "population": "simulated people", "groups": "by the generator",
                            "fairness": "pareto"},
            "data": {"file": "data.h5", "groups": {"attribute": "taste"},
                     "split": {"by": "user", "train": 0.6, "validation": 0.2, "test": 0.2}},
            "model": {"head": "mlp", "width": 16, "user": "none"},
            "method": {"name": {"choice": ["pooled", "reweighted", "group_dro"]},
                       "reweighted": {"strength": {"uniform": [0.2, 1.2]}},
                       "group_dro": {"step_size": {"log_uniform": [0.01, 1.0]}}},
            "training": {"epochs": 3, "batch": 7, "learning_rate": {"log_uniform": [0.001, 0.1]}},
            "front": [{"metric": "accuracy", "each": "group"}],
            "search": {"strategy": "sobol", "configurations": 6, "replicates": 2, "seed": 5},
        }
        for section, values in sections.items():
            if isinstance(values, dict) and section not in only:
                sweep.setdefault(section, {}).update(values)
            else:
                sweep[section] = values
        file = self.folder / f"{name}.yaml"
        file.write_text(json.dumps(sweep, indent=1))
        return file


def wait_for(condition, what, seconds=120, pause=0.02):
    """Waits until condition() holds and returns its value; fails with a sentence after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(pause)
    raise AssertionError(f"waited {seconds} s for {what}")


def processes():
    """(pid, parent, command line, environment) of each process of this machine that can be read."""
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            command = (entry / "cmdline").read_bytes().split(b"\0")
            pairs = (entry / "environ").read_bytes().split(b"\0")
            variables = dict(pair.split(b"=", 1) for pair in pairs if b"=" in pair)
        except (OSError, ValueError):
            continue
        yield int(entry.name), parent, [word.decode(errors="replace") for word in command], variables


def descendants(root):
    """Processes started by `root`, directly or not."""
    everything = list(processes())
    family, grew = {root}, True
    while grew:
        grew = False
        for pid, parent, _, _ in everything:
            if parent in family and pid not in family:
                family.add(pid)
                grew = True
    return [entry for entry in everything if entry[0] in family and entry[0] != root]


def program_of(command):
    return os.path.basename(command[0]) if command and command[0] else ""


def trainers_of(root):
    """Process ids of the trainers under this process."""
    return [pid for pid, _, command, _ in descendants(root) if program_of(command) == "fairsweep-trainer"]


def kill(pid):
    os.kill(pid, signal.SIGKILL)


def events_of(run):
    """Events on the disk, in order; a torn tail is left out. An event is a dictionary with its kind under "event"."""
    file = run / "events.log"
    if not file.exists():
        return []
    content = file.read_bytes()
    position = content.find(b"\n") + 1
    found = []
    while position and position + 8 <= len(content):
        length, _ = struct.unpack_from("<II", content, position)
        text = content[position + 8:position + 8 + length]
        if len(text) < length:
            break
        found.append(json.loads(text))
        position += 8 + length
    return found


def reported(run):
    """Numbers of the trials that the log on the disk says are reported, as often as it says so."""
    return [event["report"]["trial"] for event in events_of(run) if event["event"] == "reported"]


def skip_all(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)
