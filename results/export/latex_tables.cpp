#include "results/export/latex_tables.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <optional>
#include <string>

#include "results/export/latex_text.hpp"
#include "results/export/method_sources.hpp"
#include "results/export/space_text.hpp"
#include "results/report/confidence_text.hpp"

namespace fairsweep::exports {
namespace {

constexpr std::size_t k_rows_a_table = 40;  // of a page

struct LatexTable {
  std::string label;                             ///< "front"
  std::string caption;                           ///< LaTeX, as everything here
  std::string columns;                           ///< of tabular
  std::vector<std::vector<std::string>> header;  ///< lines of it
  std::vector<std::vector<std::string>> rows;
};

std::string line_of(const std::vector<std::string>& cells) {
  return fmt::format("  {} \\\\\n", fmt::join(cells, " & "));
}

std::string notes_of_methods(const RunExport& run) {
  std::string notes;
  for (const std::string& name : methods_used(run)) {
    if (!method_note(name).empty())
      notes += fmt::format(" {}: {}.", latex_text(name), latex_text(method_note(name)));
  }
  return notes;
}

/// A label may hold letters, digits and dashes whatever the sweep is called.
std::string label_of(std::string name) {
  std::ranges::replace_if(name, [](unsigned char letter) { return std::isalnum(letter) == 0; }, '-');
  return name;
}

/// One float, or several where the rows do not fit a page.
void write_table(const RunExport& run, const LatexTable& table, std::ostream& out) {
  fmt::print(out, "% Written by fairsweep {} from results of the sweep {}.\n", run.options.fairsweep_version,
             latex_text(run.run.record.sweep));
  fmt::print(out, "% configuration {}\n% data          {}\n% \\usepackage{{booktabs}}\n",
             run.run.record.configuration_digest, run.run.record.data_digest);
  const std::size_t parts = std::max<std::size_t>(1, (table.rows.size() + k_rows_a_table - 1) / k_rows_a_table);
  for (std::size_t part = 0; part < parts; ++part) {
    fmt::print(out, "\\begin{{table}}[t]\n\\centering\n\\small\n\\caption{{{}{}}}\n", table.caption,
               parts > 1 ? fmt::format(" Part {} of {}.", part + 1, parts) : "");
    fmt::print(out, "\\label{{tab:{}-{}{}}}\n\\begin{{tabular}}{{{}}}\n  \\toprule\n", label_of(run.run.record.sweep),
               table.label, part == 0 ? "" : fmt::format("-{}", part + 1), table.columns);
    for (const std::vector<std::string>& line : table.header)
      out << line_of(line);
    out << "  \\midrule\n";
    const std::size_t end = std::min(table.rows.size(), (part + 1) * k_rows_a_table);
    for (std::size_t row = part * k_rows_a_table; row < end; ++row)
      out << line_of(table.rows[row]);
    out << "  \\bottomrule\n\\end{tabular}\n\\end{table}\n";
  }
}

std::string mark_of(const RunExport& run, std::size_t point, std::size_t axis) {
  const ReferenceDifference* one = run.reference.find(point, axis);
  if (one == nullptr || one->verdict == 0)
    return "";
  return one->verdict > 0 ? "$^{\\uparrow}$" : "$^{\\downarrow}$";
}

/// A table of a run that may still change says so.
std::string unfinished_note(const RunExport& run) {
  if (run.run.record.complete)
    return "";
  const TrialCounts trials = count_trials(run.run.record);
  return fmt::format(" Unfinished: {} of {} trials have ended.", trials.ended, trials.all);
}

/// Rows of the front's table: its members, and the reference where that is none of them.
std::vector<std::size_t> front_rows(const RunExport& run) {
  std::vector<std::size_t> rows = run.run.front.members;
  const auto reference = run.reference.reference;
  if (reference && std::ranges::find(rows, *reference) == rows.end())
    rows.push_back(*reference);
  return rows;
}

/// Replicates of each row, where they are as many for all: then a column for them would say nothing.
std::optional<std::uint32_t> same_replicates(const RunExport& run) {
  std::optional<std::uint32_t> same;
  for (const std::size_t row : front_rows(run)) {
    const std::uint32_t replicates = run.run.front.points[row].replicates;
    if (same.value_or(replicates) != replicates)
      return std::nullopt;
    same = replicates;
  }
  return same;
}

/// How sure it is that the members belong on the front.
std::string confidence_note(const RunExport& run) {
  if (!run.run.confidence)
    return run.run.front.members.empty() ? "" : " " + latex_text(report::confidence_sentence(run.run));
  return fmt::format(
      " The column prob. is the probability that no other configuration is better in everything once seeds no longer "
      "matter; {:.1f} of "
      "these {} are expected not to belong on the front.",
      run.run.confidence->expected_false, run.run.front.members.size());
}

std::string front_caption(const RunExport& run) {
  const Front& front = run.run.front;
  const std::optional<std::uint32_t> replicates = same_replicates(run);
  std::string caption = fmt::format(
      "Pareto front of the sweep {}: mean and standard error over {} on test, chosen on validation.",
      latex_text(run.run.record.sweep),
      replicates ? fmt::format("{} replicate{}", *replicates, *replicates == 1 ? "" : "s") : "$n$ replicates");
  caption += unfinished_note(run) + confidence_note(run);
  if (!run.reference.reference)
    return caption + notes_of_methods(run);
  const std::string method = latex_text(run.reference.method);
  caption += fmt::format(" Configuration {} is the best of {}.",
                         front.points[*run.reference.reference].configuration.value, method);
  if (!run.reference.differences.empty()) {
    std::size_t people = 0;
    for (const ReferenceDifference& one : run.reference.differences)
      people = std::max(people, one.difference.people);
    caption += fmt::format(
        " $\\uparrow$ and $\\downarrow$: significantly better and worse than it for the people of the group (paired "
        "bootstrap over people, at most {} in a group, {} draws, {} comparisons, Holm-adjusted $p \\le {}$).",
        people, k_bootstrap_draws, run.reference.differences.size(), k_significance_level);
  }
  for (const Objective& objective : front.objectives) {
    if (objective.direction == Direction::minimise)
      caption += fmt::format(" Less is better for {}.", latex_text(objective.label()));
  }
  return caption + notes_of_methods(run);
}

std::vector<std::string> front_row(const RunExport& run, std::size_t index, bool with_replicates) {
  const FrontPoint& point = run.run.front.points[index];
  std::vector<std::string> cells = {
      std::to_string(point.configuration.value),
      latex_text(report::method_of(run.run, report::configuration_of(run.run.record, point.configuration)))};
  for (std::size_t axis = 0; axis < point.test.size(); ++axis)
    cells.push_back(latex_estimate(point.test[axis]) + mark_of(run, index, axis));
  if (run.run.confidence)
    cells.push_back(latex_text(report::probability_text(report::probability_of(run.run, index))));
  if (with_replicates)
    cells.push_back(std::to_string(point.replicates));
  return cells;
}

/// Headers are short, and what is the same in every row is in the caption: two groups have to fit a page's text.
void write_front_table(const RunExport& run, std::ostream& out) {
  const Front& front = run.run.front;
  LatexTable table{"front", front_caption(run), "rl", {{"", ""}, {"conf.", "method"}}, {}};
  const auto add_column = [&table](char align, const std::string& above, const std::string& name) {
    table.columns += align;
    table.header[0].push_back(above);
    table.header[1].push_back(name);
  };
  for (const Objective& objective : front.objectives)
    add_column('l', latex_text(objective.metric), objective.group.empty() ? "everybody" : latex_text(objective.group));
  if (run.run.confidence)
    add_column('r', "", "prob.");
  const std::vector<std::size_t> rows = front_rows(run);
  const bool with_replicates = !rows.empty() && !same_replicates(run);
  if (with_replicates)
    add_column('r', "", "$n$");
  for (const std::size_t row : rows)
    table.rows.push_back(front_row(run, row, with_replicates));
  write_table(run, table, out);
}

std::string setting_cell(const Value& value) {
  if (const auto* real = std::get_if<double>(&value))
    return latex_number(*real);
  if (const auto* integer = std::get_if<std::int64_t>(&value))
    return fmt::format("${}$", *integer);
  return latex_text(to_text(value));
}

void write_settings_table(const RunExport& run, std::ostream& out) {
  const std::vector<std::string> paths = report::varying_settings(run.run.record);
  LatexTable table{"settings",
                   fmt::format("Settings of the configurations on the front of the sweep {}, of those that were "
                               "searched; a setting that its method does not have is left empty.{}",
                               latex_text(run.run.record.sweep), unfinished_note(run)),
                   "r",
                   {{"configuration"}},
                   {}};
  for (const std::string& name : report::short_names(paths)) {
    table.columns += 'l';
    table.header[0].push_back(latex_text(name));
  }
  for (const std::size_t member : run.run.front.members) {
    const ConfigurationId id = run.run.front.points[member].configuration;
    const Settings& values = report::configuration_of(run.run.record, id).values;
    std::vector<std::string> cells = {std::to_string(id.value)};
    for (const std::string& path : paths) {
      const auto place = values.find(path);
      cells.push_back(place == values.end() ? "" : setting_cell(place->second));
    }
    table.rows.push_back(std::move(cells));
  }
  write_table(run, table, out);
}

void write_space_table(const RunExport& run, std::ostream& out) {
  const RunRecord& record = run.run.record;
  LatexTable table{"space",
                   fmt::format("Search space of the sweep {}: {} configurations, {} replicates each.",
                               latex_text(record.sweep), record.wanted_configurations, record.replicates),
                   "lll",
                   {{"setting", "values", "only where"}},
                   {}};
  for (const Parameter& parameter : record.space.parameters) {
    table.rows.push_back({latex_text(parameter.path), latex_text(distribution_text(parameter.distribution)),
                          latex_text(condition_text(parameter))});
  }
  write_table(run, table, out);
}

void write_main_document(std::ostream& out) {
  out << "% pdflatex document.tex\n"
         "\\documentclass{article}\n"
         "\\usepackage[T1]{fontenc}\n"
         "\\usepackage[utf8]{inputenc}\n"
         "\\usepackage[margin=2cm]{geometry}\n"
         "\\usepackage{booktabs}\n"
         "\\begin{document}\n"
         "\\input{front}\n"
         "\\input{settings}\n"
         "\\input{space}\n"
         "\\end{document}\n";
}

}  // namespace

std::vector<ExportedFile> latex_files(const RunExport& run) {
  return {{"front.tex", [&run](std::ostream& out) { write_front_table(run, out); }},
          {"settings.tex", [&run](std::ostream& out) { write_settings_table(run, out); }},
          {"space.tex", [&run](std::ostream& out) { write_space_table(run, out); }},
          {"document.tex", [](std::ostream& out) { write_main_document(out); }}};
}

}  // namespace fairsweep::exports
