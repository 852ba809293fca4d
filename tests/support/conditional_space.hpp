#pragma once

#include <string>
#include <vector>

#include "core/domain/search_space.hpp"

namespace fairsweep::support {

/// A space with every kind of distribution and a condition on a condition.
inline SearchSpace conditional_space() {
  using Strings = std::vector<Value>;
  SearchSpace space;
  space.parameters = {
      {"method.name", Choice{Strings{std::string("pooled"), std::string("dro"), std::string("both")}}, {}},
      {"training.learning_rate", LogUniform{1e-4, 1e-1, false}, {}},
      {"method.dro.step", Uniform{0.5, 2.5, false},
       Condition{"method.name", Strings{std::string("dro"), std::string("both")}}},
      {"method.dro.kind", Choice{Strings{std::string("plain"), std::string("momentum")}},
       Condition{"method.name", Strings{std::string("both")}}},
      {"method.dro.momentum", Uniform{1, 4, true}, Condition{"method.dro.kind", Strings{std::string("momentum")}}},
      {"model.width", LogUniform{8, 64, true}, {}},
  };
  return space;
}

}  // namespace fairsweep::support
