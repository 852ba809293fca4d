#include "workers/data/importers/import_pairs.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "core/diagnostics/errors.hpp"
#include "workers/data/importers/dialogue.hpp"
#include "workers/data/text_digest.hpp"

namespace fairsweep {

namespace {

struct Side {
  std::optional<std::size_t> id;
  std::optional<std::size_t> text;
  [[nodiscard]] bool given() const { return id.has_value() || text.has_value(); }
};

class Pairs {
 public:
  explicit Pairs(ImportSession& session) : session_(session) {
    user_ = session.role(
        "user", {"user", "user_id", "worker", "worker_id", "annotator", "annotator_id", "rater", "participant_id"});
    context_ = session.role("context", {"context", "context_id", "prompt_id", "question_id", "conversation_id"});
    prompt_ = session.role("prompt", {"prompt", "question", "instruction", "user_prompt"});
    weight_ = session.role("weight", {"weight"});
    time_ = session.role("time", {"time", "timestamp", "submitted_utc", "created_at"});
    wording_ = session.role("wording", {"wording"});
    sides_ = {Side{session.role("chosen_id", {"chosen_id"}), session.role("chosen", {"chosen"})},
              Side{session.role("rejected_id", {"rejected_id"}), session.role("rejected", {"rejected"})}};
    if (sides_[0].given() != sides_[1].given()) {
      (void)session.needed_role(sides_[0].given() ? "rejected" : "chosen", {"chosen", "rejected"});
    }
    labelled_ = !sides_[0].given();
    if (labelled_) {
      sides_ = {Side{session.role("first_id", {"first_id"}), session.role("first", {"first", "response_a"})},
                Side{session.role("second_id", {"second_id"}), session.role("second", {"second", "response_b"})}};
      if (!sides_[0].given() || !sides_[1].given()) {
        (void)session.needed_role("chosen", {"chosen", "chosen_id"},
                                  "; or, where two answers come with a label, which fields they are, with --field "
                                  "first=NAME --field second=NAME --field label=NAME");
      }
      label_ = session.needed_role("label", {"label", "preference", "winner"});
    }
  }

  void read() {
    std::array<DialogueAnswer, 2> answers;
    std::string question;
    if (prompt_) {
      question = dialogue_text(session_.records().messages(*prompt_));
      for (std::size_t side = 0; side < 2; ++side) {
        answers[side] = last_answer(messages(side));
      }
    } else {
      answers = answers_to_one_question(messages(0), messages(1));
      question = answers[0].question;
    }
    for (std::size_t side = 0; side < 2; ++side) {
      const bool named = sides_[side].id && !session_.records().text(*sides_[side].id).empty();
      if (!named && text_digest(answers[side].text) == 0) {
        session_.require_any({sides_[side].id, sides_[side].text}, name_of(side));
        session_.drop("a candidate is empty");
        return;
      }
    }
    const std::optional<int> preferred = labelled_ ? preferred_side() : std::optional(0);
    if (!preferred) {
      session_.drop("no answer");
      return;
    }
    const std::int32_t user = session_.user(user_);
    std::string context_name(context_ ? session_.records().text(*context_) : std::string_view());
    if (context_name.empty() && question.empty() && text_digest(answers[0].text) != 0) {
      context_name = pair_name(answers[0].text, answers[1].text);
    }
    const std::int32_t context = session_.context(context_name, question);
    if (wording_) {
      session_.builder().set_context_wording(context, session_.records().text(*wording_));
    }
    std::array<std::int32_t, 2> candidates{};
    for (std::size_t side = 0; side < 2; ++side) {
      const std::string_view id = sides_[side].id ? session_.records().text(*sides_[side].id) : std::string_view();
      candidates[side] = session_.candidate(context, id, answers[side].text, question);
    }
    if (candidates[0] == candidates[1]) {
      session_.drop("both candidates are the same");
      return;
    }
    std::array<std::int32_t, 2> position{0, 1};
    if (*preferred == 1) {
      std::swap(candidates[0], candidates[1]);
      std::swap(position[0], position[1]);
    }
    BuiltComparison comparison;
    comparison.user = user;
    comparison.candidates = candidates;
    comparison.ranked = *preferred == k_tie ? 0 : 1;
    comparison.weight = session_.weight(weight_);
    comparison.time = session_.time(time_);
    if (labelled_) {
      comparison.position = position;
    }
    session_.add(comparison);
  }

 private:
  static constexpr int k_tie = 2;

  [[nodiscard]] const char* name_of(std::size_t side) const {
    return side == 0 ? (labelled_ ? "\"first\"" : "\"chosen\"") : (labelled_ ? "\"second\"" : "\"rejected\"");
  }

  [[nodiscard]] std::vector<Message> messages(std::size_t side) const {
    return sides_[side].text ? session_.records().messages(*sides_[side].text) : std::vector<Message>{};
  }

  [[nodiscard]] bool means(const std::string& meaning, const std::vector<std::string>& usual,
                           std::string_view value) const {
    return session_.mapping().means(meaning, usual, value);
  }

  /// 0, 1 or k_tie; nothing where no answer was given.
  [[nodiscard]] std::optional<int> preferred_side() const {
    const std::string_view value = session_.records().text(*label_);
    if (value.empty()) {
      session_.require_any({label_}, "\"label\"");
    }
    if (value.empty() || means("missing", {}, value)) {
      return std::nullopt;
    }
    if (means("first", {"first", "a", "A", "left", "model_a", "response_a"}, value)) {
      return 0;
    }
    if (means("second", {"second", "b", "B", "right", "model_b", "response_b"}, value)) {
      return 1;
    }
    if (means("tie", {"tie", "equal", "same"}, value)) {
      return k_tie;
    }
    session_.records().refuse("the label is \"" + std::string(value.substr(0, 40)) +
                              "\"; say under values of the mapping what it means: first, second, tie or missing");
  }

  ImportSession& session_;
  std::optional<std::size_t> user_, context_, prompt_, weight_, time_, wording_, label_;
  std::array<Side, 2> sides_;  ///< chosen and rejected, or first and second
  bool labelled_ = false;
};

Importer pairs_importer(const std::string& name, bool json_lines, const std::string& help) {
  Importer importer;
  importer.name = name;
  importer.help = help;
  importer.roles = {"user",   "context",  "prompt",    "chosen", "rejected", "chosen_id", "rejected_id", "first",
                    "second", "first_id", "second_id", "label",  "weight",   "time",      "wording"};
  importer.meanings = {"first", "second", "tie", "missing"};
  importer.read = [json_lines](ImportSession& session, const ImporterArguments& arguments) {
    for (const std::filesystem::path& file : arguments.files) {
      session.open(file, json_lines);
      Pairs pairs(session);
      session.each_record([&pairs] { pairs.read(); });
    }
    return FeatureBlock{};
  };
  return importer;
}

}  // namespace

Importer pairs_jsonl_importer() {
  return pairs_importer("pairs-jsonl", true,
                        "pairs in lines of JSON: chosen and rejected, or first, second and a label");
}

Importer pairs_csv_importer() {
  return pairs_importer("pairs-csv", false, "pairs in a table: chosen and rejected, or first, second and a label");
}

}  // namespace fairsweep
