"""Who may include whom: the table of DESIGN.md section 5, checked for every #include in the tree."""
import re
import unittest

from repository import CODE_FOLDERS, ROOT, files, text_of

SERVICES = ["core/diagnostics", "core/domain", "core/random", "core/config", "core/protocol", "core/transport",
            "core/hdf5"]

# folder -> folders of this project it may include, beside itself. The longest folder that fits a file counts.
MAY_INCLUDE = {
    "core/diagnostics": [],
    "core/domain": ["core/diagnostics"],
    "core/random": ["core/diagnostics"],
    "core/hdf5": ["core/diagnostics"],
    "core/transport": ["core/diagnostics"],
    "core/config": ["core/diagnostics", "core/domain"],
    "core/protocol": ["core/diagnostics", "core/domain"],
    "objectives/metrics": ["core/diagnostics", "core/domain", "core/random"],
    "objectives/gradient_weights": ["core/diagnostics", "core/random"],
    "objectives/ensemble_weights": ["core/diagnostics", "core/random", "objectives/gradient_weights"],
    "objectives/training": ["core/diagnostics", "core/domain", "core/random", "objectives/ensemble_weights",
                            "objectives/gradient_weights"],
    "workers/data": ["core/diagnostics", "core/domain", "core/random", "core/hdf5", "core/protocol"],
    "workers/agent": SERVICES,
    "workers/trainer": SERVICES + ["workers/data", "objectives/metrics", "objectives/training"],
    "results/pareto": ["core/diagnostics"],
    "results/log": ["core/diagnostics", "core/domain", "core/protocol"],
    "results/store": ["core/diagnostics", "core/domain", "core/protocol", "core/hdf5", "results/log",
                      "results/pareto"],
    "results/report": ["core/diagnostics", "core/domain", "core/random", "objectives/metrics", "results/pareto",
                       "results/store"],
    "results/export": ["core/diagnostics", "core/domain", "core/random", "results/report", "results/store"],
    "orchestrator": SERVICES + ["orchestrator/search", "results/log"],
    "orchestrator/search": ["core/diagnostics", "core/domain", "core/random"],
    "orchestrator/apps": SERVICES + ["orchestrator", "orchestrator/search", "objectives/metrics", "workers/agent",
                                     "workers/data", "results/export", "results/log", "results/pareto",
                                     "results/report", "results/store"],
}

# Header of another project (regular expression) -> the only folders that may see it.
MAY_SEE = {
    r"mpi\.h": ["core/transport"],
    r"hdf5\.h|H5\w*\.h|hdf5_hl\.h": ["core/hdf5"],
    r"(ATen|c10|torch)/.*": ["objectives/training", "workers/trainer"],
    r"yaml-cpp/.*": ["core/config", "workers/data"],
    r"nlohmann/.*": ["core/protocol", "results", "orchestrator", "workers/data"],
    r"openssl/.*": ["core/diagnostics"],
    r"Eigen/.*": ["workers/data", "orchestrator/search"],
    r"boost/.*": ["core/diagnostics"],
    r"zlib\.h": ["workers/data"],
    r"simdjson\.h": ["workers/data/importers"],
    r"CLI/.*": ["orchestrator/apps", "workers/trainer"],
    r"spdlog/.*|fmt/.*": ["core", "objectives", "workers", "results/log", "results/store", "results/report",
                          "results/export", "orchestrator"],
}
NOWHERE = r"torch/torch\.h|torch/all\.h"  # 19 to 28 s a file against 2 s for ATen/ATen.h

# Folders that see no library but the standard one.
STANDARD_ONLY = ("core/domain", "objectives/ensemble_weights", "objectives/gradient_weights", "results/pareto")
STANDARD = set("""
    algorithm any array atomic barrier bit bitset cassert cctype cerrno cfenv cfloat charconv chrono cinttypes climits
    clocale cmath compare complex concepts condition_variable coroutine csetjmp csignal cstdarg cstddef cstdint cstdio
    cstdlib cstring ctime cuchar cwchar cwctype deque exception execution filesystem forward_list fstream functional
    future initializer_list iomanip ios iosfwd iostream istream iterator latch limits list locale map memory
    memory_resource mutex new numbers numeric optional ostream queue random ranges ratio regex scoped_allocator
    semaphore set shared_mutex source_location span sstream stack stdexcept stop_token streambuf string string_view
    strstream syncstream system_error thread tuple type_traits typeindex typeinfo unordered_map unordered_set utility
    valarray variant vector version""".split())

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def folder_of(path):
    """The longest folder of the table that holds the path; None for a file outside the table."""
    fits = [folder for folder in MAY_INCLUDE if str(path).startswith(folder + "/")]
    return max(fits, key=len, default=None)


def problems(path, text):
    """What the includes of one file break, in sentences."""
    folder = folder_of(path)
    if folder is None:
        return [f"{path}: its folder is not in the table of {__file__}; say there whom it may include"]
    found = []
    for mark, name in INCLUDE.findall(text):
        if mark == '"':
            target = folder_of(name)
            if not (ROOT / name).is_file():
                found.append(f'{path}: "{name}" is no file; includes start at the root of the project')
            elif target is None or (target != folder and target not in MAY_INCLUDE[folder]):
                found.append(f'{path}: {folder} may not include "{name}"')
            continue
        if re.fullmatch(NOWHERE, name):
            found.append(f"{path}: <{name}> is slow to compile; include ATen/ATen.h")
        for pattern, allowed in MAY_SEE.items():
            if re.fullmatch(pattern, name) and not any(f"{path}".startswith(place + "/") for place in allowed):
                found.append(f"{path}: <{name}> may be seen in {', '.join(allowed)} only")
        if folder in STANDARD_ONLY and name not in STANDARD:
            found.append(f"{path}: {folder} sees no library but the standard one, so not <{name}>")
    return found


class IncludeRules(unittest.TestCase):
    def test_every_include_of_the_tree(self):
        sources = files(".hpp", ".cpp", under=CODE_FOLDERS)
        self.assertGreater(len(sources), 50, "the walk found too few files to be believed")
        found = [problem for path in sources for problem in problems(path, text_of(path))]
        self.assertEqual(found, [], "\n".join(found))

    def test_no_heavy_type_in_a_header_of_core(self):
        heavy = re.compile(r"#\s*include\s*<(mpi\.h|hdf5\.h|H5.*|ATen/.*|torch/.*)>")
        found = [str(path) for path in files(".hpp", under=("core",)) if heavy.search(text_of(path))]
        self.assertEqual(found, [])

    def test_each_folder_of_the_table_exists(self):
        self.assertEqual([folder for folder in MAY_INCLUDE if not (ROOT / folder).is_dir()], [])

    def test_a_wrong_include_is_found(self):
        for path, line in [
                ("core/domain/trial.hpp", '#include "core/protocol/codec.hpp"'),
                ("core/domain/trial.hpp", "#include <fmt/format.h>"),
                ("results/pareto/dominance.hpp", "#include <unistd.h>"),
                ("orchestrator/coordinator.cpp", '#include "workers/data/splits/split.hpp"'),
                ("workers/agent/agent.cpp", '#include "orchestrator/apps/commands.hpp"'),
                ("orchestrator/apps/run.cpp", '#include "objectives/training/training_objective.hpp"'),
                ("orchestrator/apps/run.cpp", "#include <mpi.h>"),
                ("objectives/metrics/metric.hpp", "#include <ATen/ATen.h>"),
                ("objectives/gradient_weights/mgda.cpp", "#include <fmt/format.h>"),
                ("objectives/gradient_weights/mgda.cpp", '#include "objectives/training/training_objective.hpp"'),
                ("objectives/training/pooled.cpp", "#include <torch/torch.h>"),
                ("workers/data/split.cpp", "#include <hdf5.h>"),
                ("core/random/philox.cpp", "#include <Eigen/Dense>"),
                ("core/domain/trial.hpp", '#include "../domain/value.hpp"'),
                ("elsewhere/file.cpp", "#include <vector>")]:
            self.assertEqual(len(problems(path, line)), 1, f"{path}: {line}")
        self.assertEqual(problems("core/domain/trial.hpp", '#include <vector>\n#include "core/domain/value.hpp"'), [])


if __name__ == "__main__":
    unittest.main()
