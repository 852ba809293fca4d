#include "workers/data/importers/import_dsp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"
#include "core/hdf5/text.hpp"
#include "core/random/philox.hpp"
#include "workers/data/importers/dialogue.hpp"
#include "workers/data/people/shares.hpp"
#include "workers/data/text_digest.hpp"

namespace fairsweep {

namespace {

constexpr std::string_view k_responses = "responses.";

class DomainPreferences {
 public:
  DomainPreferences(ImportSession& session, const ImporterArguments& arguments)
      : session_(session), arguments_(arguments), people_(arguments.whole("people", 0, 1'000'000)) {}

  void read() {
    for (const std::filesystem::path& file : arguments_.files) {
      session_.open(file, true);
      bind(file);
      session_.each_record([this] { responses_.empty() ? read_scored() : read_query(); });
    }
    if (domains_.empty()) {
      return;
    }
    check_domains();
    people_ == 0 ? answer_all() : answer_some();
    if (empty_ > 0) {
      session_.note("empty responses", std::to_string(empty_));
    }
    if (identical_ > 0) {
      session_.note("pairs of identical responses, all domains", std::to_string(identical_));
    }
  }

 private:
  struct Act {
    std::size_t domain = 0;
    std::int32_t context = 0;
    std::vector<std::array<std::int32_t, 2>> pairs;  ///< better, worse
  };

  void bind(const std::filesystem::path& file) {
    responses_.clear();
    RecordReader& records = session_.records();
    for (const std::string& name : records.names()) {
      if (name.starts_with(k_responses)) {
        const std::string domain = name.substr(k_responses.size());
        if (domain.empty() || !hdf5::is_storable_text(domain)) {
          throw UserError(ExitCode::file, file.string() +
                                              ": a domain of the first entry's responses has no name, or "
                                              "one with a NUL; people are named after domains");
        }
        responses_.emplace_back(domain, records.field(name));
      }
    }
    if (!responses_.empty()) {
      query_ = session_.needed_role("prompt", {"query", "prompt"});
      return;
    }
    const auto& names = records.names();
    for (std::size_t side = 0; side < 2; ++side) {
      for (const std::string& name : {"text." + std::to_string(side), "score." + std::to_string(side)}) {
        if (std::find(names.begin(), names.end(), name) == names.end()) {
          throw UserError(ExitCode::file, file.string() +
                                              ": its entries have neither query and responses, nor two of each of text "
                                              "and score");
        }
      }
      text_[side] = records.field("text." + std::to_string(side));
      score_[side] = records.field("score." + std::to_string(side));
    }
    file_domain_ = file.filename().string();
    file_domain_ = file_domain_.substr(0, file_domain_.find('.'));
    if (file_domain_.empty()) {
      throw UserError(ExitCode::file,
                      file.string() + ": the domain is called after the file, whose name begins with a dot; rename it");
    }
  }

  std::size_t domain_of(const std::string& name) {
    const auto found = std::find(domains_.begin(), domains_.end(), name);
    if (found != domains_.end()) {
      return static_cast<std::size_t>(found - domains_.begin());
    }
    domains_.push_back(name);
    return domains_.size() - 1;
  }

  void read_query() {
    RecordReader& records = session_.records();
    const std::string query = dialogue_text(records.messages(query_));
    if (query.empty()) {
      records.refuse("the entry has no query");
    }
    std::vector<std::string> texts;
    for (const auto& [domain, field] : responses_) {
      texts.emplace_back(records.text(field));
      if (texts.back().empty()) {
        session_.require_any({field}, "response of domain \"" + domain + "\"");
      }
    }
    for (const std::string& name : records.late_names()) {
      if (name.starts_with(k_responses)) {
        throw UserError(ExitCode::file,
                        records.place() + ": has a response of domain \"" + name.substr(k_responses.size()) +
                            "\", which the first entry has not; all entries have responses of the same domains");
      }
    }
    const std::int32_t context = session_.context("", query);
    std::vector<std::int32_t> candidates;
    candidates.reserve(texts.size());
    for (std::size_t at = 0; at < texts.size(); ++at) {
      candidates.push_back(session_.candidate(context, responses_[at].first, texts[at], query));
    }
    for (std::size_t own = 0; own < texts.size(); ++own) {
      Act act{domain_of(responses_[own].first), context, {}};
      for (std::size_t other = 0; other < texts.size(); ++other) {
        if (other == own) {
          continue;
        }
        identical_ += texts[other] == texts[own] ? 1 : 0;
        act.pairs.push_back({candidates[own], candidates[other]});
      }
      acts_.push_back(std::move(act));
    }
    empty_ += std::count(texts.begin(), texts.end(), "");
  }

  void read_scored() {
    RecordReader& records = session_.records();
    const auto answers = answers_to_one_question(records.messages(text_[0]), records.messages(text_[1]));
    const std::array scores{session_.number(score_[0], "a score"), session_.number(score_[1], "a score")};
    if (scores[0] == scores[1]) {
      session_.drop("both have the same score");
      return;
    }
    const std::string& question = answers[0].question;
    const std::int32_t context =
        session_.context(question.empty() ? pair_name(answers[0].text, answers[1].text) : "", question);
    std::array<std::int32_t, 2> pair{};
    std::int64_t empty_of_record = 0;
    for (std::size_t side = 0; side < 2; ++side) {
      const bool empty = text_digest(answers[side].text) == 0;
      empty_of_record += empty ? 1 : 0;
      pair[side] = session_.candidate(context, empty ? "(empty)" : "", answers[side].text, question);
    }
    empty_ += empty_of_record;
    if (pair[0] == pair[1]) {
      session_.drop("both candidates are the same");
      return;
    }
    if (scores[1] > scores[0]) {
      std::swap(pair[0], pair[1]);
    }
    acts_.push_back({domain_of(file_domain_), context, {pair}});
  }

  // Whose people there are: all domains but "normal", which nobody asked for, unless they are named.
  void check_domains() {
    const std::string& wanted = arguments_.option("domains");
    if (wanted.empty()) {
      for (const std::string& domain : domains_) {
        if (domain != "normal" || domains_.size() == 1) {
          chosen_.push_back(domain_of(domain));
        }
      }
    } else {
      for (const std::string& name : parts_of(wanted)) {
        if (std::find(domains_.begin(), domains_.end(), name) == domains_.end()) {
          throw UserError(ExitCode::configuration,
                          fmt::format("--domains: there is no domain \"{}\"{}; there are {}", name,
                                      did_you_mean(name, domains_), fmt::join(domains_, ", ")));
        }
        chosen_.push_back(domain_of(name));
      }
    }
    shares_.assign(chosen_.size(), 1);
    if (!arguments_.option("shares").empty()) {
      shares_ = shares_in(arguments_.option("shares"), chosen_.size(), "domains");
      if (people_ == 0) {
        throw UserError(ExitCode::configuration, "--shares says how --people are allotted; give --people, too");
      }
    }
  }

  void answer(std::int32_t user, const Act& act) {
    for (const auto& pair : act.pairs) {
      session_.add_simulated({.user = user, .candidates = pair});
    }
  }

  std::int32_t person(std::size_t domain, std::int64_t number) {
    const std::string name = people_ == 0 ? domains_[domain] : fmt::format("{}-{}", domains_[domain], number + 1);
    return session_.simulated_person(name, {{"domain", domains_[domain]}});
  }

  void answer_all() {
    for (const std::size_t domain : chosen_) {
      const std::int32_t user = person(domain, 0);
      for (const Act& act : acts_) {
        if (act.domain == domain && !session_.done()) {
          answer(user, act);
        }
      }
    }
  }

  void answer_some() {
    const auto queries = static_cast<std::size_t>(arguments_.whole("queries", 1, 1'000'000));
    const auto seed = static_cast<std::uint64_t>(arguments_.whole("people-seed", 0, 1'000'000'000));
    const std::vector<std::int64_t> counts = allotted(people_, shares_);
    std::uint32_t stream_number = 0;
    for (std::size_t at = 0; at < chosen_.size(); ++at) {
      std::vector<const Act*> acts;
      for (const Act& act : acts_) {
        if (act.domain == chosen_[at]) {
          acts.push_back(&act);
        }
      }
      for (std::int64_t number = 0; number < counts[at] && !session_.done(); ++number) {
        const std::int32_t user = person(chosen_[at], number);
        RandomStream stream(seed, 0, 0, Purpose::generator_users, stream_number++);
        const auto order = stream.permutation(static_cast<std::uint32_t>(acts.size()));
        for (std::size_t taken = 0; taken < std::min(queries, order.size()); ++taken) {
          answer(user, *acts[order[taken]]);
        }
      }
    }
  }

  ImportSession& session_;
  const ImporterArguments& arguments_;
  std::int64_t people_;
  std::vector<std::pair<std::string, std::size_t>> responses_;  ///< domain, field; of the current file
  std::size_t query_ = 0;
  std::array<std::size_t, 2> text_{}, score_{};
  std::string file_domain_;
  std::vector<std::string> domains_;
  std::vector<Act> acts_;
  std::vector<std::size_t> chosen_;
  std::vector<double> shares_;
  std::int64_t identical_ = 0;
  std::int64_t empty_ = 0;  ///< responses without a word: they are answers, too
};

}  // namespace

Importer dsp_importer() {
  Importer importer;
  importer.name = "dsp";
  importer.help = "domain-specific preferences in the JSON of DSP: responses by domain, or two texts with scores";
  importer.roles = {"prompt"};
  importer.options = {
      {"domains", "", {}, "domains that have people, with commas between; empty: all but normal"},
      {"people", "0", {}, "simulated people in all; 0: one for each domain, who answers every query"},
      {"shares", "", {}, "relative numbers of people of the domains, with commas between; empty: equal"},
      {"queries", "40", {}, "queries that each of --people answers"},
      {"people-seed", "0", {}, "of the choice of these queries"},
  };
  importer.read = [](ImportSession& session, const ImporterArguments& arguments) {
    DomainPreferences(session, arguments).read();
    return FeatureBlock{};
  };
  return importer;
}

}  // namespace fairsweep
