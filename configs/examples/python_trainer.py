"""A whole trainer in 40 lines: a conditional logit by gradient steps, in the words of docs/trainer_protocol.md.
Its split is its own: where SHA-256 of "SEED/NAME", as a fraction, falls among the shares. It uses no weights, and of a
ranking only the best; so its numbers are not to be set beside those of fairsweep-trainer, which splits otherwise."""
import hashlib, json, sys, h5py, numpy as np

def say(kind, **fields): print(json.dumps({"type": kind, **fields}, allow_nan=False), flush=True)

def prepare(setup):
    split = setup["split"]
    if setup["protocol"] != 1 or split["by"] != "user" or split["history"] or setup["metrics"] != ["accuracy"]:
        raise ValueError("python_trainer.py speaks protocol 1, splits by user without history and reports accuracy")
    with h5py.File(setup["data_file"], "r") as f:
        people, asked, names = f["users/attributes"][setup["group_attribute"]], f["comparisons"], f["users/names"][:]
        x, offset, user = f["candidates/features"][:][asked["candidate"][:]], asked["offset"][:], asked["user"][:]
        group = np.append(people["labels"].asstr()[:], "")[people["codes"][:]]  # -1, not known, is the last: no group
    place = [int(hashlib.sha256(b"%d/%b" % (setup["seed"], name)).hexdigest()[:8], 16) / 2**32 for name in names]
    part = np.searchsorted(np.cumsum([split["train"], split["validation"]]), place)  # 0 train, 1 validation, 2 test
    return x, offset[:-1], np.diff(offset), user, group, part  # x: candidates as they were asked about, best first

def train(setup, trial, settings, x, first, sizes, user, group, part):
    if [settings[key] for key in ("model.head", "model.user", "method.name")] != ["linear", "none", "pooled"]:
        raise ValueError("python_trainer.py trains model.head linear with model.user none and method.name pooled")
    w, share = np.zeros(x.shape[1]), (part[user] == 0) / np.sum(part[user] == 0)
    for epoch in range(1, settings["training.epochs"] + 1):
        chance = np.exp(x @ w - np.repeat(np.logaddexp.reduceat(x @ w, first), sizes))
        w -= settings["training.learning_rate"] * (x.T @ (chance * np.repeat(share, sizes)) - x[first].T @ share)
    say("progress", trial=trial, epoch=epoch, epochs=epoch)
    score, best, asked = x @ w, (x @ w)[first], np.bincount(user, minlength=len(part))
    score[first] = -np.inf
    right = (np.sign(best - np.maximum.reduceat(score, first)) + 1) / 2  # a tie is half right
    mean = np.bincount(user, right, len(part)) / np.maximum(asked, 1)  # of each user; then over users
    for split, number, name in ((s, n, g) for s, n in (("validation", 1), ("test", 2)) for g in ("", *setup["groups"])):
        of = mean[(part == number) & (asked > 0) & ((group == name) | (name == ""))]
        yield {"metric": "accuracy", "split": split, "group": name, "value": of.mean(), "users": len(of),
               "standard_error": of.std() / max(len(of) - 1, 1) ** 0.5}

setup = json.loads(sys.stdin.readline())
try:
    data = prepare(setup)
except (OSError, KeyError, ValueError) as error: sys.exit(say("refusal", message=str(error)))
say("ready", protocol=1, name="python_trainer.py", provenance={"numpy": np.__version__})
for message in map(json.loads, sys.stdin):
    for order in message["trials"] if message["type"] == "assignment" else sys.exit():
        try:
            say("report", trial=order["trial"], metrics=list(train(setup, order["trial"], order["settings"], *data)))
        except (KeyError, ValueError) as error:
            say("failure", trial=order["trial"], reason="bad_setting", message=str(error), retryable=False)
