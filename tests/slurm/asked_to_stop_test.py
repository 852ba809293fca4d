"""A job on a real Slurm that is asked to stop in every way there is goes on afterwards, loses no reported trial, and ends
with the results of an undisturbed run."""
import unittest

import local_cluster as lc
import harness  # found by local_cluster


def setUpModule():
    lc.up("--nodes", 3, "--grace", 15)


class AskedToStop(harness.Scene):
    def test_every_way_one_after_the_other(self):
        self.make_data()
        lc.noop_sweep(self, "restless", 90, 0.5)
        run, ways = self.folder / "run", {
            "scancel --signal --batch": lambda: lc.slurm("scancel", "--signal=USR1", "--batch", job),
            "scancel --signal": lambda: lc.slurm("scancel", "--signal=USR1", job),
            "scontrol requeue": lambda: lc.slurm("scontrol", "requeue", job),
            "preemption": lambda: lc.slurm("sbatch", "--partition=urgent", "--nodes=3", "--ntasks=24", "--output=/dev/null",
                                           "--wrap", "sleep 1"),
        }
        job = lc.submit(self.folder, "restless.yaml", "--nodes", 2, "--agents-per-node", 1, "--time", 10, "--out", run)
        output, kept = self.folder / f"run-{job}.out", {}
        for starts, (name, stop) in enumerate(ways.items()):
            with self.subTest(way=name):
                harness.wait_for(lambda: len(lc.metrics_of(run)) >= len(kept) + 4, f"trials before {name}", 60, 0.2)
                stop()
                harness.wait_for(lambda: int(lc.fact(job, "Restarts") or 0) > starts, f"the requeue by {name}", 60, 0.2)
                now = lc.metrics_of(run)
                self.assertEqual({trial: now.get(trial) for trial in kept}, kept, "a reported trial is gone")
                kept = now
        self.assertEqual(lc.wait_for_job(job, 120, output), "COMPLETED", output.read_text())
        self.assertEqual(lc.metrics_of(run), lc.undisturbed(self, "restless.yaml", "alone"))
        self.assertFalse((run / "stalled_jobs").exists())

    def test_cancelled_is_not_queued_again(self):
        self.make_data()
        lc.noop_sweep(self, "cancelled", 60, 0.5)
        run = self.folder / "run"
        job = lc.submit(self.folder, "cancelled.yaml", "--nodes", 2, "--time", 10, "--out", run)
        harness.wait_for(lambda: len(lc.metrics_of(run)) >= 4, "trials", 60, 0.2)
        lc.slurm("scancel", job)
        self.assertEqual(lc.wait_for_job(job, 60, self.folder / f"run-{job}.out"), "CANCELLED")
        self.assertEqual(lc.fact(job, "Restarts"), "0")
        # The same submission goes on with it.
        again = lc.submit(self.folder, "cancelled.yaml", "--nodes", 3, "--agents-per-node", 4, "--time", 10, "--out", run)
        self.assertEqual(lc.wait_for_job(again, 100, self.folder / f"run-{again}.out"), "COMPLETED")
        self.assertEqual(len(lc.metrics_of(run)), 120)


if __name__ == "__main__":
    unittest.main()
