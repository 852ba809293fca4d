"""A complete run as the scripts of this folder need it: configurations by method, their means on validation, and the
accuracy of every person on test. numpy and h5py only (Debian: python3-h5py); no program of fairsweep is asked.
"""
import json
import pathlib

import h5py
import numpy as np

METRIC = "accuracy"
EXIT_FILE = 4


class Unusable(Exception):
    """A file that cannot be used, with what to do instead."""


def resolved(text, path):
    """Value at a path such as data.groups.attribute in a resolved sweep, as text; None where there is none."""
    above = []  # (indent, key) of the mappings a line is in
    for line in text.splitlines():
        key, colon, value = line.strip().partition(":")
        indent = len(line) - len(line.lstrip())
        if not colon or line.lstrip().startswith(("-", "#")):
            continue
        while above and above[-1][0] >= indent:
            above.pop()
        above.append((indent, key))
        if ".".join(name for _, name in above) == path:
            value = value.strip()
            return json.loads(value) if value.startswith('"') else value
    return None


def column(file, name):
    """One parameter of all configurations as texts; empty where it is inactive."""
    values = file[f"configurations/{name}"]
    kind = values.attrs["kind"]
    kind = kind.decode() if isinstance(kind, bytes) else str(kind)
    active = file["configurations/active"][:, list(file["space/parameter"].asstr()[:]).index(name)]
    texts = values.asstr()[:] if kind in ("text", "mixed") else [f"{value:g}" for value in values[:]]
    return [text if here else "" for text, here in zip(texts, active)]


class Run:
    """One run. Configurations are numbered as in the file; groups are in the order of /groups, or the values of
    `attribute`, where people are to be reported by another attribute than the methods were told.

    arm          configuration -> name of its arm: its method, or the values of the settings it is told apart `by`
    validation   configuration -> [groups the methods were told], mean over replicates
    people       configuration -> [users], test accuracy of each test user, mean over replicates
    seeds        configuration -> [replicates, groups], test accuracy of each replicate
    group        [users], the group of each test user
    ceiling      [groups], the best accuracy any model can expect; NaN where the data do not say
    """

    def __init__(self, folder, by=(), data=None, attribute=None):
        self.folder = pathlib.Path(folder)
        path = self.folder / "results.h5"
        if not path.is_file():
            raise Unusable(f"{path}: there is no such file; give the directory of a run, such as runs/quickstart")
        with h5py.File(path, "r") as file:
            self._read_sweep(file, path, by)
            self._read_values(file, path)
        told = resolved(self.text, "data.groups.attribute")
        if attribute and attribute != told:
            self._report_by(path, data, attribute)
        else:
            self._read_groups(path, data, told)
            self._check_groups(path)

    def _read_sweep(self, file, path, by):
        if file.attrs.get("format_version") != 1:
            raise Unusable(f"{path}: is not a result file of format version 1, the one this script reads")
        if not file.attrs["complete"]:
            raise Unusable(f"{path}: the run is not complete, so budgets differ; end it first: fairsweep run "
                           "SWEEP.yaml --resume")
        axes = [(metric, bool(group)) for metric, group in
                zip(file["objectives/metric"].asstr()[:], file["objectives/group"].asstr()[:])]
        if set(axes) != {(METRIC, True)}:
            raise Unusable(f"{path}: its front is not the accuracy of each group; the sweep must say "
                           f"front: [{{metric: {METRIC}, each: group}}]")
        self.text = file["configuration"].asstr()[0]
        self.digest = file.attrs["data_digest"]
        self.groups = list(file["groups"].asstr()[:])
        self.ids = [int(i) for i in file["configurations/id"][:]]
        searched = list(file["space/parameter"].asstr()[:])
        for name in by:
            if name not in searched:
                raise Unusable(f"{path}: {name} is not searched; there are {', '.join(searched)}")
        method = (column(file, "method.name") if "method.name" in searched
                  else [resolved(self.text, "method.name")] * len(self.ids))
        told = [" ".join(value for value in values if value) for values in zip(*(column(file, name) for name in by))]
        self.arm = {i: (told[row] if by else "") or method[row] for row, i in enumerate(self.ids)}
        self.settings = {i: {name: column(file, name)[row] for name in searched if column(file, name)[row]}
                         for row, i in enumerate(self.ids)}

    def _read_values(self, file, path):
        if f"users/test/{METRIC}" not in file or len(file["users/trial"]) == 0:
            raise Unusable(f"{path}: holds no values of single users (users/test/{METRIC}); fairsweep-trainer leaves "
                           "them, another trainer must write the artefact \"users\" (docs/result_format.md)")
        metrics = file["metrics"]
        place = [list(metrics["group"].asstr()[:]).index(group) for group in self.groups]
        metric = list(metrics["metric"].asstr()[:]).index(METRIC)
        part = list(metrics["split"].asstr()[:])
        value = metrics["value"][:, :, metric, :][:, :, place]
        row_of = {int(trial): row for row, trial in enumerate(file["users/trial"][:])}
        accuracy = file[f"users/test/{METRIC}"][:]
        self.users = file["users/test_user"][:]
        self.validation, self.people, self.seeds, by_configuration = {}, {}, {}, {}
        self.replicates = {}  # configuration -> [replicates, users]
        for trial, (number, configuration, state) in enumerate(zip(
                file["trials/id"][:], file["trials/configuration"][:], file["trials/state"].asstr()[:])):
            if state == "reported" and np.isfinite(value[trial, part.index("validation")]).all():
                if int(number) not in row_of:
                    raise Unusable(f"{path}: trial {number} left no values of single users")
                by_configuration.setdefault(int(configuration), []).append((trial, row_of[int(number)]))
        for configuration, trials in by_configuration.items():
            rows, places = [trial for trial, _ in trials], [row for _, row in trials]
            self.validation[configuration] = value[rows, part.index("validation")].mean(axis=0)
            self.seeds[configuration] = value[rows, part.index("test")]
            self.replicates[configuration] = accuracy[places]
            self.people[configuration] = accuracy[places].mean(axis=0)

    def _report_by(self, path, data, attribute):
        """Groups are the values of another attribute of the people that somebody in the test part has."""
        self.groups = None
        self._read_groups(path, data, attribute)
        for configuration, people in self.replicates.items():
            self.seeds[configuration] = np.array([[np.nanmean(one[self.group == place])
                                                   for place in range(len(self.groups))] for one in people])

    def _read_groups(self, path, data, attribute):
        named = resolved(self.text, "data.file")
        data = pathlib.Path(data or named)
        if not data.is_file():
            raise Unusable(f"{data}: there is no such file; {path} says that it holds the groups of its users. Start "
                           "in the directory the run was started in, or say where it is with --data")
        with h5py.File(data, "r") as file:
            if f"users/attributes/{attribute}" not in file:
                raise Unusable(f"{data}: has no user attribute {attribute}; these are not the data of {path}")
            people = file[f"users/attributes/{attribute}"]
            labels, codes = list(people["labels"].asstr()[:]), people["codes"][:]
            ceilings = file[f"ceilings/{attribute}"][:] if f"ceilings/{attribute}" in file else None
        if len(self.users) and self.users.max() >= len(codes):
            raise Unusable(f"{data}: has fewer users than {path}; these are not the data of the run")
        if self.groups is None:
            self.groups = [label for code, label in enumerate(labels) if (codes[self.users] == code).any()]
        if not set(self.groups) <= set(labels):
            raise Unusable(f"{data}: has other groups than {path}; these are not the data of the run")
        of_label = {labels.index(group): place for place, group in enumerate(self.groups)}
        self.group = np.array([of_label.get(int(code), -1) for code in codes[self.users]])
        self.ceiling = np.array([np.nan if ceilings is None else ceilings[labels.index(group)]
                                 for group in self.groups])

    def _check_groups(self, path):
        """Users' values and the stored means of groups must say the same, or the groups are not those of the run."""
        for configuration, people in self.people.items():
            for place in range(len(self.groups)):
                mean = np.nanmean(people[self.group == place]) if (self.group == place).any() else np.nan
                if not abs(mean - self.seeds[configuration][:, place].mean()) < 1e-6:
                    raise Unusable(f"{path}: the accuracy of its users does not give the accuracy of their groups; the "
                                   "data file is not the one of the run")

    def arms(self, equal):
        """arm -> its configurations that were measured, in order; `equal`: as many of each, the first ones."""
        arms = {}
        for configuration in self.ids:
            arms.setdefault(self.arm[configuration], []).append(configuration)
        if equal:
            least = min(len(configurations) for configurations in arms.values())
            arms = {arm: configurations[:least] for arm, configurations in arms.items()}
        return {arm: [i for i in configurations if i in self.people] for arm, configurations in arms.items()}
