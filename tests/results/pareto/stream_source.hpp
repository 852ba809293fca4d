#pragma once

#include <cstdint>

#include "core/random/philox.hpp"
#include "results/pareto/random_source.hpp"

namespace fairsweep::pareto::test {

/// Random numbers of one counter-based stream.
class StreamSource final : public RandomSource {
 public:
  StreamSource(std::uint64_t seed, std::uint32_t part, std::uint32_t number = 0)
      : stream_(seed, part, number, Purpose::bootstrap) {}
  double uniform() override { return stream_.uniform(); }
  double normal() override { return stream_.normal(); }
  double gamma(double shape) override { return stream_.gamma(shape); }

 private:
  RandomStream stream_;
};

}  // namespace fairsweep::pareto::test
