#include "workers/data/importers/import_ratings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "workers/data/importers/dialogue.hpp"
#include "workers/data/importers/field_list.hpp"
#include "workers/data/importers/people_table.hpp"
#include "workers/data/importers/rating_pairs.hpp"

namespace fairsweep {

namespace {

using Names = std::vector<std::string>;

std::size_t index(std::int64_t number) { return static_cast<std::size_t>(number); }

/// Where one record's rating, or one of its ratings, is.
struct RatingFields {
  std::optional<std::size_t> item, text, chosen;
  std::size_t rating = 0;
};

class Ratings {
 public:
  Ratings(ImportSession& session, const ImporterArguments& arguments) : session_(session) {
    rule_.tie_within = arguments.number("tie-within", 0, 1e30);
    rule_.keep_ties = arguments.option("ties") == "keep";
    rule_.seed = static_cast<std::uint64_t>(arguments.whole("pair-seed", 0, std::int64_t{1} << 53U));
    const std::string& pairs = arguments.option("pairs");
    rule_.adjacent = pairs == "adjacent";
    if (pairs != "all" && pairs != "adjacent") {
      double most = 0;
      if (!parses_as_number(pairs, most) || most < 1 || most != std::floor(most) || most > 1e9) {
        throw UserError(ExitCode::configuration,
                        fmt::format("--pairs is \"{}\"; it must be all, adjacent, or the largest number of pairs of a "
                                    "user in a context",
                                    pairs));
      }
      rule_.most = static_cast<std::int64_t>(most);
    }
  }

  void read(const std::filesystem::path& file) {
    session_.open(file);
    user_ = session_.role("user", k_user);
    context_ = session_.role("context", k_context);
    prompt_ = session_.role("prompt", k_prompt);
    time_ = session_.role("time", k_time);
    if (session_.mapping().field_lists.contains("answers")) {
      read_lists();
      return;
    }
    RatingFields fields{session_.role("item", k_item), session_.role("item_text", k_item_text),
                        session_.role("chosen", k_chosen), 0};
    if (!fields.item && !fields.text) {
      (void)session_.needed_role("item", k_item);
    }
    fields.rating = session_.needed_role("rating", k_rating);
    session_.each_record([&] {
      if (session_.records().text(fields.rating).empty()) {
        session_.require_any({fields.rating}, "rating");
      }
      read_rating(fields);
    });
  }

  /// Adds the pairs: only the last record tells which ratings belong together.
  void finish() {
    const std::int64_t ratings = std::ssize(user_of_);
    std::vector<std::int64_t> begin(index(session_.people().size()) + 1, 0);
    for (const std::int32_t user : user_of_) {
      ++begin[index(user) + 1];
    }
    std::partial_sum(begin.begin(), begin.end(), begin.begin());
    std::vector<std::uint32_t> order(index(ratings));
    std::vector<std::int64_t> next(begin.begin(), begin.end() - 1);
    for (std::int64_t rating = 0; rating < ratings; ++rating) {
      order[index(next[index(user_of_[index(rating)])]++)] = static_cast<std::uint32_t>(rating);
    }
    const auto context_of = [this](std::uint32_t rating) {
      return session_.builder().context_of(candidate_of_[rating] & k_candidate_bits);
    };
    for (std::int32_t user = 0; user < session_.people().size() && !session_.done(); ++user) {
      const auto first = order.begin() + begin[index(user)];
      const auto last = order.begin() + begin[index(user) + 1];
      std::sort(first, last, [&](std::uint32_t left, std::uint32_t right) {
        return std::pair(context_of(left), left) < std::pair(context_of(right), right);
      });
      for (auto from = first; from != last && !session_.done();) {
        const std::int32_t context = context_of(*from);
        const auto to = std::find_if(from, last, [&](std::uint32_t rating) { return context_of(rating) != context; });
        std::vector<std::uint32_t> same(from, to);
        add_pairs(user, context, same);
        from = to;
      }
    }
  }

 private:
  static constexpr std::int32_t k_candidate_bits = std::numeric_limits<std::int32_t>::max();
  static constexpr std::int64_t k_no_time = std::numeric_limits<std::int64_t>::min();

  static inline const Names k_user{"user",      "user_id",      "userId", "worker",        "worker_id",
                                   "annotator", "annotator_id", "rater",  "participant_id"};
  static inline const Names k_context{"context", "context_id", "interaction_id", "prompt_id", "question_id"};
  static inline const Names k_prompt{"prompt", "question", "instruction", "user_prompt"};
  static inline const Names k_item{"item", "item_id", "candidate", "candidate_id", "utterance_id", "movieId"};
  static inline const Names k_item_text{"item_text", "text", "response", "completion", "model_response"};
  static inline const Names k_rating{"rating", "score", "overall_score", "stars"};
  static inline const Names k_chosen{"if_chosen"};
  static inline const Names k_time{"time", "timestamp", "created_at"};
  // In a list of ratings, where fields are not looked for.
  static inline const Names k_list_text{"response"};
  static inline const Names k_list_rating{"rating"};

  /// One entry of a list of ratings: fields behind the entry's name.
  void read_lists() {
    const FieldList answers(session_, {"answers", "", {}});
    const auto under = [this](const std::string& answer, const char* role, const Names& usual) {
      const auto mapped = session_.mapping().fields.find(role);
      return session_.records().field(answer + "." +
                                      (mapped == session_.mapping().fields.end() ? usual.front() : mapped->second));
    };
    std::vector<RatingFields> fields;
    const auto add_fields = [&](const std::string& answer) {
      RatingFields& added = fields.emplace_back();
      const auto& mapped = session_.mapping().fields;
      if (mapped.contains("item")) {
        added.item = under(answer, "item", k_item);
      }
      if (mapped.contains("item_text") || !mapped.contains("item")) {
        added.text = under(answer, "item_text", k_list_text);
      }
      if (mapped.contains("chosen")) {
        added.chosen = under(answer, "chosen", k_chosen);
      }
      added.rating = under(answer, "rating", k_list_rating);
    };
    const auto read_record = [&] {
      for (std::size_t at = 0;; ++at) {
        const auto name = answers.name(at);
        if (!name) {
          break;
        }
        if (at >= FieldList::k_most_open && answers.is_open(at)) {
          session_.records().refuse(fmt::format("has more than {} answers", FieldList::k_most_open));
        }
        if (at == fields.size()) {
          add_fields(*name);
        }
        if (is_absent(fields[at])) {
          if (answers.is_open(at)) {
            break;
          }
          continue;
        }
        read_rating(fields[at]);
      }
    };
    session_.each_record([&] {
      const std::size_t before = user_of_.size();
      try {
        read_record();
      } catch (const RecordError&) {
        forget_from(before);  // a record that is left out is left out whole
        throw;
      }
    });
  }

  void forget_from(std::size_t rating) {
    user_of_.resize(rating);
    candidate_of_.resize(rating);
    value_of_.resize(rating);
    time_of_.resize(std::min(rating, time_of_.size()));
    circumstances_of_.resize(std::min(rating, circumstances_of_.size()));
  }

  [[nodiscard]] bool is_absent(const RatingFields& fields) const {
    const auto empty = [this](std::optional<std::size_t> field) {
      return !field || session_.records().messages(*field).empty();
    };
    return session_.records().text(fields.rating).empty() && empty(fields.item) && empty(fields.text);
  }

  void read_rating(const RatingFields& fields) {
    const std::string_view given = session_.records().text(fields.rating);
    if (given.empty() || means("missing", {}, given)) {
      session_.drop("no rating");
      return;
    }
    const double value = session_.number(fields.rating, "the rating");
    if (std::abs(value) > static_cast<double>(std::numeric_limits<float>::max())) {
      session_.records().refuse("the rating is too large");
    }
    const bool chosen = fields.chosen && is_chosen(session_.records().text(*fields.chosen));
    const auto time = session_.time(time_);
    const std::string question = prompt_ ? dialogue_text(session_.records().messages(*prompt_)) : "";
    const std::string text = fields.text ? dialogue_text(session_.records().messages(*fields.text)) : "";
    const std::int32_t context =
        session_.context(context_ ? session_.records().text(*context_) : std::string_view(), question);
    const std::int32_t candidate = session_.candidate(
        context, fields.item ? session_.records().text(*fields.item) : std::string_view(), text, question);
    const std::int32_t user = session_.user(user_);
    const std::int32_t circumstances = session_.keep_circumstances();
    if (user_of_.size() == std::numeric_limits<std::uint32_t>::max()) {
      throw UserError(ExitCode::file, session_.files().back().string() + ": there are more than 4 billion ratings");
    }
    user_of_.push_back(user);
    candidate_of_.push_back(candidate | (chosen ? ~k_candidate_bits : 0));
    value_of_.push_back(static_cast<float>(value));
    if (time_) {
      time_of_.resize(user_of_.size() - 1, k_no_time);
      time_of_.push_back(time.value_or(k_no_time));
    }
    if (!session_.mapping().comparison_attributes.empty()) {
      circumstances_of_.push_back(circumstances);
    }
  }

  [[nodiscard]] bool means(const std::string& meaning, const Names& usual, std::string_view value) const {
    return session_.mapping().means(meaning, usual, value);
  }

  [[nodiscard]] bool is_chosen(std::string_view value) const {
    static const Names yes{"true", "True", "TRUE", "1", "yes"};
    static const Names no{"false", "False", "FALSE", "0", "no", ""};
    if (means("chosen", yes, value)) {
      return true;
    }
    if (!means("not_chosen", no, value)) {
      session_.records().refuse(
          fmt::format("whether it was chosen is \"{}\"; say under values of the mapping what "
                      "that means: chosen or not_chosen",
                      value.substr(0, 40)));
    }
    return false;
  }

  void add_pairs(std::int32_t user, std::int32_t context, const std::vector<std::uint32_t>& numbers) {
    const PreferenceBuilder& builder = session_.builder();
    ratings_.clear();
    for (const std::uint32_t number : numbers) {
      const std::int32_t candidate = candidate_of_[number] & k_candidate_bits;
      ratings_.push_back({candidate, builder.candidate_name(candidate), static_cast<double>(value_of_[number]),
                          candidate_of_[number] < 0, static_cast<std::int64_t>(number)});
    }
    if (std::all_of(ratings_.begin(), ratings_.end(),
                    [&](const Rating& rating) { return rating.candidate == ratings_.front().candidate; })) {
      session_.drop("the user rated nothing else in the context", std::ssize(ratings_));
      return;
    }
    std::string owner(session_.people().name(user));
    owner.append("\n").append(builder.context_name(context));
    const std::int64_t ties =
        pairs_of(ratings_, rule_, owner, [&](const Rating& better, const Rating& worse, bool tie) {
          const std::array<std::int32_t, 2> candidates{better.candidate, worse.candidate};
          BuiltComparison comparison;
          comparison.user = user;
          comparison.candidates = candidates;
          comparison.ranked = tie ? 0 : 1;
          comparison.time = time_of(better.number, worse.number);
          session_.add_kept(comparison, circumstances_of(better.number, worse.number));
        });
    if (ties > 0) {
      session_.drop_pairs("equal ratings", ties);
    }
  }

  /// A pair is as old as its later rating.
  [[nodiscard]] std::optional<std::int64_t> time_of(std::int64_t one, std::int64_t other) const {
    const auto known = std::ssize(time_of_);
    if (one >= known || other >= known || time_of_[index(one)] == k_no_time || time_of_[index(other)] == k_no_time) {
      return std::nullopt;
    }
    return std::max(time_of_[index(one)], time_of_[index(other)]);
  }

  [[nodiscard]] std::int32_t circumstances_of(std::int64_t one, std::int64_t other) {
    return circumstances_of_.empty()
               ? 0
               : session_.merge_circumstances(circumstances_of_[index(one)], circumstances_of_[index(other)]);
  }

  ImportSession& session_;
  RatingPairRule rule_;
  std::optional<std::size_t> user_, context_, prompt_, time_;
  // One entry a rating.
  std::deque<std::int32_t> user_of_;
  std::deque<std::int32_t> candidate_of_;  ///< the sign says that it was chosen
  std::deque<float> value_of_;
  std::deque<std::int64_t> time_of_;           ///< as long as times were seen
  std::deque<std::int32_t> circumstances_of_;  ///< empty where comparisons have no attributes
  std::vector<Rating> ratings_;
};

}  // namespace

Importer ratings_importer() {
  Importer importer;
  importer.name = "ratings";
  importer.help = "ratings of items, which become pairs of each user in each context";
  importer.roles = {"user", "context", "prompt", "item", "item_text", "rating", "chosen", "time"};
  importer.list_roles = {"answers"};
  importer.meanings = {"missing", "chosen", "not_chosen"};
  importer.options = {{"tie-within", "0", {}, "ratings that differ by at most this much are a tie"},
                      {"ties", "keep", {"keep", "drop"}, "what becomes of two items whose ratings are a tie"},
                      {"pairs",
                       "all",
                       {},
                       "pairs of each user in each context: all, adjacent (each rating with the next lower one), or "
                       "a number, so many by chance at most"},
                      {"pair-seed", "0", {}, "of that chance"}};
  importer.read = [](ImportSession& session, const ImporterArguments& arguments) {
    Ratings ratings(session, arguments);
    for (const std::filesystem::path& file : arguments.files) {
      ratings.read(file);
    }
    ratings.finish();
    return FeatureBlock{};
  };
  return importer;
}

}  // namespace fairsweep
