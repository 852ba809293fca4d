#pragma once

#include <ATen/ATen.h>

#include <map>
#include <string>
#include <vector>

#include "workers/trainer/reward_model.hpp"

namespace fairsweep {

/// From what variance of a latent number's mean over people it counts as active (Burda, Grosse, Salakhutdinov,
/// Importance Weighted Autoencoders, ICLR 2016).
inline constexpr double k_active_variance = 0.01;

/// What user models say of themselves beside their scores, for each of K models; nothing for models without it.
///   variational  "active_latent_units", "latent_units", "mean_divergence" over the people trained on, and
///                "posterior_collapse": 1 where no unit is active, so that everybody is the same person, else 0
///   linked       "mean_influence" and "largest_influence" of a link, and "mean_borrowed": influence a person, over
///                people who listen to anybody
/// @param blocks  of the layout, as they were trained    @param known [U] bool: the people trained on
[[nodiscard]] std::vector<std::map<std::string, double>> user_model_notes(const RewardModel& model,
                                                                          const std::vector<at::Tensor>& blocks,
                                                                          const at::Tensor& known);

}  // namespace fairsweep
