"""`fairsweep supervise` in front of a program that plays mpirun: what it answers, what it starts again, what it ends.
Needs neither MPI nor Slurm."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "end_to_end"))
import harness

# Plays one start of mpirun. `lease STATE CODE` writes what a coordinator would; the number of the start is $start.
PRELUDE = r"""
run=$1
shift
echo "$@" >>"$run/calls"
start=$(wc -l <"$run/calls")
beat=0
lease() {
  printf '{"format":1,"session":"%s","host":"elsewhere","place":"elsewhere","process":1,"process_began":"1",' "$$" >"$run/new"
  printf '"began":1,"beat":%d,"state":"%s","exit_code":%d,"message":""}\n' "$((++beat))" "$1" "${2:-0}" >>"$run/new"
  mv "$run/new" "$run/coordinator.json"
}
"""


class Supervise(harness.Scene):
    def setUp(self):
        super().setUp()
        self.run_directory = self.folder / "run"
        self.run_directory.mkdir()

    def start(self, play, *options):
        program = self.folder / "play"
        program.write_text("#!/bin/bash" + PRELUDE + play)
        program.chmod(0o755)
        return subprocess.Popen([harness.FAIRSWEEP, "supervise", "--out", self.run_directory, *options, "--", program,
                                 self.run_directory, "first"], stderr=subprocess.PIPE, text=True,
                                env={name: value for name, value in os.environ.items() if "SLURM" not in name})

    def supervise(self, play, *options, timeout=60):
        process = self.start(play, *options)
        _, words = process.communicate(timeout=timeout)
        return process.returncode, words

    def calls(self):
        file = self.run_directory / "calls"
        return file.read_text().splitlines() if file.exists() else []

    def test_the_runs_exit_code_counts(self):
        for code in (0, 5, 75):
            self.assertEqual(self.supervise(f"lease running; lease ended {code}; exit 1")[0], code)
            self.assertEqual(self.supervise(f"lease running; lease ended {code}; exit 0")[0], code)

    def test_an_earlier_session_does_not_count(self):
        self.assertEqual(self.supervise("lease running; lease ended 5")[0], 5)
        code, words = self.supervise("exit 2")
        self.assertEqual(code, 2)
        self.assertIn("returned 2 before the run said how it ended", words)

    def test_what_never_returns_is_ended(self):
        began = time.monotonic()
        code, _ = self.supervise("lease running; lease ended 0; trap '' TERM; sleep 600 & wait; sleep 600")
        self.assertEqual(code, 0)
        self.assertLess(time.monotonic() - began, 40)

    def test_nothing_outlives_it(self):
        mark = f"{600 + os.getpid() / 1e6:.6f}"
        self.supervise(f"setsid sleep {mark} & lease running; lease ended 0")
        left = [pid for pid, _, command, _ in harness.processes() if mark in command]
        self.assertEqual(left, [])

    def test_started_again_with_resume(self):
        code, words = self.supervise("lease running; if ((start < 3)); then kill -9 $$; fi; lease ended 0")
        self.assertEqual(code, 0, words)
        self.assertEqual(self.calls(), ["first", "first --resume", "first --resume"])
        self.assertEqual(words.count("returned 137"), 2)

    def test_a_silent_coordinator_is_lost(self):
        code, words = self.supervise(
            "lease running; if ((start == 1)); then sleep 600; fi; sleep 1; lease running; lease ended 0",
            "--patience", "2")
        self.assertEqual(code, 0, words)
        self.assertIn("silent for 2 s", words)
        self.assertEqual(len(self.calls()), 2)

    def test_one_that_beats_is_waited_for(self):
        code, words = self.supervise("for i in {1..12}; do lease running; sleep 0.5; done; lease ended 0",
                                     "--patience", "3")
        self.assertEqual((code, words), (0, ""))

    def test_one_that_never_begins(self):
        code, words = self.supervise("sleep 600", "--start-patience", "1", "--restarts", "1")
        self.assertEqual(code, 3, words)
        self.assertEqual(words.count("no coordinator has begun within 1 s"), 2)
        self.assertIn("the run never began", words)

    def test_not_for_ever(self):
        code, words = self.supervise("lease running; exit 1", "--restarts", "2")
        self.assertEqual(code, 75)
        self.assertEqual(len(self.calls()), 3, words)

    def signalled(self, number, play, *options):
        process = self.start(play, *options)
        harness.wait_for(lambda: (self.run_directory / "coordinator.json").exists(), "the first beat")
        process.send_signal(number)
        _, words = process.communicate(timeout=60)
        return process.returncode, words

    def test_signals_ask_for_a_stop(self):
        play = ("trap 'echo usr1 >>$run/signals; lease ended 75; exit 0' USR1; trap 'echo term >>$run/signals' TERM\n"
                "lease running; while true; do sleep 0.1; done")
        for number in (signal.SIGUSR1, signal.SIGTERM, signal.SIGINT):
            code, words = self.signalled(number, play)
            self.assertEqual((code, words), (75, ""))
            (self.run_directory / "coordinator.json").unlink()
        self.assertEqual((self.run_directory / "signals").read_text(), "usr1\n" * 3)

    def test_lost_while_stopping_is_left_to_the_next(self):
        code, _ = self.signalled(signal.SIGUSR1, "trap 'exit 1' USR1; lease running; while true; do sleep 0.1; done")
        self.assertEqual(code, 75)
        self.assertEqual(len(self.calls()), 1)

    def test_jobs_without_progress_come_to_an_end(self):
        codes = [self.supervise("lease running; lease ended 75", "--stalled-jobs", "3") for _ in range(4)]
        self.assertEqual([code for code, _ in codes], [75, 75, 3, 75])
        self.assertIn("3 jobs in a row", codes[2][1])

    def test_only_watching(self):
        words = [harness.FAIRSWEEP, "supervise", "--only-watch", "--out", self.run_directory, "--patience"]
        done = subprocess.run([*words, "1"], capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 75)
        watcher = subprocess.Popen([*words, "30"])
        time.sleep(0.5)
        self.supervise("lease running; sleep 1; lease ended 5")
        self.assertEqual(watcher.wait(timeout=20), 0)
        watcher = subprocess.Popen([*words, "30"])
        time.sleep(0.5)
        watcher.terminate()
        self.assertEqual(watcher.wait(timeout=20), 0)

    def test_only_watching_a_job_that_loses_its_script(self):
        tools = self.folder / "tools"
        tools.mkdir()
        hosts = self.folder / "hosts"
        hosts.write_text("n1,n2")
        for name, does in [("squeue", f'cat "{hosts}"'), ("scontrol", "tr , '\\n' <<<\"${@: -1}\"")]:
            (tools / name).write_text(f"#!/bin/bash\n{does}\n")
            (tools / name).chmod(0o755)
        in_job = {"PATH": f"{tools}:{os.environ['PATH']}", "SLURM_JOB_ID": "7", "SLURM_JOB_NODELIST": "n1,n2"}
        watcher = subprocess.Popen(
            [harness.FAIRSWEEP, "supervise", "--only-watch", "--out", self.run_directory, "--patience", "30",
             "--script-host", "n1"], stderr=subprocess.PIPE, text=True, env={**os.environ, **in_job})
        for left in ("", "n1"):  # Slurm says nothing; the second is lost
            hosts.write_text(left)
            with self.assertRaises(subprocess.TimeoutExpired):
                watcher.wait(timeout=4)
        hosts.write_text("n2")
        _, words = watcher.communicate(timeout=20)
        self.assertEqual(watcher.returncode, 75)
        self.assertIn("lost n1", words)

    def test_what_is_wrong_is_said(self):
        for words, code, said in [(["--out", "x"], 2, "which command?"),
                                  (["--out", "x", "--only-watch", "--", "true"], 2, "--only-watch"),
                                  (["--out", "x", "--script-host", "n1", "--", "true"], 2, "--only-watch"),
                                  (["--out", "x", "--", "there_is_no_such_program"], 3, "cannot be started"),
                                  (["--out", "x", "--", "echo", "{hosts}"], 2, "Slurm job"),
                                  (["--", "true"], 2, "--out")]:
            done = subprocess.run([harness.FAIRSWEEP, "supervise", *words], capture_output=True, text=True,
                                  cwd=self.folder, timeout=30,
                                  env={name: value for name, value in os.environ.items() if "SLURM" not in name})
            self.assertEqual((done.returncode, done.stdout), (code, ""), words)
            self.assertIn(said, done.stderr)


if __name__ == "__main__":
    unittest.main()
