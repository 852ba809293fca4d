"""Disk full, over the quota, read-only, failing or slow, under each kind of file that a run writes: a clear message and
exit code 3 (for trainers: the failure `environment`, tried again), and once there is room, --resume completes with the
results of an undisturbed run and all that was acknowledged.

  FAIRSWEEP_BINARY_DIR=build/ci /usr/bin/python3 tests/end_to_end/disk_faults_test.py [--every] [--seed N]

With --every the disk fills at each call of an undisturbed run, not only at some.
"""
import argparse
import concurrent.futures
import random
import shlex
import subprocess
import sys
import unittest

import faults
import harness
from results import differences, results_of

EVERY, SEED, SAMPLE = False, None, 8

# What the system says, and what the message must advise.
REASONS = {
    "no_space": ("No space left on device", "make room on the disk"),
    "quota": ("Disk quota exceeded", "larger quota"),
    "read_only": ("Read-only file system", "a place you may write to"),
    "sync_error": ("Input/output error", "check the disk"),
}
FILES = {  # pattern -> what the message must name
    ".writable": "", "coordinator.json*": "coordinator.json", "sweep.yaml*": "sweep.yaml",
    "artefacts/*": "artefacts/", "events.log": "events.log", "results.h5*": "results.h5",
}


class DiskFaults(faults.NoopScene):
    def setUp(self):
        super().setUp()
        self.prepare()

    def strike_and_resume(self, run, kind, named, **where):
        """The run ends with exit code 3 and words; with room again it completes. Returns what it said."""
        room, journal = self.folder / f"{run.name}.room", self.folder / f"{run.name}.journal"
        done = self.run_noop(run, faults.fault(run, kind, JOURNAL=journal, ROOM=room, **where), expect=3)
        reason, advice = REASONS[kind]
        last = done.stderr.strip().splitlines()[-1]
        self.assertIn(f"{run.name}{'/' if named else ''}{named}", last)
        self.assertIn(reason, last)
        self.assertIn(advice, last)
        self.assertNotIn(".tmp", last, "a temporary file's name says nothing to anybody")
        acknowledged = self.acknowledged(run, journal)
        self.assertEqual(list(run.glob("**/*.tmp")) if run.exists() else [], [], "left behind")
        room.touch()
        self.resume(run, faults.fault(run, kind, ROOM=room, **where), expect=0)
        self.check_complete(run, [acknowledged])
        return last

    def each_of(self, cases, act):
        """Runs act(*case) for all, some at a time; the first failure is named by its case."""
        def one(case):
            try:
                return act(*case)
            except AssertionError as error:
                raise AssertionError(f"{case}: {error}") from error

        self.assertGreater(len(cases), 0)
        with concurrent.futures.ThreadPoolExecutor(faults.workers_of_this_test()) as pool:
            return list(pool.map(one, cases))

    def test_each_file_and_reason(self):
        sizes, _ = faults.written(self.journal)
        cases = []
        for kind in REASONS:
            for pattern, named in FILES.items():
                if (kind, pattern) == ("sync_error", ".writable"):
                    continue  # it is only a probe and never synced
                # In the middle of the file; coordinator.json is written again at each beat, and the first one counts.
                size = 1 if named == "coordinator.json" else sizes["artefacts/people" if named == "artefacts/" else
                                                                   pattern.rstrip("*")]
                cases.append((kind, pattern, named, size // 2))
        self.each_of(cases, lambda kind, pattern, named, at: self.strike_and_resume(
            self.folder / f"{kind}_{pattern.strip('.*').replace('/', '')}", kind, named, FILE=pattern, AT_BYTE=at))

    def test_the_end_of_a_run_that_cannot_write_its_results_says_that_nothing_is_lost(self):
        said = self.strike_and_resume(self.folder / "late", "no_space", "results.h5", FILE="results.h5*", AT_BYTE=100)
        self.assertIn("everything that was reported is in events.log: go on with --resume", said)

    def test_a_full_disk_at_any_call(self):
        seed = SEED if SEED is not None else random.SystemRandom().randrange(2**32)
        _, calls = faults.written(self.journal)
        chosen = range(calls) if EVERY else sorted(random.Random(seed).sample(range(calls), SAMPLE))
        print(f"seed {seed}: the disk fills at {len(chosen)} of {calls} calls", flush=True)

        def at(call):
            run, room = self.folder / f"full_{call}", self.folder / f"full_{call}.room"
            journal = self.folder / f"{run.name}.journal"
            done = self.run_noop(run, faults.fault(run, "no_space", AT_CALL=call, ROOM=room, JOURNAL=journal))
            if done.returncode != 0:  # 0: nothing but the farewell in coordinator.json was left to write
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertRegex(done.stderr, f"{run}.*No space left on device.*make room on the disk")
            acknowledged = self.acknowledged(run, journal)
            room.touch()
            self.resume(run, expect=0)
            self.check_complete(run, [acknowledged])
            return done.returncode

        ends = self.each_of([(call,) for call in chosen], at)
        print(f"seed {seed}: exit code 3 at {ends.count(3)}, 0 at {ends.count(0)}", flush=True)
        self.assertGreater(ends.count(3), len(chosen) // 2)

    def test_what_a_failed_sync_may_have_lost_is_not_believed(self):
        sizes, _ = faults.written(self.journal)
        run, journal = self.folder / "unsynced", self.folder / "unsynced.journal"
        done = self.run_noop(run, faults.fault(run, "sync_error", FILE="events.log", JOURNAL=journal,
                                               AT_BYTE=sizes["events.log"] // 2), expect=3)
        self.assertIn("events.log: cannot be brought to the disk (Input/output error)", done.stderr)
        self.assertEqual(len(self.log_of(run)), faults.durable_size(journal))
        self.resume(run, expect=0)
        self.check_complete(run)

    def test_a_slow_file_system_only_delays(self):
        run = self.folder / "slow"
        self.run_noop(run, faults.fault(run, "slow", SECONDS=0.3), expect=0)
        self.check_complete(run)

    def test_a_worker_log_that_cannot_be_written_costs_words_only(self):
        self.write_noop("wordy", 0.002, 20, trainer=["--fault", "exit", "--trial", "3"])
        run = self.folder / "wordy_run"
        done = self.run_noop(run, faults.fault(run, "no_space", FILE="logs/*"), expect=0, sweep="wordy")
        lost = [line for line in done.stderr.splitlines() if "cannot be written (No space left on device)" in line]
        self.assertEqual(len(lost), 1, done.stderr)
        self.assertRegex(lost[0], r"logs/worker-\d\.log: .* what the trainer says on stderr is lost until it can be")
        self.check_complete(run)

    def test_rebuild_on_a_full_disk_leaves_the_file_that_was_there(self):
        before = (self.undisturbed / "results.h5").read_bytes()
        done = subprocess.run([harness.FAIRSWEEP, "rebuild", self.undisturbed], capture_output=True, text=True,
                              env=harness.environment(**faults.fault(self.undisturbed, "no_space", AT_BYTE=5000)))
        self.assertEqual(done.returncode, 3)
        self.assertRegex(done.stderr, "results.h5: .*No space left on device; make room on the disk")
        self.assertEqual((self.undisturbed / "results.h5").read_bytes(), before)

    @unittest.skipUnless(harness.mpi_version(), "there is no mpirun")
    def test_under_mpirun_rank_0_says_it_and_every_rank_ends(self):
        run = self.folder / "ranks"
        more = faults.fault(run, "no_space", FILE="events.log", AT_BYTE=20000)
        arguments = ["run", "noop.yaml", "--quiet", "--out", str(run)]
        # Not as a program of its own for rank 0: mpirun 5.0.7 itself crashes where there are two.
        words = ["env", *(f"{name}={value}" for name, value in more.items())]
        command = [harness.MPIEXEC, "-np", "3", "bash", "-c",
                   f"if ((OMPI_COMM_WORLD_RANK == 0)); then exec {shlex.join(words)} \"$@\"; fi; exec \"$@\"", "bash",
                   str(harness.FAIRSWEEP), *arguments]
        done = subprocess.run(command, cwd=self.folder, env=harness.environment(), capture_output=True, text=True,
                              timeout=120)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertRegex(done.stderr, "rank 0: .*events.log: cannot be written .No space left on device.; make room")
        again = subprocess.run(harness.under_mpi(3, *arguments, "--resume"), cwd=self.folder,
                               env=harness.environment(), capture_output=True, text=True, timeout=120)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.check_complete(run)


class TrainerDiskFaults(harness.Scene):
    """Only the trainers' files fail."""
    users = 60
    features = 7

    def start(self, run, kind=None, **where):
        more = faults.fault(run, kind, PROGRAM="fairsweep-trainer", **where) if kind else {}
        return subprocess.Popen([harness.FAIRSWEEP, "run", "small.yaml", "--workers", "1", "--quiet", "--out", run,
                                 *(["--resume"] if (run / "events.log").exists() else [])], cwd=self.folder,
                                env=harness.environment(**more), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                text=True)

    def end(self, process, expect=0):
        _, words = process.communicate(timeout=240)
        self.assertEqual(process.returncode, expect, words)
        return words

    def check_failures(self, run, reason, place):
        failures = [event["failure"] for event in harness.events_of(run) if event["event"] == "failed"]
        self.assertGreater(len(failures), 0, "nothing was struck")
        for failure in failures:
            self.assertEqual(failure["reason"], "environment", failure)
            self.assertIn(reason, failure["message"])
            self.assertIn(place, failure["message"])

    def test_artefacts_fail_once(self):
        self.make_data()
        self.write_sweep("small", only=["method"], model={"user": "features"}, search={"configurations": 2},
                         method={"name": "pafo", "pafo": {"teacher": {"epochs": 2, "learning_rate": 0.01}}})
        undisturbed = self.folder / "undisturbed"
        self.end(self.start(undisturbed))
        for kind, place in (("no_space", "artefacts/stages/"), ("quota", "artefacts/"), ("sync_error", "artefacts/")):
            with self.subTest(kind=kind, place=place):
                run = self.folder / f"{kind}_{place.strip('/').replace('/', '_')}"
                self.end(self.start(run, kind, FILE=f"{place}*", TIMES=1))
                self.check_failures(run, REASONS[kind][0], f"/{place}")
                self.assertEqual(differences(results_of(undisturbed), results_of(run)), [])

    def test_data_that_cannot_be_shared_are_held_by_each_trainer(self):
        self.make_data()
        self.write_sweep("small", search={"configurations": 2})
        run, undisturbed = self.folder / "run", self.folder / "undisturbed"
        self.end(self.start(undisturbed))
        self.end(self.start(run, "no_space", FILE="checkpoints/*.data*"))
        self.assertRegex((run / "logs" / "worker-1.log").read_text(), r"\.data.*No space left on device.*by itself")
        self.assertEqual(differences(results_of(undisturbed), results_of(run)), [])

    def test_a_checkpoint_that_does_not_fit_when_a_run_is_stopped(self):
        self.make_data()
        self.write_sweep("small", training={"epochs": 60}, search={"configurations": 2},
                         resources={"trials_per_pack": 2})
        run, undisturbed = self.folder / "run", self.folder / "undisturbed"
        self.end(self.start(undisturbed))
        process = self.start(run, "no_space", FILE="checkpoints/*.checkpoint*")
        harness.wait_for(lambda: [event for event in harness.events_of(run) if event["event"] == "progressed"],
                         "a trial to make progress")
        process.terminate()
        self.end(process, expect=75)
        self.check_failures(run, REASONS["no_space"][0], "/checkpoints/")
        self.end(self.start(run))
        self.assertEqual(differences(results_of(undisturbed), results_of(run)), [])


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--every", action="store_true", help="fill the disk at every call")
    options.add_argument("--seed", type=int, default=None, help="of the calls; printed by an earlier run")
    chosen, rest = options.parse_known_args()
    EVERY, SEED = chosen.every, chosen.seed
    unittest.main(argv=[sys.argv[0], *rest])
