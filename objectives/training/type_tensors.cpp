#include "objectives/training/type_tensors.hpp"

#include <cstddef>

#include "objectives/training/batch_tools.hpp"

namespace fairsweep {

std::vector<double> numbers_in(const at::Tensor& values) {
  const at::Tensor host = values.detach().to(at::kDouble).cpu().contiguous();
  return {host.data_ptr<double>(), host.data_ptr<double>() + host.numel()};
}

TypeTable table_of(const at::Tensor& values, std::int64_t k, std::int64_t first, std::int64_t count) {
  TypeTable table(count, values.size(2));
  table.value = numbers_in(values.select(0, k).narrow(0, first, count));
  return table;
}

at::Tensor tensor_of(const TypeTable& table) {
  return at::tensor(at::ArrayRef<double>(table.value), at::kDouble).view({table.types, table.people});
}

std::vector<bool> people_in(const ComparisonFacts& comparisons, std::int64_t users) {
  std::vector<bool> people(static_cast<std::size_t>(users), false);
  if (!comparisons.user.defined())
    return people;
  const at::Tensor user = comparisons.user.cpu().contiguous();
  for (std::int64_t i = 0; i < user.numel(); ++i)
    people[static_cast<std::size_t>(user.data_ptr<std::int64_t>()[i])] = true;
  return people;
}

TypeTable evidence_of(const at::Tensor& loss, const ComparisonFacts& comparisons, std::int64_t users,
                      const std::vector<double>& counted) {
  const at::Tensor user = comparisons.user.cpu().contiguous();
  std::vector<double> weight = numbers_in(comparisons.weight);
  for (std::size_t i = 0; i < counted.size(); ++i)
    weight[i] *= counted[i];
  TypeTable evidence(loss.size(0), users);
  add_evidence(evidence, numbers_in(loss), {user.data_ptr<std::int64_t>(), static_cast<std::size_t>(user.numel())},
               weight);
  return evidence;
}

at::Tensor at_people(const at::Tensor& values, const at::Tensor& user) {
  return values.gather(2, user.unsqueeze(1).expand({user.size(0), values.size(1), user.size(1)}));
}

at::Tensor shared_loss(const at::Tensor& share, const at::Tensor& weight, const at::Tensor& loss) {
  const at::Tensor part = weight / divisor(weight.sum(-1, true));
  return sum_over_members(weighted_sum(share * part.unsqueeze(1), loss));
}

}  // namespace fairsweep
