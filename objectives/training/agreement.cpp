#include "objectives/training/agreement.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"

namespace fairsweep {
namespace {

/// Comparisons as rows of the host.
struct HostRows {
  at::Tensor candidates;  ///< [M, n] best first, -1 in the padding
  at::Tensor asked;       ///< [M, n] the same in ascending order
  at::Tensor ranked, group;
  explicit HostRows(const ComparisonFacts& comparisons)
      : candidates(comparisons.candidates.masked_fill(comparisons.present.logical_not(), -1).cpu().contiguous()),
        asked(std::get<0>(candidates.sort(1)).contiguous()),
        ranked(comparisons.ranked.cpu().contiguous()),
        group(comparisons.group.cpu().contiguous()) {}
};

}  // namespace

AgreedSets agreed_sets(const ComparisonFacts& comparisons, std::int64_t groups) {
  const HostRows rows(comparisons);
  const std::int64_t count = rows.group.size(0);
  const std::int64_t n = rows.candidates.size(1);
  const auto* const code = rows.group.data_ptr<std::int64_t>();
  const auto* const candidate = rows.candidates.data_ptr<std::int64_t>();
  const auto* const asked = rows.asked.data_ptr<std::int64_t>();
  const auto compare = [&](std::int64_t left, std::int64_t right) {
    return std::lexicographical_compare_three_way(asked + left * n, asked + (left + 1) * n, asked + right * n,
                                                  asked + (right + 1) * n);
  };
  std::vector<std::int64_t> order;
  order.reserve(static_cast<std::size_t>(count));
  for (std::int64_t row = 0; row < count; ++row) {
    if (code[row] >= 0 && rows.ranked.data_ptr<std::int64_t>()[row] > 0)
      order.push_back(row);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::int64_t left, std::int64_t right) { return compare(left, right) < 0; });
  AgreedSets agreed;
  agreed.kept = at::zeros({count}, at::kBool);
  std::vector<std::vector<std::int64_t>> of_group(static_cast<std::size_t>(groups));
  for (auto begin = order.begin(); begin != order.end();) {
    const auto end = std::find_if(begin, order.end(), [&](std::int64_t row) { return compare(*begin, row) != 0; });
    for (auto& own : of_group)
      own.clear();
    for (auto row = begin; row != end; ++row)
      of_group[static_cast<std::size_t>(code[*row])].push_back(*row);
    std::size_t complete = of_group.front().size();
    for (const auto& own : of_group)
      complete = std::min(complete, own.size());
    for (std::size_t set = 0; set < complete; ++set) {
      const std::int64_t first = candidate[of_group.front()[set] * n];
      const bool unanimous = std::all_of(of_group.begin(), of_group.end(),
                                         [&](const auto& own) { return candidate[own[set] * n] == first; });
      agreed.sets += 1;
      if (!unanimous)
        continue;
      agreed.unanimous += 1;
      for (const auto& own : of_group)
        agreed.kept.data_ptr<bool>()[own[set]] = true;
    }
    begin = end;
  }
  return agreed;
}

at::Tensor agreement_loss(const PackBatch& batch, const at::Tensor& types) {
  if (batch.scores.size(2) == 2)
    return at::softplus(batch.margin.neg() * types.unsqueeze(-1));
  // [K, n, B]: the batch is the inner dimension.
  const at::Tensor scores = batch.scores.transpose(1, 2) * types.view({-1, 1, 1});
  const at::Tensor absent = batch.present.transpose(1, 2).logical_not();
  const at::Tensor open = scores.masked_fill(absent, -std::numeric_limits<double>::infinity());
  return at::logsumexp(open, 1) - scores.select(1, 0);
}

namespace {

class Agreement final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "agreement"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "maximum likelihood of the comparisons on which all groups agree, at the temperature that makes it "
           "consistent";
  }
  [[nodiscard]] Reads reads() const override { return Reads::margins; }
  [[nodiscard]] std::string_view source() const override {
    return "Shirali et al., Direct Alignment with Heterogeneous Preferences, arXiv 2502.16320, proposition 6.1";
  }
  [[nodiscard]] std::vector<Stage> stages(const Settings& settings, const TrainingFacts& facts) const override {
    if (facts.groups.size() < 2) {
      throw UserError(ExitCode::configuration,
                      "method agreement needs two groups or more that may agree; choose another method or set "
                      "data.groups");
    }
    std::vector<Stage> stages = TrainingObjective::stages(settings, facts);
    stages.back().keeps_last = true;
    return stages;
  }
  [[nodiscard]] ObjectiveConstants constants(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const StageScores& /*earlier*/,
                                             const at::TensorOptions& options) const override {
    const AgreedSets agreed = agreed_sets(facts.training, static_cast<std::int64_t>(facts.groups.size()));
    if (agreed.unanimous == 0) {
      throw UserError(
          ExitCode::configuration,
          "method agreement trains on comparisons that every group has labelled alike: " +
              (agreed.sets == 0
                   ? std::string("no training comparison is about candidates of which every group has an answer")
                   : "of " + std::to_string(agreed.sets) + " that every group has labelled, none is unanimous") +
              "; choose another method, fewer groups, or data in which groups answer the same questions");
    }
    const auto count = static_cast<std::int64_t>(trials.size());
    const at::Tensor weight = facts.training.weight.to(at::kDouble).cpu();
    // Divided by their share of all weight, so that a batch's mean is the mean over those that count.
    const at::Tensor kept = agreed.kept.to(at::kDouble);
    const at::Tensor factor = kept * (weight.sum() / (weight * kept).sum());
    const at::Tensor types = at::full({count}, static_cast<double>(facts.groups.size()), options);
    return {{"factor", factor.to(options).unsqueeze(0).repeat({count, 1})}, {"types", types}};
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& constants,
                                ObjectiveState& /*state*/) const override {
    const at::Tensor coefficient = batch.weight * at_comparisons(constants.at("factor"), batch);
    return weighted_sum(coefficient, agreement_loss(batch, constants.at("types"))) / batch.weight.sum(-1);
  }
  [[nodiscard]] std::map<std::string, double> notes(const Settings& /*settings*/, const TrainingFacts& facts,
                                                    const StageScores& /*earlier*/,
                                                    const at::Tensor& /*scores*/) const override {
    const AgreedSets agreed = agreed_sets(facts.training, static_cast<std::int64_t>(facts.groups.size()));
    return {{"comparisons that every group has labelled", static_cast<double>(agreed.sets)},
            {"share of them that is unanimous",
             static_cast<double>(agreed.unanimous) / static_cast<double>(std::max<std::int64_t>(1, agreed.sets))}};
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_agreement() { return std::make_unique<Agreement>(); }

}  // namespace fairsweep
