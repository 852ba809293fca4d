#include "results/export/latex_tables.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <cctype>
#include <string>

#include "results/export/latex_text.hpp"
#include "results/export/method_sources.hpp"
#include "results/export/space_text.hpp"

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

std::string front_caption(const RunExport& run) {
  const Front& front = run.run.front;
  std::string caption = fmt::format(
      "Pareto front of the sweep {}: mean and standard error over replicates on test, chosen on validation.",
      latex_text(run.run.record.sweep));
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

std::vector<std::string> front_row(const RunExport& run, std::size_t index) {
  const FrontPoint& point = run.run.front.points[index];
  std::vector<std::string> cells = {
      std::to_string(point.configuration.value),
      latex_text(report::method_of(run.run, report::configuration_of(run.run.record, point.configuration)))};
  for (std::size_t axis = 0; axis < point.test.size(); ++axis)
    cells.push_back(latex_estimate(point.test[axis]) + mark_of(run, index, axis));
  cells.push_back(std::to_string(point.replicates));
  return cells;
}

void write_front_table(const RunExport& run, std::ostream& out) {
  const Front& front = run.run.front;
  LatexTable table{"front", front_caption(run), "rl", {{"", ""}, {"configuration", "method"}}, {}};
  for (const Objective& objective : front.objectives) {
    table.columns += 'l';
    table.header[0].push_back(latex_text(objective.metric));
    table.header[1].push_back(objective.group.empty() ? "everybody" : latex_text(objective.group));
  }
  table.columns += 'r';
  table.header[0].emplace_back();
  table.header[1].emplace_back("replicates");
  for (const std::size_t member : front.members)
    table.rows.push_back(front_row(run, member));
  const auto reference = run.reference.reference;
  if (reference && std::ranges::find(front.members, *reference) == front.members.end())
    table.rows.push_back(front_row(run, *reference));
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
                               "searched; a setting that its method does not have is left empty.",
                               latex_text(run.run.record.sweep)),
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
