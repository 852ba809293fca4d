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

    def test_the_tests_that_show_faults_exist(self):
        section = text_of("docs/errors.md").split("## Faults")[1]
        rows = [row.split("|") for row in section.splitlines() if row.startswith("| ")][1:]
        sources = "".join(text_of(path) for path in files(".cpp", under=("tests",)))
        cases = {".".join(pair) for pair in re.findall(r"^TEST(?:_F|_P)?\((\w+), (\w+)\)", sources, re.MULTILINE)}
        programs = {path.name for extension in (".py", ".cpp") for path in files(extension, under=("tests",))}
        self.assertGreater(len(rows), 20)
        for row in rows:
            self.assertEqual(len(row), 7, row)
            named = re.findall(r"`([^`]+)`", row[5])
            self.assertTrue(named, f"no test shows: {row[1]}")
            self.assertEqual([name for name in named if name not in cases | programs], [], row[1])


if __name__ == "__main__":
    unittest.main()
