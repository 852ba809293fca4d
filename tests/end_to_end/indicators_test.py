"""`fairsweep indicators` on random, degenerate and structured sets of up to ten columns, against closed forms and slow
twins in exact fractions. FAIRSWEEP_SEED runs another set of random cases.
"""
import fractions
import itertools
import json
import math
import os
import random
import sys
import unittest

import harness

SEED = int(os.environ.get("FAIRSWEEP_SEED", "1"))
Exact = fractions.Fraction


def dominates(a, b):
    return a != b and all(x <= y for x, y in zip(a, b))


def ranks_by_peeling(points):
    ranks, left, rank = {}, list(range(len(points))), 0
    while left:
        front = [i for i in left if not any(dominates(points[j], points[i]) for j in left)]
        ranks.update((i, rank) for i in front)
        left = [i for i in left if i not in set(front)]
        rank += 1
    return [ranks[i] for i in range(len(points))]


def slabs(points, reference):
    """The union of boxes, slab by slab from the last column down."""
    if not points:
        return 0
    if not reference:
        return 1
    cuts = sorted({point[-1] for point in points} | {reference[-1]})
    return sum((above - below) * slabs([p[:-1] for p in points if p[-1] <= below], reference[:-1])
               for below, above in zip(cuts, cuts[1:]))


def exact_volume(points, reference):
    rows = {tuple(map(Exact, point)) for point in points if all(x < r for x, r in zip(point, reference))}
    rows = [a for a in rows if not any(dominates(b, a) for b in rows)]
    reference = list(map(Exact, reference))
    if len(rows) > 8:
        return slabs(rows, reference)
    total = Exact(0)  # inclusion and exclusion
    for size in range(1, len(rows) + 1):
        for part in itertools.combinations(rows, size):
            worst = [max(column) for column in zip(*part)]
            total += (-1) ** (size + 1) * math.prod(r - x for r, x in zip(reference, worst))
    return total


def exact_r2_of_two(points, ideal):
    """The cost is linear in the weight between the places where two of its lines cross."""
    far = [[Exact(x) - Exact(z) for x, z in zip(point, ideal)] for point in points]

    def cost(weight):
        return min(max(weight * first, (1 - weight) * second) for first, second in far)

    cuts = {Exact(0), Exact(1)} | {b[1] / (a[0] + b[1]) for a in far for b in far if a[0] + b[1] > 0}
    cuts = sorted(cuts)
    return sum((above - below) * (cost(below) + cost(above)) / 2 for below, above in zip(cuts, cuts[1:]))


def lattice(columns, parts):
    bars = itertools.combinations(range(parts + columns - 1), columns - 1)
    for bar in bars:
        ends = (-1, *bar, parts + columns - 1)
        yield [(b - a - 1) / parts for a, b in zip(ends, ends[1:])]


class Indicators(harness.Scene):
    def ask(self, points, reference, *more, against=None):
        (self.folder / "points.txt").write_text("".join(" ".join(map(repr, map(float, p))) + "\n" for p in points))
        arguments = ["indicators", "points.txt", "--reference", ",".join(map(repr, map(float, reference))), *more]
        if against is not None:
            (self.folder / "against.txt").write_text("".join(",".join(map(repr, map(float, p))) + "\n" for p in against))
            arguments += ["--against", "against.txt"]
        return harness.answer(*arguments, cwd=self.folder)

    def near(self, found, exact, points, columns, what):
        """To 1e-12 relative, scaled by n and d, wherever the number is a normal double."""
        if exact > sys.float_info.max:
            self.assertIsNone(found, what)
        elif exact == 0:
            self.assertEqual(found, 0, what)
        elif exact >= sys.float_info.min:
            self.assertIsNotNone(found, what)
            self.assertLessEqual(abs(Exact(found) - exact) / exact, 1e-12 * max(1, points) * columns, what)

    def check(self, points, reference, what):
        columns = len(reference)
        found = self.ask(points, reference, "--each")
        self.assertEqual(found["points"], len(points), what)
        ranks = ranks_by_peeling(points)
        self.assertEqual(found["ranks"], ranks, what)
        self.assertEqual(found["non_dominated"], ranks.count(0), what)
        front = {tuple(p) for p, rank in zip(points, ranks) if rank == 0}
        self.assertEqual(found["non_dominated_distinct"], len(front), what)
        self.assertEqual(found["fronts"], max(ranks, default=-1) + 1, what)
        volume = exact_volume(points, reference)
        self.near(found["hypervolume"], volume, len(points), columns, what)
        for i, contribution in enumerate(found["contributions"]):
            rest = points[:i] + points[i + 1:]
            alone = volume - exact_volume(rest, reference) if ranks[i] == 0 else 0
            # Above three columns it is a difference: its accuracy is that of the box it is taken from.
            box = math.prod((Exact(r) - Exact(x) for r, x in zip(reference, points[i])), start=Exact(1))
            slack = 0 if columns <= 3 else 1e-15 * max(box, 0)
            if contribution is not None and alone <= sys.float_info.max:
                self.assertLessEqual(abs(Exact(contribution) - alone),
                                     1e-12 * len(points) * columns * alone + slack + Exact(sys.float_info.min),
                                     f"{what}, point {i + 1}: {contribution} instead of {float(alone)}")

    def test_random_sets(self):
        for columns in range(1, 11):
            for kind in ("cube", "grid", "front", "duplicates"):
                rng = random.Random(f"{SEED} {columns} {kind}")
                rows = 8 if columns > 4 else 14
                points = [[rng.random() for _ in range(columns)] for _ in range(rows)]
                if kind == "grid":
                    points = [[math.floor(4 * x) / 4 for x in point] for point in points]
                elif kind == "front":
                    points = [[x / math.fsum(point) for x in point] for point in points]
                elif kind == "duplicates":
                    points = points[:rows // 2] * 2
                self.check(points, [1.125] * columns, f"{kind}, {columns} columns, FAIRSWEEP_SEED={SEED}")

    def test_larger_sets_of_few_columns(self):
        for columns, rows in ((2, 60), (3, 30), (4, 18)):
            rng = random.Random(f"{SEED} larger {columns}")
            points = [[rng.random() for _ in range(columns)] for _ in range(rows)]
            self.check(points, [1.0] * columns, f"{rows} points of {columns} columns, FAIRSWEEP_SEED={SEED}")

    def test_extreme_scales(self):
        for columns in range(1, 11):
            for widest in (20, 150, 300):
                rng = random.Random(f"{SEED} scales {columns} {widest}")
                points = [[-rng.random() * 10.0 ** rng.randint(-widest, widest) for _ in range(columns)]
                          for _ in range(6)]
                what = f"10^+-{widest}, {columns} columns, FAIRSWEEP_SEED={SEED}"
                found = self.ask(points, [0.0] * columns)
                self.near(found["hypervolume"], exact_volume(points, [0.0] * columns), len(points), columns, what)
        # Products of 1e400 and 1e-400 on the way to an ordinary number.
        points = [[-1e200, -1e200, -1e-200, -1e-200], [-1e-200, -1e-200, -1e200, -1e200]]
        self.near(self.ask(points, [0.0] * 4)["hypervolume"], exact_volume(points, [0.0] * 4), 2, 4, "crossing boxes")
        # All contributions are small; none of them is nothing.
        tiny = [[1e-3 * i / 7, 1e-3 * (6 - i) / 7, 1e-3 * (i * i % 7) / 7, 1e-3 * (3 * i % 7) / 7] for i in range(7)]
        self.assertGreater(min(self.ask(tiny, [1e-3] * 4, "--each")["contributions"]), 0)

    def test_degenerate_sets(self):
        for columns in range(1, 11):
            reference = [2.0] * columns
            self.check([], reference, f"no point, {columns} columns")
            self.check([[1.0] * columns], reference, f"one point, {columns} columns")
            self.check([[0.5] * columns] * 5, reference, f"five copies, {columns} columns")
            self.check([[i / 8] * columns for i in range(8)], reference, f"a chain, {columns} columns")
            self.check([reference, [3.0] * columns], reference, f"nothing below the reference, {columns} columns")
            if columns < 2:
                continue
            line = [[i / 7, 1 - i / 7] + [0.25] * (columns - 2) for i in range(8)]
            self.check(line, reference, f"collinear with constant columns, {columns} columns")

    def test_closed_forms(self):
        for columns, parts in ((2, 9), (3, 6), (4, 5), (5, 4), (6, 6), (7, 5), (8, 4), (9, 3), (10, 3)):
            points = list(lattice(columns, parts))
            found = self.ask(points, [1.0] * columns)
            below = Exact(math.comb(parts - 1 + columns, columns), parts ** columns)
            self.near(found["hypervolume"], 1 - below, len(points), columns, f"lattice {columns}, {parts}")
            self.assertEqual(found["non_dominated"], len(points))
        for n in (1, 10, 1000):
            stairs = [[i, n - 1 - i] for i in range(n)]
            self.near(self.ask(stairs, [n, n])["hypervolume"], Exact(n * (n + 1), 2), n, 2, f"{n} stairs")
        for columns in range(2, 11):  # -e_i below 0 lifted: all boxes meet in the unit cube, each adds a unit
            points = [[-1.0 if i == j else 0.0 for j in range(columns)] for i in range(columns)]
            self.near(self.ask(points, [1.0] * columns)["hypervolume"], Exact(1 + columns), columns, columns, "spikes")

    def test_indicators_against_a_reference_set(self):
        for columns in range(1, 11):
            rng = random.Random(f"{SEED} against {columns}")
            points = [[rng.random() for _ in range(columns)] for _ in range(9)]
            against = [[rng.random() for _ in range(columns)] for _ in range(7)]
            what = f"{columns} columns, FAIRSWEEP_SEED={SEED}"
            ideal = [-0.25] * columns
            found = self.ask(points, [2.0] * columns, "--ideal", ",".join(map(repr, ideal)), against=against)
            epsilon = max(min(max(a - r for a, r in zip(point, target)) for point in points) for target in against)
            self.assertAlmostEqual(found["additive_epsilon"], epsilon, delta=1e-15, msg=what)
            distances = [min(math.hypot(*(max(a - r, 0) for a, r in zip(point, target))) for point in points)
                         for target in against]
            self.assertAlmostEqual(found["igd_plus"], math.fsum(distances) / len(against), delta=1e-13, msg=what)
            if columns == 1:
                expected = min(point[0] for point in points) + 0.25
            elif columns == 2:
                expected = float(exact_r2_of_two(points, ideal))
            else:
                parts = max(h for h in range(1, 200) if math.comb(h + columns - 1, columns - 1) <= 10_000)
                far = [[x + 0.25 for x in point] for point in points]
                costs = [min(max(w * x for w, x in zip(weight, point)) for point in far)
                         for weight in lattice(columns, parts)]
                expected = math.fsum(costs) / len(costs)
            self.assertAlmostEqual(found["r2"], expected, delta=1e-12, msg=what)

    def test_shape_of_a_front(self):
        found = self.ask([[0, 4], [1, 3], [4, 0]], [5, 5])
        self.assertAlmostEqual(found["spread"], 8 / 15, delta=1e-15)
        self.assertEqual(found["knees"], {"points": [], "distance": 0})  # on a line
        found = self.ask([[4, 4], [0, 4], [1, 1], [4, 0], [1, 1]], [5, 5])
        self.assertEqual(found["knees"]["points"], [3, 5])
        self.assertAlmostEqual(found["knees"]["distance"], 0.5 / math.sqrt(2), delta=1e-15)
        self.assertIsNone(self.ask([[1, 1], [1, 1], [2, 2]], [5, 5])["spread"])
        # Mirrored, larger is better: the same numbers.
        points = [[0.5, 0.1, 0.7], [0.2, 0.9, 0.3], [0.3, 0.4, 0.5]]
        found = self.ask(points, [1, 1, 1], "--each", "--ideal", "0,0,0", against=points[:2])
        mirrored = self.ask([[-x for x in p] for p in points], [-1, -1, -1], "--each", "--ideal", "0,0,0", "--maximise",
                            against=[[-x for x in p] for p in points[:2]])
        for name in ("hypervolume", "spread", "knees", "additive_epsilon", "igd_plus", "r2", "ranks", "contributions"):
            self.assertEqual(found[name], mirrored[name], name)

    def test_the_documented_example(self):
        page = (harness.SOURCE / "docs" / "indicators.md").read_text()
        lines = page.split("```")[1].splitlines()
        files = {line.split("> ")[1]: line.split("'")[1].replace("\\n", "\n") for line in lines if line.startswith("$ printf")}
        self.assertEqual(sorted(files), ["best_known.txt", "points.txt"])
        for name, text in files.items():
            (self.folder / name).write_text(text)
        place = next(i for i, line in enumerate(lines) if line.startswith("$ fairsweep "))
        done = harness.fairsweep(*lines[place].split()[2:], cwd=self.folder)
        self.assertEqual(done.stdout.splitlines(), [line for line in lines[place + 1:]])

    def test_bad_input(self):
        (self.folder / "good.txt").write_text("1 2\n2 1\n")
        (self.folder / "wide.txt").write_text("1 2 3\n")
        (self.folder / "empty.txt").write_text("# nothing\n")
        (self.folder / "nan.txt").write_text("1 2\n3 nan\n")
        start = ("indicators", "good.txt", "--reference", "3,3")
        for code, arguments, words in (
                (4, ("indicators", "nan.txt", "--reference", "3,3"), "nan.txt:2"),
                (4, (*start, "--against", "none.txt"), "none.txt cannot be read"),
                (4, (*start, "--against", "wide.txt"), "wide.txt have 3 numbers"),
                (4, (*start, "--against", "empty.txt"), "empty.txt has no points"),
                (4, (*start, "--against", "nan.txt"), "nan.txt:2"),
                (2, (*start, "--ideal", "1"), "--ideal has 1 numbers"),
                (2, (*start, "--ideal", "1,x"), '"x" is no number'),
                (2, (*start, "--ideal", ""), "--ideal"),
                (2, (*start, "--ideal", "1.5,0"), "point 1 of good.txt is better in column 1 (1)"),
                (2, ("indicators", "-", "--reference", "3,3", "--against", "-"), "cannot both be standard input"),
                (2, ("indicators", "empty.txt", "--reference", ",".join(["1"] * 33)), "up to 32")):
            done = harness.fairsweep(*arguments, cwd=self.folder, expect=code)
            self.assertIn(words, done.stdout + done.stderr, arguments)
            self.assertNotIn("this is a bug", done.stdout + done.stderr)
        text = harness.fairsweep(*start, "--each", "--against", "good.txt", "--ideal", "0,0", cwd=self.folder).stdout
        for name in ("fronts", "hypervolume", "spread", "knee", "additive epsilon", "IGD+", "R2", "contribution"):
            self.assertIn(name, text)
        json.loads(harness.fairsweep(*start, "--json", cwd=self.folder).stdout)


if __name__ == "__main__":
    unittest.main()
