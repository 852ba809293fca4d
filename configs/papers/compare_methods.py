"""Methods of one run, or of several runs of one sweep on different people, compared at equal budget.

  /usr/bin/python3 configs/papers/compare_methods.py RUN [RUN...] [options]

Of each method one configuration is chosen on validation, in each run by itself, and reported once on test: the mean
accuracy of each group's people, its difference to what was chosen of the baseline, with a paired bootstrap over people
(a person's replicates are averaged first; people are drawn within run and group), and how far it stays below the best
any model could expect, where the data know that. Several runs are pooled by people; they must have different data.

The hypervolume is that of a method's configurations that are non-dominated on validation, at their test values, above
the test value of what was chosen of the baseline (or above --reference in every group); for two groups in squares of a
percentage point, averaged over runs. The maximum of noisy points is positive without any effect: compare it with the
baseline's own.
"""
import argparse
import json
import sys

import numpy as np

from paper_runs import EXIT_FILE, Run, Unusable

RULES = {
    "mean": "the highest mean of the groups' accuracies on validation",
    "worst_group": "the highest accuracy of the worst group on validation",
    "no_group_below": "on validation no group below what rule \"mean\" chooses of the baseline (or the least "
                      "shortfall), and then the highest mean",
}
HYPERVOLUME_SAMPLES = 1000  # resamples of people for its interval, fewer than for differences because each costs more


def chosen(run, configurations, rule, floor):
    """The configuration a rule takes on validation; the lowest number where several are as good."""
    def worth(configuration):
        value = run.validation[configuration]
        return {"mean": (value.mean(),), "worst_group": (value.min(),),
                "no_group_below": (-max(0.0, (floor - value).max()), value.mean())}[rule]
    return max(configurations, key=lambda configuration: (worth(configuration), -configuration))


def non_dominated(points):
    """Rows of points [n, d] that no other row is at least as good as everywhere and better somewhere."""
    return [i for i, point in enumerate(points)
            if not any((other >= point).all() and (other > point).any() for other in points)]


def hypervolume(points, reference):
    """Volume above `reference` that is below at least one of the points [n, d]; maximisation, by slices."""
    points = np.asarray([point for point in points if (point > reference).all()])
    if len(points) == 0:
        return 0.0
    if points.shape[1] == 1:
        return float(points.max() - reference[0])
    points = points[np.argsort(-points[:, -1])]
    levels = np.append(points[:, -1], reference[-1])
    return sum((levels[i] - levels[i + 1]) * hypervolume(points[:i + 1, :-1], reference[:-1])
               for i in range(len(points)) if levels[i] > levels[i + 1])


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
        self.equal, self.reference = options.budget == "equal", options.reference
        baseline, rule = self.baseline, self.rule
        self.arms = [run.arms(self.equal) for run in runs]
        self.names = sorted(self.arms[0], key=lambda arm: (arm != baseline, list(self.arms[0]).index(arm)))
        self.groups = runs[0].groups
        self._check()
        floor = [run.validation[chosen(run, arms[baseline], "mean", np.zeros(len(run.groups)))]
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

    def difference(self, arm, place):
        values = [ours - theirs for ours, theirs in zip(self.people(arm, place), self.people(self.baseline, place))]
        draws = self.pooled_draws(values, place)
        least = min(np.count_nonzero(draws <= 0), np.count_nonzero(draws >= 0))
        low, high = np.quantile(draws, [0.025, 0.975])
        return {"difference": np.concatenate(values).mean(), "low": low, "high": high,
                "p": min(1.0, 2 * (1 + least) / (1 + self.samples))}

    def volume(self, arm):
        """Hypervolume with a 95 % interval over people."""
        samples = min(self.samples, HYPERVOLUME_SAMPLES)
        total = np.zeros(samples + 1)  # the first is the people as they are
        for run, arms, columns, draws, base in zip(self.runs, self.arms, self.columns, self.draws,
                                                   self.choice[self.baseline]):
            kept = non_dominated(np.array([run.validation[i] for i in arms[arm]]))

            def means(configuration):
                values = [run.people[configuration][part] for part in columns]
                return np.stack([np.append(value.mean(), draw[:samples] @ value)
                                 for value, draw in zip(values, draws)], axis=1)
            points = np.stack([means(arms[arm][i]) for i in kept], axis=1)
            above = means(base) if self.reference is None else np.full((samples + 1, len(columns)), self.reference)
            total += [hypervolume(point, reference) for point, reference in zip(points, above)]
        total *= 100 ** len(self.groups) / len(self.runs)
        low, high = np.quantile(total[1:], [0.025, 0.975])
        return {"hypervolume": total[0], "low": low, "high": high}

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
        return {"runs": [str(run.folder) for run in self.runs], "baseline": self.baseline, "rule": self.rule,
                "equal_budget": self.equal, "bootstrap": self.samples, "tests": len(tests), "groups": self.groups,
                "reference": self.reference, "arms": arms}


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
            line += (f"  {value['difference']:+.4f} [{value['low']:+.4f}, {value['high']:+.4f}]  {value['p']:.4f}  "
                     f"{value['p_holm']:.4f}" if "p" in value else " " * 46)
            yield line + ("" if value["below_attainable"] is None else f"  {value['below_attainable']:.4f}")
    yield ""
    above = answer["baseline"] if answer["reference"] is None else f"{answer['reference']:g} in every group"
    yield (f"hypervolume above {above}, in percentage points to the power {len(answer['groups'])}, with 95 % interval "
           "over people")
    for arm in answer["arms"]:
        volume = arm["hypervolume"]
        numbers = ", ".join(str(choice["configuration"]) for choice in arm["chosen"])
        yield (f"  {arm['name']:{width}}  {volume['hypervolume']:7.2f} [{volume['low']:.2f}, {volume['high']:.2f}]  "
               f"of {arm['configurations']} configurations; chosen: {numbers}")


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
    parser.add_argument("--bootstrap", type=int, default=10000, help="resamples of people (default: 10000)")
    parser.add_argument("--seed", type=int, default=1, help="of the resamples (default: 1)")
    parser.add_argument("--data", help="data file, where it is no longer at the place the run names; for one run")
    parser.add_argument("--json", action="store_true", help="the answer for programs")
    options = parser.parse_args()
    if options.bootstrap < 100:
        parser.error(f"--bootstrap is {options.bootstrap}; an interval needs at least 100")
    if options.reference is not None and not 0 <= options.reference < 1:
        parser.error(f"--reference is {options.reference:g}; an accuracy is from 0 to 1")
    if options.data and len(options.run) > 1:
        parser.error("--data is for one run; several runs have different data")
    try:
        runs = [Run(folder, options.by, options.data) for folder in options.run]
        answer = Comparison(runs, options).answer()
    except Unusable as problem:
        print(f"compare_methods: {problem}", file=sys.stderr)
        sys.exit(EXIT_FILE)
    print(json.dumps(answer, indent=1) if options.json else "\n".join(table(answer)))


if __name__ == "__main__":
    main()
