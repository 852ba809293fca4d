#include "workers/data/importers/import_votes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "workers/data/importers/dialogue.hpp"
#include "workers/data/importers/field_list.hpp"
#include "workers/data/importers/people_table.hpp"

namespace fairsweep {

namespace {

using Names = std::vector<std::string>;

enum class Vote { agree, disagree, pass };

class Votes {
 public:
  Votes(ImportSession& session, const ImporterArguments& arguments)
      : session_(session),
        range_(arguments.option("statements")),
        keep_passes_(arguments.option("passes") == "tie"),
        agree_is_(arguments.option("agree-is")),
        agree_{agree_is_, "agree"},
        disagree_{agree_is_ == "1" ? "-1" : "1", "disagree"} {
    session.describe_contexts("agree");
    const auto& values = session.mapping().values;
    if (agree_is_ != "1" && (values.contains("agree") || values.contains("disagree"))) {
      throw UserError(ExitCode::configuration,
                      "--agree-is and the mapping's values both say what agrees; leave one out");
    }
  }

  void read(const std::filesystem::path& file) {
    session_.open(file);
    user_ = session_.role("user", k_user);
    time_ = session_.role("time", k_time);
    const bool lists_statements = session_.mapping().field_lists.contains("statements") || !range_.empty();
    if (session_.mapping().fields.contains("vote") && lists_statements) {
      throw UserError(ExitCode::configuration,
                      file.string() +
                          ": a field for the vote says that each record has one vote, and a list of "
                          "statements that it has one on each of them; leave one out");
    }
    const auto vote = lists_statements ? std::nullopt : session_.role("vote", k_vote);
    if (vote) {
      read_long(*vote);
    } else {
      read_wide(file);
    }
  }

 private:
  static inline const Names k_user{"voter-id", "voter_id", "participant", "participant_id", "user", "user_id"};
  static inline const Names k_statement{"comment-id", "comment_id", "statement", "statement_id"};
  static inline const Names k_text{"comment-body", "comment_body", "text"};
  static inline const Names k_vote{"vote"};
  static inline const Names k_time{"timestamp", "time"};
  static inline const Names k_agreed{"n-agree"};
  static inline const Names k_disagreed{"n-disagree"};

  void read_long(std::size_t vote) {
    const std::size_t statement = session_.needed_role("statement", k_statement);
    const auto text = session_.role("text", k_text);
    session_.each_record([&] {
      const auto meant = vote_of(session_.records().text(vote));
      if (!meant) {
        session_.require_any({vote}, "vote");
        session_.drop("no vote");
        return;
      }
      if (*meant == Vote::pass && !keep_passes_) {
        session_.drop("a pass");
        return;
      }
      const std::string_view name = session_.records().text(statement);
      if (name.empty()) {
        session_.records().refuse("names no statement");
      }
      const std::string words = text ? dialogue_text(session_.records().messages(*text)) : "";
      const auto time = session_.time(time_);
      add(session_.user(user_), name, words, *meant, time);
    });
  }

  void read_wide(const std::filesystem::path& file) {
    Names taken = fields_of_mapping(session_.mapping());
    for (const auto& [role, usual] : {std::pair{"user", k_user}, std::pair{"time", k_time},
                                      std::pair{"agreed", k_agreed}, std::pair{"disagreed", k_disagreed}}) {
      if (auto name = session_.role_name(role, usual)) {
        taken.push_back(*std::move(name));
      }
    }
    for (const char* name : {"group-id", "n-comments", "n-votes", "xid"}) {
      taken.emplace_back(name);
    }
    const FieldList list(session_, {"statements", range_, std::move(taken)});
    std::vector<std::pair<std::string, std::size_t>> statements;
    for (auto name = list.name(0); name && !list.is_open(statements.size()); name = list.name(statements.size())) {
      statements.emplace_back(*name, session_.records().field(*name));
    }
    if (statements.empty()) {
      throw UserError(ExitCode::configuration,
                      file.string() + ": statements have names; a list in JSON gives them none");
    }
    const auto agreed = session_.role("agreed", k_agreed);
    const auto disagreed = session_.role("disagreed", k_disagreed);
    SignCheck check;
    session_.each_record([&] { read_wide_record(statements, agreed, disagreed, check); });
    if (check.turned > check.right) {
      throw UserError(ExitCode::file,
                      fmt::format("{}: in {} records the numbers of agreeing and disagreeing votes are those that the "
                                  "file counts, exchanged, and in {} they are not; the sign of the votes is turned: "
                                  "say it with --agree-is {}, or under values of the mapping",
                                  file.string(), check.turned, check.right, agree_is_ == "1" ? "-1" : "1"));
    }
  }

  /// How the file's own counts fit what was understood.
  struct SignCheck {
    std::int64_t right = 0;
    std::int64_t turned = 0;
  };

  void read_wide_record(const std::vector<std::pair<std::string, std::size_t>>& statements,
                        std::optional<std::size_t> agreed, std::optional<std::size_t> disagreed, SignCheck& check) {
    votes_.clear();
    std::array<double, 3> count{};
    for (std::size_t at = 0; at < statements.size(); ++at) {
      const auto vote = vote_of(session_.records().text(statements[at].second), &statements[at].first);
      if (vote) {
        ++count[static_cast<std::size_t>(*vote)];
      }
      if (vote && (*vote != Vote::pass || keep_passes_)) {
        votes_.emplace_back(at, *vote);
      }
    }
    SignCheck of_record;
    if (agreed && disagreed) {
      const double says_agree = session_.number(*agreed, "the number of agreeing votes");
      const double says_disagree = session_.number(*disagreed, "the number of disagreeing votes");
      if (count[0] != count[1]) {
        of_record.right = says_agree == count[0] && says_disagree == count[1] ? 1 : 0;
        of_record.turned = says_agree == count[1] && says_disagree == count[0] ? 1 : 0;
      }
    }
    if (votes_.empty()) {
      session_.drop("no vote");
      return;
    }
    const auto time = session_.time(time_);
    const std::int32_t user = session_.user(user_);
    for (const auto& [at, vote] : votes_) {
      add(user, statements[at].first, "", vote, time);
    }
    check.right += of_record.right;
    check.turned += of_record.turned;
  }

  void add(std::int32_t user, std::string_view statement, std::string_view text, Vote vote,
           std::optional<std::int64_t> time) {
    const std::int32_t context = session_.context(statement, "");
    std::array<std::int32_t, 2> candidates{session_.candidate(context, "agree", text, ""),
                                           session_.candidate(context, "disagree", "", "")};
    if (vote == Vote::disagree) {
      std::swap(candidates[0], candidates[1]);
    }
    BuiltComparison comparison;
    comparison.user = user;
    comparison.candidates = candidates;
    comparison.ranked = vote == Vote::pass ? 0 : 1;
    comparison.time = time;
    session_.add(comparison);
  }

  /// @param statement  named in the message, where a record has many votes
  [[nodiscard]] std::optional<Vote> vote_of(std::string_view value, const std::string* statement = nullptr) const {
    static const Names pass{"0", "pass"};
    const RecordMapping& mapping = session_.mapping();
    if (value.empty() || mapping.means("missing", {}, value)) {
      return std::nullopt;
    }
    // 1.0 is 1: tables that went through another program often have it.
    const std::string_view whole = value.ends_with(".0") ? value.substr(0, value.size() - 2) : value;
    for (const std::string_view text : {value, whole}) {
      if (mapping.means("agree", agree_, text)) {
        return Vote::agree;
      }
      if (mapping.means("disagree", disagree_, text)) {
        return Vote::disagree;
      }
      if (mapping.means("pass", pass, text)) {
        return Vote::pass;
      }
    }
    session_.records().refuse(
        fmt::format("the vote{} is \"{}\"; say under values of the mapping what it means: agree, "
                    "disagree, pass or missing",
                    statement == nullptr ? "" : " on \"" + *statement + "\"", value.substr(0, 40)));
  }

  ImportSession& session_;
  std::string range_;
  bool keep_passes_;
  std::string agree_is_;
  Names agree_, disagree_;  ///< what means it where the mapping does not say
  std::optional<std::size_t> user_, time_;
  std::vector<std::pair<std::size_t, Vote>> votes_;  ///< of the current record
};

}  // namespace

Importer votes_importer() {
  Importer importer;
  importer.name = "votes";
  importer.help = "votes on statements (agree, disagree, pass), as Polis exports them: a row a vote, or a row a user";
  importer.roles = {"user", "statement", "text", "vote", "time", "agreed", "disagreed"};
  importer.list_roles = {"statements"};
  importer.meanings = {"agree", "disagree", "pass", "missing"};
  importer.options = {{"agree-is",
                       "1",
                       {"1", "-1"},
                       "the vote that agrees. CAUTION: in some exports, older ones of Polis among them, "
                       "it is -1; look at --dry-run before you trust the sign"},
                      {"passes", "tie", {"tie", "drop"}, "what becomes of a pass"},
                      {"statements", "", {}, "wide: the columns that are statements, as FROM-TO, counted from 1"}};
  importer.read = [](ImportSession& session, const ImporterArguments& arguments) {
    Votes votes(session, arguments);
    for (const std::filesystem::path& file : arguments.files) {
      votes.read(file);
    }
    const PreferenceBuilder& builder = session.builder();
    return FeatureBlock{{std::string(k_alternative_prefix) + "agree"},
                        [&builder](std::int32_t candidate, float* value) {
                          *value = builder.candidate_name(candidate) == "agree" ? 1.0F : 0.0F;
                        }};
  };
  return importer;
}

}  // namespace fairsweep
