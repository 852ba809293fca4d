"""A sweep that needs three times its job's time limit, on a real Slurm: it finishes through requeues, and its results are
those of a run without limits. Slurm's limits are whole minutes, so this takes some."""
import unittest

import local_cluster as lc
import harness  # found by local_cluster


def setUpModule():
    lc.up("--nodes", 2)


class TimeLimit(harness.Scene):
    def test_through_requeues(self):
        self.make_data()
        lc.noop_sweep(self, "long", 90, 2)  # 180 trials of 2 s by two agents: three minutes
        run = self.folder / "run"
        job = lc.submit(self.folder, "long.yaml", "--nodes", 2, "--agents-per-node", 1, "--time", 2, "--signal-lead", 10,
                        "--out", run)
        lc.slurm("scontrol", "update", f"JobId={job}", "TimeLimit=1")
        output = self.folder / f"run-{job}.out"
        self.assertEqual(lc.wait_for_job(job, 330, output), "COMPLETED", output.read_text()[-4000:])
        self.assertGreaterEqual(int(lc.fact(job, "Restarts")), 2)
        self.assertEqual(lc.metrics_of(run), lc.undisturbed(self, "long.yaml", "alone"))


if __name__ == "__main__":
    unittest.main()
