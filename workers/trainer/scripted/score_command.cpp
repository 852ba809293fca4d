#include "workers/trainer/scripted/score_command.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "core/diagnostics/counted.hpp"
#include "core/diagnostics/durable_file.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/output_file.hpp"
#include "core/protocol/json_writer.hpp"
#include "workers/trainer/kernels.hpp"
#include "workers/trainer/scripted/score_data.hpp"

namespace fairsweep {
namespace {

struct Arguments {
  std::string model;
  std::string data;
  std::string output;
  std::int64_t threads = 1;
  bool json = false;
};

/// An entry a row: comparisons and candidates by their rows in the data file.
void write_scores(const std::filesystem::path& file, const PreferenceData& data, const DataScores& scores) {
  replace_file(file, [&](const std::filesystem::path& temporary) {
    std::ofstream out(temporary);
    out << "comparison,place,ranked,candidate,score\n";
    for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
      const auto begin = static_cast<std::size_t>(data.comparison_offset[row]);
      const auto end = static_cast<std::size_t>(data.comparison_offset[row + 1]);
      for (std::size_t entry = begin; entry < end; ++entry) {
        fmt::print(out, "{},{},{},{},{}\n", row, entry - begin, data.comparison_ranked[row],
                   data.comparison_candidate[entry], scores.score[entry]);
      }
    }
    out.close();
    if (!out) {
      throw UserError(ExitCode::environment, file.string() + ": cannot be written; is the disk full?");
    }
  });
}

std::string summary_json(const Arguments& arguments, const PreferenceData& data, const DataScores& scores) {
  JsonWriter json;
  json.begin_record();
  json.key("model");
  json.text(arguments.model);
  json.key("data");
  json.text(arguments.data);
  json.key("comparisons");
  json.integer(data.comparison_count());
  json.key("judged");
  json.integer(scores.judged);
  json.key("accuracy");
  json.real(scores.judged > 0 ? scores.right / static_cast<double>(scores.judged) : std::nan(""));
  json.key("accuracy_over_people");
  json.real(scores.right_people);
  json.key("unknown_people");
  json.unsigned_integer(scores.unknown.size());
  json.end_record();
  return json.take();
}

void score(const Arguments& arguments) {
  std::optional<OutputFile> output;
  if (!arguments.output.empty()) {
    output.emplace(arguments.output, std::vector<std::filesystem::path>{arguments.model, arguments.data});
  }
  use_threads(arguments.threads);
  const ScriptedModel model(arguments.model);
  PreferenceData data = read_data_file(arguments.data);
  const std::string digest = digest_of(data);
  const DataScores scores = score_data(model, data);
  if (output) {
    write_scores(output->path(), data, scores);
  }
  if (arguments.json) {
    fmt::print("{}\n", summary_json(arguments, data, scores));
    return;
  }
  fmt::print("{}: {}{}\n", arguments.data, counted(data.comparison_count(), "comparison", "comparisons"),
             digest == model.data_digest() ? ", of the data it was trained on, training comparisons included" : "");
  if (scores.judged > 0) {
    fmt::print("the best candidate has the highest score in {:.4f} of {}; mean over people {:.4f}\n",
               scores.right / static_cast<double>(scores.judged),
               counted(scores.judged, "comparison that puts candidates in order", "that put candidates in order"),
               scores.right_people);
  }
  if (model.knows_people() && digest != model.data_digest())
    fmt::print("these are not the data it was trained on: people of the same names are taken for those it knows\n");
  if (!scores.unknown.empty()) {
    fmt::print("{} not known to the model; scored as it scores anybody\n",
               counted(static_cast<std::int64_t>(scores.unknown.size()), "person is", "people are"));
  }
}

}  // namespace

std::function<bool()> add_score_command(CLI::App& app) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("score", "Scores of an exported model for a data file (docs/exporting.md)");
  command->add_option("MODEL", arguments->model, "A .pt of fairsweep export --models")->required();
  command->add_option("DATA", arguments->data, "Preference data, data.h5")->required();
  command->add_option("-o,--output", arguments->output, "CSV with the score of every candidate of every comparison");
  command->add_option("--threads", arguments->threads, "To work with")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1024}))
      ->capture_default_str();
  command->add_flag("--json", arguments->json, "The summary for programs");
  return [arguments, command] {
    if (!command->parsed()) {
      return false;
    }
    score(*arguments);
    return true;
  };
}

}  // namespace fairsweep
