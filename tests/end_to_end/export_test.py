"""fairsweep export: the files of a real run hold the numbers of its results.h5, and LaTeX compiles them."""
import csv
import json
import re
import shutil
import subprocess
import tempfile
import unittest

import h5py
import numpy

import harness


def rows_of(file):
    with open(file, newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def rounded_equal(text, value):
    """`text` is `value` to the digits that it shows."""
    places = len(text.partition(".")[2])
    return abs(float(text) - value) <= 0.5000001 * 10 ** -places


class Export(harness.Scene):
    @classmethod
    def setUpClass(cls):
        cls.made = None

    def setUp(self):
        super().setUp()
        if Export.made is None:
            self.make_data()
            self.write_sweep("tiny", method={"name": {"choice": ["pooled", "reweighted", "pafo"]}},
                             model={"user": "features"})
            sweep = json.loads((self.folder / "tiny.yaml").read_text())
            del sweep["method"]["group_dro"]
            (self.folder / "tiny.yaml").write_text(json.dumps(sweep))
            harness.fairsweep("run", "tiny.yaml", "--workers", 2, cwd=self.folder)
            Export.made = tempfile.mkdtemp(prefix="fairsweep-e2e-")
            shutil.copytree(self.folder, Export.made, dirs_exist_ok=True)
            self.addClassCleanup(shutil.rmtree, Export.made, ignore_errors=True)
        else:
            shutil.copytree(Export.made, self.folder, dirs_exist_ok=True)
        self.run_folder = self.folder / "runs" / "tiny"

    def export(self, *arguments, **more):
        return harness.fairsweep("export", self.run_folder, *arguments, cwd=self.folder, **more)

    def test_tables_hold_the_numbers_of_the_file(self):
        self.export("--format", "csv", "-o", "out", "--people", "every")
        out = self.folder / "out"
        with h5py.File(self.run_folder / "results.h5") as f:
            metrics = f["metrics"]
            labels = [list(metrics[name].asstr()[:]) for name in ("split", "metric", "group")]
            trials = list(f["trials/id"][:])
            found = {(int(row["trial"]), row["split"], row["metric"], row["group"]): row
                     for row in rows_of(out / "metrics.csv")}
            self.assertEqual(len(found), int(metrics["present"][:].sum()))
            for (trial, split, metric, group), row in found.items():
                place = (trials.index(trial), labels[0].index(split), labels[1].index(metric), labels[2].index(group))
                self.assertEqual(float(row["value"]), metrics["value"][place])
            people = rows_of(out / "people.csv")
            stored = sum(int(numpy.isfinite(f[f"users/{split}/{name}"][:]).sum()) for split in ("validation", "test")
                         for name in f[f"users/{split}"])
            self.assertEqual(len(people), stored)
            column = list(f["users/test_user"][:])
            for row in people[::97]:
                if row["split"] == "test":
                    value = f[f"users/test/{row['metric']}"][list(f["users/trial"][:]).index(int(row["trial"])),
                                                             column.index(int(row["person"]))]
                    self.assertEqual(float(row["value"]), value)

    def test_differences_are_those_of_the_people(self):
        self.export("--format", "csv", "-o", "out")
        rows = [row for row in rows_of(self.folder / "out" / "front.csv") if row["difference"]]
        self.assertTrue(rows, "the front of this sweep has nothing but the reference")
        with h5py.File(self.run_folder / "results.h5") as f:
            groups = list(f["groups"].asstr()[:])
            of_people = f["people/group"][:][f["users/test_user"][:]]
            configuration = f["trials/configuration"][:][numpy.searchsorted(f["trials/id"][:], f["users/trial"][:])]
            for row in rows:
                values = f[f"users/test/{row['metric']}"][:][:, of_people == groups.index(row["group"])]
                mine = values[configuration == int(row["configuration"])].mean(axis=0)
                theirs = values[configuration == int(row["reference_configuration"])].mean(axis=0)
                d = mine - theirs
                self.assertAlmostEqual(float(row["difference"]), d.mean(), places=12)
                self.assertAlmostEqual(float(row["difference_standard_error"]), d.std(ddof=1) / len(d) ** 0.5, places=12)
                random = numpy.random.default_rng(1)
                drawn = d[random.integers(len(d), size=(4000, len(d)))].mean(axis=1)
                p = min(1, 2 * min((drawn <= 0).mean(), (drawn >= 0).mean()))
                self.assertAlmostEqual(float(row["p_value"]), p, delta=0.05)
                for name, quantile in (("difference_low", 0.025), ("difference_high", 0.975)):
                    self.assertAlmostEqual(float(row[name]), numpy.quantile(drawn, quantile), delta=0.2 * d.std())

    def test_the_tables_of_a_paper(self):
        self.export("--format", "latex", "-o", "paper")
        table = (self.folder / "paper" / "front.tex").read_text(encoding="utf-8")
        with h5py.File(self.run_folder / "results.h5") as f:
            means, errors = f["front/test_mean"][:], f["front/test_standard_error"][:]
            for row, configuration in enumerate(f["front/configuration"][:]):
                line = re.search(rf"^  {configuration} & .*$", table, re.MULTILINE).group(0)
                shown = re.findall(r"\$(-?[\d.]+)(?: \\pm ([\d.]+))?\$", line)
                self.assertEqual(len(shown), means.shape[1], line)
                for axis, (mean, error) in enumerate(shown):
                    self.assertTrue(rounded_equal(mean, means[row, axis]), (mean, means[row, axis]))
                    if error and error != "0":
                        self.assertTrue(rounded_equal(error, errors[row, axis]), (error, errors[row, axis]))
        self.assertIn("PAFO-style, reconstructed", table)
        if shutil.which("pdflatex") is None:
            self.skipTest("there is no pdflatex (Debian: texlive-latex-recommended), so the tables are not compiled")
        compiled = subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "document.tex"],
                                  cwd=self.folder / "paper", capture_output=True, text=True, errors="replace")
        self.assertEqual(compiled.returncode, 0, compiled.stdout[-3000:])
        self.assertNotIn("undefined", compiled.stdout)
        self.assertTrue((self.folder / "paper" / "document.pdf").stat().st_size > 1000)

    def test_one_file_goes_to_standard_output(self):
        document = json.loads(self.export("--format", "json").stdout)
        self.assertEqual(len(document["trials"]), 12)
        self.assertEqual(document["front"]["hypervolume"],
                         harness.answer("front", self.run_folder, cwd=self.folder)["hypervolume"])
        page = self.export("--format", "checklist").stdout
        self.assertIn("| training.learning\\_rate | 0.001 to 0.1, log-uniform |", page)
        self.assertIn("- trials reported: 12", page)
        self.assertIn("- seed of the sweep: 5", page)
        self.assertIn("@misc{zhao2026pafo,", self.export("--format", "bibtex").stdout)

    def test_mistakes(self):
        for code, words, arguments in ((2, "needs a folder", ["--format", "csv", "-o", "x.json"]),
                                       (2, "did you mean", ["--format", "cvs", "-o", "out"]),
                                       (2, "-o FOLDER", ["--format", "csv"]),
                                       (2, "there are: ", ["--format", "json", "--against", "dpo"]),
                                       (2, "all not in {", ["--format", "csv", "-o", "o", "--people", "all"])):
            self.assertIn(words, self.export(*arguments, expect=code).stderr)
        harness.fairsweep("export", "no_such_run", "--format", "json", cwd=self.folder, expect=4)


if __name__ == "__main__":
    unittest.main()
