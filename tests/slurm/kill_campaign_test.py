"""Sweeps of 100 short trials on a real Slurm of three nodes, struck at random moments: trainers, agents and coordinators
are killed, whole nodes fail, are cut off, and come back, agents are stopped for a while and go on. Every sweep completes,
by the job script's own means or submitted again where it could not queue itself; each trial is reported once, none that was reported is lost, and the results are those
of an undisturbed run.

  FAIRSWEEP_BINARY_DIR=build/ci /usr/bin/python3 tests/slurm/kill_campaign_test.py --kills 200 [--seed N]
      [--side-by-side 3]    shared among so many campaigns, each with a cluster of its own

Needs root. Says, by kind of fault, how long it took until what was struck ran again.
"""
import argparse
import json
import math
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
import unittest

import local_cluster as lc
import harness  # found by local_cluster
import strikes
from results import differences, results_of

KILLS, SEED, FIGURES = 8, None, None
K_TRIALS = 100
# Kinds are dealt from a shuffled deck, so that eight strikes have some of each.
DECK = ("trainer", "trainer", "agent", "agent", "coordinator", "node", "cut", "pause")
SUBMIT_AGAIN = {"75:0": "it stopped with work left and could not queue itself",
                "0:9": "Slurm killed its script, on a first node that was cut off and came back"}
PATIENCE = 5  # seconds; of the job script, see slurm/sweep.sbatch
NODES = ("n1", "n2", "n3")


def new_seed():
    return random.SystemRandom().randrange(2**32)


def setUpModule():
    lc.up("--nodes", len(NODES))
    os.environ["FAIRSWEEP_PATIENCE"] = str(PATIENCE)


class KillCampaign(harness.Scene):
    def setUp(self):
        super().setUp()
        self.seed = SEED if SEED is not None else new_seed()
        self.random = random.Random(self.seed)
        self.deck, self.left = [], KILLS
        self.struck, self.recovered = [], []
        self.requeues = self.submissions = 0
        self.began = time.monotonic()

    def draw(self):
        if not self.deck:
            self.deck = list(DECK)
            self.random.shuffle(self.deck)
        return self.deck.pop()

    def note(self, run, words):
        print(f"  seed {self.seed}, {run.name}, {time.monotonic() - self.began:4.0f} s: {words}", flush=True)

    def submit(self, run):
        self.submissions += 1
        return lc.submit(self.folder, "struck.yaml", "--nodes", len(NODES), "--agents-per-node", 2, "--time", 120, "--out",
                         run)

    def strike_one(self, field, run, kept):
        """Strikes the next of the deck, if there is somebody to strike. What was reported must still be there."""
        kind = self.draw()
        strike = field.strike(kind)
        if strike is None:
            self.deck.append(kind)
            return None
        found = lc.metrics_of(run)
        self.assertEqual({trial: found.get(trial) for trial in kept}, kept, f"{strike}: a reported trial is gone")
        kept.update(found)
        self.note(run, f"{len(found)} reported; {strike}")
        return strike

    def run_struck(self, run, strikes_here):
        """One sweep, from its submission to its end. Returns the strikes."""
        job, kept, done = self.submit(run), {}, []
        field = strikes.Battlefield(run, self.random, NODES)
        try:
            next_strike = time.monotonic() + self.random.uniform(0, 15)
            while True:
                field.turn()
                state = lc.state(job)
                if state in ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL"):
                    if state == "FAILED" and lc.fact(job, "ExitCode") in SUBMIT_AGAIN:
                        self.note(run, f"submitted again: {SUBMIT_AGAIN[lc.fact(job, 'ExitCode')]}")
                        self.requeues += int(lc.fact(job, "Restarts"))
                        job = self.submit(run)
                        continue
                    break
                if len(done) < strikes_here and time.monotonic() >= next_strike:
                    strike = self.strike_one(field, run, kept)
                    if strike:
                        done.append(strike)
                        next_strike = time.monotonic() + self.random.uniform(0.2, 4)
                time.sleep(0.2)
        finally:
            field.end_all()
        output = self.folder / f"{run.name}-{job}.out"
        self.assertEqual(state, "COMPLETED", f"seed {self.seed}: {output.read_text()[-6000:]}")
        self.requeues += int(lc.fact(job, "Restarts"))
        found = lc.metrics_of(run)
        self.assertEqual({trial: found.get(trial) for trial in kept}, kept, f"seed {self.seed}: a reported trial is gone")
        return done

    def test_every_sweep_completes(self):
        print(f"seed {self.seed}, {KILLS} strikes", flush=True)
        self.make_data()
        # More retries than by default: here trainers die a thousand times as often as elsewhere.
        self.write_sweep("struck", search={"configurations": K_TRIALS // 2}, model={"width": {"choice": [16, 32]}},
                         trainer={"command": [str(lc.NOOP_TRAINER), "--seconds", "1.5"]},
                         resources={"trials_per_pack": 1, "lease_seconds": 4, "heartbeat_seconds": 0.5,
                                    "stop_seconds": 5, "retries": 20})
        lc.undisturbed(self, "struck.yaml", "undisturbed")
        expected = results_of(self.folder / "undisturbed")
        sweeps = 0
        while self.left > 0:
            sweeps += 1
            run = self.folder / f"run_{sweeps}"
            done = self.run_struck(run, min(self.left, self.random.randint(8, 20)))
            self.left -= len(done)
            self.struck += done
            self.note(run, "complete")
            with self.subTest(seed=self.seed, run=run.name):
                self.assertEqual(sorted(harness.reported(run)), list(range(K_TRIALS)), "each trial is reported once")
                self.assertEqual(differences(expected, results_of(run)), [])
            self.recovered += strikes.recoveries(done, harness.events_of(run))
        self.assertEqual(len(self.struck), KILLS)
        figures = {"strikes": [strike.kind for strike in self.struck],
                   "recoveries": [(strike.kind, seconds) for strike, seconds in self.recovered], "sweeps": sweeps,
                   "submissions": self.submissions, "requeues": self.requeues}
        if FIGURES:
            pathlib.Path(FIGURES).write_text(json.dumps(figures))
        else:
            say([figures], [self.seed], time.monotonic() - self.began)


def say(all_figures, seeds, seconds):
    def in_all(name):
        return [entry for figures in all_figures for entry in figures[name]]

    def sum_of(name):
        return sum(figures[name] for figures in all_figures)

    print(f"seeds {', '.join(map(str, seeds))}: {len(in_all('strikes'))} strikes, {sum_of('sweeps')} sweeps of {K_TRIALS} "
          f"trials, all complete; {sum_of('submissions')} submissions, {sum_of('requeues')} requeues; {seconds:.0f} s")
    print(f"{'kind':<12}{'strikes':>8}{'recoveries':>12}{'median s':>10}{'maximum s':>11}")
    for kind in (*strikes.KINDS, "all"):
        struck = [each for each in in_all("strikes") if kind in (each, "all")]
        times = [found for each, found in in_all("recoveries") if kind in (each, "all")]
        median, most = (statistics.median(times), max(times)) if times else (math.nan, math.nan)
        print(f"{kind:<12}{len(struck):>8}{len(times):>12}{median:>10.1f}{most:>11.1f}", flush=True)


def side_by_side(kills, first_seed, campaigns):
    """Several campaigns at a time. Returns whether all ended well."""
    seeds = [first_seed + i for i in range(campaigns)]
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        files = [pathlib.Path(folder) / str(seed) for seed in seeds]
        running = [subprocess.Popen([sys.executable, "-B", __file__, "--kills", str((kills + i) // campaigns), "--seed",
                                     str(seed), "--figures", file])
                   for i, (seed, file) in enumerate(zip(seeds, files))]
        well = [process.wait() == 0 for process in running]
        if all(well) and all(file.exists() for file in files):
            say([json.loads(file.read_text()) for file in files], seeds, time.monotonic() - began)
        return all(well)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--kills", type=int, default=KILLS, help="strikes in all")
    options.add_argument("--seed", type=int, default=None, help="of victims and moments; printed by an earlier campaign")
    options.add_argument("--side-by-side", type=int, default=1, help="campaigns at a time that share the strikes")
    options.add_argument("--figures", help="a file for what was measured, instead of the table")
    chosen, rest = options.parse_known_args()
    KILLS, SEED, FIGURES = chosen.kills, chosen.seed, chosen.figures
    if chosen.side_by_side > 1:
        sys.exit(0 if side_by_side(KILLS, new_seed() if SEED is None else SEED, chosen.side_by_side) else 1)
    unittest.main(argv=[sys.argv[0], *rest])
