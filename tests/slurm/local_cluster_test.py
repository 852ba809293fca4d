"""slurm/local_cluster: it leaves nothing behind, whatever happens to it, and says what is wrong."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import local_cluster as lc
import harness  # found by local_cluster


def setUpModule():
    lc.up("--nodes", 2)


def run(*words):
    return subprocess.run([lc.CLUSTER, *words], capture_output=True, text=True, timeout=120)


def traces(folder):
    """Processes, interfaces and files of the cluster in this folder."""
    found = [str(pid) for pid, _, command, _ in harness.processes()
             if any(str(folder) in word for word in command) and pid != os.getpid()]
    mounts = pathlib.Path("/proc/mounts").read_text()
    return found + ([str(folder)] if folder.exists() else []) + ([mounts] if str(folder) in mounts else [])


def number_of(folder):
    """The cluster's number, once it has claimed one; others may run beside it."""
    file = folder / "network"
    found = re.search(r"^number=(\d+)$", file.read_text(), re.MULTILINE) if file.exists() else None
    return found and found.group(1)


def interfaces(number):
    return {path.name for path in pathlib.Path("/sys/class/net").iterdir()
            if re.fullmatch(rf"fs{number}(\D.*)?", path.name)}


class LocalCluster(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fairsweep-slurm-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.addCleanup(run, "down", "--folder", self.folder)

    def test_nothing_is_left(self):
        self.assertEqual(run("up", "--nodes", "1", "--folder", self.folder).returncode, 0)
        self.assertGreater(len(traces(self.folder)), 3)
        number = number_of(self.folder)
        self.assertEqual(interfaces(number), {f"fs{number}", f"fs{number}control", f"fs{number}n1"})
        self.assertEqual(run("down", "--folder", self.folder).returncode, 0)
        self.assertEqual(traces(self.folder), [])
        self.assertEqual(interfaces(number), set())
        self.assertIn("idle", lc.slurm("sinfo", "--noheader"))  # the other cluster is as it was

    def test_nothing_is_left_after_a_kill_half_way(self):
        for delay in (0.15, 0.5, 1.0):
            with self.subTest(delay=delay):
                self.folder.mkdir(exist_ok=True)
                making = subprocess.Popen([lc.CLUSTER, "up", "--nodes", "2", "--folder", self.folder],
                                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                number = harness.wait_for(lambda: number_of(self.folder), "the cluster's network", 60)
                time.sleep(delay)
                making.send_signal(signal.SIGKILL)
                making.wait()
                done = run("down", "--folder", self.folder)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertEqual((traces(self.folder), interfaces(number)), ([], set()))

    def test_nodes_have_what_is_theirs(self):
        ask = 'echo $(hostname) $(cat /proc/self/cgroup | wc -l | sed s/.*/x/) $(ls /dev/shm | wc -l); echo >/dev/shm/mine'
        said = lc.slurm("srun", "--nodes=2", "--ntasks=2", "bash", "-c", ask)
        self.assertEqual(sorted(said.splitlines()), ["n1 x 0", "n2 x 0"])

    def test_a_node_dies_and_comes_back(self):
        lc.cluster("kill-node", "n2")
        harness.wait_for(lambda: "down" in lc.slurm("sinfo", "--noheader", "--nodes=n2"), "n2 to be down", 60, 0.5)
        self.assertEqual(run("on-node", "n2", "true").returncode, 3)
        lc.cluster("start-node", "n2")
        harness.wait_for(lambda: set(lc.slurm("sinfo", "--noheader", "--nodes=n2", "--format=%T").split()) == {"idle"},
                         "n2 to be idle", 60, 0.5)
        self.assertEqual(lc.cluster("on-node", "n2", "hostname"), "n2\n")

    def test_what_is_wrong_is_said(self):
        for words, code, said in [(["upp"], 2, '"upp"'), (["up", "--nodes", "many"], 2, '"many"'),
                                  (["up", "--nodes", "0"], 2, "1 to 200"), (["kill-node", "n9"], 2, '"n9"'),
                                  (["kill-node"], 2, "which node"), (["start-node", "n1"], 2, "up already"),
                                  (["down", "--folder", "/nowhere"], 2, "/nowhere"), (["up", "--folder"], 2, "value")]:
            done = run(*words)
            self.assertEqual((done.returncode, done.stdout), (code, ""), words)
            self.assertIn(said, done.stderr)


if __name__ == "__main__":
    unittest.main()
