"""Methods of one run, or of several runs of one sweep on different people, compared at equal budget.

  /usr/bin/python3 configs/papers/compare_methods.py RUN [RUN...] [options]

Of each method one configuration is chosen on validation, in each run by itself, and reported once on test: the mean
accuracy of each group's people, its difference to what was chosen of the baseline, with a paired bootstrap over people
(a person's replicates are averaged first; people are drawn within run and group), and how far it stays below the best
any model could expect, where the data know that. Several runs are pooled by people; they must have different data.

The hypervolume is that of a method's configurations that are non-dominated on validation, at their test values, above
the test value of what was chosen of the baseline (or above --reference in every group); for two groups in squares of a
percentage point, averaged over runs. The maximum of noisy points is positive without any effect: compare it with the
baseline's own; the difference to that has its paired interval beside it.

--at GROUP=ACCURACY compares the fronts of two groups where they cost GROUP the same: the other group's accuracy on test
where GROUP has this one, by the best mixture of two of a method's configurations that are non-dominated on validation.
"""
import argparse
import json
import sys

import numpy as np

from paper_fronts import attained, hypervolume, non_dominated
from paper_runs import EXIT_FILE, Run, Unusable

RULES = {
    "mean": "the highest mean of the groups' accuracies on validation",
    "worst_group": "the highest accuracy of the worst group on validation",
    "no_group_below": "on validation no group below what rule \"mean\" chooses of the baseline (or the least "
                      "shortfall), and then the highest mean",
}
HYPERVOLUME_SAMPLES = 1000  # resamples of people for its interval, fewer than for differences because each costs more
UNREACHED = "not on its front in every run and resample"


def chosen(run, configurations, rule, floor):
    """The configuration a rule takes on validation; the lowest number where several are as good."""
    def worth(configuration):
        value = run.validation[configuration]
        return {"mean": (value.mean(),), "worst_group": (value.min(),),
                "no_group_below": (-max(0.0, (floor - value).max()), value.mean())}[rule]
    return max(configurations, key=lambda configuration: (worth(configuration), -configuration))


def holm(probabilities):
    """Holm's adjustment: the chance of any false finding among all of these tests is at most the adjusted value."""
    order = np.argsort(probabilities, kind="stable")
    adjusted, highest = np.empty(len(probabilities)), 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(probabilities) - rank) * probabilities[place]))
        adjusted[place] = highest
    return adjusted.tolist()


def resampled(strata, samples, random):
    """For each stratum of n people: how often each is drawn, over n, [samples, n]."""
    return [random.multinomial(n, np.full(n, 1 / n), size=samples) / n for n in strata]


class Comparison:
    """Everything that is printed. `arms`: of each run, arm -> configurations."""

    def __init__(self, runs, options):
        self.runs, self.baseline, self.rule, self.samples = runs, options.baseline, options.rule, options.bootstrap
        self.equal, self.reference, self.levels = options.budget == "equal", options.reference, options.at
        baseline, rule = self.baseline, self.rule
        self.arms = [run.arms(self.equal) for run in runs]
        self.names = sorted(self.arms[0], key=lambda arm: (arm != baseline, list(self.arms[0]).index(arm)))
        self.groups = runs[0].groups
        self._check()
        floor = [run.validation[chosen(run, arms[baseline], "mean", np.zeros(len(next(iter(run.validation.values())))))]
                 for run, arms in zip(runs, self.arms)]
        self.choice = {arm: [chosen(run, arms[arm], rule, low) for run, arms, low in zip(runs, self.arms, floor)]
                       for arm in self.names}
        # People of a run and group: their columns. Without a test comparison a person has no value and takes no part.
        self.columns = [[np.flatnonzero((run.group == place) & np.isfinite(next(iter(run.people.values()))))
                         for place in range(len(self.groups))] for run in runs]
        random = np.random.default_rng(options.seed)
        self.draws = [resampled([len(part) for part in columns], self.samples, random) for columns in self.columns]

    def _check(self):
        if self.baseline not in self.names:
            raise Unusable(f"{self.runs[0].folder}: nothing is called {self.baseline}; there are "
                           + ", ".join(self.names))
        for run, arms in zip(self.runs, self.arms):
            if run.groups != self.groups or set(arms) != set(self.names):
                raise Unusable(f"{run.folder}: has other groups or methods than {self.runs[0].folder}")
            for arm, configurations in arms.items():
                if not configurations:
                    raise Unusable(f"{run.folder}: no trial of {arm} was measured; fairsweep status says what failed")
        for group, _ in self.levels:
            if len(self.groups) != 2 or group not in self.groups:
                raise Unusable(f"{self.runs[0].folder}: --at names {group}; it takes one of two groups, and here are "
                               + ", ".join(self.groups))
        if len({run.digest for run in self.runs}) < len(self.runs):
            raise Unusable("two of these runs have the same data; only runs on different people can be pooled")

    def people(self, arm, place):
        """Test accuracies of a group's people under what was chosen of an arm, one array a run."""
        return [run.people[configuration][columns[place]]
                for run, configuration, columns in zip(self.runs, self.choice[arm], self.columns)]

    def pooled_draws(self, values, place):
        """Resampled means over the people of all runs, [samples]."""
        count = sum(map(len, values))
        return sum(draws[place] @ value * (len(value) / count) for draws, value in zip(self.draws, values))

    def measured(self, arm, place):
        values = self.people(arm, place)
        everybody = np.concatenate(values)
        counts = [len(value) for value in values]
        seeds = [run.seeds[configuration][:, place] for run, configuration in zip(self.runs, self.choice[arm])]

        def error(samples):  # of the mean over runs, each weighing as much as it has people
            return np.sqrt(sum((n / sum(counts)) ** 2 * sample.var(ddof=1) / len(sample)
                               for n, sample in zip(counts, samples) if len(sample) > 1))
        attainable = np.average([run.ceiling[place] for run in self.runs], weights=counts)
        return {"accuracy": everybody.mean(), "standard_error": error(values), "standard_error_of_seeds": error(seeds),
                "people": int(sum(counts)),
                "below_attainable": None if np.isnan(attainable) else attainable - everybody.mean()}

    def interval(self, draws):
        """95 % interval and two-sided p of a difference, from its resamples."""
        least = min(np.count_nonzero(draws <= 0), np.count_nonzero(draws >= 0))
        low, high = np.quantile(draws, [0.025, 0.975])
        return {"low": low, "high": high, "p": min(1.0, 2 * (1 + least) / (1 + len(draws)))}

    def difference(self, arm, place):
        values = [ours - theirs for ours, theirs in zip(self.people(arm, place), self.people(self.baseline, place))]
        return {"difference": np.concatenate(values).mean(), **self.interval(self.pooled_draws(values, place))}

    def means(self, run, configuration, samples):
        """Mean test accuracy of each group in one run: of the people as they are, then of resamples, [1 + samples,
        groups]."""
        values = [self.runs[run].people[configuration][part] for part in self.columns[run]]
        return np.stack([np.append(value.mean(), draw[:samples] @ value)
                         for value, draw in zip(values, self.draws[run])], axis=1)

    def front(self, run, arm, samples):
        """Test values of what is non-dominated on validation, [1 + samples, configurations, groups]."""
        configurations = self.arms[run][arm]
        kept = non_dominated(np.array([self.runs[run].validation[i] for i in configurations]))
        return np.stack([self.means(run, configurations[i], samples) for i in kept], axis=1)

    def volumes(self, arm):
        """Hypervolume, mean over runs: of the people as they are, then of resamples, [1 + samples]."""
        samples = min(self.samples, HYPERVOLUME_SAMPLES)
        total = np.zeros(samples + 1)
        for run, base in enumerate(self.choice[self.baseline]):
            above = (self.means(run, base, samples) if self.reference is None
                     else np.full((samples + 1, len(self.groups)), self.reference))
            total += [hypervolume(point, least) for point, least in zip(self.front(run, arm, samples), above)]
        return total * 100 ** len(self.groups) / len(self.runs)

    def volume(self, arm):
        """Hypervolume and its difference to that of the baseline, each with a 95 % interval over people."""
        total = self.volumes(arm)
        low, high = np.quantile(total[1:], [0.025, 0.975])
        answer = {"hypervolume": total[0], "low": low, "high": high}
        if arm != self.baseline:
            gain = total - self.volumes(self.baseline)
            low, high = np.quantile(gain[1:], [0.025, 0.975])
            answer["difference"] = {"difference": gain[0], "low": low, "high": high}
        return answer

    def heights(self, arm, group, level):
        """The other group's accuracy where `group` has `level`, mean over runs, [1 + samples]."""
        place = self.groups.index(group)
        fronts = [self.front(run, arm, self.samples) for run in range(len(self.runs))]
        return np.mean([attained(front[:, :, place], front[:, :, 1 - place], level) for front in fronts], axis=0)

    def level_answer(self, group, level):
        """All arms where `group` has the accuracy `level`; no value for an arm that does not reach it everywhere."""
        heights = {arm: self.heights(arm, group, level) for arm in self.names}
        reached = {arm: np.isfinite(height).all() for arm, height in heights.items()}
        arms = []
        for arm in self.names:
            value = {"name": arm, "accuracy": heights[arm][0] if reached[arm] else None}
            if arm != self.baseline and reached[arm] and reached[self.baseline]:
                gain = heights[arm] - heights[self.baseline]
                value.update({"difference": gain[0], **self.interval(gain[1:])})
            arms.append(value)
        return {"group": group, "accuracy": level, "arms": arms}

    def arm_answer(self, arm):
        places = range(len(self.groups))
        groups = [self.measured(arm, place) for place in places]
        if arm != self.baseline:
            groups = [{**group, **self.difference(arm, place)} for place, group in zip(places, groups)]
        choice = [{"run": str(run.folder), "configuration": i, "replicates": len(run.seeds[i]),
                   "settings": run.settings[i], "validation": run.validation[i].tolist()}
                  for run, i in zip(self.runs, self.choice[arm])]
        return {"name": arm, "configurations": len(self.arms[0][arm]), "chosen": choice, "groups": groups,
                "hypervolume": self.volume(arm)}

    def answer(self):
        arms = [self.arm_answer(arm) for arm in self.names]
        tests = [group for arm in arms for group in arm["groups"] if "p" in group]
        for test, adjusted in zip(tests, holm([test["p"] for test in tests])):
            test["p_holm"] = adjusted
        levels = [self.level_answer(group, level) for group, level in self.levels]
        further = [arm for level in levels for arm in level["arms"] if "p" in arm]
        for test, adjusted in zip(further, holm([test["p"] for test in further])):
            test["p_holm"] = adjusted
        return {"runs": [str(run.folder) for run in self.runs], "baseline": self.baseline, "rule": self.rule,
                "equal_budget": self.equal, "bootstrap": self.samples, "tests": len(tests), "groups": self.groups,
                "reference": self.reference, "arms": arms, "levels": levels, "tests_at_levels": len(further)}


def difference_in_words(value):
    return (f"  {value['difference']:+.4f} [{value['low']:+.4f}, {value['high']:+.4f}]  {value['p']:.4f}  "
            f"{value['p_holm']:.4f}")


def table(answer):
    runs = answer["runs"]
    yield f"{len(runs)} run{'s' if len(runs) > 1 else ''}: {' '.join(runs)}"
    yield f"chosen of each: {RULES[answer['rule']]}"
    yield ("accuracy on test, users equally, +- standard error over people / over replicates; difference to "
           f"{answer['baseline']} with 95 % interval")
    yield f"{answer['bootstrap']} paired resamples of people; {answer['tests']} tests, Holm's p beside each"
    width = max(len(arm["name"]) for arm in answer["arms"])
    for place, group in enumerate(answer["groups"]):
        yield ""
        yield f"{group} ({answer['arms'][0]['groups'][place]['people']} people)"
        yield f"  {'':{width}}  accuracy                 difference                    p       Holm    below attainable"
        for arm in answer["arms"]:
            value = arm["groups"][place]
            line = f"  {arm['name']:{width}}  {value['accuracy']:.4f} +- {value['standard_error']:.4f} / " \
                   f"{value['standard_error_of_seeds']:.4f}"
            known = value["below_attainable"] is not None
            line += difference_in_words(value) if "p" in value else " " * 46 * known
            yield line + (f"  {value['below_attainable']:.4f}" if known else "")
    yield ""
    yield from table_of_volumes(answer, width)
    for level in answer["levels"]:
        yield ""
        yield from table_of_level(answer, level, width)


def table_of_volumes(answer, width):
    above = answer["baseline"] if answer["reference"] is None else f"{answer['reference']:g} in every group"
    yield (f"hypervolume above {above}, in percentage points to the power {len(answer['groups'])}, with 95 % interval "
           f"over people; difference to {answer['baseline']}")
    for arm in answer["arms"]:
        volume = arm["hypervolume"]
        numbers = ", ".join(str(choice["configuration"]) for choice in arm["chosen"])
        line = f"  {arm['name']:{width}}  {volume['hypervolume']:7.2f} [{volume['low']:.2f}, {volume['high']:.2f}]"
        if "difference" in volume:
            gain = volume["difference"]
            line += f"  {gain['difference']:+.2f} [{gain['low']:+.2f}, {gain['high']:+.2f}]"
        yield f"{line}  of {arm['configurations']} configurations; chosen: {numbers}"


def table_of_level(answer, level, width):
    other = next(group for group in answer["groups"] if group != level["group"])
    yield (f"{other} where {level['group']} has {level['accuracy']:g}, by mixtures of two configurations; "
           f"{answer['tests_at_levels']} tests at all levels")
    for arm in level["arms"]:
        line = f"  {arm['name']:{width}}  "
        line += UNREACHED if arm["accuracy"] is None else f"{arm['accuracy']:.4f}"
        yield line + (difference_in_words(arm) if "p" in arm else "")


def level_of(text):
    """GROUP=ACCURACY, as --at takes it."""
    group, equals, accuracy = text.rpartition("=")
    try:
        value = float(accuracy)
    except ValueError:
        value = -1.0
    if not equals or not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not GROUP=ACCURACY, an accuracy being from 0 to 1")
    return group, value


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", nargs="+", help="directory of a complete run")
    parser.add_argument("--baseline", default="pooled", help="what the others are compared with (default: pooled)")
    parser.add_argument("--rule", choices=RULES, default="mean",
                        help="; ".join(f"{name}: {words}" for name, words in RULES.items()))
    parser.add_argument("--by", action="append", default=[], metavar="SETTING",
                        help="tell configurations apart by this setting, not by method; may be repeated")
    parser.add_argument("--budget", choices=["equal", "all"], default="equal",
                        help="equal (default): the first n configurations of each, n those of the one with the fewest")
    parser.add_argument("--reference", type=float, metavar="ACCURACY",
                        help="measure hypervolumes above this accuracy in every group, not above the baseline")
    parser.add_argument("--at", type=level_of, action="append", default=[], metavar="GROUP=ACCURACY",
                        help="compare the other of two groups where this one has this accuracy; may be repeated")
    parser.add_argument("--bootstrap", type=int, default=10000, help="resamples of people (default: 10000)")
    parser.add_argument("--seed", type=int, default=1, help="of the resamples (default: 1)")
    parser.add_argument("--data", help="data file, where it is no longer at the place the run names; for one run")
    parser.add_argument("--attribute", metavar="NAME", help="report people by this attribute of the data instead of the "
                        "one the methods were told; validation still chooses by that one")
    parser.add_argument("--json", action="store_true", help="the answer for programs")
    options = parser.parse_args()
    if options.bootstrap < 100:
        parser.error(f"--bootstrap is {options.bootstrap}; an interval needs at least 100")
    if options.reference is not None and not 0 <= options.reference < 1:
        parser.error(f"--reference is {options.reference:g}; an accuracy is from 0 to 1")
    if options.data and len(options.run) > 1:
        parser.error("--data is for one run; several runs have different data")
    try:
        runs = [Run(folder, options.by, options.data, options.attribute) for folder in options.run]
        answer = Comparison(runs, options).answer()
    except Unusable as problem:
        print(f"compare_methods: {problem}", file=sys.stderr)
        sys.exit(EXIT_FILE)
    print(json.dumps(answer, indent=1) if options.json else "\n".join(table(answer)))


if __name__ == "__main__":
    main()
