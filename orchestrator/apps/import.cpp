#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "core/diagnostics/errors.hpp"
#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/output_file.hpp"
#include "workers/data/importers/choice_mapping.hpp"
#include "workers/data/importers/import_choices.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep::apps {

namespace {

struct ImportOptions {
  std::string table;
  std::string mapping;
  std::string output;
  bool json = false;
};

// Progress is for people who watch: nothing is written where stderr is a file or a pipe.
ImportProgress progress_on_terminal() {
  if (isatty(STDERR_FILENO) == 0) {
    return {};
  }
  return [](std::int64_t rows, double share) {
    std::cerr << "\rread " << rows << " rows, " << static_cast<int>(100 * share) << " %" << std::flush;
  };
}

void import_table(const ImportOptions& options) {
  const ChoiceMapping mapping = read_choice_mapping(options.mapping);
  prepare_output(options.output);
  const ImportProgress progress = progress_on_terminal();
  const ImportedChoices imported = import_choices(options.table, mapping, progress);
  if (progress) {
    std::cerr << "\r\x1b[K";  // clears the line
  }
  write_data_file(options.output, imported.data);
  const PreferenceData& data = imported.data;
  if (options.json) {
    std::cout << nlohmann::ordered_json{{"file", options.output},     {"digest", digest_of(data)},
                                        {"rows", imported.rows},      {"comparisons", data.comparison_count()},
                                        {"users", data.user_count()}, {"dropped", imported.dropped}}
                     .dump(2)
              << '\n';
    return;
  }
  std::cout << options.output << ": " << data.comparison_count() << " choices of " << data.user_count()
            << " people, from " << imported.rows << " rows\n";
  for (const auto& [reason, rows] : imported.dropped) {
    std::cout << "left out " << rows << (rows == 1 ? " row: " : " rows: ") << reason << '\n';
  }
}

}  // namespace

void add_import(CLI::App& app, ExitCode&) {
  CLI::App* import = app.add_subcommand("import", "make a preference data file from somebody's table");
  import->require_subcommand(1);
  CLI::App* choices = import->add_subcommand("choices", "a table of discrete choices, one row a choice");
  auto options = std::make_shared<ImportOptions>();
  choices->add_option("TABLE", options->table, "comma-separated table, plain or .gz")->required();
  choices->add_option("--mapping", options->mapping, "YAML file that says what the columns mean")->required();
  choices->add_option("-o,--output", options->output, "data file to write, replaced whole")->required();
  choices->add_flag("--json", options->json, "print the summary as JSON");
  choices->callback([options] { import_table(*options); });
}

}  // namespace fairsweep::apps
