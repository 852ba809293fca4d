#include "core/config/likelihood_schema.hpp"

namespace fairsweep {

void add_likelihood_options(std::vector<Field>& schema) {
  schema.push_back(word_setting(
      "model.likelihood", {"plackett_luce", "davidson", "rao_kupper", "averaged_scale", "mean_variance"},
      "How answers follow from scores (docs/methods/likelihoods.md): Plackett-Luce, for pairs "
      "Bradley-Terry; of pairs alone: two with ties, Bradley-Terry averaged over people's scales, and scores "
      "with a spread of their own."));
  schema.push_back(word_setting("model.scale", {"log_normal", "gamma"},
                                "The distribution of the scale at which people turn scores into answers.",
                                where("model.likelihood", {"averaged_scale"})));
}

const Words& likelihoods_with_ties() {
  static const Words words{"davidson", "rao_kupper"};
  return words;
}

const Words& methods_that_read_scores() {
  static const Words words{
      "pafo",    "pafo_dvao",      "dvao_listwise", "first_order",   "average",
      "max_min", "min_max_regret", "soup",          "personal_soup",
  };
  return words;
}

const Words& methods_that_read_margins() {
  static const Words words{
      "reward_fairness",
      "dvao_weighted",
      "agreement",
  };
  return words;
}

}  // namespace fairsweep
