"""Runs every Python block of a Markdown page in one name space, with `path` set to the file given.

Usage: run_recipes.py PAGE RESULT_FILE [OTHER_RESULT_FILE]; the second file is `other` in the page. Prints "ran N recipes"
at the end. Any exception ends it with a traceback.
"""
import re
import sys

page, path = sys.argv[1:3]
blocks = re.findall(r"^```python\n(.*?)^```", open(page, encoding="utf-8").read(), re.DOTALL | re.MULTILINE)
names = {"path": path, "other": sys.argv[-1]}
for block in blocks:
    exec(compile(block, page, "exec"), names)
print(f"ran {len(blocks)} recipes")
