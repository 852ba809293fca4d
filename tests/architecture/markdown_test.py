"""Markdown: no dead link, no page under docs/ that nothing leads to."""
import posixpath
import re
import unittest

from repository import ROOT, files, text_of

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def anchor_of(heading):
    """GitHub's anchor for a heading."""
    words = re.sub(r"[^\w\- ]", "", heading.strip().lower().replace("`", ""))
    return words.replace(" ", "-")


def anchors(path):
    text = re.sub(r"```.*?```", "", text_of(path), flags=re.DOTALL)
    return {anchor_of(heading) for heading in re.findall(r"^#+ +(.*)$", text, re.MULTILINE)}


def links(path, text):
    """(target as written, path it leads to, anchor) of each link into this repository."""
    for target in LINK.findall(CODE.sub("", text)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        place = posixpath.normpath(posixpath.join(posixpath.dirname(str(path)), file)) if file else str(path)
        yield target, place, anchor


def dead(path, text):
    found = []
    for target, place, anchor in links(path, text):
        if place.startswith("..") or not (ROOT / place).exists():
            found.append(f"{path}: ({target}) leads nowhere")
        elif anchor and place.endswith(".md") and anchor not in anchors(place):
            found.append(f"{path}: ({target}) names no heading of {place}")
    return found


class Markdown(unittest.TestCase):
    def test_no_dead_link(self):
        pages = files(".md")
        self.assertGreater(len(pages), 10)
        found = [problem for page in pages for problem in dead(page, text_of(page))]
        self.assertEqual(found, [], "\n".join(found))

    def test_every_page_can_be_reached(self):
        reached, ahead = set(), ["README.md"]
        while ahead:
            page = ahead.pop()
            if page in reached:
                continue
            reached.add(page)
            for _, place, _ in links(page, text_of(page)):
                if (ROOT / place).is_dir():
                    place = posixpath.join(place, "README.md")
                if place.endswith(".md") and (ROOT / place).is_file():
                    ahead.append(place)
        orphans = [str(page) for page in files(".md", under=("docs",)) if str(page) not in reached]
        self.assertEqual(orphans, [], "no link leads from README.md to these")

    def test_a_dead_link_is_found(self):
        self.assertEqual(len(dead("README.md", "[a](docs/no_such_page.md) and [b](README.md#no-such-heading)")), 2)
        self.assertEqual(dead("README.md", "[a](LICENSE), [b](https://example.org/x), `[c](nowhere)`"), [])


if __name__ == "__main__":
    unittest.main()
