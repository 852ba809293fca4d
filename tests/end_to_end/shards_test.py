"""A sweep trained in shards and merged is the sweep trained whole, to the last bit; what is missing can be resumed."""
import json
import unittest

import harness
from results import differences, results_of


class Shards(harness.Scene):
    def run_shard(self, text, out=None, expect=0):
        where = ["--out", out] if out else []
        return harness.fairsweep("run", "parts.yaml", "--workers", 2, "--shard", text, *where, cwd=self.folder,
                                 expect=expect)

    def merge(self, *runs, out, expect=0):
        return harness.fairsweep("merge", *runs, "--out", out, "--json", cwd=self.folder, expect=expect)

    def test_merged_shards_are_the_whole(self):
        self.make_data()
        self.write_sweep("parts", search={"configurations": 4, "replicates": 3})
        harness.fairsweep("run", "parts.yaml", "--out", "whole", cwd=self.folder)
        expected = results_of(self.folder / "whole")
        runs = self.folder / "runs"
        for shard in (1, 2, 3):  # as many as replicates: each is one seed of every configuration
            self.run_shard(f"{shard}/3")
        shards = [runs / f"parts.shard-{shard}-of-3" for shard in (1, 2, 3)]
        self.assertEqual([sorted(harness.reported(run)) for run in shards],
                         [[0, 3, 6, 9], [1, 4, 7, 10], [2, 5, 8, 11]])
        status = harness.answer("status", shards[0], cwd=self.folder)
        self.assertEqual((status["trials"]["wanted"], status["trials"]["reported"]), (4, 4))

        merged = json.loads(self.merge(*shards, out="merged").stdout)
        self.assertEqual((merged["reported"], merged["failed"], merged["pending"]), (12, 0, 0))
        self.assertEqual(differences(expected, results_of(self.folder / "merged")), [])
        harness.fairsweep("rebuild", "merged", cwd=self.folder)
        self.assertEqual(differences(expected, results_of(self.folder / "merged")), [])

        partly = json.loads(self.merge(*shards[:2], out="partly", expect=75).stdout)
        self.assertEqual((partly["reported"], partly["pending"]), (8, 4))
        harness.fairsweep("run", "parts.yaml", "--out", "partly", "--resume", cwd=self.folder)
        self.assertEqual(differences(expected, results_of(self.folder / "partly")), [])

    def test_what_cannot_be_merged(self):
        self.make_data()
        self.write_sweep("parts", search={"configurations": 2, "replicates": 1})
        self.run_shard("1/2")
        self.run_shard("2/2")
        one, two = (self.folder / "runs" / f"parts.shard-{shard}-of-2" for shard in (1, 2))
        words = self.merge(one, one, out="merged", expect=2).stderr
        self.assertIn("was trained in both", words)
        self.assertIn("is there already", self.merge(one, two, out="runs", expect=2).stderr)
        self.assertIn("is no run directory", self.merge(one, "absent", out="merged", expect=4).stderr)
        self.assertIn("begun for shard 1/2 and not for shard 2/2",
                      harness.fairsweep("run", "parts.yaml", "--shard", "2/2", "--out", one, "--resume",
                                        cwd=self.folder, expect=2).stderr)
        self.assertIn("would be empty", self.run_shard("3/3", expect=2).stderr)
        self.assertIn("write 2/8", self.run_shard("3/2", expect=2).stderr)
        self.write_sweep("parts", search={"configurations": 2, "replicates": 1}, training={"epochs": 4})
        self.run_shard("2/2", out="other")
        self.assertIn("training.epochs: 3 -> 4", self.merge(one, "other", out="merged", expect=2).stderr)
        self.assertEqual([path.name for path in self.folder.glob("merged*")], [])


if __name__ == "__main__":
    unittest.main()
