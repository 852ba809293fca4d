"""What the built programs link: the control plane no LibTorch, the data plane no MPI."""
import os
import re
import subprocess
import unittest

from repository import BIN

TRAINER = os.environ.get("FAIRSWEEP_TRAINER", "ON") == "ON"
TORCH = re.compile(r"lib(torch|c10|ATen)\w*[.\-]")
MPI = re.compile(r"lib(mpi|open-rte|open-pal|pmix|prrte)\w*[.\-]")


def libraries(program):
    """Names of all shared libraries the loader would bring, the indirect ones included."""
    answer = subprocess.run(["ldd", BIN / program], capture_output=True, text=True, check=True)
    return re.findall(r"^\s*(\S+) =>", answer.stdout, re.MULTILINE)


def own_libraries(program):
    """Names of the shared libraries that the program itself asks for."""
    answer = subprocess.run(["objdump", "-p", BIN / program], capture_output=True, text=True, check=True)
    return re.findall(r"^\s*NEEDED\s+(\S+)", answer.stdout, re.MULTILINE)


class LinkedLibraries(unittest.TestCase):
    def refuse(self, found, pattern):
        self.assertTrue(any(name.startswith("libstdc++") for name in found), found)
        self.assertEqual([name for name in found if pattern.match(name)], [])

    def test_fairsweep_links_no_torch(self):
        self.refuse(libraries("fairsweep"), TORCH)

    @unittest.skipUnless(TRAINER, "this build leaves fairsweep-trainer out")
    def test_fairsweep_trainer_links_no_mpi(self):
        # Debian 13's LibTorch brings an MPI library of its own accord, which nothing of ours calls.
        self.refuse(own_libraries("fairsweep-trainer"), MPI)

    @unittest.skipUnless(TRAINER, "this build leaves fairsweep-trainer out")
    def test_fairsweep_trainer_links_torch(self):
        self.assertTrue(any(TORCH.match(name) for name in libraries("fairsweep-trainer")))


if __name__ == "__main__":
    unittest.main()
