"""A sweep that needs several times the time it has: each session stops before its deadline, leaves checkpoints, says 75,
and the next goes on from there; the results are those of a run without limits.

  FAIRSWEEP_BINARY_DIR=build/ci /usr/bin/python3 tests/end_to_end/job_end_test.py
"""
import json
import math
import os
import shutil
import subprocess
import time
import unittest

import harness
from results import differences, results_of

RESUMABLE = 75


class JobEnd(harness.Scene):
    def run_until(self, run, seconds, *more, variables=None):
        """A session that has to end within `seconds`. Returns its exit code and what it said."""
        began = time.time()
        done = subprocess.run([harness.FAIRSWEEP, "run", "long.yaml", "--workers", "1", "--out", run, "--resume", *more],
                              cwd=self.folder, env=harness.environment(**(variables or {})), capture_output=True,
                              text=True, timeout=120)
        stopped = harness.events_of(run)[-1]
        if done.returncode == RESUMABLE:
            self.assertEqual(stopped["event"], "stopped")
            self.assertIn("end of the job", stopped["reason"])
            self.assertLess(stopped["time"], began + seconds)
        return done.returncode, done.stderr

    def run_without_limits(self, at_least):
        """One pack of trials that takes more than `at_least` seconds here. Returns how long it took."""
        epochs, length = 250, 0
        while length < at_least:
            self.write_sweep("long", model={"head": "mlp", "width": 64}, method={"name": "pooled"}, only=("method",),
                             training={"epochs": epochs, "early_stopping": {"patience": 0}},
                             search={"configurations": 4, "replicates": 1},
                             resources={"stop_seconds": 2, "trials_per_pack": 4})
            shutil.rmtree(self.folder / "unlimited", ignore_errors=True)
            began = time.monotonic()
            harness.fairsweep("run", "long.yaml", "--workers", 1, "--out", "unlimited", cwd=self.folder)
            length = time.monotonic() - began
            epochs = math.ceil(epochs * max(1.5 * at_least / length, 1))
        return length

    def test_goes_on_inside_a_trial(self):
        self.make_data()
        length = self.run_without_limits(at_least=10)
        seconds = 2 + length / 4
        run = self.folder / "limited"
        sessions, code = 0, RESUMABLE
        while code == RESUMABLE:
            sessions += 1
            self.assertLessEqual(sessions, 40, "the sessions get nowhere")
            code, words = self.run_until(run, seconds, "--deadline", f"+{seconds:.1f}s")
            self.assertIn("this job ends at", words)
        print(f"{sessions} sessions of {seconds:.1f} s for what takes {length:.1f} s without limits")
        self.assertEqual(code, 0, words)
        self.assertGreaterEqual(sessions, 2)
        self.assertEqual(differences(results_of(self.folder / "unlimited"), results_of(run)), [])
        self.assertEqual(sorted(harness.reported(run)), list(range(4)))
        attempts = [event for event in harness.events_of(run) if event["event"] == "assigned"]
        self.assertEqual(len(attempts), sessions, "each session goes on with the one pack")
        lease = json.loads((run / "coordinator.json").read_text())
        self.assertEqual((lease["state"], lease["exit_code"]), ("ended", 0))

    def test_slurm_says_when(self):
        self.make_data()
        self.write_sweep("long", training={"epochs": 100000, "early_stopping": {"patience": 0}},
                         resources={"stop_seconds": 1})
        variables = {"SLURM_JOB_END_TIME": str(int(time.time()) + 6)}
        code, words = self.run_until(self.folder / "variable", 6, variables=variables)
        self.assertEqual(code, RESUMABLE, words)
        self.assertIn("SLURM_JOB_END_TIME: this job ends at", words)

        tools = self.folder / "tools"
        tools.mkdir()
        scontrol = tools / "scontrol"  # as Slurm 22.05 answers
        end = time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(time.time() + 7))
        scontrol.write_text(f"#!/bin/sh\n[ \"$4\" = 31 ] || exit 1\necho 'JobId=31 JobName=x EndTime={end} Deadline=N/A'\n")
        scontrol.chmod(0o755)
        variables = {"SLURM_JOB_ID": "31", "PATH": f"{tools}:{os.environ['PATH']}"}
        code, words = self.run_until(self.folder / "scontrol", 7, variables=variables)
        self.assertEqual(code, RESUMABLE, words)
        self.assertIn("scontrol: this job ends at", words)


if __name__ == "__main__":
    unittest.main()
