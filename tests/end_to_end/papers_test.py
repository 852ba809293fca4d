"""The scripts of the study: what compare_methods.py says of a small run against plain computations of the same numbers,
its words for runs it cannot use, what certificates.py says of its trials, what shuffle_groups.py leaves of the data,
and whether everything that run_study runs can be run."""
import json
import pathlib
import shlex
import shutil
import subprocess
import sys
import unittest

import h5py
import numpy

import harness

PAPERS = harness.SOURCE / "configs" / "papers"
sys.path.insert(0, str(PAPERS))
import average_order  # noqa: E402
import compare_methods  # noqa: E402  (they lie beside the configurations they are for)
import paper_fronts  # noqa: E402


def script(name, *arguments, cwd, expect=0):
    done = subprocess.run(["/usr/bin/python3", "-B", PAPERS / name, *map(str, arguments)], cwd=cwd, capture_output=True,
                          text=True, timeout=120)
    assert done.returncode == expect, f"{name}: exit code {done.returncode}, expected {expect}\n{done.stderr}"
    return done.stderr if expect else done.stdout


class Arithmetic(unittest.TestCase):
    def test_hypervolume(self):
        zero = numpy.zeros(2)
        # Strips of the staircase (1, 4), (2, 2), (4, 1): 4 x 1 + 2 x 1 + 1 x 2.
        self.assertEqual(paper_fronts.hypervolume(numpy.array([[1, 4], [2, 2], [4, 1], [1, 1]]), zero), 8)
        self.assertEqual(paper_fronts.hypervolume(numpy.array([[-1, 4]]), zero), 0)
        # Two boxes 1 x 2 x 3 and 2 x 1 x 3 share 1 x 1 x 3.
        self.assertEqual(paper_fronts.hypervolume(numpy.array([[1, 2, 3], [2, 1, 3]]), numpy.zeros(3)), 9)

    def test_non_dominated_rows_keep_equals(self):
        points = numpy.array([[1, 4], [2, 2], [2, 2], [1, 3], [4, 1]])
        self.assertEqual(paper_fronts.non_dominated(points), [0, 1, 2, 4])

    def test_attained_by_mixtures(self):
        first, second = numpy.array([[0.7, 0.5, 0.4, 0.6]]), numpy.array([[0.4, 0.6, 0.7, 0.3]])

        def at(level):
            return paper_fronts.attained(first, second, level)[0]
        for level, expected in ((0.7, 0.4), (0.65, 0.45), (0.5, 0.6), (0.45, 0.65), (0.4, 0.7), (0.1, 0.7)):
            self.assertAlmostEqual(at(level), expected)     # (0.6, 0.3) is below the line and never used
        self.assertTrue(numpy.isnan(at(0.71)))
        first, second = numpy.array([[0.6, 0.5], [0.8, 0.4]]), numpy.array([[0.2, 0.4], [0.2, 0.4]])
        several = paper_fronts.attained(first, second, 0.55)
        numpy.testing.assert_allclose(several, [0.3, 0.325])

    def test_average_reward(self):
        self.assertAlmostEqual(average_order.average_reward("offset 10"), 4 / 3)
        self.assertAlmostEqual(average_order.average_reward("offset -10"), 4 / 3)
        self.assertAlmostEqual(average_order.average_reward("offset 0"), 3.5 / 3)
        self.assertAlmostEqual(average_order.average_reward("length 256"), (numpy.e - 1 + 2 * numpy.exp(3.2) / 100) / 3)
        with self.assertRaises(ValueError):
            average_order.average_reward("answer 3")

    def test_share_of_pairs_ordered(self):
        truth = numpy.array([0.0, 1.0, 1.0, 2.0])           # five pairs in order, one a tie
        self.assertEqual(average_order.share_ordered(numpy.array([0, 1, 5, 9]), truth), 1)
        self.assertAlmostEqual(average_order.share_ordered(numpy.array([0, 3, 5, 4]), truth), 0.8)
        self.assertEqual(average_order.share_ordered(numpy.zeros(4), truth), 0)
        scores = numpy.array([0, 3, 5, 4, 1, numpy.nan, 2, 3])
        both = average_order.within_contexts(scores, numpy.concatenate([truth, truth]), [0, 4, 8])
        self.assertAlmostEqual(both, (0.8 + 1) / 2)

    def test_holm(self):
        # Sorted .01, .02, .03, .5: times 4, 3, 2, 1, and never below an earlier one.
        for found, expected in zip(compare_methods.holm([0.02, 0.5, 0.01, 0.03]), [0.06, 0.5, 0.04, 0.06]):
            self.assertAlmostEqual(found, expected)


class Study(harness.Scene):
    def run_small(self, name="small", seed=3):
        """Eight configurations of pooled and PAFO-style training, two replicates, everybody in every part."""
        harness.fairsweep("generate", "personal-llm", "-o", f"{name}.h5", "--users", 60, "--features", 6, "--contexts",
                          40, "--comparisons-per-user", 12, "--seed", seed, cwd=self.folder)
        self.write_sweep(name, data={"file": f"{name}.h5", "split": {"by": "context", "train": 0.4, "validation": 0.3,
                                                                     "test": 0.3}},
                         model={"user": "features"},
                         method={"name": {"choice": ["pooled", "pafo"]}, "pafo": {"teacher": {"epochs": 2}}},
                         search={"configurations": 8})
        sweep = json.loads((self.folder / f"{name}.yaml").read_text())
        del sweep["method"]["reweighted"], sweep["method"]["group_dro"]
        (self.folder / f"{name}.yaml").write_text(json.dumps(sweep))
        harness.fairsweep("run", f"{name}.yaml", "--workers", 2, cwd=self.folder)
        return self.folder / "runs" / name

    def compared(self, *arguments):
        return json.loads(script("compare_methods.py", *arguments, "--json", cwd=self.folder))

    def plain(self, run):
        """Choice by the mean on validation, and the test accuracies of people, computed from the file another way."""
        groups = ["majority", "minority"]
        with h5py.File(run / "results.h5", "r") as f:
            method = f["configurations/method.name"].asstr()[:]
            m = f["metrics"]
            at = {label: list(m["group"].asstr()[:]).index(label) for label in groups}
            accuracy = list(m["metric"].asstr()[:]).index("accuracy")
            validation = list(m["split"].asstr()[:]).index("validation")
            worth, people = {}, {}
            for row, configuration in enumerate(f["trials/configuration"][:]):
                value = numpy.mean([m["value"][row, validation, accuracy, at[group]] for group in groups])
                worth.setdefault(int(configuration), []).append(value)
                users = f["users/test/accuracy"][list(f["users/trial"][:]).index(f["trials/id"][row])]
                people.setdefault(int(configuration), []).append(users)
            user = f["users/test_user"][:]
        with h5py.File(self.folder / f"{run.name}.h5", "r") as f:
            label = f["users/attributes/taste/labels"].asstr()[:][f["users/attributes/taste/codes"][:]][user]
            ceiling = dict(zip(f["users/attributes/taste/labels"].asstr()[:], f["ceilings/taste"][:]))
        best = {}
        for name in ("pooled", "pafo"):
            mine = [i for i in sorted(worth) if method[i] == name][:4]
            best[name] = max(mine, key=lambda i: (numpy.mean(worth[i]), -i))
        return best, {i: numpy.mean(people[i], axis=0) for i in people}, label, ceiling

    def test_numbers_of_a_small_run(self):
        run = self.run_small()
        best, people, label, ceiling = self.plain(run)
        answer = self.compared(run, "--bootstrap", 4000)
        self.assertEqual([arm["name"] for arm in answer["arms"]], ["pooled", "pafo"])
        self.assertEqual(answer["tests"], 2)
        for arm in answer["arms"]:
            self.assertEqual(arm["chosen"][0]["configuration"], best[arm["name"]])
            for group, found in zip(answer["groups"], arm["groups"]):
                values = people[best[arm["name"]]][(label == group) & numpy.isfinite(people[best["pooled"]])]
                self.assertEqual(found["people"], len(values))
                self.assertAlmostEqual(found["accuracy"], values.mean())
                self.assertAlmostEqual(found["standard_error"], values.std(ddof=1) / len(values) ** 0.5)
                self.assertAlmostEqual(found["below_attainable"], ceiling[group] - values.mean(), places=6)
        for group, found in zip(answer["groups"], answer["arms"][1]["groups"]):
            mine = (label == group) & numpy.isfinite(people[best["pooled"]])
            gain = (people[best["pafo"]] - people[best["pooled"]])[mine]
            self.assertAlmostEqual(found["difference"], gain.mean())
            # The bootstrap of a mean is close to the normal approximation, whose spread has a formula.
            spread = gain.std() / len(gain) ** 0.5
            self.assertAlmostEqual(found["low"], gain.mean() - 1.96 * spread, delta=0.4 * spread + 1e-12)
            self.assertAlmostEqual(found["high"], gain.mean() + 1.96 * spread, delta=0.4 * spread + 1e-12)
        p = [group["p"] for group in answer["arms"][1]["groups"]]
        self.assertAlmostEqual(answer["arms"][1]["groups"][p.index(min(p))]["p_holm"], min(1, 2 * min(p)))
        words = script("compare_methods.py", run, "--rule", "worst_group", "--bootstrap", 200, cwd=self.folder)
        self.assertIn("2 tests", words)
        self.assertIn("minority", words)

    def test_an_effect_put_in_is_found(self):
        run = self.run_small()
        with h5py.File(run / "results.h5", "r+") as f:
            method = f["configurations/method.name"].asstr()[:]
            m = f["metrics"]
            rows = [row for row, i in enumerate(f["trials/configuration"][:]) if method[i] == "pafo"]
            copied = [row for row, i in enumerate(f["trials/configuration"][:]) if method[i] == "pooled"]
            value, users = m["value"][:], f["users/test/accuracy"][:]
            value[rows], users[rows] = value[copied], users[copied] + 0.25  # trials and users' rows are in one order
            test = list(m["split"].asstr()[:]).index("test")
            value[rows, test] += 0.25
            m["value"][:], f["users/test/accuracy"][:] = value, users
        answer = self.compared(run, "--bootstrap", 999)
        for group in answer["arms"][1]["groups"]:
            for name in ("difference", "low", "high"):
                self.assertAlmostEqual(group[name], 0.25)
            self.assertAlmostEqual(group["p"], 0.002)      # no resample of 999 is on the other side
            self.assertAlmostEqual(group["p_holm"], 0.004)
        self.assertGreaterEqual(answer["arms"][1]["hypervolume"]["hypervolume"], 625 - 1e-6)  # 25 x 25 points
        above_zero = self.compared(run, "--bootstrap", 999, "--reference", 0)["arms"][1]
        least = numpy.prod([100 * group["accuracy"] for group in above_zero["groups"]])  # the box below what was chosen
        self.assertGreaterEqual(above_zero["hypervolume"]["hypervolume"], least - 1e-6)

    def test_fronts_at_an_accuracy_of_one_group(self):
        run = self.run_small()
        answer = self.compared(run, "--bootstrap", 200, "--at", "majority=0", "--at", "majority=1")
        low, high = answer["levels"]
        self.assertEqual(answer["tests_at_levels"], 1)
        self.assertEqual([arm["accuracy"] for arm in high["arms"]], [None, None])
        with h5py.File(run / "results.h5", "r") as f:
            method = f["configurations/method.name"].asstr()[:]
            m = f["metrics"]
            at = [list(m["group"].asstr()[:]).index(label) for label in ("majority", "minority")]
            accuracy, splits = list(m["metric"].asstr()[:]).index("accuracy"), list(m["split"].asstr()[:])
            validation, test = (numpy.array([
                m["value"][:, splits.index(split), accuracy][f["trials/configuration"][:] == i][:, at].mean(axis=0)
                for i in range(8)]) for split in ("validation", "test"))
        best = []
        for arm, found in zip(("pooled", "pafo"), low["arms"]):  # nothing is asked of the majority: the front's highest
            mine = [i for i in range(8) if method[i] == arm]
            best.append(max(test[i, 1] for i in mine if not any(
                (validation[j] >= validation[i]).all() and (validation[j] > validation[i]).any() for j in mine)))
            self.assertAlmostEqual(found["accuracy"], best[-1], places=6)
        self.assertAlmostEqual(low["arms"][1]["difference"], best[1] - best[0], places=6)
        self.assertEqual(low["arms"][1]["p"], low["arms"][1]["p_holm"])
        self.assertIn("not on its front", script("compare_methods.py", run, "--at", "minority=1", cwd=self.folder))
        volumes = [arm["hypervolume"] for arm in answer["arms"]]
        self.assertAlmostEqual(volumes[1]["difference"]["difference"],
                               volumes[1]["hypervolume"] - volumes[0]["hypervolume"])

    def test_certificates_are_those_of_the_trials(self):
        run = self.run_small()
        trials = [harness.answer("show", run, "--trial", trial, cwd=self.folder)["notes"] for trial in range(16)]
        trials = [notes for notes in trials if "certificate" in notes]
        self.assertEqual(len(trials), 8)
        said = script("certificates.py", run, cwd=self.folder).splitlines()
        held = sum(notes["certificate"] for notes in trials)
        self.assertEqual(said[0], f"pafo: 8 trials; the certificate holds for every group in {held:.0f}")
        for line, group in zip(said[2:], ("majority", "minority")):
            error, target, student = (numpy.array([notes[f"{name} {group}"] for notes in trials])
                                      for name in ("distillation_error", "teacher_gain", "student_gain"))
            self.assertEqual(line.split()[0], group)
            for found, expected in zip(line.split()[1:], (
                    (error < target).sum(), error.mean(), target.mean(), student.mean(), (student > 0).sum(),
                    (abs(student - target) / error).max())):
                self.assertAlmostEqual(float(found), expected, delta=6e-5)
            self.assertLessEqual(float(line.split()[-1]), 1)
        self.assertIn("no such file", script("certificates.py", "runs/nowhere", cwd=self.folder, expect=4))

    def test_runs_on_different_people_are_pooled(self):
        runs = [self.run_small(), self.run_small("other", seed=4)]
        one = [self.compared(run, "--bootstrap", 200) for run in runs]
        both = self.compared(*runs, "--bootstrap", 200)
        for place in range(2):
            parts = [answer["arms"][1]["groups"][place] for answer in one]
            people = [part["people"] for part in parts]
            found = both["arms"][1]["groups"][place]
            self.assertEqual(found["people"], sum(people))
            self.assertAlmostEqual(found["difference"],
                                   numpy.average([part["difference"] for part in parts], weights=people))
        self.assertIn("same data", script("compare_methods.py", runs[0], runs[0], cwd=self.folder, expect=4))

    def test_what_cannot_be_compared_is_said(self):
        run = self.run_small()

        def refused(*arguments, code=4):
            return script("compare_methods.py", *arguments, cwd=self.folder, expect=code)
        self.assertIn("no such file", refused("runs/nowhere"))
        self.assertIn("pafo", refused(run, "--baseline", "pafoo"))
        self.assertIn("training.learning_rate", refused(run, "--by", "training.epochs"))
        self.assertIn("--bootstrap is 7", refused(run, "--bootstrap", 7, code=2))
        self.assertIn("--reference is 50", refused(run, "--reference", 50, code=2))
        self.assertIn("GROUP=ACCURACY", refused(run, "--at", "majority", code=2))
        self.assertIn("--at names few", refused(run, "--at", "few=0.5"))
        script("shuffle_groups.py", "small.h5", "-o", "shuffled.h5", "--attribute", "taste", "--seed", 1,
               cwd=self.folder)
        self.assertIn("not the one of the run", refused(run, "--data", "shuffled.h5"))
        shutil.copytree(run, self.folder / "runs" / "bare")
        with h5py.File(self.folder / "runs" / "bare" / "results.h5", "r+") as f:
            del f["users/test/accuracy"]
        self.assertIn("no values of single users", refused("runs/bare"))

    def test_what_the_study_runs_can_be_run(self):
        def said(*parts):
            return subprocess.run([PAPERS / "run_study", *parts], cwd=harness.SOURCE, capture_output=True, text=True)
        commands = [shlex.split(line) for line in said("-n").stdout.splitlines()]
        made, read, checked = set(), set(), set()
        for command in commands:
            if command[:2] == ["fairsweep", "run"]:
                settings = command[3:command.index("--out")]
                made.add(command[command.index("--out") + 1])
                read.update(value[len("data.file="):] for value in settings if value.startswith("data.file="))
                kind = tuple(value for value in command[2:3] + settings if not value.startswith("data.file="))
                if kind not in checked:
                    harness.fairsweep("check", command[2], *settings, cwd=harness.SOURCE)
                    checked.add(kind)
            else:
                made.update(command[place + 1] for place, word in enumerate(command) if word in ("-o", "--models"))
                read.update(word for word in command if word.startswith(("runs/", "data/")))
        self.assertEqual(read - made, set())
        self.assertTrue(any(name.startswith("runs/") for name in read))
        self.assertGreater(len(checked), 9)
        self.assertEqual(said("mian").returncode, 2)
        self.assertIn("there are main ablation", said("mian").stderr)

    def test_a_wrong_number_of_groups_is_reported_by_the_right_ones(self):
        harness.fairsweep("generate", "personal-llm", "-o", "people.h5", "--users", 60, "--features", 6, "--contexts",
                          40, "--comparisons-per-user", 12, "--seed", 5, cwd=self.folder)
        said = script("split_groups.py", "people.h5", "-o", "split.h5", "--attribute", "taste", "--group", "majority",
                      "--parts", 2, cwd=self.folder)
        self.assertIn("taste_split: 15 minority, 23 majority 1, 22 majority 2", said)
        self.write_sweep("split", data={"file": "split.h5", "groups": {"attribute": "taste_split"},
                                        "split": {"by": "context", "train": 0.4, "validation": 0.3, "test": 0.3}},
                         search={"configurations": 6})
        harness.fairsweep("run", "split.yaml", "--workers", 2, cwd=self.folder)
        run = self.folder / "runs" / "split"
        told = self.compared(run, "--bootstrap", 100)
        self.assertEqual(told["groups"], ["minority", "majority 1", "majority 2"])
        answer = self.compared(run, "--bootstrap", 100, "--attribute", "taste")
        self.assertEqual(answer["groups"], ["majority", "minority"])
        with h5py.File(run / "results.h5", "r") as f:
            trials, users = list(f["users/trial"][:]), f["users/test/accuracy"][:]
            people = {}
            for row, configuration in enumerate(f["trials/configuration"][:]):
                people.setdefault(int(configuration), []).append(users[trials.index(f["trials/id"][row])])
            user = f["users/test_user"][:]
        with h5py.File(self.folder / "split.h5", "r") as f:
            label = f["users/attributes/taste/labels"].asstr()[:][f["users/attributes/taste/codes"][:]][user]
        for arm, as_told in zip(answer["arms"], told["arms"]):
            choice = arm["chosen"][0]["configuration"]
            self.assertEqual(choice, as_told["chosen"][0]["configuration"])  # validation chooses by what was told
            for group, found in zip(answer["groups"], arm["groups"]):
                values = numpy.nanmean(numpy.mean(people[choice], axis=0)[label == group])
                self.assertAlmostEqual(found["accuracy"], values)
        merged = script("split_groups.py", "people.h5", "-o", "merged.h5", "--attribute", "taste", "--merge", "majority",
                        "minority", cwd=self.folder)
        self.assertIn("60 merged", merged)
        script("split_groups.py", "people.h5", "-o", "x.h5", "--attribute", "taste", "--group", "nobody",
               cwd=self.folder, expect=4)

    def test_shuffled_groups_are_sound_data(self):
        self.make_data()
        said = harness.answer("describe", "data.h5", cwd=self.folder)
        for seed in (1, 2):
            script("shuffle_groups.py", "data.h5", "-o", f"{seed}.h5", "--attribute", "taste", "--seed", seed,
                   cwd=self.folder)
        script("shuffle_groups.py", "data.h5", "-o", "one.h5", "--attribute", "taste", "--seed", 1, "--only",
               "majority", cwd=self.folder)
        shuffled = harness.answer("describe", "1.h5", cwd=self.folder)
        self.assertEqual(shuffled["comparisons"], said["comparisons"])
        harness.answer("describe", "one.h5", cwd=self.folder)
        codes = {}
        for name in ("data", "1", "2", "one"):
            with h5py.File(self.folder / f"{name}.h5", "r") as f:
                codes[name] = f["users/attributes/taste/codes"][:]
                self.assertEqual("ceilings/taste" in f, name == "data")
                if name == "one":
                    self.assertTrue((codes["one"][f["comparisons/user"][:]] >= 0).all())
                    self.assertEqual(f["comparisons/offset"][-1], len(f["comparisons/candidate"]))
                    self.assertEqual(len(f["comparisons/ranked"]), 12 * numpy.count_nonzero(codes["data"] == 0))
        self.assertEqual(sorted(codes["1"]), sorted(codes["data"]))
        self.assertFalse((codes["1"] == codes["data"]).all())
        self.assertFalse((codes["1"] == codes["2"]).all())
        self.assertTrue(((codes["one"] >= 0) == (codes["data"] == 0)).all())
        share = numpy.count_nonzero(codes["one"] == 1) / numpy.count_nonzero(codes["one"] >= 0)
        self.assertAlmostEqual(share, numpy.mean(codes["data"] == 1), delta=0.02)
        self.assertIn("taste", script("shuffle_groups.py", "data.h5", "-o", "x.h5", "--attribute", "tast", "--seed", 1,
                                      cwd=self.folder, expect=4))
        self.assertFalse(pathlib.Path(self.folder / "x.h5").exists())


if __name__ == "__main__":
    unittest.main()
