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


if __name__ == "__main__":
    unittest.main()
