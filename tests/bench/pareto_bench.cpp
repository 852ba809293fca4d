#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "results/pareto/archive.hpp"
#include "results/pareto/contributions.hpp"
#include "results/pareto/hypervolume.hpp"
#include "results/pareto/non_dominated.hpp"
#include "results/pareto/ranks.hpp"
#include "tests/bench/pareto_peer.hpp"
#include "tests/bench/point_sets.hpp"

// The geometry of fronts on the sets of the literature, one core, and beside each row pagmo2 on the same numbers where
// it was there at configuration. Results are compared while timing: a row that disagrees fails. Name a part with
// --benchmark_filter=hypervolume, or a set: --benchmark_filter=linear-d8.

namespace {

using namespace fairsweep;         // NOLINT(google-build-using-namespace)
using namespace fairsweep::bench;  // NOLINT(google-build-using-namespace)

constexpr double k_reference = 1.1;

/// A set that is made when it is first asked for.
class LazySet {
 public:
  template <typename Make>
  LazySet(std::string name, Make make) : name_(std::move(name)), make_(std::move(make)) {}
  [[nodiscard]] const std::string& name() const { return name_; }
  const PointSet& points() {
    if (!points_)
      points_ = make_();
    return *points_;
  }

 private:
  std::string name_;
  std::function<PointSet()> make_;
  std::optional<PointSet> points_;
};
using Shared = std::shared_ptr<LazySet>;

/// Of this process: what others do on the machine meanwhile does not count.
double processor_seconds() {
  std::timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Times `answer`; what it answers is compared each time, outside the time.
template <typename Answer, typename Expected, typename Agree>
void measure(benchmark::State& state, const Answer& answer, const Expected& expected, const Agree& agree) {
  for (auto _ : state) {
    const double start = processor_seconds();
    const auto found = answer();
    state.SetIterationTime(processor_seconds() - start);
    if (!agree(found, expected)) {
      state.SkipWithError("the results disagree");
      return;
    }
  }
}

bool close(double a, double b) { return std::abs(a - b) <= 1e-11 * std::abs(b); }
/// The peer takes differences of large volumes.
bool all_close(const std::vector<double>& a, const std::vector<double>& b) {
  return std::ranges::equal(a, b, [](double x, double y) { return std::abs(x - y) <= 1e-9 * std::abs(y) + 1e-13; });
}
bool same(const std::vector<std::size_t>& a, const std::vector<std::size_t>& b) { return a == b; }

template <typename Work>
void add(const std::string& task, const Shared& set, const std::string& who, Work work) {
  benchmark::RegisterBenchmark((task + "/" + set->name() + "/" + who).c_str(), std::move(work))
      ->Unit(benchmark::kMillisecond)
      ->UseManualTime();
}

void add_volume(const Shared& set) {
  const auto reference = [set] {
    return std::vector<double>(set->points().dimensions, set->name().starts_with("lattice") ? 1.0 : k_reference);
  };
  add("hypervolume", set, "fairsweep", [set, reference](benchmark::State& state) {
    const PointSet& points = set->points();
    const double volume = pareto::hypervolume(points.view(), reference());
    measure(state, [&] { return pareto::hypervolume(points.view(), reference()); }, volume, close);
    state.counters["volume"] = volume;
  });
  if (!has_peer)
    return;
  add("hypervolume", set, "pagmo2", [set, reference](benchmark::State& state) {
    const PeerPoints rows = peer_points(set->points());
    measure(
        state, [&] { return peer_hypervolume(rows, reference()); },
        pareto::hypervolume(set->points().view(), reference()), close);
  });
}

void add_filter(const Shared& set, bool peer_can) {
  add("filter", set, "fairsweep", [set](benchmark::State& state) {
    const PointSet& points = set->points();
    const std::vector<std::size_t> front = pareto::non_dominated(points.view());
    measure(state, [&] { return pareto::non_dominated(points.view()); }, front, same);
    state.counters["front"] = static_cast<double>(front.size());
  });
  if (!has_peer || !peer_can)
    return;
  add("filter", set, "pagmo2", [set](benchmark::State& state) {
    const PeerPoints rows = peer_points(set->points());
    measure(state, [&] { return peer_front_of_two(rows); }, pareto::non_dominated(set->points().view()), same);
  });
}

void add_ranks(const Shared& set, bool peer_can) {
  add("ranks", set, "fairsweep", [set](benchmark::State& state) {
    const PointSet& points = set->points();
    const std::vector<std::size_t> ranks = pareto::non_dominated_ranks(points.view());
    measure(state, [&] { return pareto::non_dominated_ranks(points.view()); }, ranks, same);
    state.counters["fronts"] = static_cast<double>(*std::ranges::max_element(ranks) + 1);
  });
  if (!has_peer || !peer_can)
    return;
  add("ranks", set, "pagmo2", [set](benchmark::State& state) {
    const PeerPoints rows = peer_points(set->points());
    measure(state, [&] { return peer_ranks(rows); }, pareto::non_dominated_ranks(set->points().view()), same);
  });
}

void add_contributions(const Shared& set) {
  const auto reference = [set] { return std::vector<double>(set->points().dimensions, k_reference); };
  add("contributions", set, "fairsweep", [set, reference](benchmark::State& state) {
    const PointSet& points = set->points();
    const std::vector<double> expected = pareto::contributions(points.view(), reference());
    measure(state, [&] { return pareto::contributions(points.view(), reference()); }, expected, all_close);
  });
  if (!has_peer)
    return;
  add("contributions", set, "pagmo2", [set, reference](benchmark::State& state) {
    const PeerPoints rows = peer_points(set->points());
    measure(
        state, [&] { return peer_contributions(rows, reference()); },
        pareto::contributions(set->points().view(), reference()), all_close);
  });
}

void add_archive(const Shared& set) {
  add("archive", set, "fairsweep", [set](benchmark::State& state) {
    const PointSet& points = set->points();
    const std::vector<std::size_t> front = pareto::non_dominated(points.view(), pareto::Copies::first);
    measure(
        state,
        [&] {
          pareto::Archive archive(points.dimensions);
          for (std::size_t row = 0; row < points.size(); ++row)
            archive.offer(points.view()[row]);
          return archive.offers();
        },
        front, same);
    state.counters["front"] = static_cast<double>(front.size());
  });
}

struct Row {
  const char* kind;
  std::size_t d, n;
  [[nodiscard]] Shared set() const {
    return std::make_shared<LazySet>(std::string(kind) + "-d" + std::to_string(d) + "-n" + std::to_string(n),
                                     [row = *this] { return point_set(row.kind, row.d, row.n); });
  }
};

void add_all() {
  for (const Row& row : {Row{"linear", 2, 100'000},
                         {"linear", 3, 1000},
                         {"linear", 3, 100'000},
                         {"linear", 4, 1000},
                         {"linear", 4, 3000},
                         {"linear", 5, 300},
                         {"linear", 5, 1000},
                         {"linear", 6, 200},
                         {"linear", 6, 400},
                         {"convex", 6, 400},
                         {"linear", 7, 100},
                         {"linear", 7, 200},
                         {"linear", 8, 100},
                         {"linear", 8, 150},
                         {"convex", 8, 150},
                         {"linear", 10, 50},
                         {"linear", 10, 80}}) {
    add_volume(row.set());
  }
  for (const auto& [d, h] : {std::pair<std::size_t, int>{6, 6}, {7, 5}, {8, 4}}) {
    add_volume(std::make_shared<LazySet>("lattice-d" + std::to_string(d) + "-h" + std::to_string(h),
                                         [d = d, h = h] { return lattice(d, h); }));
  }
  for (const Row& row : {Row{"linear", 3, 1000}, {"linear", 4, 300}, {"linear", 6, 100}, {"linear", 8, 100}})
    add_contributions(row.set());
  for (const Row& row : {Row{"cube", 2, 1'000'000},
                         {"cube", 4, 1'000'000},
                         {"cube", 6, 100'000},
                         {"corr", 4, 100'000},
                         {"thick", 4, 100'000},
                         {"concave", 4, 100'000},
                         {"concave", 6, 100'000},
                         {"chain", 4, 100'000}})
    add_archive(row.set());
  for (const Row& row :
       {Row{"cube", 2, 100'000}, {"cube", 4, 100'000},    {"cube", 6, 100'000},    {"thick", 3, 100'000},
        {"thick", 4, 100'000},   {"thick", 5, 100'000},   {"thick", 6, 100'000},   {"concave", 2, 100'000},
        {"concave", 3, 100'000}, {"concave", 4, 100'000}, {"concave", 6, 100'000}, {"grid", 4, 100'000},
        {"corr", 4, 100'000},    {"cube", 10, 10'000},    {"cube", 2, 1'000'000},  {"cube", 3, 1'000'000},
        {"cube", 4, 1'000'000},  {"cube", 5, 1'000'000},  {"thick", 3, 1'000'000}, {"concave", 3, 1'000'000},
        {"thick", 4, 1'000'000}, {"thick", 5, 1'000'000}}) {
    add_filter(row.set(), row.d == 2 && row.kind == std::string("cube"));  // quadratic in the front there
  }
  for (const Row& row : {Row{"cube", 2, 10'000},
                         {"cube", 3, 10'000},
                         {"cube", 4, 10'000},
                         {"cube", 6, 10'000},
                         {"cube", 2, 100'000},
                         {"cube", 3, 100'000},
                         {"cube", 4, 100'000},
                         {"cube", 6, 100'000},
                         {"corr", 4, 100'000},
                         {"chain", 3, 10'000},
                         {"chain", 5, 10'000}}) {
    add_ranks(row.set(), row.n <= 10'000);  // quadratic time and memory there
  }
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 2;
  add_all();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
