"""Every header can be included alone: cheap rules that g++ then proves by compiling the sources as they are.

A header with a source of its name is the first include of that source, so compiling the source compiles the header
alone. For all headers, each name of the standard library comes from a header that is included there, or by a header of
this project that is included there.
"""
import re
import unittest

from repository import CODE_FOLDERS, ROOT, files, text_of

# name after std:: -> headers that declare it (one of them is enough)
DECLARED_IN = {
    "vector": ["vector"], "string": ["string"], "string_view": ["string_view", "string"], "map": ["map"],
    "set": ["set"], "array": ["array"], "span": ["span"], "optional": ["optional"], "variant": ["variant"],
    "function": ["functional"], "unique_ptr": ["memory"], "shared_ptr": ["memory"], "pair": ["utility", "map"],
    "tuple": ["tuple"], "deque": ["deque"], "unordered_map": ["unordered_map"], "unordered_set": ["unordered_set"],
    "mutex": ["mutex"], "thread": ["thread"], "atomic": ["atomic"], "runtime_error": ["stdexcept"],
    "logic_error": ["stdexcept"], "source_location": ["source_location"], "numeric_limits": ["limits"],
    "size_t": ["cstddef", "vector", "string", "span", "array", "functional"], "byte": ["cstddef"],
    "condition_variable": ["condition_variable"], "ostream": ["iosfwd", "ostream", "iostream"],
    "int64_t": ["cstdint"], "uint64_t": ["cstdint"], "int32_t": ["cstdint"], "uint32_t": ["cstdint"],
    "uint8_t": ["cstdint"], "uint16_t": ["cstdint"], "strong_ordering": ["compare"], "jthread": ["thread"],
}
NAME = re.compile(r"\bstd::(filesystem|chrono|\w+)")
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)


def included_by(text):
    """Everything the text includes, through headers of this project too."""
    reached, ahead = set(), INCLUDE.findall(text)
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            if (ROOT / name).is_file():
                ahead += INCLUDE.findall(text_of(name))
    return reached


def missing_headers(text):
    """Names of the standard library the text uses without including a header that declares them."""
    included = included_by(text)
    used = set(NAME.findall(COMMENT.sub("", text)))
    found = [name for name in sorted(used & set(DECLARED_IN)) if not included & set(DECLARED_IN[name])]
    return found + [name for name in ("filesystem", "chrono") if name in used and name not in included]


class Headers(unittest.TestCase):
    def test_pragma_once(self):
        headers = files(".hpp", under=CODE_FOLDERS + ("tests",))
        self.assertGreater(len(headers), 20)
        self.assertEqual([str(path) for path in headers if not text_of(path).startswith("#pragma once\n")], [])

    def test_headers_include_what_they_name(self):
        found = [f"{path}: {', '.join('std::' + name for name in missing_headers(text_of(path)))}"
                 for path in files(".hpp", under=CODE_FOLDERS) if missing_headers(text_of(path))]
        self.assertEqual(found, [], "headers use these without including them:\n" + "\n".join(found))

    def test_a_source_includes_its_own_header_first(self):
        wrong = []
        for path in files(".cpp", under=CODE_FOLDERS):
            own = path.with_suffix(".hpp")
            included = INCLUDE.findall(text_of(path))
            if (ROOT / own).is_file() and included[:1] != [str(own)]:
                wrong.append(f"{path}: the first include must be \"{own}\"")
        self.assertEqual(wrong, [], "\n".join(wrong))

    def test_a_missing_header_is_found(self):
        self.assertEqual(missing_headers("#include <string>\nstd::vector<std::string> names;"), ["vector"])
        self.assertEqual(missing_headers("std::filesystem::path file;"), ["filesystem"])
        self.assertEqual(missing_headers('#include "core/domain/trial.hpp"\nstd::vector<std::string> names;'), [])
        self.assertEqual(missing_headers("#include <vector>\n// std::map in words\nstd::vector<int> n;"), [])


if __name__ == "__main__":
    unittest.main()
