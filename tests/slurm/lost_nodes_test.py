"""Nodes of a real Slurm that die or are cut off while a sweep runs on them: the sweep finishes, each trial counts once,
and the results are those of an undisturbed run.

  tests/slurm/lost_nodes_test.py --long    also the first node, the one with the job script, which takes two minutes
"""
import sys
import unittest

import local_cluster as lc
import harness  # found by local_cluster

LONG = False


def setUpModule():
    lc.up("--nodes", 3)


class LostNodes(harness.Scene):
    def start(self, name, configurations, nodes):
        self.make_data()
        lc.noop_sweep(self, name, configurations, 0.5)
        run = self.folder / "run"
        job = lc.submit(self.folder, f"{name}.yaml", "--nodes", nodes, "--agents-per-node", 2, "--time", 10, "--out", run)
        harness.wait_for(lambda: len(lc.metrics_of(run)) >= 6, "trials", 60, 0.2)
        return job, run, self.folder / f"run-{job}.out"

    def finish(self, name, job, run, output, seconds=150):
        self.assertEqual(lc.wait_for_job(job, seconds, output), "COMPLETED", output.read_text()[-4000:])
        self.assertEqual(lc.metrics_of(run), lc.undisturbed(self, f"{name}.yaml", "alone"))

    def test_one_dies_and_the_job_goes_on(self):
        job, run, output = self.start("one_dies", 60, nodes=2)
        lc.cluster("kill-node", "n2")
        self.addCleanup(lc.cluster, "start-node", "n2")
        self.finish("one_dies", job, run, output)
        self.assertEqual(lc.fact(job, "Restarts"), "0", output.read_text())

    def test_one_is_cut_off_for_a_while(self):
        job, run, output = self.start("cut", 60, nodes=3)
        lc.cluster("cut-node", "n3")
        harness.wait_for(lambda: "silent" in output.read_text(), "the loss of a worker", 60, 0.5)
        lc.cluster("restore-node", "n3")
        self.finish("cut", job, run, output)
        self.assertEqual(lc.fact(job, "Restarts"), "0", output.read_text())

    def test_the_first_dies(self):
        if not LONG:
            self.skipTest("takes two minutes; run with --long")
        job, run, output = self.start("first_dies", 60, nodes=2)
        lc.cluster("kill-node", "n1")
        self.addCleanup(lc.cluster, "start-node", "n1")
        self.finish("first_dies", job, run, output, 300)
        self.assertEqual(lc.fact(job, "Restarts"), "1", output.read_text())


if __name__ == "__main__":
    LONG = "--long" in sys.argv
    unittest.main(argv=[word for word in sys.argv if word != "--long"])
