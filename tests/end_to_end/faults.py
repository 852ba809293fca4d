"""The library that makes files fail (tests/support/fault_injection.cpp) put before fairsweep, and sweeps of a trainer
that trains nothing, for tests of what a run survives."""
import collections
import os
import re
import subprocess

import h5py
import harness
from results import differences, results_of

LIBRARY = harness.BUILD / "lib" / "libfault_injection.so"
NOOP_TRAINER = harness.BUILD / "bin" / "noop_trainer"
KILLED = -9


def fault(run, kind, **variables):
    """Environment in which files below this run fail: fault(run, "no_space", FILE="results.h5*", AT_BYTE=100)."""
    chosen = {f"FAULT_{name}": str(value) for name, value in variables.items()}
    return {"LD_PRELOAD": str(LIBRARY), "FAULT_FOLDER": str(run), "FAULT_KIND": kind, **chosen}


def file_of(path):
    """The file that a temporary one will be: "results.h5" of "results.h5.77-3.tmp"; people files are all one."""
    name = re.sub(r"\.\d+-\d+\.tmp$", "", path)
    return "artefacts/people" if name.startswith("artefacts/") else name


def written(journal):
    """Bytes written in all and to each file, and the number of calls, by the library's journal."""
    sizes, calls = collections.Counter(), 0
    for line in journal.read_text().splitlines():
        words = line.split()
        if words[0] == "write":
            sizes[file_of(words[1])] += int(words[2])
        calls += words[0] == "call"
    return sizes, calls


def durable_size(journal):
    """How many bytes of events.log the disk was last known to hold."""
    sizes = [int(line.split()[2]) for line in journal.read_text().splitlines() if line.startswith("sync events.log ")] \
        if journal.exists() else []
    return sizes[-1] if sizes else 0


class NoopScene(harness.Scene):
    """Small data, and sweeps whose trials cost milliseconds; `self.expected` is what an undisturbed run leaves."""
    users = 24
    features = 4

    def prepare(self, seconds=0.002, configurations=20):
        self.make_data()
        self.write_noop("noop", seconds=seconds, configurations=configurations)
        self.undisturbed = self.folder / "undisturbed"
        self.journal = self.folder / "undisturbed.journal"
        self.run_noop(self.undisturbed, fault(self.undisturbed, "none", JOURNAL=self.journal), expect=0)
        self.expected = results_of(self.undisturbed)
        self.trials = set(range(2 * configurations))

    def write_noop(self, name, seconds, configurations, trainer=(), **resources):
        return self.write_sweep(
            name, search={"configurations": configurations}, resources={"trials_per_pack": 2, **resources},
            trainer={"command": [str(NOOP_TRAINER), "--seconds", str(seconds), *trainer]})

    def command(self, run, *options, sweep="noop"):
        return [harness.FAIRSWEEP, "run", f"{sweep}.yaml", "--workers", "2", "--quiet", "--out", run, *options]

    def run_noop(self, run, more=None, *options, expect=None, sweep="noop"):
        """Runs the sweep to its end, whatever that is. Returns the finished process."""
        done = subprocess.run(self.command(run, *options, sweep=sweep), cwd=self.folder,
                              env=harness.environment(**(more or {})), capture_output=True, text=True, timeout=120)
        if expect is not None:
            self.assertEqual(done.returncode, expect, done.stderr)
        return done

    def resume(self, run, more=None, **options):
        return self.run_noop(run, more, "--resume", **options)

    def log_of(self, run):
        file = run / "events.log"
        return file.read_bytes() if file.is_file() else b""

    def acknowledged(self, run, journal):
        """The bytes of events.log that were known to be on the disk; they must still be there."""
        size, log = durable_size(journal), self.log_of(run)
        self.assertGreaterEqual(len(log), size, "what was acknowledged is gone from the log")
        return log[:size]

    def check_rebuild(self, run):
        """rebuild makes a readable results.h5 with every reported trial, or says that nothing has happened yet."""
        done = subprocess.run([harness.FAIRSWEEP, "rebuild", run], cwd=self.folder, env=harness.environment(),
                              capture_output=True, text=True, timeout=60)
        events = harness.events_of(run)
        if not events:
            self.assertEqual(done.returncode, 4, done.stderr)
            begun = (run / "coordinator.json").exists() or (run / "sweep.yaml").exists()
            self.assertIn("nothing has happened here yet" if begun else "is no run directory", done.stderr)
            return False
        self.assertEqual(done.returncode, 0, done.stderr)
        with h5py.File(run / "results.h5", "r") as file:
            states = [bytes(state).decode() for state in file["/trials/state"][()]]
        self.assertEqual(states.count("reported"), len(harness.reported(run)))
        return True

    def check_complete(self, run, acknowledged=()):
        """Every trial is reported once, with the undisturbed numbers, and the log begins with all that was
        acknowledged."""
        log = self.log_of(run)
        for prefix in acknowledged:
            self.assertTrue(log.startswith(prefix), "what was acknowledged is not in the log any more")
        trials = harness.reported(run)
        self.assertEqual(len(trials), len(set(trials)), "a trial is reported twice")
        self.assertEqual(set(trials), self.trials)
        self.assertEqual(differences(self.expected, results_of(run)), [])


def workers_of_this_test():
    """Rounds at a time: they mostly wait."""
    return 2 * len(os.sched_getaffinity(0))
