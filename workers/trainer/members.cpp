#include "workers/trainer/members.hpp"

namespace fairsweep {
namespace {

at::Tensor where_defined(const at::Tensor& values, std::int64_t members) {
  return values.defined() ? for_members(values, members) : values;
}

}  // namespace

at::Tensor for_members(const at::Tensor& values, std::int64_t members) {
  return members == 1 ? values : values.repeat_interleave(members, 0);
}

LeftOut for_members(const LeftOut& left_out, std::int64_t members) {
  return {where_defined(left_out.share, members), where_defined(left_out.rest, members)};
}

ChoiceShape for_members(const ChoiceShape& shape, std::int64_t members) {
  return {where_defined(shape.absent, members), where_defined(shape.ranked, members), shape.most_ranked,
          where_defined(shape.noise_keep, members), where_defined(shape.noise_floor, members)};
}

at::Tensor by_member(const at::Tensor& values, std::int64_t members) {
  if (members == 1)
    return values;
  return values.unflatten(0, {values.size(0) / members, members});
}

at::Tensor mean_of_members(const at::Tensor& scores, const at::Tensor& weight) {
  const std::int64_t members = weight.size(1);
  const at::Tensor of_member = scores.unflatten(0, {weight.size(0), members});
  at::Tensor mean = of_member.select(1, 0) * weight.select(1, 0).view({-1, 1, 1});
  for (std::int64_t member = 1; member < members; ++member)  // one after another, the same in every pack
    mean.add_(of_member.select(1, member) * weight.select(1, member).view({-1, 1, 1}));
  return mean;
}

std::map<std::string, at::Tensor> named_members(const RewardModel& model, const at::Tensor& row,
                                                const at::Tensor& known, const at::Tensor& weight) {
  if (!weight.defined())
    return model.named_parameters(row, known);
  std::map<std::string, at::Tensor> named = {{"member_weight", weight.detach().cpu().contiguous().clone()}};
  const at::Tensor members = row.view({weight.size(0), -1});
  for (std::int64_t member = 0; member < members.size(0); ++member) {
    for (auto& [name, values] : model.named_parameters(members[member], known))
      named["member." + std::to_string(member) + "." + name] = values;
  }
  return named;
}

}  // namespace fairsweep
