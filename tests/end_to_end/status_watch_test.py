"""status --watch: what it shows, on a terminal and without one, while the run goes on and after it; it only reads."""
import os
import pty
import subprocess
import unittest

import harness

CLEAR = "\033[H\033[2J"


class StatusWatch(harness.Scene):
    def watch(self, run, **where):
        return subprocess.Popen([harness.FAIRSWEEP, "status", run, "--watch", "--every", "0.2"], cwd=self.folder,
                                env=harness.environment(), **where)

    def on_a_terminal(self, run):
        """Everything that one watch writes on a pseudo terminal until it ends by itself."""
        leader, follower = pty.openpty()
        process = self.watch(run, stdout=follower, stderr=follower)
        os.close(follower)
        written = b""
        while True:
            try:
                block = os.read(leader, 4096)
            except OSError:  # the other side is closed
                break
            if not block:
                break
            written += block
        os.close(leader)
        self.assertEqual(process.wait(60), 0)
        return written.decode()

    def test_while_the_run_goes_on_and_after_it(self):
        self.make_data()
        self.write_sweep("watched", training={"epochs": 40}, resources={"trials_per_pack": 1},
                         search={"configurations": 12})
        run = self.folder / "runs" / "watched"
        running = subprocess.Popen([harness.FAIRSWEEP, "run", "watched.yaml", "--workers", "1", "--quiet"],
                                   cwd=self.folder, env=harness.environment(), stdout=subprocess.DEVNULL)
        self.addCleanup(running.wait, 120)
        harness.wait_for(lambda: len(harness.reported(run)) >= 3, "three reports")
        to_file = self.watch(run, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        shown = self.on_a_terminal(run)
        words, errors = to_file.communicate(timeout=120)
        self.assertEqual((to_file.returncode, errors), (0, ""))
        self.assertEqual(running.wait(60), 0)

        self.assertGreater(shown.count(CLEAR), 1, "a terminal is written over at each look")
        self.assertNotIn("\033", words, "a file gets no control characters")
        self.assertGreater(words.count("watched ("), 1, "and one block a look")
        for text in (shown, words):
            self.assertIn(": running", text)
            self.assertRegex(text, r"about .* left, until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
            self.assertIn("worker 1", text)
            self.assertIn("front so far", text)
            self.assertIn("hypervolume so far", text)
            self.assertIn(": complete", text.split("watched (")[-1], "the last look is of the end")

        # Afterwards, and without a right to write: nothing in the directory changes.
        def state():
            return sorted((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in run.rglob("*"))
        before = state()
        self.assertIn("24 of 24 reported", self.on_a_terminal(run))
        answer = harness.answer("status", run, cwd=self.folder)
        self.assertEqual(state(), before)
        curve = answer["hypervolume_curve"]
        volumes = [point["hypervolume"] for point in curve]
        self.assertEqual(volumes, sorted(volumes), "what is known never gets less")
        self.assertAlmostEqual(volumes[-1], answer["hypervolume"], places=12)
        self.assertEqual(curve[-1]["seconds"], answer["seconds"])
        self.assertEqual((answer["expected_end"], answer["failures"]), (None, {}))

    def test_failures_are_counted_and_the_last_one_is_told(self):
        self.make_data()
        trainer = harness.SOURCE / "configs" / "examples" / "python_trainer.py"  # knows no mlp, and says so
        self.write_sweep("failing", trainer={"command": ["/usr/bin/python3", str(trainer)]},
                         search={"configurations": 2, "replicates": 1})
        harness.fairsweep("run", "failing.yaml", "--quiet", cwd=self.folder, expect=5)
        answer = harness.answer("status", "runs/failing", cwd=self.folder)
        self.assertEqual(answer["failures"], {"bad_setting": 2})
        self.assertRegex(harness.fairsweep("status", "runs/failing", cwd=self.folder).stdout,
                         r"failures +2 attempts: 2 bad_setting; the last: trial \d in \w+: python_trainer.py trains")


if __name__ == "__main__":
    unittest.main()
