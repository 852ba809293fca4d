#include <string>

#include "core/diagnostics/errors.hpp"
#include "workers/trainer/likelihoods/averaged_scale.hpp"
#include "workers/trainer/likelihoods/davidson.hpp"
#include "workers/trainer/likelihoods/likelihood.hpp"
#include "workers/trainer/likelihoods/mean_variance.hpp"
#include "workers/trainer/likelihoods/plackett_luce.hpp"
#include "workers/trainer/likelihoods/rao_kupper.hpp"

namespace fairsweep {

std::map<std::string, double> Likelihood::notes(const at::Tensor& learned, const ModelAnswers& /*says*/) const {
  const std::vector<std::string> names = numbers();
  std::map<std::string, double> notes;
  if (names.empty())
    return notes;
  const at::Tensor values = meaning(learned);
  for (std::size_t i = 0; i < names.size(); ++i)
    notes["likelihood " + names[i]] = values[static_cast<std::int64_t>(i)].item<double>();
  return notes;
}

const std::vector<std::unique_ptr<Likelihood>>& likelihood_catalogue() {
  static const auto catalogue = [] {
    std::vector<std::unique_ptr<Likelihood>> all;  // in the order of LikelihoodKind
    all.push_back(make_plackett_luce());
    all.push_back(make_davidson());
    all.push_back(make_rao_kupper());
    all.push_back(make_averaged_log_normal());
    all.push_back(make_averaged_gamma());
    all.push_back(make_mean_variance());
    return all;
  }();
  return catalogue;
}

const Likelihood& likelihood_of(LikelihoodKind kind) {
  return *likelihood_catalogue().at(static_cast<std::size_t>(kind));
}

at::Tensor numbers_for(const at::Tensor& block, std::int64_t batch) {
  return block.transpose(1, 2).expand({block.size(0), block.size(2), batch}).contiguous();
}

void require_method_reads(const TrainingObjective& method, const Likelihood& likelihood) {
  const std::string with = "method " + std::string(method.name()) + " takes ";
  if (method.reads() == Reads::scores && likelihood.name() != "plackett_luce") {
    throw UserError(ExitCode::configuration, with + "scores for the log-odds of plackett_luce, which under " +
                                                 std::string(likelihood.name()) +
                                                 " they are not; use model.likelihood: plackett_luce, or another "
                                                 "method");
  }
  if (method.reads() == Reads::margins && likelihood.has_ties()) {
    throw UserError(ExitCode::configuration,
                    with + "margins for the log-odds of one of two answers, and under " +
                        std::string(likelihood.name()) +
                        " a tie is a third; use another likelihood with data.labels.ties: drop, or another method");
  }
}

}  // namespace fairsweep
