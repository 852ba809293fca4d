#include "workers/data/importers/import_rankings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <iterator>
#include <optional>
#include <tuple>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "workers/data/importers/dialogue.hpp"
#include "workers/data/importers/field_list.hpp"
#include "workers/data/importers/ranking_comparisons.hpp"
#include "workers/data/importers/white_space.hpp"

namespace fairsweep {

namespace {

std::size_t index(std::int32_t number) { return static_cast<std::size_t>(number); }

using Names = std::vector<std::string>;

const std::vector<std::pair<std::string, Names>>& usual_names() {
  static const std::vector<std::pair<std::string, Names>> names{
      {"user", {"user", "user_id", "worker", "worker_id", "annotator", "annotator_id", "rater", "participant_id"}},
      {"context", {"context", "context_id", "prompt_id", "question_id"}},
      {"prompt", {"prompt", "question", "instruction"}},
      {"ranking", {"ranking", "ranking_id"}},
      {"item", {"item", "item_id", "candidate", "candidate_id"}},
      {"item_text", {"item_text", "text", "response"}},
      {"rank", {"rank"}},
      {"weight", {"weight"}},
      {"time", {"time", "timestamp", "created_at"}}};
  return names;
}

const Names& usual(const std::string& role) {
  return std::find_if(usual_names().begin(), usual_names().end(),
                      [&](const auto& entry) { return entry.first == role; })
      ->second;
}

class Rankings {
 public:
  Rankings(ImportSession& session, const ImporterArguments& arguments)
      : session_(session),
        range_(arguments.option("items")),
        tie_separator_(arguments.option("tie-separator")),
        cells_are_texts_(arguments.option("cells") == "texts"),
        single_spaces_(arguments.option("spaces") == "one"),
        lowest_is_best_(arguments.option("best") == "lowest"),
        keep_ties_(arguments.option("ties") == "keep"),
        unlisted_are_worse_(arguments.option("unlisted") == "worse") {}

  void read(const std::filesystem::path& file) {
    session_.open(file);
    user_ = session_.role("user", usual("user"));
    context_ = session_.role("context", usual("context"));
    prompt_ = session_.role("prompt", usual("prompt"));
    weight_ = session_.role("weight", usual("weight"));
    time_ = session_.role("time", usual("time"));
    const bool lists_items = session_.mapping().field_lists.contains("items") || !range_.empty();
    if (session_.mapping().fields.contains("rank") && lists_items) {
      throw UserError(ExitCode::configuration,
                      file.string() +
                          ": a field for the rank says that each record has one item, and a list of items "
                          "that it has all of them; leave one out");
    }
    rank_ = lists_items ? std::nullopt : session_.role("rank", usual("rank"));
    if (rank_) {
      read_long();
    } else {
      read_wide();
    }
  }

  /// Adds the rankings that had to wait for the last record.
  void finish() {
    std::sort(places_.begin(), places_.end(), [](const Place& left, const Place& right) {
      return std::tuple(left.ranking, left.rank, left.candidate) <
             std::tuple(right.ranking, right.rank, right.candidate);
    });
    std::vector<std::vector<std::int32_t>> candidates_of_context;
    if (unlisted_are_worse_) {
      candidates_of_context.resize(index(session_.builder().context_count()));
      for (std::int32_t candidate = 0; candidate < session_.builder().candidate_count(); ++candidate) {
        candidates_of_context[index(session_.builder().context_of(candidate))].push_back(candidate);
      }
    }
    for (std::size_t first = 0; first < places_.size() && !session_.done();) {
      std::size_t last = first;
      const std::int32_t ranking = places_[first].ranking;
      while (last < places_.size() && places_[last].ranking == ranking) {
        ++last;
      }
      const Kept& kept = kept_[index(ranking)];
      session_.attempt([&] { add_kept(kept, first, last, candidates_of_context); }, kept.records);
      first = last;
    }
  }

 private:
  /// A candidate's place in a ranking that waits.
  struct Place {
    std::int32_t ranking = 0;
    std::int32_t candidate = 0;
    double rank = 0;  ///< smaller is better
  };
  struct Kept {
    std::int32_t user = 0;
    std::int32_t context = 0;
    std::int32_t file = 0;
    std::int32_t circumstances = 0;
    std::int64_t line = 0;
    std::int64_t records = 0;
    float weight = 1;
    std::optional<std::int64_t> time;
  };

  void read_wide() {
    Names taken = fields_of_mapping(session_.mapping());
    for (const char* role : {"user", "context", "prompt", "weight", "time"}) {
      if (auto name = session_.role_name(role, usual(role))) {
        taken.push_back(*std::move(name));
      }
    }
    const FieldList items(session_, {"items", range_, std::move(taken)});
    std::vector<std::size_t> fields;
    for (auto name = items.name(0); name && !session_.reads_json(); name = items.name(fields.size())) {
      fields.push_back(session_.records().field(*name));
    }
    session_.each_record([&] { read_wide_record(items, fields); });
  }

  void read_wide_record(const FieldList& items, std::vector<std::size_t>& fields) {
    std::string question = read_question();
    const std::int32_t context = context_of_record(question);
    Ranking ranking;
    std::int32_t level = 0;
    std::string empty;  // the first empty field
    for (std::size_t at = 0;; ++at) {
      const auto name = items.name(at);
      if (!name) {
        break;
      }
      if (at >= FieldList::k_most_open && items.is_open(at)) {
        session_.records().refuse(fmt::format("ranks more than {} items", FieldList::k_most_open));
      }
      if (at == fields.size()) {
        fields.push_back(session_.records().field(*name));
      }
      const std::string_view cell = session_.records().text(fields[at]);
      if (cell.empty()) {
        if (items.is_open(at)) {
          break;
        }
        empty = empty.empty() ? *name : empty;
        continue;
      }
      if (!empty.empty()) {
        session_.records().refuse(fmt::format(
            "field \"{}\" is empty and \"{}\" behind it is not; a ranking may be empty only at its end", empty, *name));
      }
      for (const std::string_view part : tied(cell)) {
        add_item(context, part, question, level, ranking);
      }
      ++level;
    }
    if (const std::int32_t twice = ranked_twice(ranking.candidates); twice >= 0) {
      session_.records().refuse(twice_text(twice));
    }
    if (ranking.candidates.empty()) {
      session_.drop("no item is ranked");
      return;
    }
    if (ranking.candidates.size() == 1 && !unlisted_are_worse_) {
      session_.drop("only one item is ranked");
      return;
    }
    const std::int32_t user = session_.user(user_);
    const float weight = session_.weight(weight_);
    const auto time = session_.time(time_);
    if (unlisted_are_worse_) {
      const auto number = static_cast<std::int32_t>(kept_.size());
      kept_.push_back({user, context, static_cast<std::int32_t>(session_.files().size() - 1),
                       session_.keep_circumstances(), session_.records().line(), 1, weight, time});
      for (std::size_t at = 0; at < ranking.candidates.size(); ++at) {
        places_.push_back({number, ranking.candidates[at], static_cast<double>(ranking.level[at])});
      }
      return;
    }
    BuiltComparison comparison;
    comparison.user = user;
    comparison.weight = weight;
    comparison.time = time;
    add(ranking, 1, [&](std::span<const std::int32_t> candidates, std::int32_t ranked) {
      comparison.candidates = candidates;
      comparison.ranked = ranked;
      session_.add(comparison);
    });
  }

  /// The items of one cell.
  [[nodiscard]] std::vector<std::string_view> tied(std::string_view cell) const {
    std::vector<std::string_view> parts;
    for (std::size_t begin = 0; !tie_separator_.empty();) {
      const std::size_t end = cell.find(tie_separator_, begin);
      if (end == std::string_view::npos) {
        cell.remove_prefix(begin);
        break;
      }
      parts.push_back(trimmed(cell.substr(begin, end - begin)));
      begin = end + tie_separator_.size();
    }
    parts.push_back(trimmed(cell));
    return parts;
  }

  [[nodiscard]] static std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
  }

  void add_item(std::int32_t context, std::string_view cell, const std::string& question, std::int32_t level,
                Ranking& ranking) {
    const std::string name = cells_are_texts_ ? std::string() : name_of(cell);
    if (!cells_are_texts_ && name.empty()) {
      session_.records().refuse(fmt::format("\"{}\" stands before or behind nothing", tie_separator_));
    }
    ranking.candidates.push_back(
        session_.candidate(context, name, cells_are_texts_ ? cell : std::string_view(), question));
    ranking.level.push_back(level);
  }

  /// A candidate that occurs twice; -1: none.
  [[nodiscard]] static std::int32_t ranked_twice(std::vector<std::int32_t> candidates) {
    std::sort(candidates.begin(), candidates.end());
    const auto twice = std::adjacent_find(candidates.begin(), candidates.end());
    return twice == candidates.end() ? -1 : *twice;
  }

  [[nodiscard]] std::string twice_text(std::int32_t candidate) const {
    return fmt::format("ranks \"{}\" twice", session_.builder().candidate_name(candidate));
  }

  void read_long() {
    const auto item = session_.role("item", usual("item"));
    const auto text = session_.role("item_text", usual("item_text"));
    if (!item && !text) {
      (void)session_.needed_role("item", usual("item"));
    }
    const auto ranking_id = session_.role("ranking", usual("ranking"));
    session_.each_record([&] {
      if (session_.records().text(*rank_).empty()) {
        session_.require_any({rank_}, "rank");
        session_.drop("no rank");
        return;
      }
      const double rank = session_.number(*rank_, "the rank");
      const std::string question = read_question();
      const std::int32_t context = context_of_record(question);
      const std::string name = item ? name_of(session_.records().text(*item)) : "";
      const std::string words = text ? joined_text(*text) : "";
      const std::int32_t candidate = session_.candidate(context, name, words, question);
      const std::string_view id = ranking_id ? session_.records().text(*ranking_id) : std::string_view();
      const std::int32_t ranking = ranking_of_record(session_.user(user_), context, id);
      places_.push_back({ranking, candidate, lowest_is_best_ ? rank : -rank});
    });
  }

  /// Number in kept_ of the ranking that the current record belongs to.
  std::int32_t ranking_of_record(std::int32_t user, std::int32_t context, std::string_view id) {
    const auto file = static_cast<std::int32_t>(session_.files().size() - 1);
    const float weight = session_.weight(weight_);
    const auto time = session_.time(time_);
    const std::int32_t circumstances = session_.keep_circumstances();
    const std::int32_t number = rankings_.number_of(user, fmt::format("{} {} {}", file, context, id));
    if (index(number) == kept_.size()) {
      kept_.push_back({user, context, file, circumstances, session_.records().line(), 1, weight, time});
      return number;
    }
    Kept& kept = kept_[index(number)];
    if (kept.weight != weight) {
      session_.records().refuse(fmt::format("the weight is {:g}; it was {:g} in the same ranking on line {}", weight,
                                            kept.weight, kept.line));
    }
    ++kept.records;
    kept.time = kept.time && time ? std::optional(std::max(*kept.time, *time)) : std::nullopt;
    kept.circumstances = session_.merge_circumstances(kept.circumstances, circumstances);
    return number;
  }

  void add_kept(const Kept& kept, std::size_t first, std::size_t last,
                const std::vector<std::vector<std::int32_t>>& candidates_of_context) {
    Ranking ranking;
    for (std::size_t at = first; at < last; ++at) {
      ranking.candidates.push_back(places_[at].candidate);
      const bool tie = at > first && places_[at].rank == places_[at - 1].rank;
      ranking.level.push_back(at == first ? 0 : ranking.level.back() + (tie ? 0 : 1));
    }
    if (const std::int32_t twice = ranked_twice(ranking.candidates); twice >= 0) {
      throw RecordError(fmt::format("{}:{}: the ranking that begins here {}",
                                    session_.files()[index(kept.file)].string(), kept.line, twice_text(twice)));
    }
    if (unlisted_are_worse_) {
      std::vector<std::int32_t> sorted = ranking.candidates;
      std::sort(sorted.begin(), sorted.end());
      const auto& all = candidates_of_context[index(kept.context)];
      std::set_difference(all.begin(), all.end(), sorted.begin(), sorted.end(), std::back_inserter(ranking.others));
    }
    if (ranking.candidates.size() + ranking.others.size() < 2) {
      session_.drop("only one item is ranked", kept.records);
      return;
    }
    BuiltComparison comparison;
    comparison.user = kept.user;
    comparison.weight = kept.weight;
    comparison.time = kept.time;
    add(ranking, kept.records, [&](std::span<const std::int32_t> candidates, std::int32_t ranked) {
      comparison.candidates = candidates;
      comparison.ranked = ranked;
      session_.add_kept(comparison, kept.circumstances);
    });
  }

  template <typename Add>
  void add(const Ranking& ranking, std::int64_t records, const Add& add_comparison) {
    const std::int64_t before = session_.builder().comparison_count();
    const std::int64_t ties = comparisons_of(ranking, keep_ties_, add_comparison);
    if (session_.builder().comparison_count() == before) {
      session_.drop("all items are tied", records);
    } else if (ties > 0) {
      session_.drop_pairs("tied items", ties);
    }
  }

  [[nodiscard]] std::string name_of(std::string_view cell) const {
    return single_spaces_ ? with_single_spaces(cell) : std::string(cell);
  }

  [[nodiscard]] std::string joined_text(std::size_t field) { return dialogue_text(session_.records().messages(field)); }

  [[nodiscard]] std::string read_question() { return prompt_ ? joined_text(*prompt_) : std::string(); }

  [[nodiscard]] std::int32_t context_of_record(const std::string& question) {
    return session_.context(context_ ? session_.records().text(*context_) : std::string_view(), question);
  }

  ImportSession& session_;
  std::string range_;
  std::string tie_separator_;
  bool cells_are_texts_;
  bool single_spaces_;
  bool lowest_is_best_;
  bool keep_ties_;
  bool unlisted_are_worse_;
  std::optional<std::size_t> user_, context_, prompt_, weight_, time_, rank_;
  NameTable rankings_;  ///< of long tables, each user's own
  std::vector<Kept> kept_;
  std::deque<Place> places_;
};

}  // namespace

Importer rankings_importer() {
  Importer importer;
  importer.name = "rankings";
  importer.help = "orders of items: one ranking a row (wide), or one item a row with its rank (long)";
  for (const auto& [role, names] : usual_names()) {
    importer.roles.push_back(role);
  }
  importer.list_roles = {"items"};
  importer.options = {
      {"items", "", {}, "wide: the columns of the items, best first, as FROM-TO, counted from 1"},
      {"cells", "names", {"names", "texts"}, "wide: whether the cells are names of items, or their texts"},
      {"spaces", "one", {"one", "keep"}, "whether a run of white space in a name counts as one space"},
      {"tie-separator", "", {}, "wide: what is between items of one cell, which are tied"},
      {"best", "lowest", {"lowest", "highest"}, "long: which rank is the best"},
      {"ties", "keep", {"keep", "drop"}, "what becomes of two items of the same rank"},
      {"unlisted",
       "unknown",
       {"unknown", "worse"},
       "what a ranking says of the context's items that it leaves out: nothing, or that they are worse"}};
  importer.read = [](ImportSession& session, const ImporterArguments& arguments) {
    Rankings rankings(session, arguments);
    for (const std::filesystem::path& file : arguments.files) {
      rankings.read(file);
    }
    rankings.finish();
    return FeatureBlock{};
  };
  return importer;
}

}  // namespace fairsweep
