#include "workers/data/importers/import_run.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"
#include "core/hdf5/text.hpp"
#include "workers/data/importers/file_sha256.hpp"
#include "workers/data/importers/import_features.hpp"
#include "workers/data/importers/joined_records.hpp"

namespace fairsweep {

namespace {

/// What is said on the command line becomes part of the data file, which holds UTF-8.
void require_text(const ImportRequest& request) {
  const auto require = [](const std::string& text, const std::string& what) {
    if (!hdf5::is_storable_text(text)) {
      throw UserError(ExitCode::configuration, what + " is not UTF-8 text");
    }
  };
  for (const std::filesystem::path& file : request.arguments.files) {
    require(file.filename().string(), file.string() + ": the file's name");
  }
  require(request.features.embeddings.filename().string(), "the name of the --embeddings");
  require(request.links.filename().string(), "the name of the --links");
  for (const auto& [name, value] : request.arguments.options) {
    require(value, "--" + name);
  }
  for (const auto& [role, field] : request.fields) {
    require(field, "--field " + role);
  }
}

RecordMapping mapping_of(const ImportRequest& request) {
  require_text(request);
  const Importer& importer = *request.importer;
  RecordMapping mapping;
  if (!request.mapping.empty()) {
    mapping = read_record_mapping(request.mapping, importer.roles, importer.meanings, importer.list_roles);
  }
  for (const auto& [role, field] : request.fields) {
    const auto& lists = importer.list_roles;
    if (std::find(lists.begin(), lists.end(), role) != lists.end()) {
      throw UserError(ExitCode::configuration,
                      fmt::format("--field {}={}: {} is a list; write it into the mapping, as fields: {{{}: [...]}}",
                                  role, field, role, role));
    }
    if (std::find(importer.roles.begin(), importer.roles.end(), role) == importer.roles.end()) {
      throw UserError(
          ExitCode::configuration,
          fmt::format("--field {}={}: {} has no role \"{}\"{}; its roles are {}", role, field, importer.name, role,
                      did_you_mean(role, importer.roles), fmt::join(importer.roles, ", ")));
    }
    mapping.fields[role] = field;
  }
  return mapping;
}

/// One import: read, then laid out.
class Run {
 public:
  explicit Run(const ImportRequest& request)
      : request_(request), session_(mapping_of(request), request.options), features_(request.features, session_) {}

  void read() {
    own_ = request_.importer->read(session_, request_.arguments);
    if (session_.builder().comparison_count() == 0) {
      std::string reasons;
      for (const auto& [reason, records] : session_.dropped()) {
        reasons += fmt::format("; {} of them: {}", records, reason);
      }
      for (const auto& [reason, pairs] : session_.dropped_pairs()) {
        reasons += fmt::format("; {} {}: {}", pairs, pairs == 1 ? "pair" : "pairs", reason);
      }
      throw UserError(ExitCode::file,
                      fmt::format("{}: none of its {} records is a comparison that can be used{}{}",
                                  request_.arguments.files.front().string(), session_.record_count(), reasons,
                                  session_.first_errors().empty() ? "" : "; " + session_.first_errors().front()));
    }
  }

  [[nodiscard]] ImportSession& session() { return session_; }

  void finish() {
    session_.finish_people(data_);
    std::vector<FeatureBlock> blocks{own_, session_.candidate_features()};
    for (FeatureBlock& block : features_.blocks(data_.feature_model)) {
      blocks.push_back(std::move(block));
    }
    std::erase_if(blocks, [](const FeatureBlock& block) { return block.names.empty(); });
    if (blocks.empty()) {
      throw UserError(ExitCode::configuration,
                      "the candidates have no features: bring them with --embeddings FILE, name columns of a table of "
                      "candidates in the mapping, or, where there are texts, make them with --text-features");
    }
    session_.builder().set_fitted(features_.fitted());
    session_.builder().finish(blocks, data_);
    describe_source();
    if (!request_.links.empty()) {
      links_ = add_links(request_.links, data_);
    }
  }

  [[nodiscard]] PreferenceData& data() { return data_; }

  [[nodiscard]] ImportSummary summary(const PreferenceColumns& columns) {
    ImportSummary summary;
    summary.digest = digest_of(data_, columns);
    summary.records = session_.record_count();
    summary.skipped = session_.skipped();
    summary.users = session_.people().size();
    summary.contexts = data_.context_count();
    summary.candidates = data_.candidate_count;
    summary.comparisons = session_.builder().comparison_count();
    summary.ties = session_.builder().tie_count();
    summary.repeats = session_.builder().repeat_count();
    summary.features = data_.feature_count;
    summary.dropped = session_.dropped();
    summary.dropped_pairs = session_.dropped_pairs();
    summary.first_errors = session_.first_errors();
    summary.links = links_;
    return summary;
  }

 private:
  void describe_source() {
    auto& about = data_.about;
    about = session_.mapping().about;
    about["recipe"] = "fairsweep import " + request_.importer->name;
    for (const auto& [name, value] : request_.arguments.options) {
      about["option " + name] = value;
    }
    for (const auto& [role, field] : request_.fields) {
      about["field " + role] = field;
    }
    for (std::size_t file = 0; file < session_.files().size(); ++file) {
      const std::string number = session_.files().size() == 1 ? "" : " " + std::to_string(file + 1);
      about["file" + number] = session_.files()[file].filename().string();
      about["file" + number + " sha256"] = digest_of_file(session_.files()[file]);
    }
    if (!session_.mapping().text.empty()) {
      about["mapping"] = session_.mapping().text;
    }
    about["records"] = std::to_string(session_.record_count());
    if (session_.skipped() > 0) {
      about["records skipped"] = std::to_string(session_.skipped());
    }
    for (const auto& [reason, records] : session_.dropped()) {
      about["records dropped: " + reason] = std::to_string(records);
    }
    for (const auto& [name, value] : session_.notes()) {
      about[name] = value;
    }
    for (const auto& [reason, pairs] : session_.dropped_pairs()) {
      about["pairs dropped: " + reason] = std::to_string(pairs);
    }
    features_.describe(about);
  }

  const ImportRequest& request_;
  ImportSession session_;
  ImportFeatures features_;
  FeatureBlock own_;
  PreferenceData data_;
  ImportedLinks links_;
};

}  // namespace

std::vector<std::filesystem::path> input_files(const ImportRequest& request) {
  std::vector<std::filesystem::path> files = request.arguments.files;
  for (const std::filesystem::path& file :
       {request.mapping, request.features.embeddings, request.features.embedding_ids, request.links}) {
    if (!file.empty()) {
      files.push_back(file);
    }
  }
  const RecordMapping mapping = mapping_of(request);
  const std::filesystem::path folder = request.arguments.files.front().parent_path();
  for (const JoinedTable& table : mapping.joins) {
    files.push_back(beside(folder, table.file));
  }
  if (mapping.candidates) {
    files.push_back(beside(folder, mapping.candidates->file));
  }
  return files;
}

ImportSummary import_to_file(const ImportRequest& request, const std::filesystem::path& output) {
  Run run(request);
  run.read();
  run.finish();
  const PreferenceColumns columns = run.session().builder().columns();
  write_data_file(output, run.data(), columns);
  return run.summary(columns);
}

PreferenceData import_to_memory(const ImportRequest& request, ImportSummary* summary) {
  Run run(request);
  run.read();
  run.finish();
  run.session().builder().copy_columns(run.data());
  if (summary != nullptr) {
    *summary = run.summary(run.session().builder().columns());
  }
  return std::move(run.data());
}

ImportPreview preview(const ImportRequest& request, std::int64_t comparisons) {
  ImportRequest limited = request;
  limited.options.most_comparisons = comparisons;
  limited.features.text = false;
  Run run(limited);
  PreferenceBuilder& builder = run.session().builder();
  std::map<std::int32_t, std::string> texts;      // of candidates
  std::map<std::int32_t, std::string> questions;  // of contexts
  run.session().set_text_listener([&](std::int32_t candidate, std::string_view text, std::string_view question) {
    constexpr std::size_t k_most_kept = 10'000;  // a long import that shows few comparisons
    if (texts.size() < k_most_kept) {
      texts[candidate] = text;
      questions[builder.context_of(candidate)] = question;
    }
  });
  run.read();
  ImportPreview preview;
  for (std::int64_t row = 0; row < std::min(comparisons, builder.comparison_count()); ++row) {
    const auto candidates = builder.candidates_of(row);
    const std::int32_t context = builder.context_of(candidates.front());
    PreviewedComparison& shown = preview.comparisons.emplace_back();
    shown.user = run.session().people().name(builder.user_of(row));
    shown.context = builder.context_name(context);
    shown.question = questions[context];
    for (const std::int32_t candidate : candidates) {
      shown.candidates.emplace_back(builder.candidate_name(candidate), texts[candidate]);
    }
    shown.ranked = builder.ranked_of(row);
    shown.weight = builder.weight_of(row);
    shown.time = builder.time_of(row);
    shown.circumstances = builder.circumstances_of(row);
    preview.people[shown.user] = run.session().known_of(builder.user_of(row));
  }
  preview.records = run.session().record_count();
  preview.skipped = run.session().skipped();
  preview.dropped = run.session().dropped();
  preview.dropped_pairs = run.session().dropped_pairs();
  preview.first_errors = run.session().first_errors();
  return preview;
}

}  // namespace fairsweep
