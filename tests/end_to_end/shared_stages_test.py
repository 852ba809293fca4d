"""Teachers that trials share are trained once, whoever needs them: 32 students over 4 teacher settings, two workers."""
import re
import unittest

import harness
from results import differences, results_of

STAGE = re.compile(r"stage (\S+(?: \S+)?) ([0-9a-f]{12}): (trained|found)")


def stages_in(run):
    """(stage, digest) -> how often it was trained, over the logs of all workers."""
    trained = {}
    for log in sorted((run / "logs").glob("worker-*.log")):
        for stage, digest, how in STAGE.findall(log.read_text(errors="replace")):
            trained.setdefault((stage, digest), 0)
            trained[stage, digest] += how == "trained"
    return trained


class SharedStages(harness.Scene):
    def sweep(self):
        self.make_data()
        return self.write_sweep(
            "students", only=["method"], model={"user": "features", "width": 8},
            method={"name": "pafo",
                    "pafo": {"distillation": {"choice": [0.2, 0.4, 0.6, 0.8]},
                             "temperature": {"choice": [1.0, 2.0]},
                             "teacher": {"epochs": 4, "learning_rate": {"choice": [0.001, 0.003, 0.01, 0.03]}}}},
            training={"epochs": 2, "learning_rate": 0.01},
            search={"strategy": "grid", "configurations": 0, "replicates": 1},
            resources={"trials_per_pack": 3})

    def test_each_set_of_teachers_is_trained_once(self):
        file = self.sweep()
        one, two = self.folder / "one", self.folder / "two"
        harness.fairsweep("run", file, "--workers", 1, "--out", one, cwd=self.folder)
        harness.fairsweep("run", file, "--workers", 2, "--out", two, cwd=self.folder)
        for run in (one, two):
            trained = stages_in(run)
            self.assertEqual(sorted(stage for stage, _ in trained),
                             ["pooled"] * 4 + ["teacher majority"] * 4 + ["teacher minority"] * 4, trained)
            self.assertEqual(set(trained.values()), {1}, trained)
        results = results_of(two)
        self.assertEqual(results.states, ["reported"] * 32)
        self.assertEqual(differences(results_of(one), results), [])

    def test_the_certificate_is_kept_with_the_trial(self):
        file = self.sweep()
        run = self.folder / "run"
        harness.fairsweep("run", file, "--out", run, "--set", "search.configurations=4", cwd=self.folder)
        notes = harness.answer("show", run, "--trial", 0, cwd=self.folder)["notes"]
        for group in ("majority", "minority"):
            self.assertGreater(notes[f"distillation_error {group}"], 0)
            self.assertIn(f"teacher_gain {group}", notes)
            self.assertIn(f"student_gain {group}", notes)
        self.assertIn(notes["certificate"], (0, 1))
        self.assertIn("Notes of the method", harness.fairsweep("show", run, "--trial", 0, cwd=self.folder).stdout)


if __name__ == "__main__":
    unittest.main()
