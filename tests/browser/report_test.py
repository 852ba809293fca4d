"""The page of `fairsweep report` in a headless Chromium: nothing on the console, nothing from the network, and what the
mouse, the keys, the themes and the printer make of it, at 10, 1,000 and 100,000 trials."""
import base64
import itertools
import json
import math
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

import colour
import webdriver

BUILD = pathlib.Path(os.environ.get("FAIRSWEEP_BINARY_DIR", "build/ci")).resolve()
SOURCE = pathlib.Path(os.environ.get("FAIRSWEEP_SOURCE_DIR", ".")).resolve()
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="fairsweep-report-"))
SKIPPED = 77  # exit code that CMakeLists.txt declares as "skipped"

MARK = """const marks = document.querySelectorAll("#front-plot .member");
          const box = marks[arguments[0]].getBoundingClientRect();
          return [box.x + box.width / 2, box.y + box.height / 2];"""


def page_of(name, *size):
    """The page of a sweep that never ran, of this size; made once."""
    page = FOLDER / f"{name}.html"
    if not page.exists():
        subprocess.run([BUILD / "bin/write_results", FOLDER / f"{name}.h5", *map(str, size)], check=True,
                       capture_output=True)
        subprocess.run([BUILD / "bin/fairsweep", "report", FOLDER / f"{name}.h5", "-o", page], check=True,
                       capture_output=True)
    return page


def small():
    return page_of("ten", "--configurations", 5)


def middle():
    return page_of("thousand", "--configurations", 500)


def large():
    return page_of("hundred_thousand", "--configurations", 50000, "--people", 100)


def column(browser, path):
    """A packed column of the page's data, unpacked here."""
    packed = browser.run("return arguments[0].reduce((at, key) => at[key], Report.data)", path)
    kind, text = next(iter(packed.items()))
    data = base64.b64decode(text)
    return struct.unpack(f"<{len(data) // 4}{'f' if kind == 'f32' else 'I'}", data)


class Report(unittest.TestCase):
    def setUp(self):
        self.browser = webdriver.Browser()
        self.addCleanup(self.browser.__exit__)

    def show(self, page):
        self.browser.open(page)
        self.assertTrue(self.browser.wait("return document.documentElement.dataset.ready"), "the page was never drawn")

    def tearDown(self):
        # Whatever a test did: no error, and nothing asked of anybody.
        self.assertEqual(self.browser.console(), [])
        asked = [address for address in self.browser.requests() if not address.startswith((FOLDER.as_uri(), "about:"))]
        self.assertEqual(asked, [])

    def text(self, selector):
        return self.browser.run("return document.querySelector(arguments[0]).textContent", selector)

    def test_opens_at_every_size(self):
        for page, megabytes in ((small(), 1), (middle(), 2), (large(), 15)):
            with self.subTest(page=page.name):
                self.assertLess(page.stat().st_size, megabytes * 1e6)
                self.show(page)
                first = float(self.browser.run("return document.documentElement.dataset.firstPlot"))
                self.assertLess(first, 3000, "milliseconds to the first plot")
                for plot in ("front", "parallel", "curve", "people", "support", "work"):
                    self.assertGreater(self.browser.run(
                        "return document.querySelectorAll(`#${arguments[0]}-plot svg *`).length", plot), 1, plot)
                self.assertIn("pafo", self.text("#declaration"))
                self.assertIn("PAFO-style, reconstructed", self.text("#declaration"))
                self.assertIn("Redistribution", self.text("#licence"))

    def test_says_what_was_left_out_of_a_large_run(self):
        self.show(large())
        members = self.browser.run("return Report.points.members")
        self.assertEqual(self.browser.run("return document.querySelectorAll('#front-plot .member').length"), members)
        self.assertIn("8,000 drawn at random", self.text("#thinning"))
        self.assertIn("30", self.browser.run("return String(document.querySelectorAll('#front-table tbody tr').length)"))
        self.browser.run("document.querySelector('#front-more').click()")
        self.assertEqual(self.browser.run("return document.querySelectorAll('#front-table tbody tr').length"), members)
        self.show(small())
        self.assertEqual(self.text("#thinning"), "")

    def test_hover_shows_the_settings_of_the_point_under_the_mouse(self):
        self.show(middle())
        self.browser.place("#front-plot")
        x, y = self.browser.run(MARK, 4)
        self.browser.point(x, y)
        tip = self.browser.wait("const tip = document.getElementById('tip'); return tip.hidden ? '' : tip.textContent")
        near = re.match(r"configuration (\d+), (\w+), on the front", tip)
        self.assertTrue(near, tip)
        ids = column(self.browser, ["points", "id"])
        self.assertIn(int(near.group(1)), ids)
        # Marks may lie on each other: what is said is of the one that is said.
        place = ids.index(int(near.group(1)))
        rates = column(self.browser, ["points", "settings", 3, "values"])
        self.assertIn(f"learning_rate{float(f'{rates[place]:.4g}'):g}", tip.replace("e-05", "e-5"))
        value = column(self.browser, ["points", "validation", 0])[place]
        self.assertIn(f"{value:.2f}", tip)
        self.browser.point(2, 2)
        self.assertTrue(self.browser.wait("return document.getElementById('tip').hidden"))

    def test_says_how_sure_the_front_is(self):
        for page in (small(), middle()):
            self.show(page)
            front = json.loads(subprocess.run([BUILD / "bin/fairsweep", "front", page.with_suffix(".h5"), "--all", "--json"],
                                              check=True, capture_output=True).stdout)
            expected = {point["configuration"]: point["probability_non_dominated"] for point in front["configurations"]}
            ids = column(self.browser, ["points", "id"])
            for configuration, shown in zip(ids, self.browser.run("return Report.data.points.probability"), strict=True):
                self.assertEqual(shown, expected[configuration])
            heads = self.browser.run("return [...document.querySelectorAll('#front-table th')].map((one) => one.textContent)")
            cells = self.browser.run("return [...document.querySelectorAll('#front-table tbody tr')].map((row) => "
                                     "[row.cells[0].textContent, row.cells[arguments[0]].textContent])",
                                     heads.index("probability"))
            self.assertTrue(cells)
            for configuration, shown in cells:
                self.assertAlmostEqual(float(shown), expected[int(configuration)], delta=0.0051)
            self.assertIn(f"{front['confidence']['expected_false_members']:.1f} are expected not to belong there",
                          self.text("#confidence"))
        for point, words in ((0, "on the front"), (len(front["members"]), "configuration")):  # one of the others, too
            tip = self.browser.run("return Report.describe(arguments[0]).map((one) => one.textContent).join(' ')", point)
            self.assertIn(words, tip)
            self.assertIn(f"probability of being on the front{expected[ids[point]]:.2f}", tip)

    def test_a_table_that_is_cut_says_so(self):
        self.show(middle())
        for width, narrow in ((1300, None), (600, True)):
            self.browser.resize(width, 900)
            hint = ("const place = document.querySelector('#front-table').parentElement;"
                    "return [place.scrollWidth > place.clientWidth, place.classList.contains('cut'), place.tabIndex === 0,"
                    " place.nextElementSibling.textContent.includes('scroll it sideways')]")
            self.assertTrue(self.browser.wait("return Math.abs(document.querySelector('#front-plot svg').clientWidth - "
                                              "document.querySelector('#front-plot').clientWidth) < 2"))
            said = self.browser.wait(f"const all = (() => {{ {hint} }})(); return new Set(all).size === 1 ? [all] : null")
            self.assertTrue(said, "the hint is not what the table is")
            if narrow:
                self.assertEqual(said[0], [True] * 4)

    def test_a_click_and_the_keys_pick_a_row_of_the_table(self):
        self.show(middle())
        self.browser.place("#front-plot")
        self.browser.point(*self.browser.run(MARK, 0), ("down",), ("up",))
        picked = self.browser.wait("return document.querySelector('#front-table tr.picked')?.dataset.point")
        self.assertIsNotNone(picked)
        self.browser.run("document.querySelector('#front-plot').focus()")
        self.browser.press("\ue014")  # arrow to the right
        following = self.browser.run("return document.querySelector('#front-table tr.picked').dataset.point")
        self.assertEqual(int(following), int(picked) + 1)
        self.assertIn("configuration", self.text("#tip"))

    def test_brushing_an_axis_chooses_in_both_plots(self):
        self.show(middle())
        for first in range(2):  # the second brush narrows what the first left
            if first == 0:
                self.browser.place("#parallel-plot")
            overlay = self.browser.run("""const all = document.querySelectorAll('#parallel-plot .brush .overlay');
                const box = all[arguments[0]].getBoundingClientRect();
                return [box.x + box.width / 2, box.y, box.height];""", first)
            x, top, height = overlay
            self.browser.point(x, top + 0.05 * height, ("down",), ("move", x, top + 0.4 * height), ("up",))
        count = self.browser.wait("const t = document.getElementById('parallel-count').textContent;"
                                  "return t.includes('match') ? t : ''")
        # The same worked out here, from the data and the ranges that were brushed.
        ranges = self.browser.run("""return [...document.querySelectorAll('#parallel-plot .brush .selection')].slice(0, 2)
            .map((one) => [Number(one.getAttribute('y')), Number(one.getAttribute('height'))]);""")
        members = self.browser.run("return Report.points.members")
        matching = None
        for axis, (begin, length) in enumerate(ranges):
            values = column(self.browser, ["points", "validation", axis])
            low, high, top, bottom = min(values), max(values), 56, 400 - 20 - 14 - 16
            inside = {i for i, value in enumerate(values)
                      if begin <= bottom - (value - low) / (high - low) * (bottom - top) <= begin + length}
            matching = inside if matching is None else matching & inside
        expected = len([i for i in matching if i < members])
        self.assertTrue(0 < len(matching) < 500)
        self.assertTrue(count.startswith(f"{expected} of "), f"{count}; expected {expected}")
        faded = self.browser.run("return [...document.querySelectorAll('#front-plot .member')]"
                                 ".filter((one) => Number(one.getAttribute('opacity')) < 1).length")
        self.assertEqual(faded, members - expected)
        self.browser.run("document.getElementById('parallel-clear').click()")
        self.assertIn("Drag along", self.text("#parallel-count"))

    def test_ellipses_are_hotellings(self):
        """Of the first member on two axes: the outline against d' C^-1 d = T^2 / n with numbers worked out here."""
        self.show(middle())
        offset = column(self.browser, ["points", "replicates", "offset"])
        x = column(self.browser, ["points", "replicates", "validation", 0])
        y = column(self.browser, ["points", "replicates", "validation", 1])
        xx = xy = yy = degrees = 0.0
        for begin, end in itertools.pairwise(offset):
            n = end - begin
            mean_x, mean_y = sum(x[begin:end]) / n, sum(y[begin:end]) / n
            for i in range(begin, end):
                xx += (x[i] - mean_x) ** 2
                xy += (x[i] - mean_x) * (y[i] - mean_y)
                yy += (y[i] - mean_y) ** 2
            degrees += n - 1
        squared = degrees * (0.05 ** (-2 / (degrees - 1)) - 1)
        self.assertAlmostEqual(self.browser.run("return Report.meanRegion(11, 0.95)"), 2 * 11 / 10 * 4.10282, places=3)
        n = offset[1] - offset[0]
        outline = self.browser.run("""const region = Report.regions(0, 1, "pooled")[0];
            return Report.outline(region, 0, 0);""")
        scale = degrees * n / (xx * yy - xy * xy)
        for dx, dy in outline:
            distance = scale * (yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy)
            self.assertAlmostEqual(distance / squared, 1, places=5)
        self.assertEqual(self.browser.run("return document.querySelectorAll('#front-plot .region').length"),
                         self.browser.run("return Report.points.members"))
        self.browser.run("const one = document.getElementById('front-region'); one.value = 'none';"
                         "one.dispatchEvent(new Event('change'))")
        self.assertEqual(self.browser.run("return document.querySelectorAll('#front-plot .region').length"), 0)

    def test_any_axes_and_either_split(self):
        self.show(middle())
        before = self.browser.run("return document.querySelector('#front-plot .member').getAttribute('transform')")
        for control, value in (("front-x", "2"), ("front-y", "0"), ("front-colour", "1"), ("front-range", "front"),
                               ("split", "test"), ("curve-x", "configurations"), ("people-second", "")):
            self.browser.run("""const one = document.getElementById(arguments[0]); one.value = arguments[1];
                one.dispatchEvent(new Event("change"))""", control, value)
        self.assertNotEqual(before, self.browser.run(
            "return document.querySelector('#front-plot .member').getAttribute('transform')"))
        self.assertIn("accuracy of group 3", self.text("#front-plot"))
        self.assertIn("Test values were not used", self.text("#front-caption"))
        self.assertIn("test", self.text("#people-plot"))

    def test_theme_follows_the_system_and_the_choice(self):
        self.show(middle())
        paper = "return getComputedStyle(document.body).backgroundColor"
        theme = colour.themes((SOURCE / "results/report/page/style.css").read_text())
        def rgb(name):
            return "rgb({}, {}, {})".format(*(int(theme[name]["paper"][i:i + 2], 16) for i in (1, 3, 5)))
        self.browser.prefer("dark")
        self.browser.wait("return document.documentElement.dataset.theme === 'dark'")
        self.assertEqual(self.browser.run(paper), rgb("dark"))
        self.browser.run("const one = document.getElementById('theme'); one.value = 'light';"
                         "one.dispatchEvent(new Event('change'))")
        self.assertEqual(self.browser.run(paper), rgb("light"))
        drawn = self.browser.run("return document.querySelector('#curve-plot .curve').getAttribute('stroke')")
        self.assertEqual(drawn, theme["light"]["hue-1"])
        self.browser.run("const one = document.getElementById('theme'); one.value = 'dark';"
                         "one.dispatchEvent(new Event('change'))")
        self.assertEqual(self.browser.run("return document.querySelector('#curve-plot .curve').getAttribute('stroke')"),
                         theme["dark"]["hue-1"])

    def test_fits_a_telephone(self):
        self.browser.resize(390, 800)
        self.show(middle())
        self.assertLessEqual(self.browser.run("return document.documentElement.scrollWidth"), 390)
        self.browser.resize(1200, 900)
        self.assertTrue(self.browser.wait("return document.querySelector('#front-plot svg').clientWidth > 1000"))

    def test_prints(self):
        self.show(middle())
        paper = self.browser.print()
        self.assertTrue(paper.startswith(b"%PDF"))
        self.assertGreater(len(re.findall(rb"/Type\s*/Page\b", paper)), 2)
        self.assertLess(len(paper), 5_000_000)
        # After printing the page is as it was.
        self.assertTrue(self.browser.wait("return document.querySelector('main').style.width === ''"))


class Colours(unittest.TestCase):
    """Of both themes, without a browser."""

    def setUp(self):
        self.themes = colour.themes((SOURCE / "results/report/page/style.css").read_text())

    def test_the_formulas(self):
        self.assertAlmostEqual(colour.contrast("#000000", "#ffffff"), 21, places=6)
        self.assertAlmostEqual(colour.contrast("#777777", "#ffffff"), 4.48, places=2)
        self.assertAlmostEqual(math.dist(colour.lab("#ffffff"), (100, 0, 0)), 0, delta=0.05)
        self.assertAlmostEqual(math.dist(colour.lab("#ff0000"), (53.24, 80.09, 67.20)), 0, delta=0.1)

    def test_text_and_marks_stand_out(self):
        for name, theme in self.themes.items():
            for ground in ("paper", "panel"):
                for text in ("ink", "faint", "link"):
                    self.assertGreaterEqual(colour.contrast(theme[text], theme[ground]), 4.5, (name, text, ground))
            for mark in [f"hue-{i}" for i in range(1, 7)] + ["dot", "focus"]:
                self.assertGreaterEqual(colour.contrast(theme[mark], theme["paper"]), 3, (name, mark))

    def test_hues_are_told_apart_by_everybody(self):
        for name, theme in self.themes.items():
            hues = [theme[f"hue-{i}"] for i in range(1, 7)]
            for deficiency in colour.DEFICIENCIES:
                for one, other in itertools.combinations(hues, 2):
                    self.assertGreater(colour.difference(one, other, deficiency), 10, (name, deficiency, one, other))


if __name__ == "__main__":
    if webdriver.why_not():
        print(f"skipped: {webdriver.why_not()}; the report's page is not tried out")
        sys.exit(SKIPPED)
    try:
        unittest.main()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
