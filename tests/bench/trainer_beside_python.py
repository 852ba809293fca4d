"""How fast the trainer is beside the same model in Python PyTorch: an mlp head with one hidden layer on frozen features
(D = width = hidden units), pairs, AdamW; the method is pooled training or a student of method pafo, whose teachers are
trained beforehand. Prints trial-steps per second for packs of several sizes, how many times that is of Python, which
trains one trial at a time, and the share of the rate at which at::mm multiplies large matrices.

  cmake --preset bench && cmake --build --preset bench --target trainer_speed_bench
  /usr/bin/python3 tests/bench/trainer_beside_python.py --build build/bench [--widths 64 384] [--packs 1 2 4 8 16]

On a GPU, a million comparisons of 384 features, Python training one trial at a time:

  /usr/bin/python3 tests/bench/trainer_beside_python.py --build build/bench --device cuda --widths 384 --batch 1024 \
      --steps 977 --epochs 2 --candidates 262144 --packs 1 8 64 256 --rounds 1

Python needs torch and numpy (python3-torch); for a GPU one with CUDA, as the LibTorch of the build. The sides take
turns, round by round, so that what else the machine does hits both; every figure is the median over the rounds. A pack's
time has everything in it: start values, finding the size of its stacks, and for pafo the scores of the teachers. Both
sides have the same kernels: those that OpenBLAS finds, or OPENBLAS_CORETYPE. Before anything is timed both sides train
the same trial from the same start values in the same order, and their validation losses must agree after every epoch.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

CHECKED_EPOCHS = 4
TOLERANCE = 2e-4  # relative, of the validation loss; the sides sum and round differently
LARGE = 1536      # rows and columns of the matrices that give the machine's rate
# As trainer_speed_bench.cpp sets them.
LEARNING_RATE, WEIGHT_DECAY = 0.001, 0.01
DISTILLATION, TEMPERATURE = 0.7, 2.0


class Trainer:
    """trainer_speed_bench, which answers one line for one line."""

    def __init__(self, build, out, width, arguments):
        command = [str(build / "bin" / "trainer_speed_bench"), "--out", str(out), "--width", str(width),
                   "--batch", str(arguments.batch), "--steps", str(arguments.steps), "--threads",
                   str(arguments.threads), "--order-epochs", str(CHECKED_EPOCHS), "--method", arguments.method,
                   "--candidates", str(arguments.candidates), "--device", arguments.device]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.kernels = self.answer()["kernels"]

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit("trainer_speed_bench ended before its answer; what it said is above")
        return json.loads(line)

    def ask(self, *words):
        self.process.stdin.write(" ".join(str(word) for word in words) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def python_side(torch, numpy, out, width, arguments):
    """The same trial as a careful user writes it; returns a function that trains some epochs."""
    functional = torch.nn.functional

    def read(name, kind, *shape):
        return torch.from_numpy(numpy.fromfile(out / name, dtype=kind).reshape(shape)).to(arguments.device)

    features = read("features.f32", numpy.float32, -1, width)
    train = read("train.i64", numpy.int64, -1, 2)
    validation = read("validation.i64", numpy.int64, -1, 2)
    order = read("order.i64", numpy.int64, CHECKED_EPOCHS, arguments.steps, arguments.batch)

    if arguments.method == "pafo":
        coefficient = read("coefficient.f32", numpy.float32, -1)
        label = read("label.f32", numpy.float32, -1)

    def loss_of(score, rows):
        rival = score[:, 1] - score[:, 0]
        loss = functional.softplus(rival).mean()
        if arguments.method == "pafo":
            distance = functional.binary_cross_entropy_with_logits(rival / TEMPERATURE, label[rows],
                                                                   weight=coefficient[rows])
            loss = (1 - DISTILLATION) * loss + DISTILLATION * TEMPERATURE ** 2 * distance
        return loss

    class RewardModel(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.hidden = torch.nn.Linear(width, width)
            self.output = torch.nn.Linear(width, 1, bias=False)

        def forward(self, x):
            return self.output(torch.tanh(self.hidden(x))).squeeze(-1)

    def fresh_model():
        model = RewardModel().to(arguments.device)
        with torch.no_grad():
            model.hidden.weight.copy_(read("start.hidden.0.weight.f32", numpy.float32, width, width))
            model.hidden.bias.copy_(read("start.hidden.0.bias.f32", numpy.float32, width))
            model.output.weight.copy_(read("start.output.weight.f32", numpy.float32, 1, width))
        return model

    def epochs_of(count):
        """Trains `count` epochs; returns seconds and the validation loss after each."""
        model = fresh_model()
        optimiser = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY,
                                      foreach=arguments.foreach)
        watched = []
        clock = time.perf_counter if arguments.clock == "wall" else time.process_time
        start = clock()
        for epoch in range(count):
            for rows in order[epoch % CHECKED_EPOCHS]:
                score = model(features[train[rows]])
                loss = loss_of(score, rows)
                optimiser.zero_grad(set_to_none=True)
                loss.backward()
                optimiser.step()
            with torch.no_grad():
                score = model(features[validation])
                watched.append(functional.softplus(score[:, 1] - score[:, 0]).mean().item())
        return clock() - start, watched

    return epochs_of


def check_same(trainer, python_epochs):
    """Both sides take the same steps; returns the largest relative difference of the validation loss."""
    ours = trainer.ask("train", 1, CHECKED_EPOCHS, 0)["watched"][-CHECKED_EPOCHS:]
    _, theirs = python_epochs(CHECKED_EPOCHS)
    apart = max(abs(a - b) / b for a, b in zip(ours, theirs))
    if len(ours) != CHECKED_EPOCHS or not apart <= TOLERANCE:
        sys.exit(f"the sides do not train the same model: validation losses {ours} and {theirs}")
    return apart


def operations(width, batch):
    """Floating-point operations of a step's matrix products, forward and backward; features need no gradient."""
    return 4 * 2 * batch * width * width + 6 * 2 * batch * width


def measure(trainer, python_epochs, arguments):
    """Rounds of: Python, then every pack, then the machine's rate. Trial-steps a second, and operations a second."""
    steps = arguments.epochs * arguments.steps

    def of_pack(size):
        answer = trainer.ask("train", size, arguments.epochs, arguments.stack)
        if answer["ended"] != size or len(answer["watched"]) < arguments.epochs:
            sys.exit("a pack did not take the steps it was asked for")
        return size * steps / answer["seconds"][arguments.clock]

    for size in arguments.packs:  # neither side is timed cold
        of_pack(size)
    python_epochs(arguments.epochs)
    rates = {size: [] for size in arguments.packs}
    python_rates, machine = [], []
    for _ in range(arguments.rounds):
        for size in arguments.packs:
            python_rates.append(steps / python_epochs(arguments.epochs)[0])
            rates[size].append(of_pack(size))
        seconds = min(trainer.ask("multiply", LARGE)["seconds"][arguments.clock] for _ in range(3))
        machine.append(2 * LARGE ** 3 / seconds / 1e9)
    return rates, python_rates, machine


def table(width, rates, python_rates, machine, arguments):
    flop = operations(width, arguments.batch)
    gflops = statistics.median(machine)
    beside = statistics.median(python_rates)
    share = 100 * beside * flop / (gflops * 1e9)
    print(f"\nwidth {width}, batch {arguments.batch}, {arguments.method}, {arguments.device}; "
          f"at::mm of {LARGE} x {LARGE}: {gflops:.0f} GFLOP/s")
    hourly = 3600 / (arguments.epochs * arguments.steps)  # trials of so many steps
    print(f"{'':>12} {'trial-steps/s':>14} {'us each':>9} {'x Python':>9} {'of at::mm':>10} {'trials/h':>10}")
    print(f"{'Python':>12} {beside:14.0f} {1e6 / beside:9.1f} {1:9.2f} {share:9.1f}% {beside * hourly:10.0f}")
    for size, several in rates.items():
        rate = statistics.median(several)
        print(f"{'K = ' + str(size):>12} {rate:14.0f} {1e6 / rate:9.1f} {rate / beside:9.2f} "
              f"{100 * rate * flop / (gflops * 1e9):9.1f}% {rate * hourly:10.0f}")
    print(f"a trial: {arguments.epochs} epochs of {arguments.steps * arguments.batch} comparisons")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", type=pathlib.Path, required=True, help="build folder of preset bench")
    parser.add_argument("--widths", type=int, nargs="+", default=[64, 384])
    parser.add_argument("--packs", type=int, nargs="+", default=[1, 2, 4, 8, 16])
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--steps", type=int, default=64, help="steps an epoch")
    parser.add_argument("--threads", type=int, default=1, help="threads of each side")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=30, help="epochs of each timed training")
    parser.add_argument("--stack", type=int, default=0, help="trials in a stack; 0: the trainer's choice")
    parser.add_argument("--clock", choices=["wall", "processor"], default="wall",
                        help="processor: what each process worked, for a machine that others use; one thread only")
    parser.add_argument("--foreach", action="store_true", help="let Python's AdamW use its foreach form")
    parser.add_argument("--candidates", type=int, default=8192, help="candidates with features of their own")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--method", choices=["pooled", "pafo"], default="pooled")
    arguments = parser.parse_args()
    if arguments.device == "cuda" and arguments.clock == "processor":
        parser.error("--clock processor says nothing about a device; leave it out")
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(arguments.threads)
    try:
        import numpy
        import torch
    except ImportError as missing:
        sys.exit(f"{sys.executable} has no {missing.name}: apt-get install python3-torch python3-numpy, or use the "
                 "Python that has them")
    torch.set_num_threads(arguments.threads)
    if arguments.device == "cuda" and not torch.cuda.is_available():
        sys.exit(f"the torch of {sys.executable} finds no CUDA device; run this where one is, with a torch for CUDA")
    for width in arguments.widths:
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder)
            trainer = Trainer(arguments.build, out, width, arguments)
            if arguments.method == "pafo":
                trainer.ask("supervision")
            python_epochs = python_side(torch, numpy, out, width, arguments)
            apart = check_same(trainer, python_epochs)
            if width == arguments.widths[0]:
                print(f"PyTorch {torch.__version__} in Python, LibTorch {trainer.kernels['libtorch']} in the trainer, "
                      f"{arguments.threads} thread(s); {trainer.kernels['blas']}")
            table(width, *measure(trainer, python_epochs, arguments), arguments)
            print(f"validation losses of the sides agree within {apart:.1e} after each of {CHECKED_EPOCHS} epochs")
            trainer.end()


if __name__ == "__main__":
    main()
