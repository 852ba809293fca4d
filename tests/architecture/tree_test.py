"""The shape of the tree: catalogues, file sizes, words that mean unfinished work, a README in every code folder."""
import re
import unittest

from repository import CODE_FOLDERS, ROOT, files, text_of

LINES = 450          # of a source; a longer file holds more than one idea
BYTES = 256 * 1024   # of any file
CATALOGUES = ("objectives/metrics", "objectives/training", "orchestrator/search")

# Spelled in halves, so that this file passes its own test.
FORBIDDEN = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|DISABLED" r"_|not (yet )?imple" r"mented",
                       re.IGNORECASE)
TEXT = (".hpp", ".cpp", ".py", ".md", ".yaml", ".txt", ".cmake", ".json", ".bash", ".sh")


def missing_from_catalogue(folder):
    """Names of method files (x.cpp with x.hpp that makes one) that catalogue.cpp does not include."""
    catalogue = text_of(f"{folder}/catalogue.cpp")
    makers = [path for path in files(".hpp", under=(folder,)) if re.search(r"\bmake_\w+\s*\(", text_of(path))]
    return [str(path) for path in makers if f'#include "{path}"' not in catalogue]


class Tree(unittest.TestCase):
    def test_every_catalogue_names_its_folder(self):
        for folder in CATALOGUES:
            with self.subTest(folder=folder):
                self.assertEqual(missing_from_catalogue(folder), [])

    def test_sources_are_listed_in_cmake(self):
        unlisted = []
        for path in files(".cpp", under=CODE_FOLDERS + ("tests",)):
            folder = path.parent
            while not (ROOT / folder / "CMakeLists.txt").is_file():
                folder = folder.parent
            if str(path.relative_to(folder)) not in re.split(r"[\s()\"]+", text_of(folder / "CMakeLists.txt")):
                unlisted.append(str(path))
        self.assertEqual(unlisted, [], "no CMakeLists.txt builds these")

    def test_no_file_is_too_long(self):
        long = [f"{path}: {count} lines" for path in files(".hpp", ".cpp", under=CODE_FOLDERS)
                if (count := text_of(path).count("\n")) > LINES]
        self.assertEqual(long, [])
        large = [f"{path}: {size} bytes" for path in files("") if (size := (ROOT / path).stat().st_size) > BYTES]
        self.assertEqual(large, [])

    def test_nothing_is_left_unfinished(self):
        found = [f"{path}:{number}: {line.strip()}" for path in files(*TEXT)
                 for number, line in enumerate(text_of(path).splitlines(), 1) if FORBIDDEN.search(line)]
        self.assertEqual(found, [], "\n".join(found))

    def test_every_code_folder_says_what_it_is(self):
        folders = {path.parent for path in files(".cpp", ".hpp", under=CODE_FOLDERS)}
        missing = [str(folder) for folder in sorted(folders) if not (ROOT / folder / "README.md").is_file()]
        self.assertEqual(missing, [], "these folders have no README.md")


if __name__ == "__main__":
    unittest.main()
