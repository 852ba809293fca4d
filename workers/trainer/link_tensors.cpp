#include "workers/trainer/link_tensors.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

LinkTensors link_tensors(const UserLinks& links, std::int64_t users, at::ScalarType type, at::Device device) {
  LinkTensors tensors;
  if (links.empty())
    return tensors;
  std::vector<std::int64_t> links_of(static_cast<std::size_t>(users), 0);
  std::vector<double> weight_of(static_cast<std::size_t>(users), 0);
  const auto weight = [&links](std::size_t row) {
    return links.weight.empty() ? 1.0 : static_cast<double>(links.weight[row]);
  };
  for (std::size_t row = 0; row < links.from.size(); ++row) {
    ++links_of[static_cast<std::size_t>(links.from[row])];
    weight_of[static_cast<std::size_t>(links.from[row])] += weight(row);
  }
  const std::int64_t most = *std::max_element(links_of.begin(), links_of.end());
  if (most > k_most_links_of_one) {
    throw UserError(ExitCode::configuration, "model.user is linked, but somebody has " + std::to_string(most) +
                                                 " links and at most " + std::to_string(k_most_links_of_one) +
                                                 " a person are served; leave the weakest out of the table of links");
  }
  tensors.count = links.count();
  tensors.other = at::zeros({users, most}, at::kLong);
  tensors.link = at::zeros({users, most}, at::kLong);
  at::Tensor share = at::zeros({users, most}, at::kDouble);
  std::fill(links_of.begin(), links_of.end(), 0);
  for (std::size_t row = 0; row < links.from.size(); ++row) {
    const auto from = static_cast<std::size_t>(links.from[row]);
    const std::int64_t place = links.from[row] * most + links_of[from]++;
    tensors.other.data_ptr<std::int64_t>()[place] = links.to[row];
    tensors.link.data_ptr<std::int64_t>()[place] = static_cast<std::int64_t>(row);
    share.data_ptr<double>()[place] = weight(row) / weight_of[from];
  }
  tensors.other = tensors.other.to(device);
  tensors.link = tensors.link.to(device);
  tensors.share = share.to(type).to(device);
  return tensors;
}

}  // namespace fairsweep
