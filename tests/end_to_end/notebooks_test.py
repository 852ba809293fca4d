"""Every recipe of docs/notebooks.md runs against fresh runs and says what the program says."""
import re
import subprocess
import unittest

import harness


class Notebooks(harness.Scene):
    def test_every_recipe(self):
        self.make_data()
        self.write_sweep("tiny", training={"epochs": 20}, search={"configurations": 3})
        for name, options in (("one", []), ("other", ["--set", "search.seed=6"])):
            harness.fairsweep("run", "tiny.yaml", "--quiet", "--out", name, *options, cwd=self.folder)
        done = subprocess.run(["/usr/bin/python3", "-B", harness.SOURCE / "tests/results/store/run_recipes.py",
                               harness.SOURCE / "docs/notebooks.md", "one/results.h5", "other/results.h5"],
                              cwd=self.folder, capture_output=True, text=True, timeout=60)
        words = done.stdout
        self.assertEqual(done.returncode, 0, words + done.stderr)
        self.assertEqual(done.stderr, "")
        self.assertIn("ran 8 recipes", words)

        front = harness.answer("front", "one", cwd=self.folder)
        for member in front["members"]:
            cells = [f"{value['mean']:.4f} ± {value['standard_error']:.4f}" for value in member["test"]]
            line = re.search(rf"^configuration {member['configuration']}: (.*)$", words, re.MULTILINE).group(1)
            self.assertEqual(re.findall(r"[\d.]+ ± [\d.]+", line), cells)
        self.assertIn(f"hypervolume on validation: {front['hypervolume']}", words)
        about = harness.answer("describe", "data.h5", cwd=self.folder)
        counts = {name: int(count) for name, count in re.findall(r"^(\w+): (\d+) people, \d+ of them", words, re.M)}
        self.assertEqual(sum(counts.values()), about["users"])
        self.assertEqual(set(counts), {"majority", "minority"})
        self.assertRegex(words, r"minority: \d+ people, quartiles \[")
        self.assertIn(f"seed 5 with 2 replicates; data {about['digest'][:12]}", words)
        progressed = {event["progress"]["trial"] for event in harness.events_of(self.folder / "one")
                      if event["event"] == "progressed"}
        self.assertIn(f"progress of {len(progressed)} trials", words)
        self.assertIn("the same data: True", words)
        self.assertRegex(words, r"majority: 6 trials, mean difference [+-]\d\.\d{4}, largest 0\.\d*[1-9]")


if __name__ == "__main__":
    unittest.main()
