"""What `fairsweep submit` asks for, on a real Slurm: a sweep that trains over two nodes, agents where GPUs are, a
coordinator with a node of its own."""
import os
import pathlib
import shutil
import subprocess
import unittest

import local_cluster as lc
import harness  # found by local_cluster
from results import differences, results_of


def setUpModule():
    lc.up("--nodes", 3, "--gpus-per-node", 2)


class KindsOfJobs(harness.Scene):
    def hosts_of(self, run):
        """Hosts of the agents that trials were assigned to."""
        return {event["host"] for event in harness.events_of(self.folder / run) if event["event"] == "assigned"}

    def submit_and_wait(self, run, *words, seconds=120):
        job = lc.submit(self.folder, *words, "--out", run)
        output = self.folder / f"{run}-{job}.out"
        self.assertEqual(lc.wait_for_job(job, seconds, output), "COMPLETED", output.read_text())
        return harness.answer("status", run, cwd=self.folder), output.read_text()

    def training_sweep(self):
        """The sweep of the survey where that is at hand, else one on generated data. Returns its file."""
        survey = pathlib.Path(os.environ.get("FAIRSWEEP_DATA", "/nowhere")) / "choice_sets" / "swissmetro.csv.gz"
        if not survey.exists():
            self.make_data()
            return self.write_sweep("trained").name
        examples = harness.SOURCE / "configs" / "examples"
        (self.folder / "data").mkdir()
        harness.fairsweep("import", "choices", survey, "--mapping", examples / "swissmetro_mapping.yaml", "-o",
                          "data/swissmetro.h5", cwd=self.folder)
        shutil.copy(examples / "swissmetro.yaml", self.folder)
        return "swissmetro.yaml"

    def test_a_sweep_that_trains(self):
        if not harness.TRAINER.exists():
            self.skipTest("fairsweep-trainer is not built")
        sweep, fewer = self.training_sweep(), ["--set", "search.configurations=12"]
        status, _ = self.submit_and_wait("run", sweep, "--nodes", 2, "--agents-per-node", 1, "--time", 10, *fewer,
                                         seconds=200)
        self.assertEqual(status["state"], "complete")
        self.assertEqual(self.hosts_of("run"), {"n1", "n2"})
        harness.fairsweep("run", sweep, "--workers", 2, "--out", "alone", *fewer, cwd=self.folder)
        harness.fairsweep("compare", "run", "alone", "--expect-identical", cwd=self.folder)

    def test_an_agent_for_each_gpu(self):
        self.make_data()
        lc.noop_sweep(self, "gpus", 20, 0.2)
        status, words = self.submit_and_wait("run", "gpus.yaml", "--nodes", 3, "--gpus-per-node", 2, "--time", 10)
        self.assertEqual(status["state"], "complete")
        self.assertEqual(len(list((self.folder / "run" / "logs").glob("worker-*.log"))), 6)
        self.assertEqual(lc.metrics_of(self.folder / "run"), lc.undisturbed(self, "gpus.yaml", "alone"), words)

    def test_a_node_for_the_coordinator(self):
        self.make_data()
        lc.noop_sweep(self, "kinds", 20, 0.2)
        status, words = self.submit_and_wait("run", "kinds.yaml", "--nodes", 2, "--gpus-per-node", 2, "--time", 10,
                                             "--coordinator-node")
        self.assertEqual(status["state"], "complete", words)
        self.assertEqual(self.hosts_of("run"), {"n2", "n3"})
        self.assertEqual(len(list((self.folder / "run" / "logs").glob("worker-*.log"))), 4)

    def test_shards(self):
        """An array job trains the sweep in parts, each on a node of its own; merged they are the sweep trained whole."""
        self.make_data()
        lc.noop_sweep(self, "parts", 10, 0.2)
        array = lc.submit(self.folder, "parts.yaml", "--array", 3, "--nodes", 1, "--agents-per-node", 2, "--time", 10,
                          "--out", "run")
        shards = [self.folder / "run" / f"shard-{number}" for number in (1, 2, 3)]
        for task in range(3):
            output = self.folder / f"run-{array}_{task}.out"
            self.assertEqual(lc.wait_for_job(f"{array}_{task}", 150, output), "COMPLETED", output.read_text())
        self.assertEqual([sorted(harness.reported(shard)) for shard in shards],
                         [list(range(first, 20, 3)) for first in range(3)])
        harness.fairsweep("merge", *shards, "--out", "merged", cwd=self.folder)
        lc.undisturbed(self, "parts.yaml", "whole")
        self.assertEqual(differences(results_of(self.folder / "whole"), results_of(self.folder / "merged")), [])

    def test_a_shipped_script(self):
        """slurm/sweep_cpu.sbatch as it is, with what sbatch's command line may change."""
        self.make_data()
        lc.noop_sweep(self, "plain", 10, 0.1)
        done = subprocess.run(
            ["sbatch", "--parsable", "--ntasks-per-node=4", "--time=5", harness.SOURCE / "slurm" / "sweep_cpu.sbatch",
             "plain.yaml"], cwd=self.folder, capture_output=True, text=True,
            env={**os.environ, "FAIRSWEEP": str(harness.FAIRSWEEP)})
        self.assertEqual(done.returncode, 0, done.stderr)
        job = done.stdout.strip()
        output = self.folder / f"fairsweep-{job}.out"
        self.assertEqual(lc.wait_for_job(job, 100, output), "COMPLETED", output.read_text())
        self.assertEqual(len(lc.metrics_of(self.folder / "runs" / "plain")), 20)


if __name__ == "__main__":
    unittest.main()
