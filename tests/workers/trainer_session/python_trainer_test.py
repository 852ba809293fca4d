"""The shipped trainer in Python, driven through pipes as an agent drives it."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

try:
    import h5py
    import numpy as np
except ImportError as error:
    print(f"skipped: {error}; install python3-h5py")
    sys.exit(77)

SOURCE = pathlib.Path(os.environ["FAIRSWEEP_SOURCE_DIR"])
SCRIPT = SOURCE / "configs" / "examples" / "python_trainer.py"
SETTINGS = {"model.head": "linear", "model.user": "none", "method.name": "pooled", "training.epochs": 200,
            "training.learning_rate": 1.0}


def write_data(path, users=60, each=10):
    """Pairs and choices of three; two people of three like feature 0, the third its opposite."""
    random = np.random.default_rng(5)
    sizes = np.tile([2, 3], users * each // 2)
    x = random.normal(size=(sizes.sum(), 3)).astype("f4")
    offset = np.concatenate([[0], np.cumsum(sizes)])
    user = np.repeat(np.arange(users), each)
    rare = np.arange(users) % 3 == 0
    order = [begin + np.argsort(-x[begin:end, 0] * (-1 if rare[who] else 1))
             for begin, end, who in zip(offset, offset[1:], user)]
    with h5py.File(path, "w", libver=("v110", "v110")) as f:
        f.attrs["format"], f.attrs["format_version"] = np.bytes_("fairsweep-preferences"), 1
        f["candidates/features"], f["candidates/feature_names"] = x, np.array([b"a", b"b", b"c"])
        f["contexts/offset"], f["comparisons/offset"] = offset, offset
        f["users/names"] = np.array([b"user %d" % i for i in range(users)])
        f["users/attributes/taste/labels"] = np.array([b"common", b"rare"])
        f["users/attributes/taste/codes"] = rare.astype("i4")
        f["comparisons/user"], f["comparisons/context"] = user, np.arange(len(user))
        f["comparisons/candidate"], f["comparisons/ranked"] = np.concatenate(order), np.ones(len(user), "i4")


def part_of(user):
    """Three people of five to training, one to validation, one to test; of either taste in each."""
    return "tttvs"[user % 5]


def write_people(path, users=60, each=10):
    people = {"format": "fairsweep-people", "format_version": 1, "groups": ["common", "rare"], "how": {},
              "people": {"name": [f"user {i}" for i in range(users)], "user": list(range(users)),
                         "group": [int(i % 3 == 0) for i in range(users)], "support_rate": [None] * users,
                         "in_training": [int(part_of(i) == "t") for i in range(users)], "membership": []},
              "comparisons": {"split": "".join(part_of(i) * each for i in range(users)), "person": []}}
    path.write_text(json.dumps(people), encoding="utf-8")


class PythonTrainer(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data = pathlib.Path(folder.name) / "data.h5"
        self.people = self.data.with_name("people.json")
        write_data(self.data)
        write_people(self.people)
        self.setup = {"type": "setup", "protocol": 1, "sweep": "test", "run_directory": folder.name,
                      "artefact_directory": folder.name, "checkpoint_directory": folder.name,
                      "data_file": str(self.data), "data_digest": "",
                      "people_file": str(self.people), "people_digest": "", "group_by": "attribute", "group_attribute": "taste",
                      "group_quantile": 0.0,
                      "groups": ["common", "rare"], "seed": 7, "metrics": ["accuracy"], "threads": 1, "device": "cpu",
                      "split": {"by": "user", "train": 0.6, "validation": 0.2, "test": 0.2, "history": 0}}

    def converse(self, *messages):
        """Everything the trainer says to these messages and a stop; standard output is nothing but messages."""
        lines = "".join(json.dumps(message) + "\n" for message in (self.setup, *messages, {"type": "stop"}))
        done = subprocess.run([sys.executable, str(SCRIPT)], input=lines, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def assignment(self, *settings):
        trials = [{"trial": 10 + i, "configuration": i, "replicate": 0, "attempt": 0, "settings": {**SETTINGS, **each}}
                  for i, each in enumerate(settings)]
        return {"type": "assignment", "lease": 1, "trials": trials}

    def value(self, report, split, group):
        found = [m["value"] for m in report["metrics"] if (m["split"], m["group"]) == (split, group)]
        self.assertEqual(len(found), 1)
        return found[0]

    def test_ready_progress_reports(self):
        said = self.converse(self.assignment({}, {"training.learning_rate": 0.5}), self.assignment({}))
        self.assertEqual([each["type"] for each in said], ["ready"] + ["progress", "report"] * 3)
        self.assertEqual(said[0]["protocol"], 1)
        reports = [each for each in said if each["type"] == "report"]
        self.assertEqual([each["trial"] for each in reports], [10, 11, 10])
        self.assertEqual(reports[0], reports[2])  # the same trial, the same bits
        for split in ("validation", "test"):
            self.assertGreater(self.value(reports[0], split, "common"), 0.8)  # it has learned what most people like,
            self.assertLess(self.value(reports[0], split, "rare"), 0.3)       # which the others do not
            everybody = [m for m in reports[0]["metrics"] if m["split"] == split]
            self.assertEqual(everybody[0]["users"], everybody[1]["users"] + everybody[2]["users"])

    def test_held_out_people_have_no_part_in_training(self):
        before = self.converse(self.assignment({}))[-1]
        with h5py.File(self.data, "r+") as f:  # turns every answer of the people of the test part
            candidate, offset = f["comparisons/candidate"][:], f["comparisons/offset"][:]
            turned = [i for i, who in enumerate(f["comparisons/user"][:]) if part_of(who) == "s"]
            for i in turned:
                candidate[offset[i]:offset[i + 1]] = candidate[offset[i]:offset[i + 1]][::-1]
            f["comparisons/candidate"][:] = candidate
        self.assertGreater(len(turned), 20)
        after = self.converse(self.assignment({}))[-1]
        self.assertEqual([m for m in before["metrics"] if m["split"] == "validation"],
                         [m for m in after["metrics"] if m["split"] == "validation"])
        self.assertLess(self.value(after, "test", "common"), 0.2)

    def test_what_it_cannot_train_fails_that_trial_only(self):
        said = self.converse(self.assignment({"model.head": "mlp"}, {}, {"method.name": "group_dro"}))
        self.assertEqual([each["type"] for each in said], ["ready", "failure", "progress", "report", "failure"])
        self.assertEqual((said[1]["trial"], said[1]["reason"], said[1]["retryable"]), (10, "bad_setting", False))

    def test_what_it_cannot_do_at_all_is_refused(self):
        whole = dict(self.setup)
        for field, value in (("metrics", ["accuracy", "log_loss"]), ("protocol", 2), ("data_file", "gone.h5"),
                             ("people_file", "gone.json")):
            with self.subTest(field=field):
                self.setup = {**whole, field: value}
                said = self.converse()
                self.assertEqual([each["type"] for each in said], ["refusal"])
                self.assertTrue(said[0]["message"])

    def test_it_has_at_most_40_lines_of_code(self):
        text = SCRIPT.read_text(encoding="utf-8").split('"""')[2]
        self.assertLessEqual(len([line for line in text.splitlines() if line.strip()]), 40)


if __name__ == "__main__":
    unittest.main()
