"""Groups and splits of every kind, on data written with h5py: what a run keeps of them and trains by."""
import os
import unittest

import h5py
import numpy as np

import harness
from results import results_of

SWEEP = """sweep: people
declaration: {use_case: a test, population: made up, groups: as found, fairness: pareto}
data: {file: data.h5, groups: %s, split: %s}
method: %s
training: {epochs: 3, batch: 64, learning_rate: {log_uniform: [0.003, 0.03]}}
front: [{metric: accuracy, each: group}]
search: {strategy: sobol, configurations: 2, seed: 3}
"""
TRAIN, VALIDATION, TEST, HISTORY, UNUSED = range(5)


def write_data(path, users=60, contexts=40, each=24):
    """Two in three like feature 0, the others dislike it; the stance changes from task to task, time goes on."""
    random = np.random.default_rng(11)
    x = random.normal(size=(2 * contexts, 4)).astype("f4")
    user = np.tile(np.arange(users), each)  # everybody answers once a day
    context = random.integers(0, contexts, len(user))
    first = np.where(x[2 * context, 0] > x[2 * context + 1, 0], 2 * context, 2 * context + 1)
    rare = np.arange(users) % 3 == 0
    first = np.where(rare[user] != (random.random(len(user)) < 0.05), 4 * context + 1 - first, first)
    with h5py.File(path, "w", libver=("v110", "v110")) as f:
        f.attrs["format"], f.attrs["format_version"] = np.bytes_("fairsweep-preferences"), 2
        f["candidates/features"], f["candidates/feature_names"] = x, np.array([b"a", b"b", b"c", b"d"])
        f["contexts/offset"] = 2 * np.arange(contexts + 1)
        f["users/names"] = np.array([b"user %d" % i for i in range(users)])
        f["users/attributes/taste/labels"] = np.array([b"common", b"rare"])
        f["users/attributes/taste/codes"] = rare.astype("i4")
        f["users/attributes/age/labels"] = np.array([b"young", b"old"])
        f["users/attributes/age/codes"] = (np.arange(users) // 3 % 2).astype("i4")
        f["comparisons/user"], f["comparisons/context"] = user, context
        f["comparisons/offset"] = 2 * np.arange(len(user) + 1)
        f["comparisons/candidate"] = np.stack([first, 4 * context + 1 - first], 1).reshape(-1)
        f["comparisons/ranked"] = np.ones(len(user), "i4")
        f["comparisons/time"] = 86400 * (np.arange(len(user)) // users)
        f["comparisons/attributes/stance/labels"] = np.array([b"same", b"opposite"])
        f["comparisons/attributes/stance/codes"] = (random.integers(0, 3, len(user)) - 1).astype("i4")
    return {"user": user, "rare": rare, "time": np.arange(len(user)) // users}


class GroupsAndSplits(harness.Scene):
    def setUp(self):
        super().setUp()
        self.data = write_data(self.folder / "data.h5")

    def sweep(self, groups, split, method="{name: pooled}"):
        (self.folder / "sweep.yaml").write_text(SWEEP % (groups, split, method), encoding="utf-8")

    def run_sweep(self, groups, split, method="{name: pooled}"):
        """The arrays of /people; the run is as `check` said."""
        self.sweep(groups, split, method)
        said = harness.answer("check", "sweep.yaml", cwd=self.folder)["people"]
        harness.fairsweep("run", "sweep.yaml", "--workers", 2, "--out", "run", cwd=self.folder)
        found = results_of(self.folder / "run")
        self.assertEqual(set(found.states), {"reported"})
        people = {path[len("/people/"):]: array for path, array in found.arrays.items() if path.startswith("/people/")}
        self.names = [name.decode() for name in found.arrays["/groups"]]
        listed = [group for group in said["groups"] if group["name"]]
        self.assertEqual([group["name"] for group in listed], self.names)
        for code, group in enumerate(listed):
            self.assertEqual(group["people"], int(np.sum(people["group"] == code)))
        counted = sum(group[part]["comparisons"] for group in said["groups"]
                      for part in ("train", "validation", "test", "history", "unused"))
        self.assertEqual(counted, len(people["comparison_split"]))
        self.found = found
        return people

    def finds_the_rare(self, people, code):
        self.assertGreater(np.mean((people["group"] == code) == self.data["rare"]), 0.95)

    def test_support_rate_by_two_means(self):
        people = self.run_sweep("{by: support_rate, threshold: two_means}", "{by: comparison}")
        self.assertEqual(self.names, ["majority", "minority"])
        self.finds_the_rare(people, 1)
        self.assertIn(b"threshold of the support rate", list(people["how/key"]))
        words = harness.fairsweep("check", "sweep.yaml", cwd=self.folder).stdout
        self.assertRegex(words, r"threshold of the support rate: 0\.\d{1,4}\n")

    def test_spectral_clusters_with_degrees_that_a_method_uses(self):
        method = "{name: pafo_dvao, pafo_dvao: {scale_over: batch, membership: of_groups}, pafo: {teacher: {epochs: 3}}}"
        people = self.run_sweep("{by: agreement, membership: soft}", "{by: context}", method)
        self.assertEqual(self.names, ["cluster_1", "cluster_2"])
        self.finds_the_rare(people, 1)
        self.assertTrue(np.allclose(people["membership"].sum(1), 1))
        self.sweep("{by: agreement}", "{by: comparison}", method)
        refused = harness.fairsweep("check", "sweep.yaml", cwd=self.folder, expect=2)
        self.assertIn("write data.groups.membership: soft", refused.stdout)

    def test_imbalance_and_unseen_users(self):
        people = self.run_sweep("{attribute: taste}",
                                "{by: comparison, unseen_users: 0.2, imbalance: [common=4, rare=1]}")
        trained = people["in_training"] == 1
        self.assertEqual([int(np.sum(trained & (self.data["rare"] == rare))) for rare in (False, True)], [32, 8])
        split = people["comparison_split"]
        self.assertTrue(np.all(trained[self.data["user"][split == TRAIN]]))
        self.assertGreater(np.sum(split == UNUSED), 0)
        seen = trained[self.found.arrays["/users/test_user"]]
        self.assertTrue(seen.any() and not seen.all())  # one sweep scores both

    def test_time(self):
        people = self.run_sweep("{attribute: taste}", "{by: time}")
        split, time = people["comparison_split"], self.data["time"]
        self.assertLess(time[split == TRAIN].max(), time[split == VALIDATION].min())
        self.assertLess(time[split == VALIDATION].max(), time[split == TEST].min())

    def test_labels_of_comparisons_and_combinations(self):
        people = self.run_sweep("{by: combination, attributes: [age, stance], minimum_size: 5}", "{by: user}")
        self.assertEqual(self.names, ["young, same", "young, opposite", "old, same", "old, opposite"])
        self.assertEqual(len(people["user"]), 180)
        self.assertTrue(np.array_equal(people["user"][people["comparison_person"]], self.data["user"]))
        parts = [set(people["comparison_split"][self.data["user"] == user]) for user in range(60)]
        self.assertEqual({len(each) for each in parts}, {1})

    def test_a_python_trainer_takes_the_file_of_people(self):
        for name in ("configs", "docs", "scripts"):
            os.symlink(harness.SOURCE / name, self.folder / name)
        self.sweep("{by: agreement}", "{by: context}")
        text = (self.folder / "sweep.yaml").read_text(encoding="utf-8")
        (self.folder / "sweep.yaml").write_text(
            text + "trainer: {command: [/usr/bin/python3, configs/examples/python_trainer.py]}\n", encoding="utf-8")
        harness.fairsweep("run", "sweep.yaml", "--workers", 1, "--out", "python", cwd=self.folder)
        self.assertEqual(set(results_of(self.folder / "python").states), {"reported"})

    def test_a_group_too_small_and_a_leak_are_refused(self):
        self.sweep("{attribute: taste, precision: 0.05}", "{by: user}")
        refused = harness.fairsweep("check", "sweep.yaml", cwd=self.folder, expect=2)
        self.assertRegex(refused.stderr, r'group "common" has 6 test users \(144 comparisons\); .* about \d+ test')
        with h5py.File(self.folder / "data.h5", "r+") as f:
            f["contexts/text"] = np.arange(40) // 2 + 1
        self.sweep("{attribute: taste}", "{by: context}")
        refused = harness.fairsweep("check", "sweep.yaml", cwd=self.folder, expect=2)
        self.assertIn("set data.split.same_text: together", refused.stderr)
        self.run_sweep("{attribute: taste}", "{by: context, same_text: together}")


if __name__ == "__main__":
    unittest.main()
