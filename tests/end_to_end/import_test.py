"""fairsweep import as a user types it: what is wrong with the files ends it with one clear message and an exit code."""
import unittest

import harness

ABOUT = "about: {name: t, source: made up, licence: CC0-1.0}\n"


class Import(harness.Scene):
    def write(self, **files):
        """Files by name with "_" for "."."""
        for name, text in files.items():
            (self.folder / name.replace("_", ".")).write_text(text)

    def run_import(self, *arguments, code=0):
        return harness.fairsweep("import", *arguments, cwd=self.folder, expect=code)

    def refused(self, code, *arguments):
        """The one message on stderr; nothing is left behind that was not there before."""
        before = sorted(self.folder.rglob("*"))
        done = self.run_import(*arguments, code=code)
        self.assertEqual(done.stdout, "")
        self.assertTrue(done.stderr.startswith("fairsweep: "), done.stderr)
        self.assertEqual(sorted(self.folder.rglob("*")), before)
        return done.stderr.removeprefix("fairsweep: ").rstrip("\n")


class BrokenTablesOfCandidates(Import):
    def test_each_is_refused_with_its_place(self):
        self.write(r_csv="user,a,b\nu,soup,bread\nv,bread,soup\n",
                   m_yaml=ABOUT + "candidates: {file: d.csv, key: name, features: [{column: cost, kind: numeric}]}\n")
        command = ("rankings", "r.csv", "--mapping", "m.yaml", "-o", "o.h5")
        for value in ("nan", "", "x"):
            self.write(d_csv=f"name,cost\nsoup,{value}\nbread,2\n")
            self.assertIn(f'd.csv:2: column "cost" is "{value}"', self.refused(4, *command))
        self.write(d_csv="name,cost\nsoup,1\nbread,2\nsoup,1\n")
        self.assertIn('d.csv:4: candidate "soup" is there twice', self.refused(4, *command))
        self.write(d_csv="name,cost\nsoup,1,2\nbread,2\n")
        self.assertIn("d.csv:2: ", self.refused(4, *command))
        self.write(d_csv="name,price\nsoup,1\nbread,2\n")
        self.assertIn('d.csv: the table has no column "cost"', self.refused(2, *command))
        self.write(d_csv="name,cost\nsoup,1\nbread,2\n")
        self.run_import(*command)

    def test_a_column_that_choices_lack(self):
        self.write(t_csv="id,took,sex\na,1,f\nb,2,m\n",
                   m_yaml=ABOUT + "user: id\nchoice: took\nuser_features: [{column: age, kind: numeric}]\n"
                   "attributes: {sex: {column: sex, labels: {f: women, m: men}}}\n"
                   "alternatives: [{name: x, code: 1, features: {f: 1}}, {name: y, code: 2, features: {f: 2}}]\n")
        self.assertIn('"age"', self.refused(2, "choices", "t.csv", "--mapping", "m.yaml", "-o", "o.h5"))



class Places(Import):
    """Where the output may lie, and what is said of files that are none."""
    records = ("ratings", "sub/r.csv", "--embeddings", "e.csv")

    def setUp(self):
        super().setUp()
        (self.folder / "sub").mkdir()
        (self.folder / "sub" / "r.csv").write_text("user,item,rating\nann,a,1\nann,b,2\n")
        self.write(e_csv="id,x\na,1\nb,2\n", m_yaml=ABOUT + "join: [{file: p.csv, on: user, key: id}]\n")
        (self.folder / "sub" / "p.csv").write_text("id\nann\n")

    def test_no_input_is_replaced(self):
        (self.folder / "link.h5").symlink_to("e.csv")
        (self.folder / "hard.h5").hardlink_to(self.folder / "sub" / "r.csv")
        mapped = (*self.records, "--mapping", "m.yaml")
        for output in ("sub/r.csv", "e.csv", "m.yaml", "link.h5", "hard.h5", "sub/p.csv", "sub/../e.csv"):
            with self.subTest(output=output):
                self.assertIn("which is read; write to another file", self.refused(2, *mapped, "-o", output))
        self.assertEqual((self.folder / "sub" / "r.csv").read_text(), "user,item,rating\nann,a,1\nann,b,2\n")
        self.run_import(*mapped, "-o", "sub/data.h5")

    def test_choices_replace_no_input_either(self):
        self.assertIn("no such file", self.refused(2, "choices", "sub/r.csv", "--mapping", "none.yaml", "-o", "x.h5"))

    def test_folders_are_made_and_go_again(self):
        self.run_import(*self.records, "-o", "new/place/data.h5")
        self.assertTrue((self.folder / "new" / "place" / "data.h5").is_file())
        self.run_import(*self.records, "-o", "none/../other.h5")
        self.assertTrue((self.folder / "other.h5").is_file())
        self.assertFalse((self.folder / "none").exists(), "nothing is written there")
        (self.folder / "sub" / "r.csv").write_text("user,item,rating\nann,a,x\n")
        self.refused(4, *self.records, "-o", "third/place/data.h5")  # leaves nothing behind

    def test_a_folder_is_no_file(self):
        self.assertEqual(self.refused(4, "pairs-jsonl", ".", "--text-features", "-o", "x.h5"),
                         ".: is a folder; name a file in it")
        self.assertEqual(self.refused(2, *self.records, "--mapping", "sub", "-o", "x.h5"),
                         "sub: is a folder; name a file in it")


class CommandLines(Import):
    def test_mistakes_name_the_command_and_what_was_meant(self):
        self.assertEqual(self.refused(2, "foo"),
                         'fairsweep import has no command "foo"; fairsweep import --help lists them all')
        self.assertEqual(self.refused(2, "rating"), 'fairsweep import has no command "rating"; did you mean "ratings"?; '
                         "fairsweep import --help lists them all")
        self.assertEqual(self.refused(2, "ratings", "r.csv", "--on-eror", "skip"),
                         'fairsweep import ratings: there is no option --on-eror; did you mean "--on-error"?; fairsweep '
                         "import ratings --help lists what there is")
        self.assertIn("fairsweep import choices: TABLE is required", self.refused(2, "choices", "--mapping", "m.yaml"))
        self.assertEqual(self.refused(2, "choices", "t.csv", "u.csv", "--mapping", "m.yaml"),
                         'fairsweep import choices: "u.csv" is one word too many; fairsweep import choices --help lists '
                         "what there is")

    def test_a_dry_run_shows_what_is_understood(self):
        self.write(p_jsonl='{"user":"ann","sex":"f","prompt":"why?","chosen":"so","rejected":"hm","weight":2}\n'
                           '{"user":"bob","sex":"m","prompt":"why?","chosen":"","rejected":"hm"}\n',
                   m_yaml=ABOUT + "attributes: {sex: {column: sex, labels: {f: women, m: men}}}\n")
        command = ("pairs-jsonl", "p.jsonl", "--mapping", "m.yaml", "--dry-run")
        words = self.run_import(*command).stdout
        self.assertRegex(words, r'^ann in text-\w+ \("why\?"\): text-\w+ \("so"\) > text-\w+ \("hm"\), weight 2\n'
                                r"ann: sex women\nread 2 records so far, for this comparison; .*\n"
                                r"left out 1 record: a candidate is empty\n$")
        said = harness.answer("import", *command, cwd=self.folder)
        self.assertEqual(said["people"], {"ann": {"sex": "women"}})
        self.assertEqual(said["comparisons"][0]["question"], "why?")
        self.assertEqual(said["dropped"], {"a candidate is empty": 1})
        self.assertEqual(said["records_so_far"], 2)

    def test_counts_have_their_nouns(self):
        self.write(r_csv="user,item,rating\nann,a,1\nann,b,2\n", e_csv="id,x\na,1\nb,2\n")
        words = self.run_import("ratings", "r.csv", "--embeddings", "e.csv", "-o", "x.h5").stdout
        self.assertEqual(words, "x.h5: 1 comparison (1 feature) of 1 person between 2 candidates in 1 context, from 2 "
                                "records\n")


if __name__ == "__main__":
    unittest.main()
