#include <fmt/format.h>

#include <algorithm>

#include "core/diagnostics/errors.hpp"
#include "workers/data/importers/import_session.hpp"

namespace fairsweep {

void ImportSession::mark() {
  builder_.mark();
  people_at_mark_ = people_.size();
  had_texts_at_mark_ = has_texts_;
  left_out_since_mark_.clear();
  waiting_texts_.clear();
}

void ImportSession::forget() {
  builder_.forget();
  people_.forget_from(people_at_mark_);
  has_texts_ = had_texts_at_mark_;
  if (candidate_rows_) {
    row_of_candidate_.resize(static_cast<std::size_t>(builder_.candidate_count()));
  }
  for (const LeftOut& left_out : left_out_since_mark_) {
    const auto counted = left_out.counts->find(left_out.reason);
    counted->second -= left_out.count;
    if (counted->second == 0) {
      left_out.counts->erase(counted);
    }
  }
  left_out_since_mark_.clear();
  waiting_texts_.clear();
}

void ImportSession::count(Counts& counts, const std::string& reason, std::int64_t count) {
  counts[reason] += count;
  if (attempts_) {
    left_out_since_mark_.push_back({&counts, reason, count});
  }
}

void ImportSession::refuse_late_fields() const {
  for (const std::string& name : records_->late_names()) {
    for (const auto& [role, usual] : open_roles_) {
      if (std::find(usual.begin(), usual.end(), name) != usual.end()) {
        throw UserError(ExitCode::configuration,
                        fmt::format("{}: has \"{}\", which the first record has not. The first record decides which "
                                    "fields count, so it would be ignored here: say --field {}={} if it counts, or "
                                    "give the first record a \"{}\", or this field another name",
                                    records_->place(), name, role, name, name));
      }
    }
  }
}

void ImportSession::require_any(const std::vector<std::optional<std::size_t>>& fields, const std::string& what) {
  if (std::none_of(fields.begin(), fields.end(),
                   [this](const std::optional<std::size_t>& field) { return field && records_->has(*field); })) {
    records_->refuse("has no " + what);
  }
}

}  // namespace fairsweep
