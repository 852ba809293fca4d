"""A trainer written in Python, without Torch, takes part in a sweep through trainer.command."""
import os
import unittest

import harness
from results import results_of


class PythonTrainer(harness.Scene):
    def test_the_shipped_example(self):
        # Paths are relative to the working directory: the example's own folders, seen from a folder of our own.
        for name in ("configs", "docs", "scripts"):
            os.symlink(harness.SOURCE / name, self.folder / name)
        (self.folder / "data").mkdir()
        harness.fairsweep("generate", "personal-llm", "-o", "data/quickstart.h5", cwd=self.folder)
        harness.fairsweep("run", "configs/examples/python_trainer.yaml", "--workers", 2, "--out", "run",
                          cwd=self.folder)
        found = results_of(self.folder / "run")
        self.assertGreater(len(found.trials), 1)
        self.assertEqual(set(found.states), {"reported"})
        self.assertGreaterEqual(len(found.arrays["/front/configuration"]), 1)


if __name__ == "__main__":
    unittest.main()
