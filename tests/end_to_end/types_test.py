"""Hidden types of people from generated data to the number of types: the method types over numbers of types, what its
notes say, what number_of_types.py reads of them, and what it says of runs it cannot read. Also that max_min_types shows
both movements, and that a run that is started again gives the same."""
import json
import subprocess
import sys
import unittest

import h5py

import harness

PAPERS = harness.SOURCE / "configs" / "papers"
sys.path.insert(0, str(PAPERS))
import number_of_types  # noqa: E402  (it lies beside the configurations it is for)


def script(run, *arguments, cwd, expect=0):
    done = subprocess.run(["/usr/bin/python3", "-B", PAPERS / "number_of_types.py", run, *arguments], cwd=cwd,
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == expect, f"exit code {done.returncode}, expected {expect}\n{done.stderr}"
    return done.stderr if expect else done.stdout


class Choice(unittest.TestCase):
    @staticmethod
    def notes(value, error):
        return {number_of_types.HELD_OUT: value, number_of_types.ERROR: error, "types share 1": 0.75, "types share 2": 0.25}

    def test_the_fewest_within_one_standard_error_of_the_highest(self):
        found = {1: [self.notes(-1.5, 0.01)], 2: [self.notes(-1.2, 0.01), self.notes(-1.0, 0.01)],
                 3: [self.notes(-1.1, 0.05), self.notes(-0.99, 0.05)], 4: [self.notes(-1.04, 0.02)]}
        rows, taken = number_of_types.table(found)
        # Means are -1.5, -1.1, -1.045 and -1.04, the last with an error of 0.02.
        self.assertEqual(taken, 3)
        self.assertEqual([row["types"] for row in rows], [1, 2, 3, 4])
        self.assertAlmostEqual(rows[1]["log_likelihood"], -1.1)
        self.assertAlmostEqual(rows[2]["smallest_share"], 0.25)
        self.assertIsNone(rows[0]["matching_groups"])
        found[4] = [self.notes(-1.04, 0.07)]
        self.assertEqual(number_of_types.table(found)[1], 2)


class Types(harness.Scene):
    def run_types(self, name, method, **training):
        harness.fairsweep("generate", "types", "--types", 2, "--users", 90, "--comparisons-per-user", 12, "--contexts", 150,
                          "--similarity", "-0.5", "--seed", 4, "-o", "data.h5", cwd=self.folder)
        self.write_sweep(name, only=("method", "search", "model", "training"),
                         data={"groups": {"attribute": "type"},
                               "split": {"by": "user", "train": 0.6, "validation": 0.2, "test": 0.2, "history": 8}},
                         model={"head": "linear", "user": "none"}, method=method,
                         training={"epochs": 6, "batch": 64, "learning_rate": 0.05, **training},
                         search={"strategy": "grid", "configurations": 0, "replicates": 1, "seed": 5})
        harness.fairsweep("run", f"{name}.yaml", "--workers", 2, cwd=self.folder)
        return self.folder / "runs" / name

    @staticmethod
    def notes(run):
        notes = {}
        with h5py.File(run / "results.h5", "r") as file:
            rows = zip(file["notes/trial"][:], file["notes/name"].asstr()[:], file["notes/value"][:])
            for trial, name, value in rows:
                notes.setdefault(int(trial), {})[name] = float(value)
        return notes

    def test_the_number_of_types_is_found(self):
        search = {"rounds": 4, "round_epochs": 5, "restarts": 2, "learning_rate": 0.05}
        run = self.run_types("types", {"name": "types", "types": {"number": {"choice": [1, 2, 3]}, "search": search}})
        found = json.loads(script(run, "--json", cwd=self.folder))
        self.assertEqual(found["types"], 2)
        self.assertEqual([row["types"] for row in found["rows"]], [1, 2, 3])
        self.assertGreater(found["rows"][1]["matching_groups"], 0.9)
        text = script(run, cwd=self.folder)
        self.assertIn("2: the fewest within one standard error of the highest", text)
        self.assertAlmostEqual(sum(row["trials"] for row in found["rows"]), 3)
        for notes in self.notes(run).values():
            shares = [value for name, value in notes.items() if name.startswith("types share ")]
            self.assertAlmostEqual(sum(shares), 1)
            self.assertEqual(shares, sorted(shares, reverse=True))

    def test_serving_the_worst_off_shows_both_movements(self):
        run = self.run_types("worst", {"name": {"choice": ["pooled", "max_min_types"]},
                                       "types": {"number": 2, "search": {"rounds": 2, "round_epochs": 3}}})
        both = [notes for notes in self.notes(run).values() if "worst type's log loss against pooled" in notes]
        self.assertEqual(len(both), 1)
        movements = {both[0][f"type {kind} log loss"] - both[0][f"type {kind} log loss pooled"] for kind in (1, 2)}
        for which in ("worst", "best"):
            self.assertTrue(any(abs(both[0][f"{which} type's log loss against pooled"] - one) < 1e-9 for one in movements))
        self.assertIn("does not vary method.types.number", script(run, cwd=self.folder, expect=4))
        self.assertIn("there is no such file", script(self.folder / "nowhere", cwd=self.folder, expect=4))

    def test_a_trial_is_trained_again_bit_for_bit(self):
        run = self.run_types("alone", {"name": "types", "types": {"search": {"rounds": 2, "round_epochs": 1}}})
        harness.fairsweep("rerun", run, "--trial", 0, "--out", self.folder / "again", cwd=self.folder)


if __name__ == "__main__":
    unittest.main()
