#include "workers/trainer/people_newton.hpp"

#include <ATen/core/grad_mode.h>

#include <limits>

#include "workers/trainer/likelihoods/likelihood.hpp"
#include "workers/trainer/model_answers.hpp"
#include "workers/trainer/people_fit.hpp"

namespace fairsweep {
namespace {

constexpr int k_most_halvings = 20;
constexpr double k_enough = 1e-4;       ///< share of the promised fall that a step must bring (Armijo)
constexpr double k_no_promise = 1e-12;  ///< of the objective: nothing left to gain

/// The steps of K models on A people; B comparisons of n candidates, P numbers.
class PeopleNewton {
 public:
  PeopleNewton(const RewardModel& model, const std::vector<at::Tensor>& blocks, const at::Tensor& x,
               const KnownAnswers& answers, const NumbersPrior& prior)
      : model_(model),
        blocks_(blocks),
        x_(x),
        answers_(answers),
        prior_(prior),
        models_(prior.mean.size(0)),
        batch_(answers.weight.size(0)),
        slots_(batch_ / answers.people) {
    shape_.most_ranked = answers.most_ranked;
    const auto of_comparisons = [this](const at::Tensor& one) {
      return one.defined() ? one.unsqueeze(0).expand({models_, batch_}) : one;
    };
    if (answers.absent.defined())
      shape_.absent = answers.absent.unsqueeze(0).expand({models_, answers.candidates, batch_});
    if (answers.most_ranked > 1)
      shape_.ranked = of_comparisons(answers.ranked);
    shape_.tied = of_comparisons(answers.tied);
    shape_.noise_keep = of_comparisons(answers.noise_keep);
    shape_.noise_floor = of_comparisons(answers.noise_floor);
  }

  at::Tensor solve() {
    at::Tensor numbers = prior_.mean.clone();
    at::Tensor value = objective(numbers);
    at::Tensor open = at::ones({models_, answers_.people}, value.options().dtype(at::kBool));
    for (int step = 0; step < PeopleFit::k_most_steps && open.any().item<bool>(); ++step) {
      const at::Tensor direction = newton_direction(numbers);
      open = open.logical_and(promised_ > (value.abs() + 1) * k_no_promise);
      at::Tensor searching = open;
      double length = 1;
      for (int i = 0; i < k_most_halvings && searching.any().item<bool>(); ++i, length /= 2) {
        const at::Tensor tried = numbers + direction * length;
        const at::Tensor there = objective(tried);
        const at::Tensor taken = searching.logical_and(there <= value - promised_ * (k_enough * length));
        numbers = at::where(taken.unsqueeze(-1), tried, numbers);
        value = at::where(taken, there, value);
        searching = searching.logical_and(taken.logical_not());
      }
      open = open.logical_and(searching.logical_not());  // nothing brought a fall: as good as it gets
    }
    return numbers;
  }

 private:
  [[nodiscard]] at::Tensor by_comparison(const at::Tensor& numbers) const {
    const std::int64_t own = numbers.size(2);
    return numbers.unsqueeze(2).expand({models_, answers_.people, slots_, own}).reshape({models_, batch_, own});
  }

  [[nodiscard]] ModelAnswers said(const at::Tensor& numbers, ScoreTrace& trace) const {
    const at::Tensor scores = model_.scores_for(blocks_, x_, by_comparison(numbers), answers_.candidates, &trace);
    return answers_with(model_, blocks_, x_, scores, trace);
  }

  [[nodiscard]] at::Tensor loss_of(const ModelAnswers& says) const {
    return likelihood_of(model_.settings().likelihood).outcome(says, shape_).loss;
  }

  /// [K, A].
  [[nodiscard]] at::Tensor objective(const at::Tensor& numbers) const {
    ScoreTrace trace;
    const at::Tensor loss = loss_of(said(numbers, trace)) * answers_.weight;
    const at::Tensor away = numbers - prior_.mean;
    return loss.view({models_, answers_.people, slots_}).sum(-1) + (away * away * prior_.precision).sum(-1) * 0.5;
  }

  /// One matrix a person: [K * A, rows, columns] of values [K, B, columns].
  [[nodiscard]] at::Tensor by_person(const at::Tensor& values) const {
    return values.reshape({models_ * answers_.people, slots_, values.size(2)});
  }

  /// Leaves in `promised_` how much the objective falls along the direction, to first order. [K, A, P]
  [[nodiscard]] at::Tensor newton_direction(const at::Tensor& numbers) {
    const std::int64_t n = answers_.candidates;
    const std::int64_t own = numbers.size(2);
    ScoreTrace trace;
    const ModelAnswers says = said(numbers, trace);
    const at::Tensor scores = says.scores.detach();
    const ModelAnswers upstream = gradients_at(says);
    std::vector<at::Tensor> slope;  // of each candidate's score by the numbers, [K * A, M, P]
    for (std::int64_t j = 0; j < n; ++j) {
      const at::Tensor only = at::zeros_like(scores);
      only.select(1, j).fill_(1);
      slope.push_back(by_person(model_.own_gradient(blocks_, x_, only, trace)));
    }
    at::Tensor gradient = ((numbers - prior_.mean) * prior_.precision).reshape({-1, own, 1});
    at::Tensor curvature = at::diag_embed(prior_.precision.expand_as(numbers).reshape({-1, own}));
    const at::Tensor each = by_person(own_gradient(model_, blocks_, x_, upstream, trace));
    gradient = gradient + at::bmm(each.transpose(1, 2), at::ones({each.size(0), slots_, 1}, each.options()));
    add_curvature(scores, slope, curvature);
    const at::Tensor direction = solve_each(curvature, gradient.squeeze(-1)).neg();
    promised_ = (gradient.squeeze(-1) * direction).sum(-1).neg().view({models_, answers_.people});
    return direction.view_as(numbers);
  }

  /// Of the weighted loss.
  [[nodiscard]] ModelAnswers gradients_at(const ModelAnswers& says) const {
    const at::AutoGradMode automatic(true);
    follow(says);
    loss_of(says).backward(answers_.weight.unsqueeze(0).expand({models_, batch_}));
    const at::NoGradGuard no_more;
    return gradients_of(says);
  }

  /// Adds the curvature of Plackett-Luce: for every place that is ranked, the covariance of the slopes under the
  /// probabilities of the candidates that are left.
  void add_curvature(const at::Tensor& scores, const std::vector<at::Tensor>& slope, at::Tensor& curvature) const {
    const std::int64_t n = answers_.candidates;
    const at::Tensor open =
        shape_.absent.defined() ? scores.masked_fill(shape_.absent, -std::numeric_limits<double>::infinity()) : scores;
    for (std::int64_t place = 0; place < std::min(answers_.most_ranked, n - 1); ++place) {
      const at::Tensor left = open.narrow(1, place, n - place);
      at::Tensor weight = answers_.weight.unsqueeze(0).expand({models_, batch_});
      if (place > 0)
        weight = weight * answers_.ranked.gt(place).to(at::kDouble);
      const at::Tensor chance = chances(left);
      at::Tensor mean;
      for (std::int64_t j = place; j < n; ++j) {
        const at::Tensor of_candidate = by_person(chance.select(1, j - place).unsqueeze(-1));
        const at::Tensor part = slope[static_cast<std::size_t>(j)] * of_candidate;
        mean = j == place ? part : mean + part;
      }
      for (std::int64_t j = place; j < n; ++j) {
        const at::Tensor apart = slope[static_cast<std::size_t>(j)] - mean;
        const at::Tensor counts = by_person((chance.select(1, j - place) * weight).unsqueeze(-1));
        curvature = curvature + at::bmm((apart * counts).transpose(1, 2), apart);
      }
    }
  }

  /// Of being chosen among these, [K, c, B]; 0 where nobody is there.
  [[nodiscard]] static at::Tensor chances(const at::Tensor& left) {
    const at::Tensor most = left.amax(1, true);
    const at::Tensor somebody = most > -std::numeric_limits<double>::infinity();
    const at::Tensor above = at::exp(left - at::where(somebody, most, at::zeros({}, most.options())));
    at::Tensor total = above.select(1, 0);
    for (std::int64_t j = 1; j < above.size(1); ++j)
      total = total + above.select(1, j);
    return above / at::where(total > 0, total, at::ones({}, total.options())).unsqueeze(1);
  }

  const RewardModel& model_;
  const std::vector<at::Tensor>& blocks_;
  const at::Tensor& x_;
  const KnownAnswers& answers_;
  const NumbersPrior& prior_;
  std::int64_t models_, batch_, slots_;
  ChoiceShape shape_;
  at::Tensor promised_;  ///< [K, A]
};

}  // namespace

at::Tensor newton_of_people(const RewardModel& model, const std::vector<at::Tensor>& blocks, const at::Tensor& x,
                            const KnownAnswers& answers, const NumbersPrior& prior) {
  return PeopleNewton(model, blocks, x, answers, prior).solve();
}

at::Tensor solve_each(const at::Tensor& matrix, const at::Tensor& right) {
  // Without pivots, which a positive definite matrix does not need. [N, P, P + 1]
  const at::Tensor rows = at::cat({matrix, right.unsqueeze(2)}, 2);
  const std::int64_t size = matrix.size(1);
  for (std::int64_t i = 0; i < size; ++i) {
    const at::Tensor pivot_row = (rows.select(1, i) / rows.select(1, i).narrow(1, i, 1)).clone();
    const at::Tensor factor = rows.select(2, i).clone();
    factor.select(1, i).zero_();
    rows.sub_(factor.unsqueeze(2) * pivot_row.unsqueeze(1));
    rows.select(1, i).copy_(pivot_row);
  }
  return rows.select(2, size).clone();
}

}  // namespace fairsweep
