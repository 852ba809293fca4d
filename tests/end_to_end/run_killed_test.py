"""`fairsweep run` killed with SIGKILL at random moments and resumed, until it completes: the results are those of an
undisturbed run, each reported trial is kept, none counts twice, and results.h5 opens after every kill.

  FAIRSWEEP_BINARY_DIR=build/ci /usr/bin/python3 tests/end_to_end/run_killed_test.py --rounds 20 [--seed N]
"""
import argparse
import random
import subprocess
import sys
import time
import unittest

import h5py
import harness
from results import differences, results_of

ROUNDS, SEED = 3, None


class RunKilled(harness.Scene):
    def start(self, run, resume):
        command = [harness.FAIRSWEEP, "run", "restless.yaml", "--workers", "2", "--out", run]
        return subprocess.Popen([*command, "--resume"] if resume else command, cwd=self.folder,
                                env=harness.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def check_what_is_left(self, run, kept):
        """results.h5 opens with plain h5py, and no report that was on the disk is gone. Returns the reports."""
        if (run / "results.h5").exists():
            with h5py.File(run / "results.h5", "r") as file:
                self.assertGreater(len(file.keys()), 0)
        trials = harness.reported(run)
        self.assertEqual(len(trials), len(set(trials)), "a trial is reported twice")
        self.assertLessEqual(kept, set(trials), "a reported trial is gone")
        return set(trials)

    def test_killed_and_resumed(self):
        seed = SEED if SEED is not None else random.SystemRandom().randrange(2**32)
        print(f"seed {seed}, {ROUNDS} kills", flush=True)
        moments = random.Random(seed)
        self.make_data()
        self.write_sweep("restless", training={"epochs": 8}, search={"configurations": 12},
                         resources={"trials_per_pack": 2})
        undisturbed = self.folder / "undisturbed"
        began = time.monotonic()
        harness.fairsweep("run", "restless.yaml", "--workers", 2, "--out", undisturbed, cwd=self.folder)
        length = time.monotonic() - began
        expected = results_of(undisturbed)

        kills, again = 0, 0
        while kills < ROUNDS:
            run = self.folder / f"run_{again}"
            again += 1
            kept, complete = set(), False
            while not complete:
                process = self.start(run, resume=(run / "events.log").exists())
                try:
                    # Without kills left the run may end; with some, it dies within a run's length.
                    _, words = process.communicate(timeout=moments.uniform(0, length) if kills < ROUNDS else 300)
                    self.assertEqual(process.returncode, 0, f"seed {seed}: {words}")
                    complete = True
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.communicate()
                    kills += 1
                    self.assertLessEqual(kills, ROUNDS, f"seed {seed}: the resumed run does not end")
                with self.subTest(seed=seed, kills=kills):
                    kept = self.check_what_is_left(run, kept)
            with self.subTest(seed=seed, run=again):
                self.assertEqual(differences(expected, results_of(run)), [])
                self.assertEqual(kept, set(range(24)))


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=ROUNDS, help="how often the run is killed in all")
    options.add_argument("--seed", type=int, default=None, help="of the moments; printed by an earlier run")
    chosen, rest = options.parse_known_args()
    ROUNDS, SEED = chosen.rounds, chosen.seed
    unittest.main(argv=[sys.argv[0], *rest])
