#include "workers/trainer/latent_draws.hpp"

#include <cmath>
#include <cstddef>
#include <numbers>

#include "core/random/philox.hpp"

namespace fairsweep {

EpochDraws epoch_draws(const ToldComparisons& told, const EpochShape& shape, const at::Tensor& order,
                       const std::vector<RandomKey>& keys, std::uint32_t epoch, std::int64_t context,
                       std::int64_t latent, at::ScalarType type) {
  const auto trials = static_cast<std::int64_t>(keys.size());
  EpochDraws draws;
  draws.context = at::zeros({shape.steps, trials, context, shape.stored}, at::kLong);
  at::Tensor known = at::zeros({shape.steps, trials, shape.stored}, at::kDouble);
  at::Tensor noise = at::zeros({shape.steps, trials, shape.stored, latent}, at::kDouble);
  auto* const rows = draws.context.data_ptr<std::int64_t>();
  auto* const knows = known.data_ptr<double>();
  auto* const noises = noise.data_ptr<double>();
  const at::Tensor on_host = order.contiguous();
  for (std::int64_t k = 0; k < trials; ++k) {
    const RandomKey& key = keys[static_cast<std::size_t>(k)];
    RandomStream stream(key.seed, key.configuration, key.replicate, Purpose::latent_numbers, epoch);
    for (std::int64_t step = 0; step < shape.steps; ++step) {
      const std::int64_t used = step + 1 == shape.steps ? shape.last : shape.batch;
      const std::int64_t trial = step * trials + k;
      for (std::int64_t place = 0; place < used; ++place) {
        const auto row = static_cast<std::size_t>(on_host.data_ptr<std::int64_t>()[trial * shape.stored + place]);
        const std::int64_t same_begin = told.same_begin[row];
        const std::int64_t same = told.same_end[row] - same_begin;
        // The person's comparisons are one piece, of which what asks the same is a smaller one.
        const auto person = static_cast<std::size_t>(told.person_of[row]);
        const std::int64_t begin = told.person_begin[person];
        const std::int64_t others = told.person_begin[person + 1] - begin - same;
        knows[trial * shape.stored + place] = others > 0 ? 1 : 0;
        for (std::int64_t c = 0; c < context; ++c) {
          std::int64_t drawn = 0;
          if (others > 0) {
            drawn = begin + static_cast<std::int64_t>(stream.below(static_cast<std::uint64_t>(others)));
            drawn += drawn >= same_begin ? same : 0;
            drawn = told.of_person[static_cast<std::size_t>(drawn)];
          }
          rows[(trial * context + c) * shape.stored + place] = drawn;
        }
        for (std::int64_t number = 0; number < latent; ++number)
          noises[(trial * shape.stored + place) * latent + number] = stream.normal();
      }
    }
  }
  draws.known = known.to(type);
  draws.noise = noise.to(type);
  draws.annealing = at::ones({shape.steps}, type);
  return draws;
}

EpochDraws moved_to(const EpochDraws& draws, at::Device device) {
  const auto moved = [&device](const at::Tensor& values) { return values.defined() ? values.to(device) : values; };
  return {moved(draws.context), moved(draws.known), moved(draws.noise), moved(draws.annealing)};
}

double annealing_factor(std::int64_t step, std::int64_t all_steps) {
  constexpr double k_cycles = 4;
  const double cycles = k_cycles * static_cast<double>(step) / static_cast<double>(all_steps);
  const double within = cycles - std::floor(cycles);
  return within >= 0.5 ? 1 : 0.5 * (1 - std::cos(2 * std::numbers::pi * within));
}

}  // namespace fairsweep
