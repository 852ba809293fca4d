#include "workers/data/generators/draw_links.hpp"

#include <algorithm>
#include <set>

#include "core/diagnostics/errors.hpp"
#include "core/random/philox.hpp"
#include "workers/data/generators/generator_streams.hpp"

namespace fairsweep {

UserLinks draw_links(const std::vector<std::size_t>& type, std::int64_t links, double homophily, std::uint64_t seed) {
  const std::size_t people = type.size();
  const auto wanted = static_cast<std::size_t>(links);
  check(2 * wanted < people, "nobody is linked to more than half of the others");
  std::vector<std::vector<std::size_t>> of_type(*std::max_element(type.begin(), type.end()) + 1);
  for (std::size_t person = 0; person < people; ++person) {
    of_type[type[person]].push_back(person);
  }
  UserLinks drawn;
  drawn.from.reserve(people * wanted);
  drawn.to.reserve(people * wanted);
  for (std::size_t person = 0; person < people; ++person) {
    RandomStream stream(seed, generator_streams::k_links, 0, Purpose::generator_users,
                        static_cast<std::uint32_t>(person));
    const std::vector<std::size_t>& alike = of_type[type[person]];
    std::set<std::size_t> others;
    std::size_t alike_left = alike.size() - 1;
    while (others.size() < wanted) {
      const bool own_type = stream.uniform() < homophily && alike_left > 0;
      std::size_t other = person;
      while (other == person || others.contains(other)) {
        other = own_type ? alike[stream.below(alike.size())] : stream.below(people);
      }
      others.insert(other);
      alike_left -= type[other] == type[person] ? 1 : 0;
    }
    for (const std::size_t other : others) {
      drawn.from.push_back(static_cast<std::int32_t>(person));
      drawn.to.push_back(static_cast<std::int32_t>(other));
    }
  }
  return drawn;
}

}  // namespace fairsweep
