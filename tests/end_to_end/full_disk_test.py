"""A disk that is really full, and really read-only: a small tmpfs of the test's own. Needs the right to mount (root)."""
import errno
import os
import subprocess
import unittest

import faults
import harness

SIZE_MIB = 80  # a run begins with 64 MiB free


class FullDisk(faults.NoopScene):
    def mount(self):
        disk = self.folder / "disk"
        disk.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE_MIB}m", "fairsweep-test", disk],
                              capture_output=True, text=True)
        if done.returncode != 0:
            harness.skip_all(f"a tmpfs cannot be mounted here: {done.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "--lazy", disk], check=True)
        return disk

    def fill(self, disk):
        """Writes ballast until not one byte more fits."""
        ballast = disk / "ballast"
        descriptor = os.open(ballast, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        block = bytes(1 << 20)
        while block:
            try:
                os.write(descriptor, block)
            except OSError as error:
                self.assertEqual(error.errno, errno.ENOSPC)
                block = block[:len(block) // 2]
        os.close(descriptor)
        return ballast

    def test_filled_in_mid_run_and_emptied(self):
        disk = self.mount()
        self.prepare(seconds=0.05)
        run = disk / "run"
        process = subprocess.Popen(self.command(run), cwd=self.folder, env=harness.environment(), text=True,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        harness.wait_for(lambda: len(harness.reported(run)) >= 4, "some reports", pause=0.005)
        ballast = self.fill(disk)
        _, words = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 3, words)
        self.assertRegex(words, f"{run}/events.log: cannot be written .No space left on device.; make room on the disk, "
                                "and go on with --resume")
        kept = harness.reported(run)
        self.assertLess(len(kept), len(self.trials))

        done = self.resume(run, expect=3)  # the disk is still full, and that is said at once
        self.assertRegex(done.stderr, f"{run}: (cannot be written: No space left|only 0 MiB are free; make room)")
        rebuild = subprocess.run([harness.FAIRSWEEP, "rebuild", run], cwd=self.folder, env=harness.environment(),
                                 capture_output=True, text=True)
        self.assertEqual(rebuild.returncode, 3)
        self.assertRegex(rebuild.stderr, "results.h5.*No space left on device; make room on the disk")

        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        done = self.resume(run, expect=3)
        self.assertRegex(done.stderr, f"{run}: cannot be written: Read-only file system; choose a place you may write")
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)

        ballast.unlink()
        self.resume(run, expect=0)
        self.assertEqual(harness.reported(run)[:len(kept)], kept)
        self.check_complete(run)
        self.assertEqual(list(run.glob("**/*.tmp")), [])


if __name__ == "__main__":
    if os.geteuid() != 0:
        harness.skip_all("mounting a small disk needs root")
    unittest.main()
