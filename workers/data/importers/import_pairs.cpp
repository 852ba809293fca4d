#include "workers/data/importers/import_pairs.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "core/diagnostics/errors.hpp"
#include "workers/data/text_digest.hpp"

namespace fairsweep {

namespace {

/// An answer and what it answers.
struct Answer {
  std::string question;
  std::string text;
};

/// The last answer of a dialogue.
Answer answer_in(const std::vector<Message>& messages) {
  constexpr std::string_view k_marker = "\n\nAssistant:";
  Answer answer;
  if (messages.empty()) {
    return answer;
  }
  if (messages.size() == 1 && messages.front().role.empty()) {
    const std::string& text = messages.front().content;
    const std::size_t marker = text.rfind(k_marker);
    if (marker == std::string::npos) {
      return {"", text};
    }
    return {text.substr(0, marker), text.substr(marker + k_marker.size())};
  }
  for (std::size_t at = 0; at + 1 < messages.size(); ++at) {
    answer.question += (at == 0 ? "" : "\n\n") + messages[at].role + ": " + messages[at].content;
  }
  answer.text = messages.back().content;
  return answer;
}

std::string joined(const std::vector<Message>& messages) {
  std::string text;
  for (const Message& message : messages) {
    text += (text.empty() ? "" : "\n\n") + (message.role.empty() ? "" : message.role + ": ") + message.content;
  }
  return text;
}

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
    label_ = session.role("label", {"label", "preference", "winner"});
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
        (void)session.needed_role("chosen", {"chosen", "chosen_id"});  // nothing known was there: says what is
      }
      label_ = session.needed_role("label", {"label", "preference", "winner"});
    }
  }

  void read() {
    std::array<Answer, 2> answers;
    for (std::size_t side = 0; side < 2; ++side) {
      if (sides_[side].text) {
        answers[side] = answer_in(session_.records().messages(*sides_[side].text));
      }
    }
    std::string question = prompt_ ? joined(session_.records().messages(*prompt_)) : answers[0].question;
    if (!prompt_ && text_digest(answers[0].question) != text_digest(answers[1].question)) {
      session_.drop("the two do not answer the same question");
      return;
    }
    const std::optional<int> preferred = labelled_ ? preferred_side() : std::optional(0);
    if (!preferred) {
      session_.drop("no answer");
      return;
    }
    const std::int32_t user = session_.user(user_);
    const std::string context_name = context_ ? std::string(session_.records().text(*context_)) : "";
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

  [[nodiscard]] bool means(const std::string& meaning, const std::vector<std::string>& usual,
                           std::string_view value) const {
    const auto& values = session_.mapping().values;
    const auto mapped = values.find(meaning);
    const auto& words = mapped != values.end() ? mapped->second : usual;
    return std::find(words.begin(), words.end(), value) != words.end();
  }

  /// 0, 1 or k_tie; nothing where no answer was given.
  [[nodiscard]] std::optional<int> preferred_side() const {
    const std::string_view value = session_.records().text(*label_);
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

Importer pairs_csv_importer() { return pairs_importer("pairs-csv", false, "the same in a table"); }

}  // namespace fairsweep
