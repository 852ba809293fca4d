"""One sweep and seed give bit-identical results however they are computed: threads of one process, 2 and 5 ranks, packs
of 1, 2, 3 and 8. The shapes are awkward on purpose: batches of 7, a short last batch, 33 features."""
import subprocess
import unittest

import harness
from results import differences, results_of


class SameEverywhere(harness.Scene):
    def setUp(self):
        super().setUp()
        self.make_data()
        self.write_sweep("same", model={"user": {"choice": ["none", "history"]}},
                         data={"split": {"by": "user", "train": 0.6, "validation": 0.2, "test": 0.2, "history": 3}},
                         search={"configurations": 8})

    def embedded(self, pack, workers=2):
        run = self.folder / f"embedded_{pack}_{workers}"
        harness.fairsweep("run", "same.yaml", "--workers", workers, "--out", run, "--set",
                          f"resources.trials_per_pack={pack}", cwd=self.folder)
        return results_of(run)

    def ranks(self, count, pack):
        run = self.folder / f"ranks_{count}"
        command = harness.under_mpi(count, "run", "same.yaml", "--out", run, "--set",
                                    f"resources.trials_per_pack={pack}")
        done = subprocess.run(command, cwd=self.folder, env=harness.environment(), capture_output=True, text=True,
                              timeout=300)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return results_of(run)

    def test_packs_and_ranks(self):
        expected = self.embedded(pack=1, workers=1)
        self.assertEqual(len(expected.trials), 16)
        self.assertTrue(all(state == "reported" for state in expected.states), expected.states)
        for pack in (2, 3, 8):
            with self.subTest(pack=pack):
                self.assertEqual(differences(expected, self.embedded(pack)), [])
        if harness.mpi_version() == 0:
            self.skipTest("there is no mpirun")
        for count, pack in ((2, 3), (5, 2)):
            with self.subTest(ranks=count):
                self.assertEqual(differences(expected, self.ranks(count, pack)), [])


if __name__ == "__main__":
    unittest.main()
