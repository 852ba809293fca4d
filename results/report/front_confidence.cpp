#include "results/report/front_confidence.hpp"

#include <algorithm>
#include <limits>

#include "core/random/philox.hpp"
#include "results/pareto/membership.hpp"
#include "results/store/front_replicates.hpp"

namespace fairsweep::report {
namespace {

constexpr std::uint64_t k_seed = 1;
constexpr double k_level = 0.95;

class StreamSource final : public pareto::RandomSource {
 public:
  StreamSource() : stream_(k_seed, 0, 0, Purpose::bootstrap) {}
  double uniform() override { return stream_.uniform(); }
  double normal() override { return stream_.normal(); }
  double gamma(double shape) override { return stream_.gamma(shape); }

 private:
  RandomStream stream_;
};

std::vector<std::size_t> points_of(const FrontReplicates& replicates, const std::vector<std::size_t>& rows) {
  std::vector<std::size_t> points;
  points.reserve(rows.size());
  for (const std::size_t row : rows)
    points.push_back(replicates.points[row]);
  return points;
}

}  // namespace

std::optional<FrontConfidence> front_confidence(const RunRecord& record, const Front& front) {
  const FrontReplicates replicates = front_replicates(record, front);
  if (replicates.points.empty())
    return std::nullopt;
  StreamSource source;
  const auto membership = pareto::membership(replicates.values, source);
  if (!membership)
    return std::nullopt;
  FrontConfidence confidence;
  confidence.level = k_level;
  confidence.draws = membership->draws;
  confidence.seed = k_seed;
  confidence.probability.assign(front.points.size(), std::numeric_limits<double>::quiet_NaN());
  confidence.least_replicates = std::numeric_limits<std::uint32_t>::max();
  for (std::size_t row = 0; row < replicates.points.size(); ++row) {
    const FrontPoint& point = front.points[replicates.points[row]];
    const double probability = membership->probability[row];
    confidence.probability[replicates.points[row]] = probability;
    (point.on_front ? confidence.expected_false : confidence.expected_missed) +=
        point.on_front ? 1 - probability : probability;
    confidence.least_replicates = std::min(confidence.least_replicates, point.replicates);
    confidence.most_replicates = std::max(confidence.most_replicates, point.replicates);
  }
  const pareto::ConfidentFront rows = pareto::front_at_confidence(membership->probability, k_level);
  confidence.sure = points_of(replicates, rows.sure);
  confidence.possible = points_of(replicates, rows.possible);
  return confidence;
}

}  // namespace fairsweep::report
