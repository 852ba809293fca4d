#include "objectives/training/type_search.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"
#include "objectives/training/type_posterior.hpp"
#include "objectives/training/type_tensors.hpp"

namespace fairsweep {
namespace {

std::int64_t count_of(const Settings& settings, std::string_view path) {
  return static_cast<std::int64_t>(number_of(settings, path));
}

bool holds_out(const Settings& settings) {
  return word_is(settings, "method.types.search.evidence", "held_out", "in_sample");
}

/// All on each person's type; the shares of the types of those who have none. [types, people]
at::Tensor all_on(const std::vector<std::int32_t>& type, std::int64_t types) {
  const auto people = static_cast<std::int64_t>(type.size());
  TypeTable table(types, people);
  std::vector<bool> heard(type.size(), false);
  for (std::size_t u = 0; u < type.size(); ++u) {
    heard[u] = type[u] >= 0;
    if (heard[u])
      table.at(type[u], static_cast<std::int64_t>(u)) = 1;
  }
  const std::vector<double> share = shares_of(table, heard);
  for (std::int64_t u = 0; u < people; ++u) {
    for (std::int64_t k = 0; k < types && !heard[static_cast<std::size_t>(u)]; ++k)
      table.at(k, u) = share[static_cast<std::size_t>(k)];
  }
  return tensor_of(table);
}

/// Where one restart of a trial starts: the posterior of everybody.
at::Tensor start_of(const Settings& settings, const TrainingFacts& facts, RandomStream& random, std::int64_t restart) {
  const std::int64_t types = count_of(settings, "method.types.number");
  const std::string& start = word_among(settings, "method.types.search.start", {"tastes", "agreement", "random"});
  const std::vector<bool> people = people_in(facts.training, facts.users);
  if (start == "random" || types == 1)
    return all_on(deal_types(people, types, random), types);
  check(static_cast<bool>(facts.cluster_people), "there is something to cluster people by");
  // The first restart has the best clusters that are easily found, the others whatever one random start leads to.
  constexpr std::uint32_t k_many = 10;
  return all_on(facts.cluster_people({start, types, random.next_u64(), restart == 0 ? k_many : 1}), types);
}

class TypeSearch final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "type_search"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "hidden types of people by expectation maximisation, scored on answers they were not trained on";
  }
  [[nodiscard]] std::string_view source() const override {
    return "Chidambaram, Seetharaman, Syrgkanis, arXiv 2510.15716, AISTATS 2026 (EM-DPO), on reward models";
  }
  [[nodiscard]] ObjectiveConstants constants(const std::vector<Settings>& trials, const TrainingFacts& /*facts*/,
                                             const StageScores& /*earlier*/,
                                             const at::TensorOptions& options) const override {
    const auto count = static_cast<std::int64_t>(trials.size());
    const bool hard = word_is(trials.front(), "method.types.assignment", "hard", "soft");
    return {{"restarts", numbers_of(trials, "method.types.search.restarts", options)},
            {"hard", at::full({count}, hard ? 1.0 : 0.0, options)},
            {"held_out", at::full({count}, holds_out(trials.front()) ? 1.0 : 0.0, options)}};
  }
  [[nodiscard]] ObjectiveState drawn_state(const std::vector<Settings>& trials, const std::vector<RandomKey>& keys,
                                           const TrainingFacts& facts,
                                           const at::TensorOptions& options) const override {
    const std::int64_t restarts = count_of(trials.front(), "method.types.search.restarts");
    std::vector<at::Tensor> halves, posteriors;
    halves.reserve(trials.size());
    posteriors.reserve(trials.size());
    for (std::size_t k = 0; k < trials.size(); ++k) {
      const auto stream = [&keys, k](std::uint32_t index) {
        return RandomStream(keys[k].seed, keys[k].configuration, keys[k].replicate, Purpose::latent_types, index);
      };
      RandomStream dealing = stream(0);
      halves.push_back(at::tensor(at::ArrayRef<double>(deal_halves(facts.training, dealing)), at::kDouble));
      std::vector<at::Tensor> starts;
      starts.reserve(static_cast<std::size_t>(restarts));
      for (std::int64_t restart = 0; restart < restarts; ++restart) {
        RandomStream drawing = stream(static_cast<std::uint32_t>(restart + 1));
        starts.push_back(start_of(trials[k], facts, drawing, restart));
      }
      posteriors.push_back(at::cat(starts));
    }
    const at::Tensor posterior = at::stack(posteriors);  // [K, R L, U]
    const auto count = static_cast<std::int64_t>(trials.size());
    const auto on_device = [&options](const at::Tensor& values) { return values.to(options.device()); };
    return {{"half", at::stack(halves).to(options)},
            {"trained_half", at::zeros({count}, options)},
            {"posterior", posterior.to(options)},
            {"share", on_device(first_shares(posterior, facts))},
            {"evidence", on_device(at::zeros({count, 2 * posterior.size(1), posterior.size(2)}, at::kDouble))},
            {"held_out", on_device(at::zeros({count, restarts}, at::kDouble))},
            {"held_out_error", on_device(at::zeros({count, restarts}, at::kDouble))},
            {"moved", on_device(at::zeros({count, restarts}, at::kDouble))}};
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& constants,
                                ObjectiveState& state) const override {
    const at::Tensor trained = state.at("half").gather(1, batch.index).eq(state.at("trained_half").unsqueeze(1));
    const at::Tensor all = constants.at("held_out").eq(0).unsqueeze(1);
    return shared_loss(at_people(state.at("posterior"), batch.user), batch.weight * trained.logical_or(all),
                       of_members(batch.loss));
  }
  [[nodiscard]] EpochLook look_after(const Settings& settings, const TrainingFacts& facts,
                                     std::int64_t epoch) const override {
    const std::int64_t length = count_of(settings, "method.types.search.round_epochs");
    const bool last = epoch == length * count_of(settings, "method.types.search.rounds");
    return {epoch % length == 0, last && facts.history.user.defined()};
  }
  /// The E-step, of each trial and restart by itself.
  [[nodiscard]] bool after_epoch(const EpochLosses& losses, const TrainingFacts& facts,
                                 const ObjectiveConstants& constants, ObjectiveState& state) const override {
    const std::int64_t trials = losses.training.size(0);
    const std::int64_t members = losses.training.size(1);
    const std::vector<double> restarts = numbers_in(constants.at("restarts"));
    const std::vector<double> hard = numbers_in(constants.at("hard"));
    const std::vector<double> held_out = numbers_in(constants.at("held_out"));
    const Answered people{people_in(facts.training, facts.users), people_in(facts.history, facts.users)};
    std::vector<double> trained_half = numbers_in(state.at("trained_half"));
    for (std::int64_t k = 0; k < trials; ++k) {
      const auto place = static_cast<std::size_t>(k);
      std::vector<double> counted;
      if (held_out[place] > 0) {
        counted = numbers_in(state.at("half").select(0, k));
        for (double& half : counted)
          half = half == trained_half[place] ? 0.0 : 1.0;
      }
      const TypeTable fresh = evidence_of(losses.training.select(0, k), facts.training, facts.users, counted);
      const std::int64_t scored = held_out[place] > 0 && trained_half[place] == 0 ? 1 : 0;  // the half it is kept under
      state.at("evidence").select(0, k).narrow(0, scored * members, members).copy_(tensor_of(fresh));
      TypeTable evidence = table_of(state.at("evidence"), k, 0, members);
      const TypeTable other = table_of(state.at("evidence"), k, members, members);
      for (std::size_t i = 0; i < evidence.value.size(); ++i)
        evidence.value[i] += other.value[i];
      TypeTable of_others;
      if (losses.history.defined())
        of_others = evidence_of(losses.history.select(0, k), facts.history, facts.users);
      const auto assignment = hard[place] > 0 ? TypeAssignment::hard : TypeAssignment::soft;
      const std::int64_t types = members / static_cast<std::int64_t>(restarts[place]);
      for (std::int64_t first = 0; first < members; first += types)
        step_restart({k, first, types, assignment}, evidence, of_others, people, facts, state);
      if (held_out[place] > 0)
        trained_half[place] = 1 - trained_half[place];
    }
    state.at("trained_half").copy_(at::tensor(at::ArrayRef<double>(trained_half), at::kDouble));
    return true;
  }
  [[nodiscard]] std::vector<std::string> learned() const override {
    return {"posterior", "share", "held_out", "held_out_error", "moved"};
  }

 private:
  struct Restart {
    std::int64_t k, first, types;  ///< trial, and the members that are its types
    TypeAssignment assignment;
  };

  /// Whom training and history have answers of, [people].
  struct Answered {
    std::vector<bool> heard, told;
  };

  /// Shares of the types of every restart before anything is known of the models, [K, R L].
  static at::Tensor first_shares(const at::Tensor& posterior, const TrainingFacts& facts) {
    const std::vector<bool> heard = people_in(facts.training, facts.users);
    std::vector<double> shares;
    for (std::int64_t k = 0; k < posterior.size(0); ++k) {
      const std::vector<double> own = shares_of(table_of(posterior, k, 0, posterior.size(1)), heard);
      shares.insert(shares.end(), own.begin(), own.end());
    }
    return at::tensor(at::ArrayRef<double>(shares), at::kDouble).view({posterior.size(0), posterior.size(1)});
  }

  static TypeTable part_of(const TypeTable& table, const Restart& restart) {
    TypeTable part(restart.types, table.people);
    const auto begin = table.value.begin() + static_cast<std::ptrdiff_t>(restart.first * table.people);
    std::copy_n(begin, part.value.size(), part.value.begin());
    return part;
  }

  static void step_restart(const Restart& restart, const TypeTable& all, const TypeTable& of_others,
                           const Answered& people, const TrainingFacts& facts, ObjectiveState& state) {
    const auto& [heard, told] = people;
    const auto of_trial = [&](const char* name) { return state.at(name).select(0, restart.k); };
    const std::int64_t place = restart.first / restart.types;
    const TypeTable evidence = part_of(all, restart);
    const at::Tensor shares = of_trial("share").narrow(0, restart.first, restart.types);
    const std::vector<double> before = numbers_in(shares);
    const TypeTable old = table_of(state.at("posterior"), restart.k, restart.first, restart.types);
    TypeTable posterior = posteriors_of(evidence, before, heard, restart.assignment);
    const std::vector<double> share = shares_of(posterior, heard);
    const TypeTable others = of_others.types > 0 ? part_of(of_others, restart) : TypeTable(restart.types, facts.users);
    for (std::int64_t u = 0; u < facts.users; ++u) {
      if (heard[static_cast<std::size_t>(u)])
        continue;
      const bool known = of_others.types > 0 && told[static_cast<std::size_t>(u)];
      const std::vector<double> own = known ? posterior_of(others.of_person(u), share, restart.assignment) : share;
      for (std::int64_t type = 0; type < restart.types; ++type)
        posterior.at(type, u) = own[static_cast<std::size_t>(type)];
    }
    const std::vector<double> of_people = log_likelihoods_by_person(evidence, before, heard);
    const auto comparisons = static_cast<double>(facts.comparisons);
    const double sum = std::accumulate(of_people.begin(), of_people.end(), 0.0);
    of_trial("held_out").select(0, place).fill_(sum / comparisons);
    of_trial("held_out_error").select(0, place).fill_(error_of_sum(of_people) / comparisons);
    of_trial("moved").select(0, place).fill_(moved_share(old, posterior, heard));
    of_trial("posterior").narrow(0, restart.first, restart.types).copy_(tensor_of(posterior));
    shares.copy_(at::tensor(at::ArrayRef<double>(share), at::kDouble));
  }
};

}  // namespace

std::vector<double> deal_halves(const ComparisonFacts& comparisons, RandomStream& random) {
  const at::Tensor user = comparisons.user.cpu().contiguous();
  const at::Tensor candidates = comparisons.candidates.cpu().contiguous();
  const auto count = static_cast<std::size_t>(user.numel());
  const auto width = static_cast<std::size_t>(candidates.size(1));
  const auto* rows = candidates.data_ptr<std::int64_t>();
  std::vector<double> half(count, 0.0);
  std::map<std::int64_t, double> next;  // half of the person's next question
  std::map<std::pair<std::int64_t, std::vector<std::int64_t>>, double> asked;
  for (const std::uint32_t i : random.permutation(static_cast<std::uint32_t>(count))) {
    const std::int64_t person = user.data_ptr<std::int64_t>()[i];
    std::vector<std::int64_t> question(rows + i * width, rows + (i + 1) * width);
    std::sort(question.begin(), question.end());
    const auto [found, is_new] = asked.try_emplace({person, std::move(question)}, 0.0);
    if (is_new) {
      const auto [own, is_first] = next.try_emplace(person, 0.0);
      if (is_first)
        own->second = random.uniform() < 0.5 ? 0.0 : 1.0;
      found->second = own->second;
      own->second = 1 - own->second;
    }
    half[i] = found->second;
  }
  return half;
}

std::vector<std::int32_t> deal_types(const std::vector<bool>& people, std::int64_t types, RandomStream& random) {
  std::vector<std::int32_t> type(people.size(), -1);
  std::int64_t dealt = 0;
  for (const std::uint32_t person : random.permutation(static_cast<std::uint32_t>(people.size()))) {
    if (people[person])
      type[person] = static_cast<std::int32_t>(dealt++ % types);
  }
  return type;
}

std::unique_ptr<TrainingObjective> make_type_search() { return std::make_unique<TypeSearch>(); }

}  // namespace fairsweep
