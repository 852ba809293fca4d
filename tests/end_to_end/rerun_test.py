"""rerun, replay and compare: a result file alone brings every number back, and says what was different where it does not."""
import json
import pathlib
import shutil
import struct
import subprocess
import unittest

import harness

PINNED = {"OPENBLAS_CORETYPE": "Haswell", "ATEN_CPU_CAPABILITY": "avx2"}
OTHER = {"OPENBLAS_CORETYPE": "Nehalem", "ATEN_CPU_CAPABILITY": "default"}


def crc32c(content):
    """Slow and obvious, for the few bytes of one event."""
    crc = 0xFFFFFFFF
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def has_avx2():
    return "avx2" in pathlib.Path("/proc/cpuinfo").read_text().split()


class Rerun(harness.Scene):
    def command(self, *arguments, expect=0, **variables):
        done = subprocess.run([harness.FAIRSWEEP, *map(str, arguments)], cwd=self.folder,
                              env=harness.environment(**variables), capture_output=True, text=True, timeout=200)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done

    def run_tiny(self):
        """A run of 6 configurations x 2 replicates, mlp on 33 features; then only its result file is left of it."""
        self.make_data()
        self.write_sweep("tiny", training={"epochs": 6})
        self.command("run", "tiny.yaml", "--workers", 2, "--quiet", **PINNED)
        run = self.folder / "runs" / "tiny"
        alone = self.folder / "alone.h5"
        shutil.copy(run / "results.h5", alone)
        return run, alone

    def test_every_point_of_the_front_comes_back(self):
        if not has_avx2():
            self.skipTest("this processor has no AVX2, which the pinned kernels need")
        run, alone = self.run_tiny()
        shutil.rmtree(run)
        again = ["rerun", alone, "--front", "--quiet", "--json", "--expect-identical"]
        answer = json.loads(self.command(*again, "-o", "again", **PINNED).stdout)
        self.assertTrue(answer["identical"])
        self.assertEqual(answer["differing"], [])
        front = harness.answer("front", alone, cwd=self.folder)
        points = {member["configuration"] for member in front["members"]}
        self.assertEqual({trial["configuration"] for trial in answer["trials"]}, points)
        self.assertEqual(len(answer["trials"]), 2 * len(points))
        self.assertEqual({trial["verdict"] for trial in answer["trials"]}, {"identical"})
        # The new run is a run like any other, of these trials alone.
        status = harness.answer("status", "again", cwd=self.folder)
        self.assertEqual(status["trials"]["reported"], 2 * len(points))
        self.assertEqual(status["trials"]["wanted"], 2 * len(points))
        self.assertIn("--resume", self.command(*again, "-o", "again", expect=2, **PINNED).stderr)
        self.assertTrue(json.loads(self.command(*again, "-o", "again", "--resume", **PINNED).stdout)["identical"])

        # More threads: the same bits. The data elsewhere: the same, too.
        (self.folder / "data.h5").rename(self.folder / "moved data.h5")
        self.assertIn("--data", self.command(*again, "-o", "threads", expect=4, **PINNED).stderr)
        answer = json.loads(self.command(*again, "-o", "threads", "--data", "moved data.h5", "--set",
                                         "resources.threads_per_trainer=2", **PINNED).stdout)
        self.assertTrue(answer["identical"], answer)
        self.assertEqual(answer["differing"], ["threads"])

    def test_other_kernels_agree_within_the_tolerance_and_are_named(self):
        if not has_avx2():
            self.skipTest("this processor has no AVX2, which the pinned kernels need")
        run, _ = self.run_tiny()
        done = self.command("rerun", run, "--configuration", 1, "-o", "other", "--quiet", **OTHER)
        self.assertIn("Within the tolerance: ", done.stdout)
        self.assertIn("what differs: kernel set.", done.stdout)
        self.assertIn("Nehalem", done.stdout)
        self.command("rerun", run, "--configuration", 1, "-o", "other", "--quiet", "--resume", "--expect-identical",
                     expect=4, **OTHER)
        compared = harness.answer("compare", run, "other", cwd=self.folder)
        self.assertEqual(compared["differing"], ["kernel set", "trials", "late digits"])
        self.assertEqual(compared["trials"][0]["within_tolerance"], 2)
        self.assertEqual(compared["trials"][0]["beyond_tolerance"], [])
        self.assertIn("The same: settings, data, versions, kernel set, threads and device, and every number of 12 trials",
                      harness.fairsweep("compare", run, run, cwd=self.folder).stdout)

    def test_what_cannot_be_trained_again(self):
        run, alone = self.run_tiny()
        for words, code, arguments in (
                ("no trial 99", 2, ["--trial", 99]), ("--trial N, --configuration N or --front", 2, []),
                ("training.epochs: 6 -> 7", 2, ["--trial", 1, "--set", "training.epochs=7"]),
                ("resources.retries", 2, ["--trial", 1, "--set", "resources.retries=-3"])):
            with self.subTest(words):
                self.assertIn(words, self.command("rerun", alone, *arguments, "-o", "x", expect=code).stderr)
        harness.fairsweep("generate", "personal-llm", "-o", "other.h5", "--users", 90, "--features", 33,
                          "--comparisons-per-user", 12, "--contexts", 60, "--seed", 4, cwd=self.folder)
        digests = [harness.answer("describe", name, cwd=self.folder)["digest"] for name in ("data.h5", "other.h5")]
        words = self.command("rerun", alone, "--trial", 1, "-o", "x", "--data", "other.h5", expect=4).stderr
        for digest in digests:
            self.assertIn(digest, words)
        self.assertFalse((self.folder / "x").exists(), "what is refused leaves nothing behind")

    def test_a_run_of_one_trial_has_no_front(self):
        run, _ = self.run_tiny()
        self.command("rerun", run, "--trial", 3, "-o", "one", "--quiet")
        words = self.command("front", "one").stdout
        self.assertIn("tiny: no front; this run has 1 of the 12 trials of its sweep", words)
        self.assertIn("`fairsweep show one --trial N`", words)

    def test_replay_tells_of_a_torn_end(self):
        run, _ = self.run_tiny()
        log = run / "events.log"
        log.write_bytes(log.read_bytes()[:-5])
        words = self.command("replay", run).stdout
        self.assertIn("The log ends within an event: its last ", words)
        self.assertIn("The same up to the torn end", words)
        self.assertGreater(json.loads(self.command("replay", run, "--json").stdout)["torn_bytes"], 0)

    def test_replay_finds_a_changed_suggestion(self):
        run, alone = self.run_tiny()
        for source in (run, alone):
            answer = json.loads(self.command("replay", source, "--json").stdout)
            self.assertEqual((answer["suggestions"], answer["reports"], answer["identical"]), (6, 12, True))
            self.assertEqual(answer["torn_bytes"], 0)
        # Somebody writes another learning rate into the log and mends the checksum.
        log = run / "events.log"
        content = log.read_bytes()
        position, number, changed = content.find(b"\n") + 1, 0, bytearray(content[:content.find(b"\n") + 1])
        while position < len(content):
            length, crc = struct.unpack_from("<II", content, position)
            text = content[position + 8:position + 8 + length]
            self.assertEqual(crc32c(text), crc) if number < 3 else None
            event = json.loads(text)
            if event["event"] == "suggested" and event["configuration"]["id"] == 4:
                value = repr(event["configuration"]["values"]["training.learning_rate"]).encode()
                text = text.replace(value, b"0.5")
                crc = crc32c(text)
                at = number + 1
            changed += struct.pack("<II", len(text), crc) + text
            position, number = position + 8 + length, number + 1
        log.write_bytes(changed)
        words = self.command("replay", run, expect=4).stdout
        self.assertIn(f"configuration 4 (event {at}) differs:\n  training.learning_rate: 0.5 in the log", words)
        self.assertIn("Not the same: 1 of 6 suggestions", words)
        (run / "sweep.yaml").write_text((run / "sweep.yaml").read_text().replace("seed: 5", "seed: 6"))
        self.assertIn("not one that the log was begun with", self.command("replay", run, expect=4).stderr)
        self.command("replay", "nowhere", expect=4)


if __name__ == "__main__":
    unittest.main()
