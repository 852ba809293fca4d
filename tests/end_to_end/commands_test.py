"""The commands as a user types them: from data to a front, answers for programs, and exit codes for bad input."""
import json
import os
import shutil
import subprocess
import unittest

import h5py

import harness
from results import differences, results_of


class Commands(harness.Scene):
    def run_tiny(self):
        self.make_data()
        self.write_sweep("tiny")
        harness.fairsweep("run", "tiny.yaml", "--workers", 2, cwd=self.folder)
        return self.folder / "runs" / "tiny"

    def test_a_trainer_is_launched_with_its_own_words(self):
        """What comes after "--" is the trainer's, whatever it looks like."""
        core = min(os.sched_getaffinity(0))
        for options in ([], ["--devices=0,1"], [f"--cores={core}"], ["--devices=2", f"--cores={core},{core}"]):
            process = subprocess.run(
                [harness.FAIRSWEEP, "launch-trainer", "--parent", str(os.getpid()), "--threads", "3", *options, "--",
                 "sh", "-c", 'echo "$OMP_NUM_THREADS $@"', "sh", "--cores", "--seconds", "7"],
                capture_output=True, text=True, timeout=20)
            self.assertEqual((process.returncode, process.stdout), (0, "3 --cores --seconds 7\n"), process.stderr)

    def test_from_data_to_a_front(self):
        run = self.run_tiny()
        for name in ("sweep.yaml", "events.log", "results.h5"):
            self.assertTrue((run / name).is_file(), name)

        self.assertIn("minority", harness.fairsweep("describe", "data.h5", cwd=self.folder).stdout)
        with h5py.File(run / "results.h5", "r") as f:  # what is in the data is kept with the run
            kept = json.loads(f["data_description"].asstr()[0])
        self.assertEqual(kept, harness.answer("describe", "data.h5", cwd=self.folder))
        front = harness.fairsweep("front", run, cwd=self.folder).stdout
        self.assertIn("accuracy", front)
        self.assertIn("12", harness.fairsweep("status", run, cwd=self.folder).stdout)
        self.assertIn("learning_rate", harness.fairsweep("show", run, "--trial", 0, cwd=self.folder).stdout)
        self.assertIn("tiny", harness.fairsweep("check", "tiny.yaml", cwd=self.folder).stdout)
        resolved = harness.fairsweep("check", "tiny.yaml", "--resolved", cwd=self.folder).stdout
        self.assertIn("weight_decay", resolved)

        # The resolved sweep in the run's folder is a sweep, and the same one.
        shutil.copy(run / "sweep.yaml", self.folder / "again.yaml")
        harness.fairsweep("run", "again.yaml", "--workers", 1, "--out", "again", cwd=self.folder)
        self.assertEqual(differences(results_of(run), results_of(self.folder / "again")), [])
        harness.fairsweep("compare", run, "again", cwd=self.folder)

        # A complete run resumed is still the complete run.
        before = (run / "events.log").read_bytes()
        harness.fairsweep("run", "tiny.yaml", "--resume", cwd=self.folder)
        self.assertTrue((run / "events.log").read_bytes().startswith(before))
        self.assertEqual(len(harness.reported(run)), 12)

    def test_answers_for_programs(self):
        run = self.run_tiny()
        for arguments in (["check", "tiny.yaml"], ["status", run], ["front", run], ["show", run, "--trial", 3],
                          ["compare", run, run], ["describe", "data.h5"]):
            with self.subTest(arguments=str(arguments[0])):
                self.assertTrue(harness.answer(*arguments, cwd=self.folder))
        (self.folder / "points.txt").write_text("1 4\n2 2\n4 1\n4 4\n")
        found = harness.answer("indicators", "points.txt", "--reference", "5,5", cwd=self.folder)
        self.assertEqual(found["non_dominated"], 3)  # (4, 4) is dominated
        self.assertEqual(found["hypervolume"], 11)   # strips between x = 1, 2, 4 and 5: 1 x 1 + 2 x 3 + 1 x 4

    def test_rebuild_gives_the_same_file(self):
        run = self.run_tiny()
        expected = results_of(run)
        (run / "results.h5").unlink()
        harness.fairsweep("rebuild", run, cwd=self.folder)
        self.assertEqual(differences(expected, results_of(run), everything=True), [])

    def test_logs_go_to_stderr(self):
        run = self.run_tiny()
        json.loads(harness.fairsweep("status", run, "--json", cwd=self.folder).stdout)


class BadInput(harness.Scene):
    def refused(self, code, *arguments):
        """The command ends with this code and says why; mistakes are what check prints. Returns the words."""
        done = harness.fairsweep(*arguments, cwd=self.folder, expect=code)
        words = done.stdout + done.stderr
        self.assertTrue(words.strip(), "not a word")
        self.assertNotIn("terminate called", words)
        self.assertNotIn("this is a bug", words)
        return words

    def test_command_line(self):
        self.refused(2)
        self.assertIn("frnt", self.refused(2, "frnt"))
        self.refused(2, "run")
        self.refused(2, "generate", "no-such-kind", "-o", "x.h5")

    def test_configuration(self):
        self.write_sweep("wrong", training={"learning_rates": 0.1, "epochs": -1})
        words = self.refused(2, "check", "wrong.yaml")
        self.assertIn("wrong.yaml:", words)
        self.assertIn("learning_rate", words)
        self.assertIn("epochs", words)
        self.refused(2, "run", "wrong.yaml")
        self.assertFalse((self.folder / "runs").exists(), "a refused sweep leaves nothing behind")
        self.refused(2, "check", "no_such_file.yaml")

    def test_check_reads_the_data_that_are_there(self):
        self.write_sweep("early")
        self.assertIn("is not there yet", harness.fairsweep("check", "early.yaml", cwd=self.folder).stdout)
        self.make_data()
        self.assertNotIn("note", harness.fairsweep("check", "early.yaml", cwd=self.folder).stdout)
        self.write_sweep("other", data={"groups": {"attribute": "tastes"}})
        self.assertIn('"taste"', self.refused(2, "check", "other.yaml"))
        self.write_sweep("blind", method={"name": "pafo"}, model={"user": "none"}, only=("method",))
        words = harness.fairsweep("check", "blind.yaml", cwd=self.folder).stdout
        self.assertIn("note             method.name is pafo while model.user is none", words)
        (self.folder / "r.csv").write_text("user,a,b\n" + "".join(f"u{i},x,y\nu{i},y,x\n" for i in range(20)))
        (self.folder / "e.csv").write_text("id,f\nx,1\ny,2\n")
        (self.folder / "people.csv").write_text("id,taste\n" + "".join(f"u{i},{'ab'[i % 2]}\n" for i in range(20)))
        (self.folder / "m.yaml").write_text("about: {name: t, source: s, licence: l}\nattributes: {taste: {column: taste}}\n"
                                            "join: [{file: people.csv, on: user, key: id}]\n")
        harness.fairsweep("import", "rankings", "r.csv", "--mapping", "m.yaml", "--embeddings", "e.csv", "-o", "data.h5",
                          cwd=self.folder)
        self.write_sweep("unknown_people", model={"user": "features"})
        for command in ("check", "run"):
            self.assertIn("every trial would fail: model.user is features, but the data have no user features",
                          self.refused(2, command, "unknown_people.yaml"))
        (self.folder / "data.h5").write_text("user,item\n1,2\n")
        self.refused(4, "check", "early.yaml")
        self.assertFalse((self.folder / "runs").exists(), "check writes nothing")

    def test_data_and_result_files(self):
        self.write_sweep("no_data")
        self.assertIn("data.h5", self.refused(4, "run", "no_data.yaml"))
        (self.folder / "data.h5").write_bytes(b"this is no HDF5 file" * 100)
        self.refused(4, "describe", "data.h5")
        self.refused(4, "run", "no_data.yaml")
        self.refused(4, "front", "no_such_run")
        (self.folder / "empty").mkdir()
        self.refused(4, "status", "empty")

    def test_the_place_of_a_data_file(self):
        small = ("--users", 20, "--contexts", 10, "--comparisons-per-user", 4)
        harness.fairsweep("generate", "personal-llm", "-o", "new/place/data.h5", *small, cwd=self.folder)
        self.assertEqual([path.name for path in (self.folder / "new" / "place").iterdir()], ["data.h5"])
        self.assertIn("it is a folder", self.refused(3, "generate", "personal-llm", "-o", "new"))
        self.assertIn("a folder is wanted there", self.refused(3, "generate", "personal-llm", "-o",
                                                              "new/place/data.h5/more.h5"))
        (self.folder / "table.csv").write_text("nothing")
        self.refused(2, "import", "choices", "table.csv", "--mapping", "no_such.yaml", "-o", "other/data.h5")
        self.assertFalse((self.folder / "other").exists(), "a refused import leaves nothing behind")

    def test_environment(self):
        self.make_data()
        self.write_sweep("no_trainer", trainer={"command": ["no_such_program"]})
        self.refused(3, "run", "no_trainer.yaml")

    def test_a_run_is_not_overwritten(self):
        self.make_data()
        self.write_sweep("twice", search={"configurations": 1, "replicates": 1})
        harness.fairsweep("run", "twice.yaml", cwd=self.folder)
        self.assertIn("--resume", self.refused(2, "run", "twice.yaml"))
        self.write_sweep("twice", search={"configurations": 1, "replicates": 2})
        self.assertIn("search.replicates: 1 -> 2", self.refused(2, "run", "twice.yaml", "--resume"))

    def test_a_complete_run_can_be_made_longer(self):
        self.make_data()
        for run, configurations in (("short", 2), ("whole", 5)):
            self.write_sweep("longer", search={"configurations": configurations, "replicates": 1})
            harness.fairsweep("run", "longer.yaml", "--out", run, cwd=self.folder)
        harness.fairsweep("run", "longer.yaml", "--out", "short", "--resume", cwd=self.folder)
        self.assertEqual(differences(results_of(self.folder / "whole"), results_of(self.folder / "short")), [])
        self.assertEqual(sorted(harness.reported(self.folder / "short")), list(range(5)))


class Stopping(harness.Scene):
    def test_a_signal_stops_the_run_and_it_can_go_on(self):
        self.make_data()
        self.write_sweep("stopped", training={"epochs": 30}, resources={"trials_per_pack": 1})
        run = self.folder / "runs" / "stopped"
        process = subprocess.Popen([harness.FAIRSWEEP, "run", "stopped.yaml", "--workers", "1"], cwd=self.folder,
                                   env=harness.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                   text=True)
        harness.wait_for(lambda: harness.reported(run), "the first report")
        process.terminate()
        _, words = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 75, words)
        self.assertLess(len(harness.reported(run)), 12)
        harness.fairsweep("run", "stopped.yaml", "--workers", "2", "--resume", cwd=self.folder)
        self.assertEqual(sorted(harness.reported(run)), list(range(12)))


if __name__ == "__main__":
    unittest.main()
