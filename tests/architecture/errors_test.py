"""docs/errors.md names every reason a trial can fail for, and none that no code gives."""
import re
import unittest

from repository import files, text_of

# Places in which a failure gets its reason: an assignment, or the first text handed to a function that makes one.
GIVEN = re.compile(r'(?:reason_? = (?!failure_from)|\bfailure_of\(\w+, |\bfail\([^;"]*"\w+", |\bfail_open_trials\()'
                   r'[^;"]*"([a-z_]+)"(?: : "([a-z_]+)")?')


def reasons_given():
    found = set()
    for path in files(".cpp", under=("orchestrator", "workers")):
        for words in GIVEN.findall(text_of(path)):
            found.update(word for word in words if word)
    return found


class Errors(unittest.TestCase):
    def test_the_reasons_are_those_of_the_code(self):
        section = text_of("docs/errors.md").split("## Failed trials")[1]
        documented = set(re.findall(r"^\| `([a-z_]+)` \|", section, re.MULTILINE))
        self.assertGreater(len(documented), 5)
        self.assertEqual(sorted(documented), sorted(reasons_given()))

    def test_the_exit_codes_are_those_of_the_code(self):
        section = text_of("docs/errors.md").split("## Exit codes")[1].split("##")[0]
        documented = {int(code) for code in re.findall(r"^\| (\d+) \|", section, re.MULTILINE)}
        enumeration = re.search(r"enum class ExitCode[^}]*}", text_of("core/diagnostics/errors.hpp")).group(0)
        self.assertEqual(documented, {int(code) for code in re.findall(r"= (\d+),", enumeration)})


if __name__ == "__main__":
    unittest.main()
