#include "workers/trainer/persona_use.hpp"

#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "objectives/training/batch_tools.hpp"  // for padded
#include "workers/trainer/reward_model.hpp"

namespace fairsweep {
namespace {

constexpr std::int64_t k_comparisons_at_once = 1024;

/// Weighted sums of the attention, by user and persona.
struct Sums {
  std::vector<double> attention;  ///< [users, personas]
  std::vector<double> weight;     ///< [users]
};

PersonaUse use_of(const Sums& sums, std::int64_t personas) {
  PersonaUse use;
  use.decided.reserve(sums.weight.size());
  use.share.reserve(sums.weight.size());
  for (std::size_t user = 0; user < sums.weight.size(); ++user) {
    const auto first = sums.attention.begin() + static_cast<std::ptrdiff_t>(user) * personas;
    const auto most = std::max_element(first, first + personas);
    const bool known = sums.weight[user] > 0;
    use.decided.push_back(known ? static_cast<double>(most - first) : std::numeric_limits<double>::quiet_NaN());
    use.share.push_back(known ? *most / sums.weight[user] : std::numeric_limits<double>::quiet_NaN());
  }
  return use;
}

}  // namespace

std::vector<PersonaUse> persona_use(const RewardModel& model, const std::vector<at::Tensor>& blocks,
                                    const TrainingSet& data, const ComparisonTensors& split) {
  const at::NoGradGuard no_gradients;
  const std::int64_t models = blocks.front().size(0);
  const std::int64_t personas = model.settings().parts;
  const auto users = static_cast<std::size_t>(data.users);
  std::vector<Sums> sums(
      static_cast<std::size_t>(models),
      {std::vector<double>(users * static_cast<std::size_t>(personas), 0.0), std::vector<double>(users, 0.0)});
  const at::Tensor user = split.user.cpu().contiguous();
  const at::Tensor weight = split.weight.to(at::kDouble).cpu().contiguous();
  for (std::int64_t first = 0; first < split.count(); first += k_comparisons_at_once) {
    const std::int64_t count = std::min(k_comparisons_at_once, split.count() - first);
    const std::int64_t stored = padded(count);
    // Padded with the last comparison again, which is not read there.
    const at::Tensor index = at::arange(stored, split.user.options()).add_(first).clamp_max_(first + count - 1);
    const at::Tensor best = split.candidates.select(1, 0).index_select(0, index);
    const at::Tensor x = data.features.index_select(0, best).unsqueeze(0).expand({models, -1, -1});
    const at::Tensor of_user = split.user.index_select(0, index).unsqueeze(0).expand({models, -1});
    const at::Tensor attention = model.attention(blocks, x, of_user, 1).squeeze(2).to(at::kDouble).cpu().contiguous();
    for (std::int64_t k = 0; k < models; ++k) {
      Sums& own = sums[static_cast<std::size_t>(k)];
      for (std::int64_t i = 0; i < count; ++i) {
        const auto who = static_cast<std::size_t>(user.data_ptr<std::int64_t>()[first + i]);
        const double counts = weight.data_ptr<double>()[first + i];
        own.weight[who] += counts;
        for (std::int64_t c = 0; c < personas; ++c) {
          own.attention[who * static_cast<std::size_t>(personas) + static_cast<std::size_t>(c)] +=
              counts * attention.data_ptr<double>()[(k * personas + c) * stored + i];
        }
      }
    }
  }
  std::vector<PersonaUse> uses;
  uses.reserve(sums.size());
  for (const Sums& own : sums)
    uses.push_back(use_of(own, personas));
  return uses;
}

}  // namespace fairsweep
