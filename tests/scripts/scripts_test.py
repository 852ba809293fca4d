"""What ./quickstart and ./test are made of: their words for bad input, and the parts that decide something."""
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

RECORD = """<?xml version="1.0"?>
<testsuite tests="4" failures="1" disabled="0" skipped="2">
  <testcase name="a" status="run"/>
  <testcase name="b" status="fail"><failure message=""/></testcase>
  <testcase name="c" status="notrun"><skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/>
    <system-out>c_test.cpp:12: Skipped
no GPU here
[  SKIPPED ] c</system-out></testcase>
  <testcase name="d" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/>
    <system-out>skipped: there is no mpirun</system-out></testcase>
</testsuite>
"""


def run(*command, **variables):
    return subprocess.run([ROOT / command[0], *command[1:]], capture_output=True, text=True, cwd="/",
                          env={**os.environ, **variables}, timeout=30)


class Scripts(unittest.TestCase):
    def test_wrong_options_are_named(self):
        for command, word in [(["quickstart", "--dta", "swissmetro"], '"--dta"'),
                              (["quickstart", "--data", "elsewhere"], '"elsewhere"'),
                              (["quickstart", "--workers", "many"], '"many"'),
                              (["quickstart", "--workers"], "value"),
                              (["test", "--fast"], '"--fast"'), (["test", "--label"], "value"),
                              (["scripts/install_dependencies", "--all"], '"--all"')]:
            done = run(*command)
            self.assertEqual((done.returncode, done.stdout), (2, ""), command)
            self.assertIn(word, done.stderr)

    def test_help_says_everything(self):
        for command, words in [("quickstart", ["--data swissmetro", "--workers N", "--no-install"]),
                               ("test", ["--quick", "--label NAME", "--no-sanitizers", "--no-install"]),
                               ("scripts/install_dependencies", ["--tests", "--linters", "--browser", "--list"])]:
            done = run(command, "--help")
            self.assertEqual(done.returncode, 0)
            for word in words:
                self.assertIn(word, done.stdout)

    def test_the_lists_of_packages(self):
        programs = run("scripts/install_dependencies", "--list").stdout.split()
        everything = run("scripts/install_dependencies", "--tests", "--list").stdout.split()
        self.assertEqual(len(everything), len(set(everything)))
        self.assertIn("libopenblas0-pthread", programs)
        self.assertNotIn("libgtest-dev", programs)
        self.assertEqual(everything[:len(programs)], programs)
        self.assertIn("libgtest-dev", everything)

    def test_another_survey_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "choice_sets" / "swissmetro.csv.gz"
            file.parent.mkdir()
            file.write_bytes(b"something else")
            done = run("scripts/find_swissmetro", FAIRSWEEP_DATA=folder)
            self.assertEqual((done.returncode, done.stdout), (4, ""))
            self.assertIn(str(file), done.stderr)
            self.assertIn("SHA-256", done.stderr)
            self.assertNotIn("Traceback", done.stderr)

    def test_the_survey_in_the_data_folder_is_found(self):
        folder = os.environ.get("FAIRSWEEP_DATA", "")
        file = pathlib.Path(folder) / "choice_sets" / "swissmetro.csv.gz"
        if not folder or not file.exists():
            self.skipTest("FAIRSWEEP_DATA does not hold the survey")
        done = run("scripts/find_swissmetro")
        self.assertEqual((done.returncode, done.stdout), (0, f"{file}\n"), done.stderr)

    def test_counting_tests(self):
        with tempfile.NamedTemporaryFile("w", suffix=".xml") as record:
            record.write(RECORD)
            record.flush()
            done = run("scripts/count_tests", record.name, f"{record.name}.failed")
            failed = pathlib.Path(f"{record.name}.failed")
            ends = failed.read_text()
            failed.unlink()
        self.assertEqual(done.stdout, "1 1 2\n")
        self.assertEqual(done.stderr.splitlines(), ["failed   b", "skipped  c: no GPU here",
                                                    "skipped  d: there is no mpirun"])
        self.assertIn("Failed: b; the end of what it printed:", ends)
        self.assertNotIn("no GPU", ends)


if __name__ == "__main__":
    unittest.main()
