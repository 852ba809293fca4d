"""The coordinator killed at random bytes and calls of its own writing, with what was never synced lost in half of the
kills as in a power cut, and from outside at random moments. After every kill `rebuild` succeeds, and in the end
`--resume` completes with the results of an undisturbed run: nothing acknowledged is lost, nothing counts twice.

  FAIRSWEEP_BINARY_DIR=build/ci /usr/bin/python3 tests/end_to_end/coordinator_faults_test.py --rounds 1000 [--seed N]
"""
import argparse
import collections
import concurrent.futures
import random
import shutil
import subprocess
import sys
import time
import unittest

import faults
import harness

ROUNDS, OUTSIDE, SEED = 25, 6, None
MOST_KILLS_OF_A_RUN = 4


class CoordinatorFaults(faults.NoopScene):
    def strike(self, choice):
        """Where the next session is struck: words for messages, and the library's variables."""
        sizes, calls = self.sizes, self.calls
        kind = choice.choice(["kill", "power_cut"])
        way = choice.choice(["byte", "byte of a file", "call"])
        if way == "byte":
            return kind, way, {"AT_BYTE": choice.randrange(sum(sizes.values()))}
        if way == "call":
            return kind, way, {"AT_CALL": choice.randrange(calls)}
        file = choice.choice(sorted(sizes))
        pattern = "artefacts/*" if file == "artefacts/people" else file + "*"
        return kind, way, {"AT_BYTE": choice.randrange(sizes[file]), "FILE": pattern}

    def session(self, run, number, choice, happened, acknowledged):
        """One session, struck or not. True: it completed the run."""
        struck = number == 0 or (number < MOST_KILLS_OF_A_RUN and choice.random() < 1 / 3)
        kind, way, where = self.strike(choice) if struck else ("none", "", {})
        journal = self.folder / f"{run.name}_{number}.journal"
        try:
            more = faults.fault(run, kind, JOURNAL=journal, **where)
            done = self.run_noop(run, more) if number == 0 else self.resume(run, more)
            self.assertIn(done.returncode, (0, faults.KILLED) if struck else (0,), done.stderr)
            happened["torn tails"] += "were torn by a kill" in done.stderr
            if done.returncode == 0:
                happened["not reached"] += struck
                self.check_complete(run, acknowledged)
                happened["completed"] += 1
                return True
            happened.update({"kills": 1, f"at a {way}": 1, "power cuts": kind == "power_cut"})
            acknowledged.append(self.acknowledged(run, journal))
            happened["rebuilt" if self.check_rebuild(run) else "nothing to rebuild yet"] += 1
            return False
        except AssertionError as error:
            raise AssertionError(f"{run.name}, session {number}, {kind} {where}: {error}") from error

    def one_run(self, seed, number):
        """A run killed once, and with falling chances again while it is resumed. Returns what happened."""
        choice = random.Random(f"{seed} {number}")
        run, happened, acknowledged = self.folder / f"run_{number}", collections.Counter(), []
        session = 0
        while not self.session(run, session, choice, happened, acknowledged):
            session += 1
        for file in (run, *self.folder.glob(f"{run.name}_*.journal")):
            shutil.rmtree(file) if file.is_dir() else file.unlink()
        return happened

    def test_killed_while_it_writes(self):
        seed = SEED if SEED is not None else random.SystemRandom().randrange(2**32)
        self.prepare()
        self.sizes, self.calls = faults.written(self.journal)
        print(f"seed {seed}; an undisturbed run writes {sum(self.sizes.values())} bytes in {self.calls} calls: "
              f"{dict(sorted(self.sizes.items()))}", flush=True)
        self.assertLessEqual({"events.log", "results.h5", "sweep.yaml", "coordinator.json", "artefacts/people"},
                             set(self.sizes))
        total, number, began = collections.Counter(), 0, time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(faults.workers_of_this_test()) as pool:
            while total["kills"] < ROUNDS:
                some = range(number, number + max(1, min(50, ROUNDS - total["kills"])))
                number = some.stop
                for happened in pool.map(lambda each: self.one_run(seed, each), some):
                    total += happened
        print(f"seed {seed}: {dict(total)}, {time.monotonic() - began:.0f} s", flush=True)
        self.assertEqual(total["completed"], number)
        self.assertGreaterEqual(total["kills"], ROUNDS)

    def test_killed_from_outside(self):
        seed = SEED if SEED is not None else random.SystemRandom().randrange(2**32)
        print(f"seed {seed}, {OUTSIDE} kills from outside", flush=True)
        moments = random.Random(seed)
        self.prepare(seconds=0.02)
        began = time.monotonic()
        self.run_noop(self.folder / "again", expect=0)
        length = time.monotonic() - began
        happened = collections.Counter()
        while happened["kills"] < OUTSIDE:
            run = self.folder / f"run_{happened['runs']}"
            happened["runs"] += 1
            journals, acknowledged, again = [], [], ()
            while True:
                journals.append(self.folder / f"{run.name}_{len(journals)}.journal")
                more = faults.fault(run, "none", JOURNAL=journals[-1])
                process = subprocess.Popen(self.command(run, *again), cwd=self.folder, env=harness.environment(**more),
                                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
                kills = happened["kills"] < OUTSIDE
                try:
                    _, words = process.communicate(timeout=moments.uniform(0, length) if kills else 120)
                    self.assertEqual(process.returncode, 0, f"seed {seed}: {words}")
                    break
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.communicate()
                happened["kills"] += 1
                with self.subTest(seed=seed, kills=happened["kills"]):
                    acknowledged.append(self.acknowledged(run, journals[-1]))
                    happened["rebuilt" if self.check_rebuild(run) else "nothing to rebuild yet"] += 1
                again = ("--resume",)
            with self.subTest(seed=seed, run=run.name):
                self.check_complete(run, acknowledged)
                happened["completed"] += 1
        print(f"seed {seed}: {dict(happened)}", flush=True)
        self.assertEqual(happened["completed"], happened["runs"])


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=ROUNDS, help="kills in the middle of the coordinator's writing")
    options.add_argument("--outside", type=int, default=OUTSIDE, help="kills from outside")
    options.add_argument("--seed", type=int, default=None, help="of positions and moments; printed by an earlier run")
    chosen, rest = options.parse_known_args()
    ROUNDS, OUTSIDE, SEED = chosen.rounds, chosen.outside, chosen.seed
    unittest.main(argv=[sys.argv[0], *rest])
