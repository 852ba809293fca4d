"""The baselines script on a small survey whose answers are known."""
import contextlib
import io
import os
import pathlib
import sys
import tempfile
import unittest

try:
    import h5py
    import numpy as np
except ImportError as error:
    print(f"skipped: {error}; install python3-h5py")
    sys.exit(77)

sys.path.insert(0, str(pathlib.Path(os.environ["FAIRSWEEP_SOURCE_DIR"]) / "configs" / "examples"))
import swissmetro_baselines as baselines  # noqa: E402

USERS, EACH, NAMES = 200, 5, [b"train", b"car", b"bus"]


def write_survey(path):
    """Choices among train and car, and often a bus, by a logit in price; holders of a pass always take the train."""
    random = np.random.default_rng(11)
    rows, candidate, offset, user, holder = [], [], [0], [], np.arange(USERS) % 4 == 0
    for who in range(USERS):
        for _ in range(EACH):
            offered = [0, 1, 2] if random.random() < 0.7 else [0, 1]
            price = random.normal(size=len(offered))
            utility = [2.0, 0.0, 0.5][:len(offered)] - 1.5 * price + random.gumbel(size=len(offered))
            best = 0 if holder[who] else int(np.argmax(utility + np.array([-3.0, 0, 0])[:len(offered)]))
            first = len(rows)
            rows += [[price[i], *np.eye(3)[each]] for i, each in enumerate(offered)]
            candidate += [first + best] + [first + i for i in range(len(offered)) if i != best]
            offset.append(len(rows))
            user.append(who)
    with h5py.File(path, "w") as f:
        f["candidates/features"] = np.array(rows, "f4")
        f["candidates/feature_names"] = np.array([b"price"] + [b"alternative=" + each for each in NAMES])
        f["comparisons/offset"], f["comparisons/candidate"], f["comparisons/user"] = offset, candidate, user
        f["users/attributes/rail_pass/labels"] = np.array([b"no", b"yes"])
        f["users/attributes/rail_pass/codes"] = holder.astype("i4")


def write_results(path, history=0):
    everything = np.arange(USERS * EACH)
    with h5py.File(path, "w") as f:
        f["configuration"] = np.array([b"split: {by: user, history: %d}" % history])
        f["front/margins/validation/comparison"] = everything[700:800]
        f["front/margins/test/comparison"] = everything[800:]


class Baselines(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data, self.results = pathlib.Path(folder.name) / "data.h5", pathlib.Path(folder.name) / "results.h5"
        write_survey(self.data)
        write_results(self.results)
        self.choices, self.train = baselines.Choices(self.data, "rail_pass"), np.arange(700)

    def test_accuracy_counts_a_tie_as_one_half(self):
        choices = self.choices
        self.assertEqual(set(choices.accuracy(np.zeros(len(choices.x)))), {0.5})
        score = np.zeros(len(choices.x))
        score[choices.begin[3]], score[choices.begin[4] + 1] = 1, 1
        self.assertEqual(list(choices.accuracy(score)[:6]), [0.5, 0.5, 0.5, 1, 0, 0.5])

    def test_the_constant_guess_is_the_alternative_most_chosen_in_training(self):
        choices = self.choices
        score = baselines.constant_guess(choices, self.train)
        counts = {}
        for i in self.train:
            name = choices.names[1 + choices.x[choices.begin[i], 1:].argmax()]
            counts[name] = counts.get(name, 0) + 1
        for row in (0, 1, choices.begin[9]):
            self.assertEqual(score[row], counts[choices.names[1 + choices.x[row, 1:].argmax()]])

    def test_the_logit_is_at_the_greatest_likelihood(self):
        choices = self.choices

        def log_likelihood(w):
            score = choices.x @ w
            each = score[choices.begin] - np.logaddexp.reduceat(score, choices.begin)
            return each[self.train].sum() - 0.5e-6 * (w @ w)

        w = baselines.fit_logit(choices, self.train)
        best = log_likelihood(w)
        for column in range(len(w)):
            for step in (-1e-2, 1e-2):
                self.assertLess(log_likelihood(w + step * np.eye(len(w))[column]), best)
        self.assertLess(w[0], -0.3)  # price puts off

    def test_the_table(self):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            baselines.main(self.data, self.results)
        lines = said.getvalue().splitlines()
        self.assertEqual(len(lines), 5)
        self.assertIn("700 comparisons to train on", lines[0])
        self.assertIn("rail_pass = yes", lines[1])
        numbers = {line[:34].strip(): [float(cell.split("+-")[0]) for cell in line[34:].split("   ") if "+-" in cell]
                   for line in lines[2:]}
        self.assertEqual(numbers["best constant guess by rail_pass"][1], 1)  # holders always take the train
        self.assertGreater(numbers["conditional logit"][0], numbers["best constant guess"][0])

    def test_histories_and_missing_margins_are_refused(self):
        write_results(self.results, history=3)
        with self.assertRaisesRegex(SystemExit, "history"):
            baselines.main(self.data, self.results)
        write_results(self.results)
        with h5py.File(self.results, "r+") as f:
            del f["front/margins/test/comparison"]
            f["front/margins/test/comparison"] = np.array([], "i8")
        with self.assertRaisesRegex(SystemExit, "no margins"):
            baselines.main(self.data, self.results)


if __name__ == "__main__":
    unittest.main()
