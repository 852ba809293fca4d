"""Every configuration under configs/ is accepted, and its header tells the truth about the command to run it."""
import re
import subprocess
import unittest

from repository import BIN, ROOT, files, text_of

RUN = re.compile(r"^# Run: .*?\b(configs/\S+\.yaml)", re.MULTILINE)


def sweeps():
    """Sweep configurations; an importer's mapping is named ..._mapping.yaml and is no sweep."""
    return [path for path in files(".yaml", under=("configs",)) if not path.stem.endswith("_mapping")]


class ShippedConfigurations(unittest.TestCase):
    def test_there_are_some(self):
        names = {str(path) for path in sweeps()}
        self.assertLessEqual({"configs/quickstart.yaml", "configs/examples/swissmetro.yaml"}, names)

    def test_the_header_names_this_very_file(self):
        for path in sweeps():
            with self.subTest(path=str(path)):
                text = text_of(path)
                self.assertTrue(text.startswith("# "), "a configuration opens with a sentence saying what it is")
                self.assertEqual(RUN.findall(text), [str(path)])

    def test_check_accepts_it(self):
        for path in sweeps():
            with self.subTest(path=str(path)):
                answer = subprocess.run([BIN / "fairsweep", "check", str(path)], cwd=ROOT, capture_output=True,
                                        text=True, timeout=60)
                self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)


if __name__ == "__main__":
    unittest.main()
