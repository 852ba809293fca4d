"""How many trials a second the whole path carries when trials cost nothing: coordinator, MPI, agents, pipes, trainers
that answer at once, and every report on the disk. Prints the rate, the machine, and a table to publish.

  /usr/bin/python3 tests/bench/noop_sweep.py --build build/release [--ranks 2 3] [--trials 20000] [--at-least 5000]

Each timed run is checked: every trial reported once, and the same numbers whatever the ranks.
"""
import argparse
import json
import os
import pathlib
import platform
import struct
import subprocess
import sys
import tempfile


def events_of(log):
    """Events of events.log, in order."""
    content = log.read_bytes()
    position = content.index(b"\n") + 1
    while position < len(content):
        length, _ = struct.unpack_from("<II", content, position)
        yield json.loads(content[position + 8:position + 8 + length])
        position += 8 + length


def sweep_text(trials, trainer):
    return json.dumps({
        "sweep": "noop",
        "declaration": {"use_case": "a benchmark", "population": "simulated people", "groups": "by the generator",
                        "fairness": "pareto"},
        "data": {"file": "data.h5", "groups": {"attribute": "taste"},
                 "split": {"by": "user", "train": 0.7, "validation": 0.15, "test": 0.15}},
        "model": {"head": "mlp", "width": {"choice": [16, 32]}, "user": "none"},
        "method": {"name": {"choice": ["pooled", "reweighted", "group_dro"]},
                   "reweighted": {"strength": {"uniform": [0.2, 1.2]}}},
        "training": {"epochs": 1, "batch": 64, "learning_rate": {"log_uniform": [0.001, 0.1]}},
        "front": [{"metric": "accuracy", "each": "group"}],
        "search": {"strategy": "sobol", "configurations": trials // 2, "replicates": 2, "seed": 1},
        "trainer": {"command": [str(trainer)]},
    })


def environment():
    allowed = {"OMPI_MCA_rmaps_base_oversubscribe": "1", "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe"}
    if os.geteuid() == 0:
        for family in ("OMPI", "PRTE"):
            allowed[f"{family}_ALLOW_RUN_AS_ROOT"] = allowed[f"{family}_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
    return {**os.environ, **allowed}


def measure(program, folder, ranks):
    """Runs the sweep on this many ranks. Returns (seconds from the first lease to the end, trial -> metrics)."""
    run = folder / f"run_{ranks}"
    launcher = ["mpirun", "-np", str(ranks)] if ranks > 1 else []
    subprocess.run([*launcher, program, "run", "noop.yaml", "--out", run, "--quiet"], cwd=folder, env=environment(),
                   check=True)
    results, first, last = {}, None, None
    for event in events_of(run / "events.log"):
        if event["event"] == "assigned" and first is None:
            first = event["time"]
        elif event["event"] == "reported":
            report = event["report"]
            assert report["trial"] not in results, "a trial was reported twice"
            results[report["trial"]] = report["metrics"]
        elif event["event"] == "completed":
            last = event["time"]
    assert last is not None, "the sweep did not complete"
    return last - first, results


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--build", type=pathlib.Path, required=True, help="build folder with bin/")
    options.add_argument("--ranks", type=int, nargs="+", default=[2, 3], help="1 is a run without mpirun")
    options.add_argument("--trials", type=int, default=20000)
    options.add_argument("--at-least", type=float, default=0, help="exit 1 where no run reaches this rate")
    chosen = options.parse_args()
    program = (chosen.build / "bin" / "fairsweep").resolve()
    trainer = (chosen.build / "bin" / "noop_trainer").resolve()
    cores = len(os.sched_getaffinity(0))
    print(f"{processor()}, {cores} cores, load {os.getloadavg()[0]:.1f}, {platform.platform()}")
    print(f"{subprocess.run([program, '--version'], capture_output=True, text=True).stdout.strip()}, "
          f"{chosen.trials} trials")
    best, expected = 0.0, None
    with tempfile.TemporaryDirectory(prefix="fairsweep-bench-") as name:
        folder = pathlib.Path(name)
        (folder / "noop.yaml").write_text(sweep_text(chosen.trials, trainer))
        subprocess.run([program, "generate", "personal-llm", "-o", "data.h5", "--users", "60"], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL)
        for ranks in chosen.ranks:
            seconds, results = measure(program, folder, ranks)
            assert len(results) == chosen.trials // 2 * 2, f"{len(results)} trials were reported"
            expected = expected or results
            assert results == expected, "the results depend on the number of ranks"
            rate = len(results) / seconds
            best = max(best, rate)
            print(f"{ranks} ranks: {rate:8.0f} trials a second ({seconds:.2f} s)")
    return 0 if best >= chosen.at_least else 1


if __name__ == "__main__":
    sys.exit(main())
