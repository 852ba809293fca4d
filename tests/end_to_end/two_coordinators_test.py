"""Two coordinators on one run, on one host and as if on two (another host name, a file system without locks): the second
refuses while the first lives; one that was stopped (SIGSTOP), taken over and comes back (SIGCONT) stops with exit code 3
and writes nothing. Mostly waiting: a coordinator elsewhere counts as dead after 20 s without a beat."""
import concurrent.futures
import json
import signal
import subprocess
import time
import unittest

import faults
import harness


class TwoCoordinators(faults.NoopScene):
    def begin(self, run, sweep, *options, host=""):
        """A coordinator whose writes are in RUN.HOST.journal, on a file system without locks."""
        more = faults.fault(run, "none", NO_LOCKS=1, HOST=host, JOURNAL=self.journal_of(run, host))
        return subprocess.Popen(self.command(run, *options, sweep=sweep), cwd=self.folder,
                                env=harness.environment(**more), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                text=True)

    def journal_of(self, run, host):
        return self.folder / f"{run.name}.{host or 'here'}.journal"

    def end(self, process, expect):
        _, words = process.communicate(timeout=120)
        self.assertEqual(process.returncode, expect, words)
        return words

    def wait_for_reports(self, run, count):
        harness.wait_for(lambda: len(harness.reported(run)) >= count, f"{count} reports")

    def changes(self, journal):
        """What was written, renamed or opened for writing, in order."""
        return [line for line in journal.read_text().splitlines()
                if line.startswith(("write ", "call open ", "call rename ", "call cut "))]

    def living(self):
        """While one works, nobody else begins: not here, and not elsewhere after watching it."""
        run = self.folder / "living"
        first = self.begin(run, "long")
        try:
            self.wait_for_reports(run, 2)
            for host in ("", "elsewhere"):
                words = self.end(self.begin(run, "long", "--resume", host=host), expect=3)
                self.assertRegex(words, f"{run}: another fairsweep coordinates this run .process {first.pid} on host "
                                        r"\S+.; wait until it has ended, or stop it")
                written = [line for line in self.changes(self.journal_of(run, host or "here")) if host]
                self.assertEqual([line for line in written if ".writable" not in line], [])
            self.assertIsNone(first.poll(), "the first one goes on")
        finally:
            first.terminate()
        self.end(first, expect=75)
        lease = json.loads((run / "coordinator.json").read_text())
        self.assertEqual((lease["process"], lease["state"], lease["exit_code"]), (first.pid, "ended", 75))

    def stopped(self):
        """One that was stopped finds another in its place and leaves it alone."""
        run = self.folder / "stopped"
        first = self.begin(run, "noop")
        second = None
        try:
            self.wait_for_reports(run, 4)
            first.send_signal(signal.SIGSTOP)
            time.sleep(0.1)  # a system call under way ends
            reports, before = len(harness.reported(run)), self.changes(self.journal_of(run, ""))
            self.assertLess(reports, len(self.trials))
            second = self.begin(run, "noop", "--resume", host="elsewhere")
            self.wait_for_reports(run, reports + 4)
        finally:
            first.send_signal(signal.SIGCONT)
        words = self.end(first, expect=3)
        self.assertRegex(words, f"{run}: this coordinator was silent for so long that another one took the run over "
                                f".process {second.pid} on host elsewhere.; it stops here, and that one goes on")
        self.assertEqual(self.changes(self.journal_of(run, "")), before, "it wrote something")
        words = self.end(second, expect=0)
        self.assertIn(f"the coordinator before (process {first.pid} on host ", words)
        self.check_complete(run)
        self.assertEqual(json.loads((run / "coordinator.json").read_text())["host"], "elsewhere")

    def test_one_at_a_time(self):
        self.prepare(seconds=0.15)
        self.write_noop("long", seconds=0.2, configurations=300)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for scene in [pool.submit(self.living), pool.submit(self.stopped)]:
                scene.result()

    def test_begun_at_once(self):
        """Of several that begin at the same moment one at most has the run; the log is whole, and the run completes."""
        self.prepare()
        for number in range(4):
            with self.subTest(number=number):
                run = self.folder / f"race_{number}"
                locks = {} if number % 2 else {"NO_LOCKS": 1}
                more = harness.environment(**faults.fault(run, "none", **locks))
                some = [subprocess.Popen(self.command(run, "--resume"), cwd=self.folder, env=more, text=True,
                                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(3)]
                ends = [(process.communicate(timeout=120)[1], process.returncode) for process in some]
                self.assertLessEqual({code for _, code in ends}, {0, 3}, ends)
                self.resume(run, expect=0)
                self.check_complete(run)


if __name__ == "__main__":
    unittest.main()
