"""A real Slurm for a test program: brought up once, taken down at the end, with what jobs and nodes can be asked.
Where it cannot be brought up (no root, no Slurm, no rights to make interfaces) the program is skipped with the reason."""
import atexit
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "end_to_end"))
import harness

CLUSTER = harness.SOURCE / "slurm" / "local_cluster" / "cluster"
NOOP_TRAINER = harness.BUILD / "bin" / "noop_trainer"


def up(*options):
    """Brings the cluster up and sets the environment of Slurm's commands."""
    folder = tempfile.mkdtemp(prefix="fairsweep-slurm-")
    done = subprocess.run([CLUSTER, "up", "--folder", folder, *map(str, options)], capture_output=True, text=True,
                          timeout=120)
    if done.returncode == 3:
        shutil.rmtree(folder, ignore_errors=True)
        harness.skip_all(done.stderr.strip().splitlines()[0])
    assert done.returncode == 0, done.stderr
    atexit.register(subprocess.run, [CLUSTER, "down", "--folder", folder], timeout=60)
    os.environ["FAIRSWEEP_CLUSTER"] = folder
    os.environ.update(re.findall(r"(\w+)=(\S+)", cluster("environment")))
    # Seconds in place of minutes; a test with patience of a minute would take as long.
    os.environ.update(OMP_NUM_THREADS="1", FAIRSWEEP_PATIENCE="8")


def cluster(*words):
    done = subprocess.run([CLUSTER, *words], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, f"{words}: {done.stderr}"
    return done.stdout


def slurm(*words):
    """What a command of Slurm says."""
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"{words}: {done.stderr}"
    return done.stdout.strip()


def fact(job, name):
    """A field of `scontrol show job`."""
    found = re.search(rf"\b{name}=(\S*)", slurm("scontrol", "show", "job", job))
    return found.group(1) if found else ""


def state(job):
    return fact(job, "JobState")


def submit(folder, *words):
    """`fairsweep submit`; returns the job's number."""
    done = harness.fairsweep("submit", *words, cwd=folder)
    return re.match(r"submitted job (\d+)", done.stdout).group(1)


def wait_for_job(job, seconds, output):
    """Until the job has ended for good; returns its state. `output` is shown where it does not."""
    ended = ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY", "BOOT_FAIL")
    try:
        return harness.wait_for(lambda: state(job) if state(job) in ended else None, f"job {job}", seconds, 0.5)
    except AssertionError as error:
        written = output.read_text()[-4000:] if output.exists() else "nothing was written"
        raise AssertionError(f"{error}; it is {state(job)}, and wrote\n{written}") from None


def noop_sweep(scene, name, configurations, seconds, **sections):
    """A sweep of two trials a configuration that take this long and train nothing."""
    return scene.write_sweep(
        name, search={"configurations": configurations}, model={"width": {"choice": [16, 32]}},
        trainer={"command": [str(NOOP_TRAINER), "--seconds", str(seconds)]},
        resources={"trials_per_pack": 1, "lease_seconds": 10, "heartbeat_seconds": 1, "stop_seconds": 5}, **sections)


def metrics_of(run):
    """Trial -> its metrics, from the log. Fails where one is reported twice."""
    found = {}
    for event in harness.events_of(run):
        if event["event"] == "reported":
            trial = event["report"]["trial"]
            assert trial not in found, f"trial {trial} is reported twice"
            found[trial] = json.dumps(event["report"]["metrics"], sort_keys=True)
    return found


def undisturbed(scene, sweep, run):
    """The same sweep without Slurm, and with trials that take no time. Returns its metrics."""
    command = f"trainer.command=[{NOOP_TRAINER}]"
    harness.fairsweep("run", sweep, "--workers", 2, "--out", run, "--set", command, cwd=scene.folder)
    return metrics_of(scene.folder / run)
