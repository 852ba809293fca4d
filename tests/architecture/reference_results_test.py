"""results/reference: the committed fronts parse, are of shipped configurations, and say what the study says of them."""
import json
import re
import unittest

from repository import ROOT, files, text_of

FOLDER = "results/reference"
BYTES = 100_000


def sweeps():
    """Name of each shipped sweep -> its text."""
    found = {}
    for path in files(".yaml", under=("configs",)):
        name = re.search(r"^sweep: *(\S+)", text_of(path), re.MULTILINE)
        if name:
            found[name.group(1)] = text_of(path)
    return found


def fronts():
    return files(".json", under=(FOLDER,))


def signs(front):
    """+1 for each axis where larger is better, -1 where smaller is."""
    return [1 if axis["direction"] == "maximise" else -1 for axis in front["objectives"]]


def volume(points, reference):
    """Volume that points, larger being better, dominate above a reference point: by slices along the last axis."""
    points = [point for point in points if all(x > r for x, r in zip(point, reference))]
    if not points:
        return 0.0
    if len(reference) == 1:
        return max(point[0] for point in points) - reference[0]
    levels = sorted({point[-1] for point in points}, reverse=True) + [reference[-1]]
    return sum((above - below) * volume([point[:-1] for point in points if point[-1] >= above], reference[:-1])
               for above, below in zip(levels, levels[1:]))


class ReferenceResults(unittest.TestCase):
    def test_there_are_some(self):
        names = {path.stem for path in fronts()}
        self.assertLessEqual({"quickstart", "swissmetro", "swissmetro_quick", "pafo_personal_llm", "pafo_swissmetro",
                              "dvao_frontier", "dahp_synthetic", "dahp_length", "pafo_dsp", "objectives_all",
                              "robustness", "em_mmra", "maxmin_imbalance", "one_to_each", "users_swissmetro",
                              "users_food_sorts"}, names)

    def test_each_is_a_complete_front_of_a_shipped_sweep(self):
        shipped = sweeps()
        for path in fronts():
            with self.subTest(path=str(path)):
                self.assertLess((ROOT / path).stat().st_size, BYTES)
                front = json.loads(text_of(path))
                self.assertEqual(front["sweep"], path.stem)
                self.assertEqual(front["run"], f"runs/{path.stem}")
                self.assertNotRegex(text_of(path), r'"(/|\w:\\|~)', "a path of the machine it was made on")
                self.assertIn(front["sweep"], shipped)
                self.assertTrue(front["complete"])
                self.assertTrue(front["members"])
                replicates = int(re.search(r"\breplicates: *(\d+)", shipped[path.stem]).group(1))
                for member in front["members"] + front["best_of_methods"]:
                    self.assertEqual((member["replicates"], member["failed"]), (replicates, 0))
                    self.assertEqual(len(member["test"]), len(front["objectives"]))
                    for setting in member["settings"]:
                        self.assertRegex(shipped[path.stem], rf"\b{setting.split('.')[-1]}\b", setting)
                    self.assertIn(member["method"], shipped[path.stem])

    def test_members_do_not_dominate_each_other(self):
        for path in fronts():
            front = json.loads(text_of(path))
            points = [[s * value["mean"] for s, value in zip(signs(front), member["validation"])]
                      for member in front["members"]]
            for one in points:
                for other in points:
                    better = all(a >= b for a, b in zip(one, other)) and one != other
                    self.assertFalse(better, f"{path}: {one} dominates {other}")

    def test_the_hypervolume_is_that_of_the_members(self):
        for path in fronts():
            with self.subTest(path=str(path)):
                front = json.loads(text_of(path))
                points = [[s * value["mean"] for s, value in zip(signs(front), member["validation"])]
                          for member in front["members"]]
                reference = [s * r for s, r in zip(signs(front), front["reference"])]
                self.assertAlmostEqual(volume(points, reference), front["hypervolume"], delta=1e-9)

    def test_the_views_follow_from_the_members(self):
        """The table of `front --views`: mean over people, gap, worst-off group, regrets against the best of the run."""
        seen = 0
        for path in fronts():
            front = json.loads(text_of(path))
            views = front.get("views")
            if not views or set(signs(front)) != {1}:
                continue
            values = {member["configuration"]: member for member in front["members"]}
            weight = [group["weight"] for group in views["groups"]]
            # Who is best for a group is decided on validation, so on test a regret may be below 0.
            chosen = [max(front["members"], key=lambda member, g=g: member["validation"][g]["mean"])
                      for g in range(len(weight))]
            self.assertEqual([group["best"] for group in views["groups"]],
                             [one["validation"][g]["mean"] for g, one in enumerate(chosen)])
            for member in views["members"]:
                for split in ("validation", "test"):
                    best = [one[split][g]["mean"] for g, one in enumerate(chosen)]
                    own = [value["mean"] for value in values[member["configuration"]][split]]
                    regret = [b - value for b, value in zip(best, own)]
                    expected = {"mean": sum(w * value for w, value in zip(weight, own)), "gap": max(own) - min(own),
                                "worst_group": min(own), "largest_regret": max(regret),
                                "mean_regret": sum(w * r for w, r in zip(weight, regret))}
                    for name, value in expected.items():
                        self.assertAlmostEqual(member[split][name], value, delta=1e-9,
                                               msg=f"{path}: {name} of {member['configuration']} on {split}")
                        seen += 1
        self.assertGreater(seen, 0)

    def test_the_study_says_what_the_fronts_say(self):
        """Tables of docs/study.md with a row a group and a column a method: the accuracies of pooled training and the
        differences to it are those of the committed fronts."""
        study = text_of("docs/study.md")
        for first, name in (("field", "pafo_dsp"), ("ring", "dahp_synthetic"), ("lengths", "dahp_length")):
            front = json.loads(text_of(f"{FOLDER}/{name}.json"))
            test = {}  # of each method, of the configuration with the highest mean over the groups on validation
            for one in sorted(front["best_of_methods"] + front["members"],
                              key=lambda one: sum(value["mean"] for value in one["validation"])):
                test[one["method"]] = [value["mean"] for value in one["test"]]
            table = re.search(rf"^\| {first} \|(.*)\n\|[-|]+\n((?:\|.*\n)+)", study, re.MULTILINE)
            self.assertIsNotNone(table, f"the table of {name}")
            methods = re.findall(r"`(\w+)`", table.group(1))
            self.assertEqual(set(methods), set(test))
            rows = [row.split("|")[1:-1] for row in table.group(2).splitlines()]
            for group, row in zip([axis["group"] for axis in front["objectives"]], rows, strict=True):
                self.assertTrue(row[0].strip().startswith(group), row[0])
                at = [axis["group"] for axis in front["objectives"]].index(group)
                for method, cell in zip(methods, row[1:], strict=True):
                    said = float(cell.split()[0])
                    expected = test[method][at] - (0 if method == "pooled" else test["pooled"][at])
                    digits = len(cell.split()[0].split(".")[1])
                    self.assertAlmostEqual(said, expected, delta=0.5001 * 10 ** -digits,
                                           msg=f"{name}, {group}, {method}")

    def test_the_study_says_what_the_front_from_one_to_each_says(self):
        """A row a configuration; those on the front, and the best of each method, are in the committed file."""
        front = json.loads(text_of(f"{FOLDER}/one_to_each.json"))
        known = {tuple(f"{value['mean']:.3f} ± {value['standard_error']:.3f}" for value in one["test"]): one
                 for one in front["best_of_methods"] + front["members"]}
        table = re.search(r"^\| configuration \| numbers learned \|.*\n\|[-|]+\n((?:\|.*\n)+)", text_of("docs/study.md"),
                          re.MULTILINE)
        found = {}
        for row in table.group(1).splitlines():
            name, _, *cells = [cell.strip() for cell in row.split("|")[1:-1]]
            one = known.get(tuple(cells))
            if one is not None:
                found[one["configuration"]] = name
            self.assertEqual("(front)" in name, one is not None and one["on_front"], row)
        self.assertEqual(set(found), {one["configuration"] for one in known.values()})

    def test_the_page_names_each(self):
        page = text_of(f"{FOLDER}/README.md")
        for path in fronts():
            self.assertIn(f"({path.name})", page)


if __name__ == "__main__":
    unittest.main()
