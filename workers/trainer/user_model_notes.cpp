#include "workers/trainer/user_model_notes.hpp"

#include <cstdint>

namespace fairsweep {
namespace {

using Notes = std::map<std::string, double>;

std::vector<Notes> notes_of_encoder(const RewardModel& model, const std::vector<at::Tensor>& blocks,
                                    const at::Tensor& known) {
  const LatentPeople people = model.people_by_encoder(blocks);
  const at::Tensor rows = known.nonzero().squeeze(1);
  const at::Tensor mean = people.mean.index_select(1, rows).cpu().to(at::kDouble);
  const at::Tensor divergence =
      divergence_of(mean, people.log_variance.index_select(1, rows).cpu().to(at::kDouble)).mean(-1);
  const at::Tensor variance = (mean - mean.mean(1, true)).square().mean(1);  // [K, L]
  std::vector<Notes> notes(static_cast<std::size_t>(mean.size(0)));
  for (std::int64_t k = 0; k < mean.size(0); ++k) {
    const double active = variance.select(0, k).gt(k_active_variance).sum().to(at::kDouble).item<double>();
    notes[static_cast<std::size_t>(k)] = {{"active_latent_units", active},
                                          {"latent_units", static_cast<double>(mean.size(2))},
                                          {"mean_divergence", divergence.data_ptr<double>()[k]},
                                          {"posterior_collapse", active == 0 ? 1.0 : 0.0}};
  }
  return notes;
}

std::vector<Notes> notes_of_links(const RewardModel& model, const std::vector<at::Tensor>& blocks) {
  const at::Tensor influence = model.influences(blocks).cpu().to(at::kDouble).contiguous();
  const auto links = static_cast<double>(influence.size(1));
  const auto listeners = static_cast<double>(model.listeners());
  std::vector<Notes> notes(static_cast<std::size_t>(influence.size(0)));
  for (std::int64_t k = 0; k < influence.size(0); ++k) {
    const at::Tensor one = influence.select(0, k);
    const double sum = one.sum().item<double>();
    notes[static_cast<std::size_t>(k)] = {{"mean_influence", sum / links},
                                          {"largest_influence", one.max().item<double>()},
                                          {"mean_borrowed", sum / listeners}};
  }
  return notes;
}

}  // namespace

std::vector<Notes> user_model_notes(const RewardModel& model, const std::vector<at::Tensor>& blocks,
                                    const at::Tensor& known) {
  if (model.settings().user == UserInput::variational)
    return notes_of_encoder(model, blocks, known);
  if (model.settings().user == UserInput::linked)
    return notes_of_links(model, blocks);
  return {};
}

}  // namespace fairsweep
