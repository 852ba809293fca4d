// How true are the probabilities of being on the front? Simulated sweeps with known truth, Markdown on stdout:
//
//   front_calibration [--replicates 5] [--noise 0.05] [--configurations 60] [--dimensions 2] [--sweeps 400] [--seed 1]
//
// docs/confidence.md holds what it printed.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/bootstrap_membership.hpp"
#include "results/pareto/membership.hpp"
#include "results/pareto/non_dominated.hpp"
#include "tests/results/pareto/simulated_sweeps.hpp"
#include "tests/results/pareto/stream_source.hpp"

namespace {

using namespace fairsweep::pareto;        // a program of its own
using namespace fairsweep::pareto::test;  // and its simulations

struct Study {
  std::size_t replicates = 5, configurations = 60, dimensions = 2, sweeps = 400;
  std::uint64_t seed = 1;
  double noise = 0.05;
};

struct Outcome {
  CalibrationCurve model, bootstrap;
  double members = 0, false_members = 0;  ///< of the front of the means
};

Outcome simulate(const Study& study, Truth truth) {
  constexpr std::size_t k_bootstraps = 200;
  Outcome outcome;
  for (std::size_t sweep = 0; sweep < study.sweeps; ++sweep) {
    const auto number = static_cast<std::uint32_t>(sweep);
    StreamSource world(study.seed, static_cast<std::uint32_t>(truth), number);
    StreamSource draws(study.seed, 1000 + static_cast<std::uint32_t>(truth), number);
    const std::vector<double> means = true_means(truth, study.configurations, study.dimensions, world);
    Noise noise;
    noise.deviation = study.noise;
    const ReplicateValues values = replicates_of(means, study.dimensions, study.replicates, noise, world);
    std::vector<bool> on_front(study.configurations, false);
    for (const std::size_t row : non_dominated({means, study.dimensions}))
      on_front[row] = true;
    const auto model = membership(values, draws);
    fairsweep::check(model.has_value(), "simulated sweeps have replicates");
    const std::vector<double> bootstrap = bootstrap_membership(values, Seeds::shared, k_bootstraps, draws);
    for (std::size_t row = 0; row < study.configurations; ++row) {
      outcome.model.add(model->probability[row], on_front[row]);
      outcome.bootstrap.add(bootstrap[row], on_front[row]);
    }
    const std::vector<double> measured = means_of(values);
    for (const std::size_t row : non_dominated({measured, study.dimensions})) {
      outcome.members += 1;
      outcome.false_members += on_front[row] ? 0 : 1;
    }
  }
  return outcome;
}

void print_curve(const CalibrationCurve& model, const CalibrationCurve& bootstrap) {
  fmt::print("| reported | claims | true | off | bootstrap: claims | true | off |\n|---|---|---|---|---|---|---|\n");
  for (std::size_t bin = 0; bin < 10; ++bin) {
    const auto cells = [bin](const CalibrationCurve& curve) {
      return curve.count[bin] == 0 ? std::string("0 | | ")
                                   : fmt::format("{} | {:.3f} | {:+.3f}", curve.count[bin],
                                                 curve.observed[bin] / curve.count[bin], curve.off(bin));
    };
    fmt::print("| {:.3f} | {} | {} |\n",
               model.count[bin] == 0 ? 0.05 + 0.1 * static_cast<double>(bin) : model.reported[bin] / model.count[bin],
               cells(model), cells(bootstrap));
  }
}

int run(int argc, char** argv) {
  Study study;
  CLI::App app{"How true are the probabilities of being on the front?"};
  app.add_option("--replicates", study.replicates)->check(CLI::Range(2, 1000));
  app.add_option("--noise", study.noise)->check(CLI::PositiveNumber);
  app.add_option("--configurations", study.configurations)->check(CLI::Range(2, 100000));
  app.add_option("--dimensions", study.dimensions)->check(CLI::Range(1, 10));
  app.add_option("--sweeps", study.sweeps, "of each kind")->check(CLI::Range(1, 1000000));
  app.add_option("--seed", study.seed);
  CLI11_PARSE(app, argc, argv);
  // Bins with fewer claims than this say nothing to a few hundredths.
  constexpr double k_least_claims = 300;
  Outcome usual, edge;
  std::map<std::string, Outcome> kinds;
  for (const Truth truth : k_truths) {
    const Outcome outcome = simulate(study, truth);
    Outcome& sum = truth == Truth::edge ? edge : usual;
    sum.model.add(outcome.model);
    sum.bootstrap.add(outcome.bootstrap);
    kinds[std::string(to_text(truth))] = outcome;
  }
  fmt::print("{} replicates, noise {}, {} configurations, {} groups, {} sweeps of each kind, seed {}\n\n",
             study.replicates, study.noise, study.configurations, study.dimensions, study.sweeps, study.seed);
  fmt::print("All kinds but \"edge\": worst bin {:.3f} (bootstrap {:.3f})\n\n", usual.model.worst(k_least_claims),
             usual.bootstrap.worst(k_least_claims));
  print_curve(usual.model, usual.bootstrap);
  fmt::print("\n\"edge\": worst bin {:.3f} (bootstrap {:.3f})\n\n", edge.model.worst(k_least_claims),
             edge.bootstrap.worst(k_least_claims));
  print_curve(edge.model, edge.bootstrap);
  fmt::print("\n| kind | false members of the front of means | worst bin | bootstrap's |\n|---|---|---|---|\n");
  for (const auto& [kind, outcome] : kinds) {
    fmt::print("| {} | {:.0f} % | {:.3f} | {:.3f} |\n", kind, 100 * outcome.false_members / outcome.members,
               outcome.model.worst(k_least_claims), outcome.bootstrap.worst(k_least_claims));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "front_calibration: {}\n", error.what());
    return 1;
  }
}
