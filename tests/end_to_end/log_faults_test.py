"""events.log torn, with flipped bits, of another version, empty or in the way: what may be resumed is, with the results
of an undisturbed run; what is damaged is named, changed by nobody, and mended as the message says."""
import pathlib
import random
import re
import shutil
import subprocess
import unittest

import h5py

import faults
import harness

TORN, FLIPPED = 4, 3
GOLDEN = harness.SOURCE / "tests" / "golden" / "results" / "run_version_1"


class LogFaults(faults.NoopScene):
    def setUp(self):
        super().setUp()
        self.prepare()
        self.seed = random.SystemRandom().randrange(2**32)
        self.choice = random.Random(self.seed)
        self.whole = self.log_of(self.undisturbed)

    def copy_with(self, log):
        """A copy of the undisturbed run with these bytes as its log."""
        run = pathlib.Path(self.folder / f"copy_{len(list(self.folder.iterdir()))}")
        shutil.copytree(self.undisturbed, run)
        (run / "events.log").write_bytes(log)
        return run

    def record_ends(self):
        """Where the header and each record end."""
        ends = [self.whole.index(b"\n") + 1]
        while ends[-1] < len(self.whole):
            ends.append(ends[-1] + 8 + int.from_bytes(self.whole[ends[-1]:ends[-1] + 4], "little"))
        return ends

    def refusal(self, run, *command):
        """What a command says of this run, which it leaves as it is."""
        before = self.log_of(run)
        done = subprocess.run([harness.FAIRSWEEP, *command], cwd=self.folder, env=harness.environment(),
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 4, f"{command[0]}: {done.stdout}{done.stderr}")
        self.assertEqual(self.log_of(run), before)
        return done.stderr

    def refusals(self, run):
        """The sentence of every command that reads a log."""
        resume = [str(word) for word in self.command(run, "--resume")[1:]]
        return [self.refusal(run, *command) for command in (resume, ["rebuild", str(run)], ["status", str(run)])]

    def test_torn_anywhere(self):
        last = self.record_ends()[-2]
        cuts = [self.choice.randrange(len(self.whole)) for _ in range(TORN)]
        for cut in [*cuts, self.choice.randrange(last + 1, len(self.whole))]:
            with self.subTest(seed=self.seed, cut=cut):
                run = self.copy_with(self.whole[:cut])
                done = self.resume(run, expect=0)
                torn = cut - max(end for end in [0, *self.record_ends()] if end <= cut)
                self.assertEqual(f"the last {torn} bytes were torn by a kill" in done.stderr, torn > 0, done.stderr)
                self.check_complete(run)

    def test_a_flipped_bit_is_named_and_mended_as_the_message_says(self):
        ends = self.record_ends()
        for _ in range(FLIPPED):
            at, bit = self.choice.randrange(ends[0], ends[-2]), self.choice.randrange(8)
            with self.subTest(seed=self.seed, at=at, bit=bit):
                damaged = bytearray(self.whole)
                damaged[at] ^= 1 << bit
                run = self.copy_with(bytes(damaged))
                for words in self.refusals(run):
                    begin = max(end for end in ends if end <= at)
                    self.assertIn(f"events.log: damaged at byte {begin}, with whole events behind it", words)
                advice = re.search(r"`(truncate -s \d+ \S+)`", words).group(1)
                subprocess.run(advice.split(), cwd=self.folder, check=True)
                self.resume(run, expect=0)
                self.check_complete(run)

    def test_a_log_of_a_newer_version(self):
        run = self.copy_with(self.whole.replace(b"events 1\n", b"events 2\n", 1))
        for words in self.refusals(run):
            self.assertIn("an event log of version 2, and this fairsweep reads version 1; use the fairsweep that", words)

    def test_a_log_of_version_1(self):
        run = self.folder / "golden"
        shutil.copytree(GOLDEN, run)
        harness.fairsweep("rebuild", run, cwd=self.folder)
        with h5py.File(run / "results.h5", "r") as file:
            self.assertEqual([bytes(state) for state in file["/trials/state"][()]], [b"reported"] * 8)
            self.assertEqual(file["/trials/attempts"][()].tolist()[1], 3)
            self.assertIn(0.012855677806577481, file["/metrics/value"][()])
        front = harness.answer("front", run, cwd=self.folder)
        self.assertGreater(len(str(front)), 100)

    def test_an_empty_log_is_a_beginning(self):
        run = self.copy_with(b"")
        self.assertIn("nothing has happened here yet, its events.log holds no event", self.refusal(run, "rebuild", run))
        self.resume(run, expect=0)
        self.check_complete(run)

    def test_a_folder_in_place_of_the_log(self):
        run = self.copy_with(b"")
        (run / "events.log").unlink()
        (run / "events.log").mkdir()
        done = self.resume(run, expect=3)
        self.assertIn("events.log: cannot be opened for writing (Is a directory); a folder is in the way", done.stderr)
        self.assertIn("events.log: cannot be read (Is a directory)", self.refusal(run, "rebuild", run))


if __name__ == "__main__":
    unittest.main()
