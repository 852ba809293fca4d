"""A whole trainer in 40 lines: a conditional logit by gradient steps, in the words of docs/trainer_protocol.md.
Groups and split are the run's own, from the file of people. It uses no weights, and of a ranking only the best."""
import json, sys, h5py, numpy as np

def say(kind, **fields): print(json.dumps({"type": kind, **fields}, allow_nan=False), flush=True)

def prepare(setup):
    if setup["protocol"] != 1 or setup["metrics"] != ["accuracy"]: raise ValueError("only accuracy, by protocol 1")
    with h5py.File(setup["data_file"], "r") as f, open(setup["people_file"], encoding="utf-8") as g:
        asked, who = f["comparisons"], json.load(g)
        x, offset, user = f["candidates/features"][:][asked["candidate"][:]], asked["offset"][:], asked["user"][:]
        part = np.where(asked["ranked"][:] > 0, list(who["comparisons"]["split"]), "-")  # t train, v validation, s test
    user = np.array(who["comparisons"]["person"] or user)  # who answers under two labels may be two people
    group = np.append(who["groups"], "")[who["people"]["group"]]  # -1, of no group, is the last
    return x, offset[:-1], np.diff(offset), user, group, part  # x: candidates as they were asked about, best first

def train(setup, trial, settings, x, first, sizes, user, group, part):
    if [settings[key] for key in ("model.head", "model.user", "method.name")] != ["linear", "none", "pooled"]:
        raise ValueError("python_trainer.py trains model.head linear with model.user none and method.name pooled")
    w, share = np.zeros(x.shape[1]), (part == "t") / np.sum(part == "t")
    for epoch in range(1, settings["training.epochs"] + 1):
        chance = np.exp(x @ w - np.repeat(np.logaddexp.reduceat(x @ w, first), sizes))
        w -= settings["training.learning_rate"] * (x.T @ (chance * np.repeat(share, sizes)) - x[first].T @ share)
    say("progress", trial=trial, epoch=epoch, epochs=epoch)
    score, best = x @ w, (x @ w)[first]
    score[first] = -np.inf
    right = (np.sign(best - np.maximum.reduceat(score, first)) + 1) / 2  # a tie is half right
    for split, name in ((s, g) for s in ("validation", "test") for g in ("", *setup["groups"])):
        here = part == {"validation": "v", "test": "s"}[split]
        asked = np.bincount(user[here], minlength=len(group))
        mean = np.bincount(user, right * here, len(group)) / np.maximum(asked, 1)  # of each user; then over users
        of = mean[(asked > 0) & ((group == name) | (name == ""))]
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
