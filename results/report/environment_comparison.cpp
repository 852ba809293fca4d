#include "results/report/environment_comparison.hpp"

#include <algorithm>

#include "core/diagnostics/errors.hpp"
#include "results/report/text_table.hpp"

namespace fairsweep::report {
namespace {

constexpr std::string_view k_trainer = "trainer.";
constexpr std::size_t k_widest_cell = 40;

bool one_of(const std::string& fact, std::initializer_list<std::string_view> facts) {
  return std::ranges::find(facts, fact) != facts.end();
}

/// A wish for a kernel set, where the trainers of all runs say which they got.
bool is_wish_that_was_answered(const std::string& fact, const std::vector<FactSets>& runs) {
  const std::string answer = fact.ends_with("ATEN_CPU_CAPABILITY") ? "trainer.libtorch_cpu_capability"
                             : fact.ends_with("OPENBLAS_CORETYPE") ? "trainer.blas"
                                                                   : "";
  return !answer.empty() && std::ranges::all_of(runs, [&](const FactSets& run) { return run.contains(answer); });
}

std::string joined(const std::set<std::string>& values) {
  std::string text;
  for (const std::string& value : values) {
    text += (text.empty() ? "" : " | ") + value;
  }
  return text;
}

}  // namespace

std::string_view name_of(EnvironmentPart part) {
  switch (part) {
    case EnvironmentPart::versions:
      return "versions";
    case EnvironmentPart::kernels:
      return "kernel set";
    case EnvironmentPart::threads:
      return "threads";
    case EnvironmentPart::device:
      return "device";
    case EnvironmentPart::place:
      return "place";
  }
  throw InternalError("this is a bug, please report it: a part of the environment without a name");
}

EnvironmentPart part_of(const std::string& fact) {
  if (one_of(fact, {"trainer.blas", "trainer.libtorch_cpu_capability", "trainer.ATEN_CPU_CAPABILITY",
                    "trainer.OPENBLAS_CORETYPE", "environment.ATEN_CPU_CAPABILITY", "environment.OPENBLAS_CORETYPE"})) {
    return EnvironmentPart::kernels;
  }
  if (fact == "trainer.threads") {
    return EnvironmentPart::threads;
  }
  if (fact == "device" || fact == "trainer.device") {
    return EnvironmentPart::device;
  }
  const bool version = fact.starts_with(k_trainer) || fact.starts_with("library.") || fact == "fairsweep" ||
                       fact.starts_with("fairsweep.");
  return version && fact != "trainer.blas_warning" ? EnvironmentPart::versions : EnvironmentPart::place;
}

FactSets facts_of(const TrialEnvironments& environments, const std::vector<std::size_t>& rows) {
  std::set<std::size_t> used;
  for (const std::size_t row : rows) {
    if (environments.of[row] != TrialEnvironments::k_none) {
      used.insert(environments.of[row]);
    }
  }
  FactSets sets;
  for (const std::size_t each : used) {
    for (const auto& [fact, value] : environments.distinct[each]) {
      sets[fact].insert(value);
    }
  }
  for (auto& [fact, values] : sets) {
    for (const std::size_t each : used) {
      if (!environments.distinct[each].contains(fact)) {
        values.insert("");
      }
    }
  }
  return sets;
}

FactSets facts_of(const TrialEnvironments& environments) {
  std::vector<std::size_t> rows(environments.of.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    rows[row] = row;
  }
  return facts_of(environments, rows);
}

std::vector<EnvironmentDifference> environment_differences(const std::vector<FactSets>& runs) {
  std::set<std::string> facts;
  for (const FactSets& run : runs) {
    for (const auto& [fact, values] : run) {
      facts.insert(fact);
    }
  }
  std::vector<EnvironmentDifference> found;
  for (const std::string& fact : facts) {
    std::vector<std::string> values;
    values.reserve(runs.size());
    for (const FactSets& run : runs) {
      const auto place = run.find(fact);
      values.push_back(place == run.end() ? "" : joined(place->second));
    }
    if (std::ranges::count(values, values.front()) != std::ssize(values) && !is_wish_that_was_answered(fact, runs)) {
      found.push_back({part_of(fact), fact, std::move(values)});
    }
  }
  std::ranges::stable_sort(found, {}, &EnvironmentDifference::part);
  return found;
}

std::vector<EnvironmentPart> parts_that_matter(const std::vector<EnvironmentDifference>& differences) {
  std::vector<EnvironmentPart> parts;
  for (const EnvironmentDifference& difference : differences) {
    if (difference.part != EnvironmentPart::place && std::ranges::find(parts, difference.part) == parts.end()) {
      parts.push_back(difference.part);
    }
  }
  return parts;
}

std::string list_of(const std::vector<EnvironmentPart>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string_view before = i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ";
    text += std::string(before) + std::string(name_of(parts[i]));
  }
  return text;
}

std::string environment_table(const std::vector<EnvironmentDifference>& differences,
                              const std::vector<std::string>& names, bool with_place) {
  TextTable table;
  std::string long_ones;
  table.add_column("differs");
  table.add_column("fact");
  for (const std::string& name : names) {
    table.add_column(printable(name));
  }
  for (const EnvironmentDifference& difference : differences) {
    if (difference.part == EnvironmentPart::place && !with_place) {
      continue;
    }
    std::vector<std::string> cells = {std::string(name_of(difference.part)), difference.fact};
    for (const std::string& value : difference.values) {
      cells.push_back(value.empty() ? "-" : value);
    }
    if (std::ranges::any_of(cells, [](const std::string& cell) { return cell.size() > k_widest_cell; })) {
      long_ones += printable(cells[0]) + ", " + printable(cells[1]) + "\n";
      for (std::size_t i = 0; i < names.size(); ++i) {
        long_ones += "  " + printable(names[i]) + ": " + printable(cells[i + 2]) + "\n";
      }
    } else {
      table.add_row(cells);
    }
  }
  return (table.row_count() == 0 ? std::string() : table.text()) + long_ones;
}

}  // namespace fairsweep::report
