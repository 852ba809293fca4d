#include "objectives/training/soup.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"
#include "objectives/training/soup_models.hpp"

namespace fairsweep {

std::vector<double> soup_shares(const std::vector<std::int64_t>& group_users, const std::vector<double>& splits) {
  std::vector<std::size_t> order(group_users.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return group_users[a] < group_users[b]; });
  std::vector<double> shares(group_users.size(), 0.0);
  double left = 1;
  for (std::size_t place = 0; place < order.size(); ++place) {
    const std::size_t groups_left = order.size() - place;
    const double part = groups_left == 1        ? 1.0
                        : place < splits.size() ? splits[place]
                                                : 1.0 / static_cast<double>(groups_left);
    shares[order[place]] = left * part;
    left *= 1 - part;
  }
  return shares;
}

namespace {

constexpr std::array<const char*, 3> k_splits = {"method.soup.share", "method.soup.second_share",
                                                 "method.soup.third_share"};
constexpr double k_unused = 0.5;  ///< of a split that the groups leave no use for

/// The splits that count, G - 1 at most.
std::vector<double> splits_of(const Settings& settings, std::size_t groups) {
  std::vector<double> splits;
  splits.reserve(k_splits.size());
  for (std::size_t i = 0; i < k_splits.size() && i + 1 < groups; ++i)
    splits.push_back(number_of(settings, k_splits[i]));
  return splits;
}

class Soup final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "soup"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "one model: the weighted mean of the parameters of the groups' models, which started from the same pooled "
           "one";
  }
  [[nodiscard]] std::string_view source() const override {
    return "Rame et al., Rewarded soups, NeurIPS 2023, arXiv 2306.04488, on reward models";
  }
  [[nodiscard]] Reads reads() const override { return Reads::scores; }
  [[nodiscard]] bool needs_groups() const override { return true; }
  [[nodiscard]] std::vector<Stage> stages(const Settings& settings, const TrainingFacts& facts) const override {
    std::vector<Stage> stages = soup_models(name(), settings, facts);
    require_fit(settings, facts.groups.size());
    Stage soup = stages.back();  // the middle is one, too
    soup.name = "mix";
    soup.settings = settings;
    soup.reads.emplace_back(k_middle_stage);
    stages.push_back(std::move(soup));
    return stages;
  }
  [[nodiscard]] std::vector<std::string> mixed_models(const Settings& /*settings*/,
                                                      const TrainingFacts& facts) const override {
    return facts.groups;
  }
  [[nodiscard]] ObjectiveState initial_state(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const ObjectiveConstants& /*constants*/,
                                             const at::TensorOptions& options) const override {
    std::vector<at::Tensor> rows;
    rows.reserve(trials.size());
    for (const Settings& settings : trials)
      rows.push_back(at::tensor(soup_shares(facts.group_users, splits_of(settings, facts.groups.size())), at::kDouble));
    return {{"weight", at::stack(rows).to(options.device())}};
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& /*batch*/, const ObjectiveConstants& /*constants*/,
                                ObjectiveState& /*state*/) const override {
    throw InternalError("this is a bug, please report it: method soup trains nothing");
  }
  [[nodiscard]] std::vector<std::string> learned() const override { return {"weight"}; }
  [[nodiscard]] at::Tensor member_weights(std::int64_t /*trials*/, std::int64_t /*members*/,
                                          const ObjectiveState& learned,
                                          const at::TensorOptions& /*options*/) const override {
    return learned.at("weight");
  }
  [[nodiscard]] std::map<std::string, double> notes(const Settings& /*settings*/, const TrainingFacts& facts,
                                                    const StageScores& earlier,
                                                    const at::Tensor& /*scores*/) const override {
    return connectivity_notes(facts, earlier);
  }

 private:
  /// Splits that the groups leave no use for must be as the schema has them: one that is swept would do nothing.
  static void require_fit(const Settings& settings, std::size_t groups) {
    for (std::size_t i = std::max<std::size_t>(groups, 1) - 1; i < k_splits.size(); ++i) {
      if (settings.count(k_splits[i]) > 0 && number_of(settings, k_splits[i]) != k_unused) {
        throw UserError(ExitCode::configuration, std::string(k_splits[i]) + " does nothing with " +
                                                     std::to_string(groups) + (groups == 1 ? " group" : " groups") +
                                                     "; leave it out");
      }
    }
  }
};

}  // namespace

Settings equal_soup_splits(std::size_t groups) {
  Settings splits;
  for (std::size_t i = 0; i < k_splits.size() && i + 1 < groups; ++i)
    splits[k_splits[i]] = 1.0 / static_cast<double>(groups - i);
  return splits;
}

std::unique_ptr<TrainingObjective> make_soup() { return std::make_unique<Soup>(); }

}  // namespace fairsweep
