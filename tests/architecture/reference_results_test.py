"""results/reference: the committed fronts parse, are of configurations that are shipped, and the page names them all."""
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


class ReferenceResults(unittest.TestCase):
    def test_there_are_some(self):
        names = {path.stem for path in fronts()}
        self.assertLessEqual({"quickstart", "swissmetro", "swissmetro_quick", "pafo_personal_llm", "pafo_swissmetro",
                              "dvao_frontier", "dahp_synthetic", "dahp_length", "pafo_dsp", "objectives_all"}, names)

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
            sign = [1 if axis["direction"] == "maximise" else -1 for axis in front["objectives"]]
            points = [[s * value["mean"] for s, value in zip(sign, member["validation"])] for member in front["members"]]
            for one in points:
                for other in points:
                    better = all(a >= b for a, b in zip(one, other)) and one != other
                    self.assertFalse(better, f"{path}: {one} dominates {other}")

    def test_the_page_names_each(self):
        page = text_of(f"{FOLDER}/README.md")
        for path in fronts():
            self.assertIn(f"({path.name})", page)


if __name__ == "__main__":
    unittest.main()
