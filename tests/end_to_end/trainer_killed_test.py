"""A trainer killed with SIGKILL in the middle of a trial: recorded with its signal, tried again, and the sweep
completes with the results of an undisturbed run."""
import subprocess
import unittest

import harness
from results import differences, results_of


class TrainerKilled(harness.Scene):
    def test_sigkill_in_mid_trial(self):
        self.make_data()
        self.write_sweep("killed", training={"epochs": 40}, search={"configurations": 3},
                         resources={"trials_per_pack": 2})
        undisturbed = self.folder / "undisturbed"
        harness.fairsweep("run", "killed.yaml", "--workers", 1, "--out", undisturbed, cwd=self.folder)

        run = self.folder / "disturbed"
        with subprocess.Popen([harness.FAIRSWEEP, "run", "killed.yaml", "--workers", "1", "--out", run],
                              cwd=self.folder, env=harness.environment(), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True) as process:
            harness.wait_for(lambda: [event for event in harness.events_of(run) if event["event"] == "progressed"],
                             "a trial to make progress")
            trainers = harness.trainers_of(process.pid)
            self.assertEqual(len(trainers), 1, "one worker has one trainer")
            harness.kill(trainers[0])
            output, _ = process.communicate(timeout=240)
        self.assertEqual(process.returncode, 0, output)

        failures = [event["failure"] for event in harness.events_of(run) if event["event"] == "failed"]
        self.assertGreaterEqual(len(failures), 1)
        for failure in failures:
            self.assertEqual((failure["reason"], failure["signal"], failure.get("retryable", True)),
                             ("signal", 9, True), failure)
        again = results_of(run)
        self.assertEqual(again.states, ["reported"] * 6)
        self.assertGreaterEqual(max(again.attempts), 2)
        self.assertEqual(differences(results_of(undisturbed), again), [])
        shown = harness.answer("show", run, "--trial", failures[0]["trial"], cwd=self.folder)
        self.assertIn("signal", str(shown["failures"]))


if __name__ == "__main__":
    unittest.main()
