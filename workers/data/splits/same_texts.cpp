#include "workers/data/splits/same_texts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

enum class Kind : std::uint8_t { question, wording, candidate };

/// Contexts of one key ask the same.
struct Entry {
  Kind kind = Kind::question;
  std::uint64_t value = 0;
  std::int32_t context = 0;
  [[nodiscard]] auto key() const { return std::pair(kind, value); }
};

std::vector<Entry> sorted_entries(const PreferenceData& data) {
  std::vector<Entry> entries;
  for (std::int32_t context = 0; context < data.context_count(); ++context) {
    const auto at = static_cast<std::size_t>(context);
    const bool has_text = !data.context_text.empty() && data.context_text[at] != 0;
    if (has_text)
      entries.push_back({Kind::question, data.context_text[at], context});
    if (!data.context_wording.empty() && data.context_wording[at] >= 0)
      entries.push_back({Kind::wording, static_cast<std::uint64_t>(data.context_wording[at]), context});
    if (has_text || data.candidate_text.empty())
      continue;
    for (auto row = data.context_offset[at]; row < data.context_offset[at + 1]; ++row) {
      if (const std::uint64_t text = data.candidate_text[static_cast<std::size_t>(row)]; text != 0)
        entries.push_back({Kind::candidate, text, context});
    }
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& left, const Entry& right) {
    return std::tuple(left.kind, left.value, left.context) < std::tuple(right.kind, right.value, right.context);
  });
  return entries;
}

/// Calls `visit` with the entries of each key.
template <typename Visit>
void each_key(const std::vector<Entry>& entries, Visit visit) {
  for (auto begin = entries.begin(); begin != entries.end();) {
    const auto end =
        std::find_if(begin, entries.end(), [&](const Entry& entry) { return entry.key() != begin->key(); });
    visit(begin, end);
    begin = end;
  }
}

struct Sides {
  std::vector<bool> trained, held_out;  ///< [contexts] has training comparisons; has validation or test comparisons
};

Sides sides_of(const PreferenceData& data, const std::vector<Split>& split) {
  const auto contexts = static_cast<std::size_t>(data.context_count());
  Sides sides{std::vector<bool>(contexts, false), std::vector<bool>(contexts, false)};
  for (std::size_t row = 0; row < split.size(); ++row) {
    const auto context = static_cast<std::size_t>(data.comparison_context[row]);
    if (split[row] == Split::train)
      sides.trained[context] = true;
    if (split[row] == Split::validation || split[row] == Split::test)
      sides.held_out[context] = true;
  }
  return sides;
}

std::string name_of(const PreferenceData& data, std::int32_t context) {
  const auto at = static_cast<std::size_t>(context);
  return data.context_names.empty() ? fmt::format("context {}", context)
                                    : fmt::format("\"{}\"", data.context_names[at]);
}

const char* shared_by(Kind kind) {
  switch (kind) {
    case Kind::question:
      return "the same text";
    case Kind::wording:
      return "one question in other words";
    case Kind::candidate:
      return "a candidate of the same text";
  }
  throw InternalError("this is a bug, please report it: a text of no known kind");
}

}  // namespace

std::vector<std::int32_t> contexts_that_ask_the_same(const PreferenceData& data) {
  std::vector<std::int32_t> first(static_cast<std::size_t>(data.context_count()));
  std::iota(first.begin(), first.end(), 0);
  const auto root = [&](std::int32_t context) {
    while (first[static_cast<std::size_t>(context)] != context) {
      auto& above = first[static_cast<std::size_t>(context)];
      above = first[static_cast<std::size_t>(above)];
      context = above;
    }
    return context;
  };
  each_key(sorted_entries(data), [&](auto begin, auto end) {
    for (auto entry = begin; entry != end; ++entry) {
      const auto [low, high] = std::minmax({root(begin->context), root(entry->context)});
      first[static_cast<std::size_t>(high)] = low;
    }
  });
  for (std::int32_t context = 0; context < data.context_count(); ++context)
    first[static_cast<std::size_t>(context)] = root(context);
  return first;
}

void refuse_same_texts(const PreferenceData& data, const std::vector<Split>& split) {
  const Sides sides = sides_of(data, split);
  std::vector<bool> leaks(sides.held_out.size(), false);
  std::string example;
  each_key(sorted_entries(data), [&](auto begin, auto end) {
    const auto trained = std::find_if(
        begin, end, [&](const Entry& entry) { return sides.trained[static_cast<std::size_t>(entry.context)]; });
    if (trained == end)
      return;
    for (auto entry = begin; entry != end; ++entry) {
      const auto context = static_cast<std::size_t>(entry->context);
      if (!sides.held_out[context] || entry->context == trained->context)
        continue;
      leaks[context] = true;
      if (example.empty()) {
        example = fmt::format("{} and {} have {}", name_of(data, trained->context), name_of(data, entry->context),
                              shared_by(entry->kind));
      }
    }
  });
  if (example.empty())
    return;
  throw UserError(
      ExitCode::configuration,
      fmt::format("data.split: {} of the {} contexts held out ask what a training context asks, for example {}; "
                  "set data.split.same_text: together to deal such contexts as one, or allow{}",
                  std::count(leaks.begin(), leaks.end(), true),
                  std::count(sides.held_out.begin(), sides.held_out.end(), true), example,
                  data.context_fitted.empty()
                      ? ""
                      : "; together may need training to hold more contexts than it does, as it holds every one that "
                        "asks what features were fitted on: then import the data again with a smaller --fit-share"));
}

void refuse_fitted_on_held_out(const PreferenceData& data, const std::vector<Split>& split, const std::string& by) {
  if (data.context_fitted.empty())
    return;
  const Sides sides = sides_of(data, split);
  std::int64_t held_out = 0;
  std::int64_t fitted = 0;
  for (std::size_t context = 0; context < sides.held_out.size(); ++context) {
    if (sides.held_out[context] && !sides.trained[context]) {
      ++held_out;
      fitted += data.context_fitted[context] != 0 ? 1 : 0;
    }
  }
  if (fitted == 0)
    return;
  throw UserError(
      ExitCode::configuration,
      fmt::format("data.split: the features were fitted on {} of the {} contexts that have validation or "
                  "test comparisons and no training comparisons; {}, or import the data again with a smaller "
                  "--fit-share",
                  fitted, held_out, by == "context" ? "keep more users in training" : "use data.split.by: context"));
}

}  // namespace fairsweep
