"""Job scripts: those that are shipped are what `fairsweep submit` writes, they are sound bash, and what cannot fit is
refused with one message. Needs no Slurm.

  /usr/bin/python3 tests/slurm/job_scripts_test.py --write    writes slurm/*.sbatch again
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "end_to_end"))
import harness

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
GPUS = ["--nodes", "2", "--gpus-per-node", "4", "--cpus-per-task", "4", "--time", "24:00:00"]
SHIPPED = {
    "sweep.sbatch": GPUS,
    "sweep_cpu.sbatch": ["--nodes", "2", "--agents-per-node", "16", "--time", "24:00:00"],
    "sweep_two_kinds.sbatch": [*GPUS, "--coordinator-node"],
    "sweep_shards.sbatch": ["--nodes", "1", "--gpus-per-node", "4", "--cpus-per-task", "4", "--time", "24:00:00",
                            "--array", "4"],
    "sweep_chain.sbatch": [*GPUS, "--chain", "2"],
}


def submit(*words, cwd=ROOT, **variables):
    return subprocess.run([harness.FAIRSWEEP, "submit", *words], capture_output=True, text=True, cwd=cwd,
                          env={**os.environ, **variables}, timeout=60)


class ShippedScripts(unittest.TestCase):
    def test_they_are_what_submit_writes(self):
        self.assertEqual({path.name for path in (ROOT / "slurm").glob("*.sbatch")}, set(SHIPPED))
        for name, words in SHIPPED.items():
            with self.subTest(script=name):
                done = submit("--dry-run", *words)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertEqual((ROOT / "slurm" / name).read_text(), done.stdout, f"{__file__} --write")

    def test_the_page_names_them(self):
        page = (ROOT / "slurm" / "README.md").read_text()
        for name in SHIPPED:
            self.assertIn(f"`{name}`", page)

    def test_they_are_sound_bash(self):
        for name in SHIPPED:
            subprocess.run(["bash", "-n", ROOT / "slurm" / name], check=True)
            if shutil.which("shellcheck"):
                done = subprocess.run(["shellcheck", "--severity=warning", ROOT / "slurm" / name], capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stdout)

    def test_each_says_what_it_is_about(self):
        has = {"sweep_cpu.sbatch": ("#SBATCH --ntasks-per-node=16", "--gpus"),
               "sweep_two_kinds.sbatch": ("#SBATCH hetjob", "--relative"),
               "sweep_shards.sbatch": ("#SBATCH --array=0-3", "hetjob"),
               "sweep_chain.sbatch": ("#SBATCH --no-requeue", "scontrol requeue"),
               "sweep.sbatch": ("#SBATCH --gpus-per-node=4", "--shard")}
        for name, (there, not_there) in has.items():
            text = (ROOT / "slurm" / name).read_text()
            self.assertIn(there, text)
            self.assertNotIn(not_there, text)
            for line in ("#SBATCH --no-kill", "#SBATCH --open-mode=append", "#SBATCH --signal=B:USR1@180"):
                self.assertIn(line, text)


class Submit(harness.Scene):
    users = 30

    def setUp(self):
        super().setUp()
        self.make_data()
        trainer = {"command": [str(harness.BUILD / "bin" / "noop_trainer")]}
        self.write_sweep("my_sweep", trainer=trainer)  # 12 trials

    def submit(self, *words, **variables):
        return submit(*words, cwd=self.folder, **variables)

    def test_the_script_of_a_sweep(self):
        done = self.submit("my_sweep.yaml", "--dry-run", "--time", "1-0", "--nodes", "2", "--agents-per-node", "3",
                           "--partition", "long", "--account", "a b", "--mem", "8G", "--option", "--qos=high",
                           "--set", "training.epochs=4", "--set", "search.seed=9", "--out", "runs/it's here")
        self.assertEqual(done.returncode, 0, done.stderr)
        for line in ("#SBATCH --job-name=my_sweep", "#SBATCH --partition=long", '#SBATCH --account="a b"',
                     "#SBATCH --mem=8G", "#SBATCH --qos=high", "#SBATCH --time=1-0", "#SBATCH --ntasks-per-node=3",
                     '#SBATCH --output="runs/it\'s here-%j.out"', "sweep=my_sweep.yaml", r"run='runs/it'\''s here'",
                     "agents_per_node=3"):
            self.assertIn(line + "\n", done.stdout)
        self.assertIn("--set training.epochs=4 --set search.seed=9)", done.stdout)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["data.h5", "my_sweep.yaml"])

    def test_threads_of_the_sweep_are_processors_of_a_task(self):
        self.write_sweep("threads", trainer={"command": [str(harness.BUILD / "bin" / "noop_trainer")]},
                         resources={"threads_per_trainer": 3})
        done = self.submit("threads.yaml", "--dry-run", "--time", "60")
        self.assertIn("#SBATCH --cpus-per-task=3\n", done.stdout)

    def test_trainers_that_take_long_to_stop_are_asked_early(self):
        hour = ["my_sweep.yaml", "--dry-run", "--time", "60"]
        for more, lead in [([], 180), (["--set", "resources.stop_seconds=300"], 360), (["--signal-lead", "20"], 20)]:
            self.assertIn(f"#SBATCH --signal=B:USR1@{lead}\n", self.submit(*hour, *more).stdout)

    def test_what_cannot_be_is_refused(self):
        (self.folder / "wrong.yaml").write_text("sweep: x\n")
        hour = ["--dry-run", "--time", "60"]
        for words, code, said in [
                (["my_sweep.yaml", "--dry-run", "--time", "soon"], 2, "--time soon"),
                (["my_sweep.yaml", "--dry-run", "--time", "1:2:3:4"], 2, "--time 1:2:3:4"),
                (["my_sweep.yaml", "--dry-run", "--time", "4"], 2, "too short"),
                (["my_sweep.yaml", "--dry-run", "--time", "0-0:4"], 2, "270 s at least"),
                (["my_sweep.yaml", *hour, "--nodes", "13"], 2, "13 agents"),
                (["my_sweep.yaml", *hour, "--nodes", "4", "--array", "4"], 2, "4 agents in each of 4 shards"),
                (["my_sweep.yaml", *hour, "--gpus-per-node", "2", "--agents-per-node", "3"], 2, "--agents-per-node"),
                (["my_sweep.yaml", *hour, "--mem", "lots"], 2, "--mem lots"),
                (["my_sweep.yaml", *hour, "--mem", "G"], 2, "--mem G"),
                (["my_sweep.yaml", *hour, "--option", "qos=high"], 2, "--option"),
                (["my_sweep.yaml", *hour, "--option", "--x\necho"], 2, "line break"),
                (["my_sweep.yaml", *hour, "--array", "2", "--coordinator-node"], 2, "--array"),
                (["my_sweep.yaml", *hour, "--coordinator-partition", "cpu"], 2, "--coordinator-node"),
                (["my_sweep.yaml", *hour, "--set", "training.epochs=none"], 2, "training.epochs"),
                (["wrong.yaml", *hour], 2, "wrong.yaml"),
                (["absent.yaml", *hour], 2, "absent.yaml"),
                (["--time", "60"], 2, "which sweep?")]:
            with self.subTest(words=words):
                done = self.submit(*words)
                self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
                self.assertIn(said, done.stderr)

    def test_without_slurm_it_says_so(self):
        done = self.submit("my_sweep.yaml", "--time", "60", PATH=str(self.folder))
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("sbatch", done.stderr)
        self.assertFalse((self.folder / "runs").exists())

    def pretend_sbatch(self, text):
        """A program in the place of sbatch. It notes the words it is called with in `calls`."""
        (self.folder / "bin").mkdir()
        program = self.folder / "bin" / "sbatch"
        program.write_text(f'#!/bin/bash\necho "$*" >>"{self.folder}/calls"\n{text}\n')
        program.chmod(0o755)
        return f"{self.folder}/bin:{os.environ['PATH']}"

    def test_handed_over(self):
        path = self.pretend_sbatch('echo "41;far_away"')
        done = self.submit("my_sweep.yaml", "--time", "60", "--nodes", "2", PATH=path)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual((self.folder / "calls").read_text(), "--parsable runs/my_sweep.sbatch\n")
        script = (self.folder / "runs" / "my_sweep.sbatch").read_text()
        self.assertIn(f"fairsweep=${{FAIRSWEEP:-{harness.FAIRSWEEP}}}\n", script)
        for words in ("submitted job 41 ", "squeue --jobs 41\n", "fairsweep status runs/my_sweep --watch",
                      "tail -f runs/my_sweep-41.out"):
            self.assertIn(words, done.stdout)

    def test_a_chain_waits_for_the_one_before(self):
        path = self.pretend_sbatch(f'wc -l <"{self.folder}/calls"')
        done = self.submit("my_sweep.yaml", "--time", "60", "--chain", "3", PATH=path)
        self.assertIn("submitted job 1,2,3 ", done.stdout, done.stderr)
        self.assertEqual((self.folder / "calls").read_text().splitlines(), [
            "--parsable runs/my_sweep.sbatch", "--parsable --dependency=afterany:1 runs/my_sweep.sbatch",
            "--parsable --dependency=afterany:2 runs/my_sweep.sbatch"])

    def test_refused_by_sbatch(self):
        path = self.pretend_sbatch('echo "sbatch: error: invalid account" >&2; exit 1')
        done = self.submit("my_sweep.yaml", "--time", "60", PATH=path)
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("invalid account", done.stderr)
        self.assertIn("sbatch did not take runs/my_sweep.sbatch", done.stderr)


def write():
    for name, words in SHIPPED.items():
        (ROOT / "slurm" / name).write_text(subprocess.run([harness.FAIRSWEEP, "submit", "--dry-run", *words],
                                                          capture_output=True, text=True, check=True).stdout)


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write()
    else:
        unittest.main()
