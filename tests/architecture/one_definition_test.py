"""Every type has one definition and every function one body (the one definition rule).

Two types of one name in one namespace compile, and link: the linker keeps one of the two constructors and destructors
in silence, and the other type's objects are made and destroyed by it. The compiler sees one file at a time and cannot
say so, so this test reads all of them.
"""
import collections
import json
import re
import subprocess
import unittest

from repository import BIN, CODE_FOLDERS, files, text_of

BUILD = BIN.parent

NOT_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)
DIGIT_SEPARATOR = re.compile(r"(?<=\d)'(?=\d)")
DIRECTIVE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.MULTILINE)
NAMESPACE = re.compile(r"(?:inline\s+)?namespace(?:\s+([\w:]+))?\s*$")
TYPE = re.compile(r"\b(?:struct|class|union|enum(?:\s+(?:class|struct))?)\s+(?:alignas\([^)]*\)\s*|\[\[.*?\]\]\s*)*"
                  r"([A-Za-z_][\w:]*(?:\s*<[^{};]*>)?)(?:\s+final)?(?:\s*:(?!:)[^{};]*)?\s*$", re.DOTALL)


def types_of(text):
    """Full names of the types that the text defines outside functions and unnamed namespaces."""
    text = DIRECTIVE.sub("", NOT_CODE.sub('""', DIGIT_SEPARATOR.sub("", text)))
    found, scopes, begin = [], [], 0  # a scope's name; None: nothing in it is known outside it
    for at, sign in enumerate(text):
        if sign == "{":
            head = text[begin:at]
            namespace, defined = NAMESPACE.search(head), TYPE.search(head)
            if None in scopes:
                scopes.append(None)
            elif namespace:
                scopes.append(namespace.group(1))
            elif defined and "(" not in head[:defined.start()]:
                scopes.append("".join(defined.group(1).split()))
                found.append("::".join(scopes))
            else:
                scopes.append(None)
        elif sign == "}":
            scopes.pop()
        if sign in "{};":
            begin = at + 1
    return found


def objects_of_the_libraries():
    """Object files, below the build's folder, of our libraries' and programs' sources, as far as they are there."""
    listed = BUILD / "compile_commands.json"
    if not listed.is_file():
        return []
    objects = []
    for command in json.loads(listed.read_text(encoding="utf-8")):
        output = re.search(r" -o (\S+\.o) ", command["command"])
        if output and output.group(1).startswith(tuple(folder + "/" for folder in CODE_FOLDERS)):
            objects.append(output.group(1))
    return sorted(name for name in objects if (BUILD / name).is_file())


def repeated(pairs):
    """name -> places, of the names that have several."""
    places = collections.defaultdict(set)
    for name, place in pairs:
        places[name].add(place)
    return {name: sorted(found) for name, found in places.items() if len(found) > 1}


class OneDefinition(unittest.TestCase):
    def test_no_two_types_of_one_name(self):
        sources = files(".hpp", ".cpp", under=CODE_FOLDERS + ("tests",))
        named = [(name, str(path)) for path in sources for name in types_of(text_of(path))]
        self.assertGreater(len(named), 300)
        self.assertEqual([f"{name}: {', '.join(places)}" for name, places in sorted(repeated(named).items())], [],
                         "types of one name; rename one, or put it into an unnamed namespace")

    def test_no_two_functions_of_one_name(self):
        objects = objects_of_the_libraries()
        if not objects:
            self.skipTest(f"no object files of compile_commands.json under {BUILD}")
        named = []
        listed = subprocess.run(["nm", "--print-file-name", "--defined-only", "--extern-only", *objects], cwd=BUILD,
                                check=True, text=True, capture_output=True).stdout
        for line in listed.splitlines():
            kind, name = line.split()[-2:]
            if kind in "TDBR" and name != "main":
                named.append((name, line[:line.index(":")]))
        self.assertGreater(len(named), len(objects))
        self.assertEqual([f"{name}: {', '.join(places)}" for name, places in sorted(repeated(named).items())], [])

    def test_types_are_found(self):
        text = """namespace fairsweep {
            struct Plain { int a = 1'000; enum class Kind : int { one }; };
            class Derived final : public Base { void call() { struct Local {}; } };
            struct Plain::Hidden { char open = '{'; const char* text = "{"; };  // struct Remark {
            template <class T> struct Special<std::vector<T>> {};
            class Ahead; struct Plain made() { return {}; }
            namespace { struct Unknown { struct Inner {}; }; }
            namespace apps { enum Word { a, b }; } }"""
        self.assertEqual(types_of(text), ["fairsweep::" + name for name in (
            "Plain", "Plain::Kind", "Derived", "Plain::Hidden", "Special<std::vector<T>>", "apps::Word")])

    def test_a_repeated_name_is_found(self):
        self.assertEqual(repeated([("People", "a.hpp"), ("People", "b.hpp"), ("Other", "a.hpp")]),
                         {"People": ["a.hpp", "b.hpp"]})


if __name__ == "__main__":
    unittest.main()
