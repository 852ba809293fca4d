#include "workers/data/importers/import_features.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>

#include "core/diagnostics/errors.hpp"
#include "core/random/philox.hpp"
#include "workers/data/features/embeddings.hpp"
#include "workers/data/features/text_features.hpp"

namespace fairsweep {

namespace {

std::size_t index(std::int32_t number) { return static_cast<std::size_t>(number); }

}  // namespace

struct ImportFeatures::State {
  State(const FeatureRequest& wanted, ImportSession& of) : request(wanted), session(of) {}

  FeatureRequest request;
  ImportSession& session;
  std::optional<Embeddings> embeddings;
  std::vector<std::int64_t> embedding_of;  ///< [candidates] row
  std::optional<TextFeatures> text;
  std::vector<float> text_values;  ///< [candidates, text_width]
  std::size_t text_width = 0;
  std::vector<std::uint8_t> fitted;  ///< [contexts]

  FeatureBlock embedding_block();
  FeatureBlock text_block(FeatureModel& model);
  void choose_fitted();
};

ImportFeatures::ImportFeatures(const FeatureRequest& request, ImportSession& session)
    : state_(std::make_unique<State>(request, session)) {
  if (!request.embeddings.empty()) {
    state_->embeddings = read_embeddings(request.embeddings, request.embedding_ids);
  } else if (!request.embedding_ids.empty()) {
    throw UserError(ExitCode::configuration, "--embedding-ids names the rows of --embeddings, which is not given");
  }
  if (request.text) {
    if (!(request.fit_share > 0 && request.fit_share <= 1)) {
      throw UserError(ExitCode::configuration, "--fit-share must be above 0 and at most 1");
    }
    TextFeatureOptions options;
    options.dimensions = request.text_dimensions;
    options.seed = request.seed;
    state_->text.emplace(options);
    session.set_text_listener([state = state_.get()](std::int32_t, std::string_view text, std::string_view question) {
      state->text->add(text, question);
    });
  }
}

ImportFeatures::~ImportFeatures() = default;

FeatureBlock ImportFeatures::State::embedding_block() {
  const PreferenceBuilder& builder = session.builder();
  const std::string file = request.embeddings.string();
  std::unordered_map<std::string_view, std::int64_t> row_of_id;
  row_of_id.reserve(embeddings->ids.size());
  for (std::size_t row = 0; row < embeddings->ids.size(); ++row) {
    row_of_id.emplace(embeddings->ids[row], static_cast<std::int64_t>(row));
  }
  const char* of = session.describes_contexts() ? "statement" : "candidate";
  if (embeddings->ids.empty() && !request.embeddings_in_order) {
    // As many rows as candidates say nothing of their order: a wrong one would give each the features of another.
    throw UserError(ExitCode::configuration,
                    fmt::format("{}: its rows have no ids, so nothing says which {} each is of; name them, one a line, "
                                "in a file for --embedding-ids, or say --embedding-order records if they are in the "
                                "order in which the {}s first come in the records (docs/features.md)",
                                file, of, of));
  }
  if (!embeddings->ids.empty() && request.embeddings_in_order) {
    throw UserError(ExitCode::configuration,
                    file + ": its rows have ids, by which they are found; leave --embedding-order out");
  }
  if (embeddings->ids.empty() && embeddings->rows != session.source_count()) {
    throw UserError(ExitCode::file, fmt::format("{}: has {} rows, in order, for {} {}s; give the rows ids "
                                                "(docs/features.md), or one row for each {} as they first come",
                                                file, embeddings->rows, session.source_count(), of, of));
  }
  embedding_of.resize(index(builder.candidate_count()));
  std::int64_t missing = 0;
  std::string first;
  for (std::int32_t candidate = 0; candidate < builder.candidate_count(); ++candidate) {
    const std::int32_t source = session.source_of(candidate);
    std::int64_t row = source;
    if (!embeddings->ids.empty() && source >= 0) {
      const auto found = row_of_id.find(session.source_name(source));
      row = found == row_of_id.end() ? -1 : found->second;
      if (row < 0 && missing++ == 0) {
        first = session.source_name(source);
      }
    }
    embedding_of[index(candidate)] = row;
  }
  if (missing > 0) {
    throw UserError(ExitCode::file, fmt::format("{}: has no row for {} \"{}\"{}", file, of, first,
                                                missing > 1 ? fmt::format(" and {} more", missing - 1) : ""));
  }
  return {embeddings->names, [this](std::int32_t candidate, float* values) {
            const auto width = static_cast<std::size_t>(embeddings->dimensions);
            const std::int64_t row = embedding_of[index(candidate)];
            if (row < 0) {
              std::fill_n(values, width, 0.0F);
            } else {
              std::copy_n(embeddings->values.data() + static_cast<std::size_t>(row) * width, width, values);
            }
          }};
}

// A share of the contexts at random, at least one: what the sweep will train on may not be less.
void ImportFeatures::State::choose_fitted() {
  const auto contexts = static_cast<std::uint32_t>(session.builder().context_count());
  const auto wanted =
      static_cast<std::size_t>(std::max(1.0, std::floor(request.fit_share * static_cast<double>(contexts) + 1e-9)));
  fitted.assign(contexts, 0);
  RandomStream stream(request.seed, 0, 0, Purpose::text_features, 0);
  const std::vector<std::uint32_t> order = stream.permutation(contexts);
  for (std::size_t at = 0; at < wanted; ++at) {
    fitted[order[at]] = 1;
  }
}

FeatureBlock ImportFeatures::State::text_block(FeatureModel& model) {
  const PreferenceBuilder& builder = session.builder();
  if (!session.has_texts()) {
    throw UserError(ExitCode::configuration,
                    "--text-features needs texts: fields with the candidates' texts, or a text column in the mapping's "
                    "table of candidates");
  }
  check(text->rows() == builder.candidate_count(), "every candidate's text is listened to");
  choose_fitted();
  std::vector<bool> fitted_row(index(builder.candidate_count()));
  for (std::int32_t candidate = 0; candidate < builder.candidate_count(); ++candidate) {
    fitted_row[index(candidate)] =
        fitted[index(builder.context_of(candidate))] == 1 && session.source_of(candidate) >= 0;
  }
  TextFeatures::Result result = text->finish(fitted_row);
  text_values = std::move(result.features);
  text_width = result.names.size();
  model = std::move(result.model);
  return {result.names, [this](std::int32_t candidate, float* values) {
            if (session.source_of(candidate) < 0) {
              std::fill_n(values, text_width, 0.0F);
            } else {
              std::copy_n(text_values.data() + index(candidate) * text_width, text_width, values);
            }
          }};
}

std::vector<FeatureBlock> ImportFeatures::blocks(FeatureModel& model) {
  std::vector<FeatureBlock> blocks;
  if (state_->embeddings) {
    blocks.push_back(state_->embedding_block());
  }
  if (state_->text) {
    blocks.push_back(state_->text_block(model));
  }
  return blocks;
}

const std::vector<std::uint8_t>& ImportFeatures::fitted() const { return state_->fitted; }

void ImportFeatures::describe(std::map<std::string, std::string>& about) const {
  if (state_->embeddings) {
    about["embeddings"] = state_->request.embeddings.filename().string();
    about["embedding rows"] = state_->request.embeddings_in_order ? "in the order of the records" : "by name";
  }
  if (state_->text) {
    about["text features fitted on"] = fmt::format(
        "{} of {} contexts", std::count(state_->fitted.begin(), state_->fitted.end(), 1), state_->fitted.size());
  }
}

}  // namespace fairsweep
