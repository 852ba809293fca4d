"""`fairsweep fairness` beside the same numbers worked out from results.h5 with h5py and numpy alone."""
import unittest

import h5py
import numpy as np

import harness


def ranks(x):
    order = np.argsort(x, kind="stable")
    rank = np.empty(len(x))
    rank[order] = np.arange(1, len(x) + 1)
    return np.array([rank[x == each].mean() for each in x])


def indices(x):
    n, mean = len(x), x.mean()
    worst = np.sort(x)
    share = x / mean
    logs = np.where(share > 0, share * np.log(np.where(share > 0, share, 1)), 0)
    return {"mean": mean, "standard_deviation": x.std(), "coefficient_of_variation": x.std() / mean,
            "range": x.max() - x.min(), "worst_10_percent": worst[:int(np.ceil(n / 10))].mean(),
            "worst_20_percent": worst[:int(np.ceil(n / 5))].mean(),
            "worst_30_percent": worst[:int(np.ceil(3 * n / 10))].mean(),
            "gini": np.abs(x[:, None] - x[None]).sum() / (2 * n * n * mean), "jain": x.sum() ** 2 / (n * (x ** 2).sum()),
            "theil": logs.mean(), "atkinson_0.5": 1 - np.sqrt(x).mean() ** 2 / mean}


def calibration_error(margin, log_probability, mass):
    """Ten bins of equal mass; confidences equal to a ten-thousandth stay together, in the bin of their middle."""
    confidence = np.exp(np.where(margin < 0, log_probability - margin, log_probability))
    right = np.where(margin > 0, 1.0, np.where(margin < 0, 0.0, 0.5))
    gap, before = np.zeros(10), 0.0
    levels = np.floor(confidence * 1e4 + 0.5)
    for level in np.unique(levels):
        block = levels == level
        middle = (before + mass[block].sum() / 2) / mass.sum()
        gap[min(9, int(10 * middle + 1e-9))] += (mass[block] * (confidence - right)[block]).sum()
        before += mass[block].sum()
    return np.abs(gap).sum() / mass.sum()


class Fairness(harness.Scene):
    def setUp(self):
        super().setUp()
        self.make_data()
        self.write_sweep("tiny", method={"name": {"choice": ["pooled", "group_dro", "pafo"]},
                                         "pafo": {"teacher": {"epochs": 3}}}, only=("method",),
                         model={"user": "history"}, data={"split": {"by": "comparison"}})
        harness.fairsweep("run", "tiny.yaml", "--workers", 2, "--out", "run", cwd=self.folder)
        self.file = h5py.File(self.folder / "run" / "results.h5", "r")
        self.addCleanup(self.file.close)

    def person_values(self, configuration):
        """[replicates, people] of those who have values on test, and whose they are."""
        f = self.file
        trials = f["trials/id"][:][f["trials/configuration"][:] == configuration]
        rows = [list(f["users/trial"][:]).index(trial) for trial in trials]
        values = f["users/test/accuracy"][:][rows]
        known = np.isfinite(values).all(axis=0)
        return values[:, known], f["users/test_user"][:][known]

    def comparisons_of(self, people):
        f = self.file
        person = f["people/comparison_person"][:][f["front/margins/test/comparison"][:]]
        return np.bincount(person, minlength=len(f["people/user"]))[people]

    def near(self, found, wanted, places=9):
        if np.isnan(wanted):
            self.assertIsNone(found)
        else:
            self.assertAlmostEqual(found, wanted, places)

    def test_numbers_of_every_configuration(self):
        f = self.file
        answer = harness.answer("fairness", "run", "--draws", 100, cwd=self.folder)
        self.assertEqual((answer["metric"], answer["split"], answer["level"]), ("accuracy", "test", 0.95))
        names = [name.decode() for name in f["groups"][:]]
        front = list(f["front/configuration"][:])
        self.assertEqual([point["configuration"] for point in answer["points"]][:len(front)], front)
        validation = {}  # mean over the replicates of each group on validation
        labels = {name: [text.decode() for text in f[f"metrics/{name}"][:]] for name in ("split", "metric", "group")}
        for configuration in f["configurations/id"][:]:
            rows = f["trials/configuration"][:] == configuration
            validation[configuration] = [
                f["metrics/value"][:][rows, labels["split"].index("validation"), labels["metric"].index("accuracy"),
                                      labels["group"].index(name)].mean() for name in names]
        for point in answer["points"]:
            values, people = self.person_values(point["configuration"])
            self.assertEqual((point["replicates"], point["people"]), values.shape)
            group, support = f["people/group"][:][people], f["people/support_rate"][:][people]
            of_replicates = [indices(row) for row in values]
            groups = [np.array([row[group == code].mean() for code in range(len(names))]) for row in values]
            of_groups = [indices(row) for row in groups]
            for name in of_replicates[0]:
                self.near(point["over_people"][name]["value"], np.mean([each[name] for each in of_replicates]))
                self.near(point["over_groups"][name]["value"], np.mean([each[name] for each in of_groups]))
            self.near(point["relative_gap"]["value"],
                      np.mean([(row.max() - row.min()) / all.mean() for row, all in zip(groups, values)]))
            means = np.mean(groups, axis=0)
            count = self.comparisons_of(people)
            chance = [np.mean(np.where(count > 1, row * (1 - row) / np.maximum(count - 1, 1),
                                       row.mean() * (1 - row.mean()))) for row in values]
            self.near(point["deviation_without_chance"]["value"],
                      np.mean([np.sqrt(max(0, row.var() - part)) for row, part in zip(values, chance)]))
            many = np.argmax([np.sum(group == code) for code in range(len(names))])
            self.near(point["majority_gap"]["value"], means[many] - means[1 - many])
            with_support = np.isfinite(support)
            self.assertGreater(with_support.sum(), 20)
            s, models = support[with_support], values[:, with_support]
            self.near(point["support"]["slope"]["value"], np.mean([np.cov(s, a)[0, 1] / s.var(ddof=1) for a in models]))
            self.near(point["support"]["pearson"]["value"], np.mean([np.corrcoef(s, a)[0, 1] for a in models]))
            self.near(point["support"]["spearman"]["value"],
                      np.mean([np.corrcoef(ranks(s), ranks(a))[0, 1] for a in models]))
            self.assertEqual(sum(each["people"] for each in point["support"]["curve"]["bins"]), with_support.sum())
            regrets = []
            for code, found in enumerate(point["groups"][1:]):
                self.assertEqual((found["group"], found["people"]), (names[code], np.sum(group == code)))
                best = max(validation, key=lambda id, code=code: (validation[id][code], -int(id)))
                self.assertEqual(found["best_configuration"], best)
                of_best = self.person_values(best)[0].mean(axis=0)[group == code].mean()
                regrets.append([of_best - row[code] for row in groups])
                self.near(found["regret"]["value"], np.mean(regrets[-1]))
                self.assertLessEqual(found["value"]["low"], found["value"]["value"])
                self.assertGreaterEqual(found["value"]["high"], found["value"]["value"])
            self.near(point["largest_regret"]["value"], np.mean(np.max(regrets, axis=0)))

    def test_the_noise_floor_is_that_of_binomial_draws(self):
        f = self.file
        point = harness.answer("fairness", "run", "--draws", 4000, cwd=self.folder)["points"][0]
        values, people = self.person_values(point["configuration"])
        count, group = self.comparisons_of(people), f["people/group"][:][people]
        self.assertEqual(point["groups"][0]["comparisons"], count.sum())
        random = np.random.default_rng(1)
        drawn = random.binomial(count, values.mean(), (4000, len(count))) / count
        wanted = drawn.std(axis=1)
        found = point["over_people"]["standard_deviation"]["floor"]
        self.assertAlmostEqual(found["mean"], wanted.mean(), delta=6 * wanted.std() * np.sqrt(2 / 4000))
        self.assertAlmostEqual(found["high"], np.quantile(wanted, 0.975), delta=0.3 * wanted.std())
        gap = np.abs(drawn[:, group == 0].mean(1) - drawn[:, group == 1].mean(1)) / drawn.mean(1)
        found = point["relative_gap"]["floor"]
        self.assertAlmostEqual(found["mean"], gap.mean(), delta=6 * gap.std() * np.sqrt(2 / 4000))

    def test_calibration_is_that_of_the_margins_and_that_of_the_trainer(self):
        f = self.file
        points = harness.answer("fairness", "run", "--draws", 100, cwd=self.folder)["points"]
        labels = {name: [text.decode() for text in f[f"metrics/{name}"][:]] for name in ("split", "metric", "group")}
        margins, person = f["front/margins"], f["people/comparison_person"][:][f["front/margins/test/comparison"][:]]
        count = np.bincount(person, minlength=len(f["people/user"]))
        for point in points:
            trials = f["trials/id"][:][f["trials/configuration"][:] == point["configuration"]]
            for found in point["groups"]:
                code = labels["group"].index(found["group"])
                reported = [f["metrics/value"][trial, labels["split"].index("test"),
                                               labels["metric"].index("calibration_error"), code] for trial in trials]
                self.near(found["calibration_error"]["value"], np.mean(reported))
                if not point["on_front"]:
                    continue
                member = np.ones(len(person), bool) if not found["group"] else \
                    f["people/group"][:][person] == [name.decode() for name in f["groups"][:]].index(found["group"])
                rows = [list(margins["trial"][:]).index(trial) for trial in trials]
                wanted = [calibration_error(margins["test/margin"][row][member].astype(float),
                                            margins["test/log_probability"][row][member].astype(float),
                                            1 / count[person][member]) for row in rows]
                self.near(found["calibration_error"]["value"], np.mean(wanted))
                self.assertGreater(found["calibration_error"]["floor"]["mean"], 0)
                self.assertAlmostEqual(sum(each["mass"] for each in found["reliability"]), 1)

    def test_borda_counts_are_those_of_the_training_comparisons(self):
        f = self.file
        with h5py.File(self.folder / "data.h5", "r") as data:
            pair = data["comparisons/candidate"][:].reshape(-1, 2)
            candidates = len(data["candidates/features"])
        split = f["people/comparison_split"][:]
        wins = np.bincount(pair[split == 0, 0], minlength=candidates)
        met = wins + np.bincount(pair[split == 0, 1], minlength=candidates)
        share = np.where(met > 0, wins / np.maximum(met, 1), np.nan)
        comparison = f["front/margins/test/comparison"][:]
        lead = (share[pair[:, 0]] - share[pair[:, 1]])[comparison]
        person = f["people/comparison_person"][:][comparison]
        told = np.isfinite(lead) & (lead != 0)
        self.assertGreater(told.sum(), 20)
        point = harness.answer("fairness", "run", "--draws", 100, cwd=self.folder)["points"][0]
        trials = f["trials/id"][:][f["trials/configuration"][:] == point["configuration"]]
        rows = [list(f["front/margins/trial"][:]).index(trial) for trial in trials]
        model = np.mean([np.where(f["front/margins/test/margin"][row] == 0, 0.5,
                                  (f["front/margins/test/margin"][row] > 0) == (lead > 0)) for row in rows], axis=0)
        people = np.unique(person[told])
        mean = lambda x: np.mean([x[told & (person == one)].mean() for one in people])  # pairs first, then people
        self.near(point["groups"][0]["model_as_borda"]["value"], mean(model))
        self.near(point["groups"][0]["people_as_borda"]["value"], mean((lead > 0).astype(float)))
        (self.folder / "data.h5").rename(self.folder / "moved.h5")
        without = harness.answer("fairness", "run", "--draws", 100, cwd=self.folder)["points"][0]
        self.assertIsNone(without["groups"][0]["model_as_borda"]["value"])
        named = harness.answer("fairness", "run", "--draws", 100, "--data", "moved.h5", cwd=self.folder)["points"][0]
        self.assertEqual(named, point)

    def test_regret_to_the_own_teacher(self):
        f = self.file
        method = [name.decode() for name in f["configurations/method.name"][:]]
        student = f["configurations/id"][method.index("pafo")]
        trial = f["trials/id"][:][f["trials/configuration"][:] == student][0]
        notes = {name.decode(): value for name, value, of in
                 zip(f["notes/name"][:], f["notes/value"][:], f["notes/trial"][:]) if of == trial}
        names = [name.decode() for name in f["groups"][:]]
        answer = harness.answer("fairness", "run", "--trial", trial, "--draws", 100, cwd=self.folder)
        self.assertEqual([point["trial"] for point in answer["points"]], [trial])
        for group in answer["points"][0]["groups"][1:]:
            values, people = self.person_values(student)
            own = values[0, f["people/group"][:][people] == names.index(group["group"])].mean()
            regret = group["teacher_regret"]
            self.near(regret["value"], notes["oracle test accuracy " + group["group"]] - own)
            # Person by person, as they are kept beside the people's own values.
            row = list(f["users/trial"][:]).index(trial)
            members = f["people/group"][:][f["users/test_user"][:]] == names.index(group["group"])
            of_people = f["users/test/own_teacher_accuracy"][row] - f["users/test/accuracy"][row]
            self.near(regret["value"], of_people[members].mean())
            self.assertLessEqual(regret["low"], regret["value"])
            self.assertLessEqual(regret["value"], regret["high"])
            self.assertGreaterEqual(regret["low"], of_people[members].min())
            self.assertLessEqual(regret["high"], of_people[members].max())
            self.near(group["gain_left"],
                      notes["teacher_gain " + group["group"]] - notes["student_gain " + group["group"]])
        text = harness.fairsweep("fairness", "run", "--trial", trial, "--draws", 100, cwd=self.folder).stdout
        for words in ("own teacher", "NMGD (range / mean)", "noise floor", "support rate", "calibration error"):
            self.assertIn(words, text)

    def test_seeds_splits_and_mistakes(self):
        one = harness.answer("fairness", "run", "--draws", 100, "--seed", 3, cwd=self.folder)
        self.assertEqual(harness.answer("fairness", "run", "--draws", 100, "--seed", 3, cwd=self.folder), one)
        other = harness.answer("fairness", "run", "--draws", 100, "--seed", 4, cwd=self.folder)
        self.assertNotEqual(other["points"][0]["over_people"]["gini"]["low"],
                            one["points"][0]["over_people"]["gini"]["low"])
        self.assertEqual(other["points"][0]["over_people"]["gini"]["value"],
                         one["points"][0]["over_people"]["gini"]["value"])
        validation = harness.answer("fairness", "run", "--draws", 100, "--split", "validation", cwd=self.folder)
        self.assertEqual(validation["split"], "validation")
        loss = harness.answer("fairness", "run", "--draws", 100, "--metric", "log_loss", cwd=self.folder)
        self.assertEqual(loss["direction"], "minimise")
        self.assertIsNone(loss["points"][0]["over_people"]["gini"]["floor"])
        for arguments, words in ((("--trial", 999), "trial 999 is not there"), (("--draws", 5), "--draws"),
                                 (("--metric", "calibration_error"), "single people have no value of it"),
                                 (("--metric", "acuracy"), "there are no values of acuracy")):
            done = harness.fairsweep("fairness", "run", *arguments, cwd=self.folder, expect=2)
            self.assertIn(words, done.stderr)
        harness.fairsweep("generate", "personal-llm", "-o", "other.h5", "--users", 30, "--seed", 9, cwd=self.folder)
        done = harness.fairsweep("fairness", "run", "--data", "other.h5", cwd=self.folder, expect=4)
        self.assertIn("these are not the data that run was trained on", done.stderr)


if __name__ == "__main__":
    unittest.main()
