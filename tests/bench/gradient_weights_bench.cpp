#include <benchmark/benchmark.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/random/philox.hpp"
#include "objectives/gradient_weights/cagrad.hpp"
#include "objectives/gradient_weights/dual_proj.hpp"
#include "objectives/gradient_weights/epo.hpp"
#include "objectives/gradient_weights/mgda.hpp"
#include "objectives/gradient_weights/nash_mtl.hpp"
#include "objectives/gradient_weights/pcgrad.hpp"
#include "objectives/gradient_weights/upgrad.hpp"

// What one trial's weights cost in a step, from the numbers of its Gramian to the weights. A training step is of the
// order of 100 us. The gradients are normal in L + 3 coordinates, so that about half of all pairs conflict; a name that
// ends in "agreeing" has them all drift one way, as early in training.

namespace {

using namespace fairsweep;  // NOLINT(google-build-using-namespace)

constexpr std::size_t k_gramians = 64;  // so that no branch predictor learns them

struct Case {
  std::vector<std::vector<double>> gramians;
  std::vector<double> values;
  std::vector<double> ray;
};

Case make_case(std::size_t losses, double drift) {
  RandomStream random(1, static_cast<std::uint32_t>(losses), 0, Purpose::bootstrap);
  Case result;
  result.gramians.reserve(k_gramians);
  for (std::size_t number = 0; number < k_gramians; ++number) {
    std::vector<std::vector<double>> rows(losses, std::vector<double>(losses + 3));
    for (auto& row : rows) {
      for (double& value : row) {
        value = random.normal();
      }
      row[0] += drift;
    }
    auto& gramian = result.gramians.emplace_back();
    gramian.reserve(losses * losses);
    for (const auto& left : rows) {
      for (const auto& right : rows) {
        gramian.push_back(dot(left, right));
      }
    }
  }
  for (std::size_t i = 0; i < losses; ++i) {
    result.values.push_back(0.2 + random.uniform());
    result.ray.push_back(0.2 + random.uniform());
  }
  return result;
}

using Weights = std::function<std::vector<double>(const Gramian&, const Case&)>;

void measure(benchmark::State& state, const Weights& weights, std::size_t losses, double drift) {
  const auto all = make_case(losses, drift);
  std::size_t next = 0;
  for ([[maybe_unused]] const auto step : state) {
    benchmark::DoNotOptimize(weights(Gramian(all.gramians[next], losses), all));
    next = (next + 1) % k_gramians;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::pair<std::string, Weights>> methods = {
      {"gramian_alone", [](const Gramian& gramian, const Case&) { return gramian.gradients().lengths; }},
      {"mgda", [](const Gramian& gramian, const Case&) { return mgda_weights(gramian); }},
      {"pcgrad",
       [](const Gramian& gramian, const Case&) {
         RandomStream stream(1, 2, 3, Purpose::order);
         return pcgrad_weights(gramian, pcgrad_orders(gramian.losses(), stream));
       }},
      {"cagrad", [](const Gramian& gramian, const Case&) { return cagrad_weights(gramian, 0.5); }},
      {"nash_mtl", [](const Gramian& gramian, const Case&) { return nash_mtl_weights(gramian, 1); }},
      {"upgrad", [](const Gramian& gramian, const Case&) { return upgrad_weights(gramian); }},
      {"dual_proj", [](const Gramian& gramian, const Case&) { return dual_proj_weights(gramian); }},
      {"epo", [](const Gramian& gramian, const Case& all) { return epo_weights(gramian, all.values, all.ray); }},
  };
  for (const auto& [name, weights] : methods) {
    for (const std::size_t losses : {2U, 5U, 10U}) {
      for (const double drift : {0.0, 2.0}) {
        const auto title = name + "/" + std::to_string(losses) + (drift > 0 ? "/agreeing" : "");
        const auto method = weights;
        benchmark::RegisterBenchmark(title.c_str(), [method, losses, drift](benchmark::State& state) {
          measure(state, method, losses, drift);
        })->Unit(benchmark::kMicrosecond);
      }
    }
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
