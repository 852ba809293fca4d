"""fairsweep export: the files of a real run hold the numbers of its results.h5, and LaTeX compiles them."""
import csv
import hashlib
import json
import re
import shlex
import shutil
import signal
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

    def test_every_format_says_how_sure_the_front_is(self):
        front = harness.answer("front", self.run_folder, "--all", cwd=self.folder)
        expected = {point["configuration"]: point["probability_non_dominated"] for point in front["configurations"]}
        self.assertTrue(any(0 < probability < 1 for probability in expected.values()), expected)
        self.export("--format", "csv,json,latex,checklist", "-o", "out")
        document = json.loads((self.folder / "out" / "results.json").read_text())
        self.assertEqual(document["front"]["confidence"], front["confidence"])
        self.assertEqual(document["front"]["members"], front["members"])
        self.assertEqual({one["configuration"]: one["probability_non_dominated"] for one in document["configurations"]},
                         expected)
        for table in ("configurations.csv", "front.csv"):
            for row in rows_of(self.folder / "out" / table):
                self.assertEqual(float(row["probability_non_dominated"]), expected[int(row["configuration"])], table)
        table = (self.folder / "out" / "front.tex").read_text(encoding="utf-8")
        for member in front["members"]:
            line = re.search(rf"^  {member['configuration']} & .* & ([\d.]+) \\\\$", table, re.MULTILINE)
            self.assertAlmostEqual(float(line.group(1)), member["probability_non_dominated"], delta=0.0051)
        false = f"{front['confidence']['expected_false_members']:.1f}"
        self.assertIn(f"{false} of these {len(front['members'])} are expected not to belong", table)
        self.assertIn(f"{false} are expected not to belong there", (self.folder / "out" / "checklist.md").read_text())
        # Two groups fit the text of a page of NeurIPS, which is 140 mm wide.
        if shutil.which("pdflatex"):
            (self.folder / "out" / "narrow.tex").write_text(
                "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{booktabs}\\textwidth=140mm\\hsize=140mm\n"
                "\\begin{document}\\input{front}\\end{document}\n")
            done = subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "narrow.tex"],
                                  cwd=self.folder / "out", capture_output=True, text=True, errors="replace")
            self.assertEqual(done.returncode, 0, done.stdout[-2000:])
            self.assertNotIn("Overfull", done.stdout)

    def test_what_is_stopped_leaves_nothing_behind(self):
        process = subprocess.Popen([harness.FAIRSWEEP, "export", self.run_folder, "--models", "m"], cwd=self.folder,
                                   env=harness.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        harness.wait_for(lambda: list(self.folder.glob("m/.work-*/trainer.log")), "the trainer's folder")
        process.send_signal(signal.SIGINT)
        _, words = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 75, words)
        self.assertIn("no model was written", words)
        self.assertFalse((self.folder / "m").exists())

    def test_where_it_says_the_files_are(self):
        for place in ("out", "./new/../place"):
            for line in self.export("--format", "csv, latex", "-o", place).stdout.splitlines():
                self.assertTrue(line.startswith(place + "/"), line)
                self.assertTrue((self.folder / line).resolve().is_file(), line)
        (self.folder / "file").write_text("")
        self.assertIn("--models file: it is a file", self.export("--models", "file", expect=2).stderr)

    def test_one_file_goes_to_standard_output(self):
        document = json.loads(self.export("--format", "json").stdout)
        self.assertEqual(len(document["trials"]), 12)
        self.assertEqual(document["front"]["hypervolume"],
                         harness.answer("front", self.run_folder, cwd=self.folder)["hypervolume"])
        first = harness.fairsweep("export", "--format", "json", self.run_folder, cwd=self.folder).stdout
        self.assertEqual(json.loads(first), document)
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

    def margins_in(self, scores):
        """comparison -> (score of the best candidate minus the best of the others, size of the scores), of the rows that
        score wrote."""
        of = {}
        for row in rows_of(scores):
            of.setdefault(int(row["comparison"]), []).append(float(row["score"]))
        return {comparison: (values[0] - max(values[1:]), max(1, *map(abs, values))) for comparison, values in of.items()}

    def test_models_are_those_of_the_run(self):
        written = json.loads(self.export("--models", "models", "--json").stdout)["models"]
        with h5py.File(self.run_folder / "results.h5") as f:
            margins = f["front/margins"]
            trials = list(margins["trial"][:])
            self.assertEqual(sorted(model["trial"] for model in written), sorted(trials))
            self.assertTrue(all(model["bit_for_bit"] for model in written), written)
            for model in (written[0], written[-1]):
                done = subprocess.run([harness.TRAINER, "score", model["file"], "data.h5", "-o", "scores.csv"],
                                      cwd=self.folder, env=harness.environment(), capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr)
                found = self.margins_in(self.folder / "scores.csv")
                for split in ("validation", "test"):
                    recorded = margins[f"{split}/margin"][trials.index(model["trial"])]
                    for comparison, margin in zip(margins[f"{split}/comparison"][:], recorded):
                        mine, size = found[int(comparison)]
                        self.assertAlmostEqual(mine, float(margin), delta=1e-6 * size)
        listed = json.loads((self.folder / "models" / "models.json").read_text())
        self.assertEqual(len(listed["models"]), len(written))
        self.assertEqual(sorted(path.name for path in (self.folder / "models").iterdir() if path.name[0] == "."), [])

    def test_models_are_refused_where_they_are_others(self):
        words = self.export("--models", "models", "--data", "no_such.h5", expect=4).stderr
        self.assertIn("no_such.h5", words)
        harness.fairsweep("generate", "personal-llm", "-o", "other.h5", "--users", self.users, "--features", self.features,
                          "--comparisons-per-user", 12, "--contexts", 60, "--seed", 4, cwd=self.folder)
        self.assertIn("is not the data of this run", self.export("--models", "m", "--data", "other.h5", expect=4).stderr)
        # A file that says something else of a trial than training gives.
        with h5py.File(self.run_folder / "results.h5", "r+") as f:
            f["metrics/value"][...] = f["metrics/value"][:] * 0.5
        self.assertIn("comes out otherwise", self.export("--models", "m", expect=4).stderr)
        self.assertFalse(list((self.folder / "m").glob("*.pt")), "a refused model is left behind")

    def test_python_loads_a_model_in_three_lines(self):
        python = "/usr/bin/python3"
        if subprocess.run([python, "-c", "import torch"], capture_output=True).returncode != 0:
            self.skipTest("the system's Python has no torch (Debian: python3-torch)")
        trial = json.loads(self.export("--models", "models", "--json").stdout)["models"][0]["trial"]
        page = (harness.SOURCE / "docs" / "exporting.md").read_text(encoding="utf-8")
        lines = re.search(r"```python\n(.*?)```", page, re.DOTALL).group(1).replace("trial-0", f"trial-{trial}")
        self.assertEqual(len(lines.splitlines()), 3)
        (self.folder / "three_lines.py").write_text(
            "import h5py\n"
            "with h5py.File('data.h5') as f:\n"
            "    comparison = f['comparisons/candidate'][:]\n"
            "    begin = f['comparisons/offset'][:]\n"
            "    features = f['candidates/features'][:][comparison]\n"
            "    user = f['comparisons/user'][:].repeat(begin[1:] - begin[:-1])\n"
            "    user_features = f['users/features'][:][user]\n"
            "    names = [name.decode() for name in f['candidates/feature_names'][:]]\n"
            + lines +
            "assert model.feature_names == names\n"
            "print(*(f'{score:.9g}' for score in scores.tolist()))\n")
        done = subprocess.run([python, "three_lines.py"], cwd=self.folder, capture_output=True, text=True,
                              env=harness.environment())
        self.assertEqual(done.returncode, 0, done.stderr)
        subprocess.run([harness.TRAINER, "score", f"models/trial-{trial}.pt", "data.h5", "-o", "scores.csv"], check=True,
                       cwd=self.folder, env=harness.environment(), capture_output=True)
        expected = [float(row["score"]) for row in rows_of(self.folder / "scores.csv")]
        found = [float(word) for word in done.stdout.split()]
        self.assertEqual(len(found), len(expected))
        self.assertLessEqual(max(abs(a - b) / max(1, abs(b)) for a, b in zip(found, expected)), 1e-6)

    def test_a_crate_says_what_is_in_it(self):
        self.export("--format", "ro-crate", "-o", "crate", "--author", "Ann", "--licence", "https://example.org/licence")
        crate = json.loads((self.folder / "crate" / "ro-crate-metadata.json").read_text())
        graph = {entity["@id"]: entity for entity in crate["@graph"]}
        self.assertEqual(len(graph), len(crate["@graph"]), "two entities of one @id")

        def references(value):
            if isinstance(value, dict):
                if set(value) == {"@id"}:
                    yield value["@id"]
                else:
                    for inner in value.values():
                        yield from references(inner)
            elif isinstance(value, list):
                for inner in value:
                    yield from references(inner)

        for entity in crate["@graph"]:
            for target in references(entity):
                self.assertTrue(target in graph or target.startswith("https://"), f"{target} is nowhere")
        for part in graph["./"]["hasPart"]:
            content = (self.folder / "crate" / part["@id"]).read_bytes()
            self.assertEqual(graph[part["@id"]]["sha256"], hashlib.sha256(content).hexdigest())
            self.assertEqual(graph[part["@id"]]["contentSize"], str(len(content)))
        self.assertEqual((self.folder / "crate" / "results.h5").read_bytes(),
                         (self.run_folder / "results.h5").read_bytes())
        action = graph["#run"]
        self.assertEqual(action["@type"], "CreateAction")
        self.assertEqual(action["instrument"], graph["./"]["mainEntity"])
        self.assertEqual(action["result"], [{"@id": "results.h5"}])
        self.assertEqual(graph["./"]["license"], {"@id": "https://example.org/licence"})
        self.assertIn("https://w3id.org/ro/wfrun/workflow/0.5", [one["@id"] for one in graph["./"]["conformsTo"]])
        self.assertIn("PAFO-style, reconstructed", graph["./"]["description"])
        self.export("--format", "ro-crate", "-o", "bare")
        bare = json.loads((self.folder / "bare" / "ro-crate-metadata.json").read_text())
        self.assertNotIn("license", next(entity for entity in bare["@graph"] if entity["@id"] == "./"))

    def test_croissant_describes_the_data_and_holds_no_row(self):
        text = self.export("--format", "croissant").stdout
        document = json.loads(text)
        (file,) = document["distribution"]
        content = (self.folder / "data.h5").read_bytes()
        self.assertEqual(file["sha256"], hashlib.sha256(content).hexdigest())
        self.assertEqual(document["license"], "CC0-1.0")
        fields = {field["@id"]: field for record in document["recordSet"] for field in record["field"]}
        with h5py.File(self.folder / "data.h5") as f:
            for name in f["candidates/feature_names"].asstr()[:]:
                self.assertEqual(fields[f"candidates/feature {name}"]["dataType"], "sc:Float")
            for field in fields.values():
                path = field["source"]["extract"]["column"].split(",")[0]
                self.assertTrue(path in f or path == "/comparisons/weight", path)
            for name in f["users/names"].asstr()[:]:
                self.assertNotIn(f'"{name}"', text)
        (self.folder / "data.h5").rename(self.folder / "moved.h5")
        self.assertIn("--data", self.export("--format", "croissant", expect=4).stderr)
        self.assertEqual(json.loads(self.export("--format", "croissant", "--data", "moved.h5").stdout)["distribution"][0][
            "contentUrl"], "moved.h5")

    def test_every_command_of_the_page(self):
        # As the README makes them.
        shutil.copytree(self.run_folder, self.folder / "runs" / "quickstart")
        (self.folder / "data").mkdir()
        shutil.copy(self.folder / "data.h5", self.folder / "data" / "quickstart.h5")
        page = (harness.SOURCE / "docs" / "exporting.md").read_text(encoding="utf-8")
        commands = [line for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) for line in block.splitlines()]
        programs = {"fairsweep": harness.FAIRSWEEP, "fairsweep-trainer": harness.TRAINER}
        trial = None
        for command in commands:
            words = shlex.split(command)
            if trial is not None:
                words = [word.replace("trial-0", f"trial-{trial}") for word in words]
            done = subprocess.run([programs[words[0]], *words[1:]], cwd=self.folder, env=harness.environment(),
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, f"{command}\n{done.stderr}")
            if "--models" in words:
                trial = json.loads((self.folder / "models" / "models.json").read_text())["models"][0]["trial"]
        formats = {name for command in commands for option, name in zip(shlex.split(command), shlex.split(command)[1:])
                   if option == "--format"}
        listed = re.findall(r"^ +([a-z-]+): ", harness.fairsweep("export", "--help", cwd=self.folder).stdout, re.MULTILINE)
        self.assertGreaterEqual(len(listed), 7)
        self.assertEqual([name for name in listed if name not in formats], [], "the page shows no example of these")


if __name__ == "__main__":
    unittest.main()
