"""An agent's rank killed under mpirun: its trials run elsewhere and the sweep completes.

Open MPI reports no error for a dead rank and may never end by itself, so the test watches the run, as any job script
must, and ends mpirun when the run is complete.
"""
import subprocess
import unittest

import harness
from results import results_of

RANK = b"OMPI_COMM_WORLD_RANK"


def rank_process(root, rank):
    """Process id of fairsweep on this rank below mpirun; None while it is not there."""
    for pid, _, command, variables in harness.descendants(root):
        if harness.program_of(command) == "fairsweep" and variables.get(RANK) == str(rank).encode():
            return pid
    return None


class AgentKilled(harness.Scene):
    def test_a_dead_rank(self):
        self.make_data()
        self.write_sweep("orphaned", training={"epochs": 30}, search={"configurations": 6},
                         resources={"trials_per_pack": 1, "heartbeat_seconds": 0.2, "lease_seconds": 3})
        run = self.folder / "run"
        recovery = ["--enable-recovery"] if harness.mpi_version() < 5 else ["--with-ft", "ulfm"]
        log = self.folder / "mpirun.log"
        with log.open("w") as words:
            process = subprocess.Popen(
                harness.under_mpi(3, "run", "orphaned.yaml", "--out", run, options=recovery), cwd=self.folder,
                env=harness.environment(), stdout=words, stderr=subprocess.STDOUT)
        try:
            harness.wait_for(lambda: any(event["event"] == "progressed" and event_worker(run, event) == 2
                                         for event in harness.events_of(run)), "rank 2 to make progress")
            victim = rank_process(process.pid, 2)
            self.assertIsNotNone(victim)
            orphans = harness.trainers_of(victim)
            harness.kill(victim)
            harness.wait_for(lambda: harness.events_of(run)[-1]["event"] == "completed", "the sweep to complete", 200)
            alive = {pid for pid, _, _, _ in harness.processes()}
            self.assertEqual([pid for pid in orphans if pid in alive], [], "a trainer outlived its agent")
        finally:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.terminate()
                try:
                    process.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        expired = [event for event in harness.events_of(run) if event["event"] == "lease_expired"]
        self.assertGreaterEqual(len(expired), 1, log.read_text())
        found = results_of(run)
        self.assertEqual(found.states, ["reported"] * 12)
        self.assertEqual(sorted(harness.reported(run)), list(range(12)), "each trial is reported once")


def event_worker(run, event):
    """The worker that held the lease an event speaks of."""
    return next(other["worker"] for other in harness.events_of(run)
                if other["event"] == "assigned" and other["lease"] == event["lease"])


if __name__ == "__main__":
    if harness.mpi_version() == 0:
        harness.skip_all("there is no mpirun")
    unittest.main()
