"""fairsweep confirm: the front of a run is trained again on seeds it never had, whoever trains, stopped or not."""
import json
import subprocess
import unittest

import h5py

import harness
from results import differences, results_of, text_of

FRESH = 3  # fresh seeds


class Confirm(harness.Scene):
    def setUp(self):
        super().setUp()
        self.make_data()
        self.write_sweep("first")
        harness.fairsweep("run", "first.yaml", cwd=self.folder)
        self.run = self.folder / "runs" / "first"

    def confirm(self, *options, expect=0):
        return harness.fairsweep("confirm", "runs/first", *options, cwd=self.folder, expect=expect)

    def test_the_front_again_on_fresh_seeds(self):
        before = {path.name: path.read_bytes() for path in self.run.iterdir() if path.is_file()}
        front = harness.answer("front", "runs/first", cwd=self.folder)
        answer = json.loads(self.confirm("--replicates", FRESH, "--workers", 2, "--json").stdout)
        self.assertEqual({path.name: path.read_bytes() for path in self.run.iterdir() if path.is_file()}, before,
                         "the first run was touched")
        again = self.folder / "runs" / "first-confirmed"
        self.assertEqual(answer["run"], "runs/first-confirmed")
        self.assertEqual(answer["trials"]["reported"], FRESH * len(front["members"]))
        with h5py.File(self.run / "results.h5") as first, h5py.File(again / "results.h5") as fresh:
            self.assertEqual(set(first["trials/replicate"][:]), {0, 1})
            self.assertEqual(set(fresh["trials/replicate"][:]), {2, 3, 4})
            self.assertEqual(fresh.attrs["data_digest"], first.attrs["data_digest"])
            self.assertEqual(list(fresh["people/test"][:] if "test" in fresh["people"] else []),
                             list(first["people/test"][:] if "test" in first["people"] else []))

        told = answer["confirmation"]
        self.assertEqual(told["configuration_digest"], self.digest_of("first"))
        self.assertEqual([member["there"] for member in told["members"]],
                         [member["configuration"] for member in front["members"]])
        for member, reported, trained in zip(told["members"], front["members"], self.members_of(answer["front"]),
                                             strict=True):
            self.assertEqual(member["first"]["validation"], reported["validation"])
            self.assertEqual(member["first"]["test"], reported["test"])
            self.assertEqual(trained["settings"], reported["settings"])
            self.assertNotEqual(member["fresh"]["validation"], reported["validation"])
            self.assertEqual(member["fresh"]["validation"], trained["validation"])
            self.assertEqual(member["fresh"]["replicates"], FRESH)
        self.assertEqual(told["with_fresh_values"], len(front["members"]))
        self.assertEqual(told["stay_non_dominated"], len(answer["front"]["members"]))
        self.assertEqual(told["reference"], front["reference"])
        self.assertAlmostEqual(told["hypervolume"]["validation"]["first"], front["hypervolume"], places=12)
        # The worst accuracy is 0, so both fronts are measured from there.
        self.assertAlmostEqual(told["hypervolume"]["validation"]["fresh"], answer["front"]["hypervolume"], places=12)

        words = self.confirm("--replicates", FRESH, "--resume").stdout
        self.assertIn(f"{len(front['members'])} configurations, trained again on {FRESH} fresh seeds each", words)
        self.assertIn(f"{told['stay_non_dominated']} of {len(front['members'])} stay non-dominated", words)

    def members_of(self, front):
        """Every configuration of the confirmation, by number."""
        everything = harness.answer("front", "runs/first-confirmed", "--all", cwd=self.folder)["configurations"]
        self.assertEqual({member["configuration"] for member in front["members"]},
                         {point["configuration"] for point in everything if point["on_front"]})
        return everything

    def digest_of(self, name):
        with h5py.File(self.folder / "runs" / name / "results.h5") as file:
            return text_of(file.attrs["configuration_digest"])

    def test_shards_ranks_and_stops_give_the_same_bits(self):
        self.confirm("--replicates", 2, "--out", "expected", "--workers", 1)
        expected = results_of(self.folder / "expected")
        sweep = self.folder / "expected" / "sweep.yaml"  # what was confirmed is a sweep like any other
        for shard in (1, 2):
            harness.fairsweep("run", sweep, "--shard", f"{shard}/2", "--out", f"part{shard}", cwd=self.folder)
        harness.fairsweep("merge", "part1", "part2", "--out", "merged", cwd=self.folder)
        self.assertEqual(differences(expected, results_of(self.folder / "merged")), [])

        self.confirm("--replicates", 2, "--out", "stopped", "--deadline", "+1s", "--workers", 1, "--set",
                     "resources.trials_per_pack=1", expect=75)
        self.confirm("--replicates", 2, "--out", "stopped", "--resume")
        self.assertEqual(differences(expected, results_of(self.folder / "stopped")), [])

        if harness.mpi_version():
            subprocess.run(harness.under_mpi(3, "confirm", "runs/first", "--replicates", 2, "--out", "ranks"),
                           cwd=self.folder, env=harness.environment(), check=True, timeout=200, capture_output=True)
            self.assertEqual(differences(expected, results_of(self.folder / "ranks")), [])

        # A confirmation can be confirmed: its seeds are fresh against both.
        again = harness.fairsweep("confirm", "expected", "--replicates", 1, "--out", "third", "--json", cwd=self.folder)
        with h5py.File(self.folder / "third" / "results.h5") as file:
            self.assertEqual(set(file["trials/replicate"][:]), {4})
        self.assertEqual(json.loads(again.stdout)["confirmation"]["run"], "expected")

    def test_what_cannot_be_confirmed(self):
        self.assertIn("there is no such run",
                      harness.fairsweep("confirm", "runs/absent", cwd=self.folder, expect=4).stderr)
        self.assertIn("only data.file", self.confirm("--set", "training.epochs=9", expect=2).stderr)
        self.confirm("--replicates", 1)
        refusal = self.confirm("--replicates", 1, expect=2).stderr
        self.assertIn("add --resume", refusal)
        self.assertNotIn("trained again in", refusal)
        self.write_sweep("part")
        harness.fairsweep("run", "part.yaml", "--out", "part", "--deadline", "+1s", "--workers", 1, "--set",
                          "resources.trials_per_pack=1", cwd=self.folder, expect=75)
        self.assertIn("the run is not complete", harness.fairsweep("confirm", "part", cwd=self.folder, expect=2).stderr)
        harness.fairsweep("generate", "personal-llm", "-o", "other.h5", "--users", self.users, "--features",
                          self.features, "--comparisons-per-user", 12, "--contexts", 60, "--seed", 4, cwd=self.folder)
        self.assertIn("these are not the data",
                      self.confirm("--out", "elsewhere", "--set", "data.file=other.h5", expect=4).stderr)
        self.assertFalse((self.folder / "elsewhere").exists())


if __name__ == "__main__":
    unittest.main()
