#include "objectives/training/type_posterior.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

std::size_t index(std::int64_t value) { return static_cast<std::size_t>(value); }

/// log eta_k + evidence_k; minus infinity of a type without a share, whatever its evidence.
std::vector<double> joint_logs(std::span<const double> evidence, std::span<const double> share) {
  check(evidence.size() == share.size() && !share.empty(), "evidence for every type");
  constexpr double k_never = -std::numeric_limits<double>::infinity();
  std::vector<double> logs(evidence.begin(), evidence.end());
  for (std::size_t k = 0; k < logs.size(); ++k)
    logs[k] = share[k] <= 0 ? k_never : std::log(share[k]) + logs[k];
  return logs;
}

/// log of the sum of the exponentials, which become their shares of it.
double normalise(std::vector<double>& logs) {
  const double largest = *std::max_element(logs.begin(), logs.end());
  double sum = 0;
  for (double& value : logs) {
    value = std::exp(value - largest);
    sum += value;
  }
  for (double& value : logs)
    value /= sum;
  return largest + std::log(sum);
}

std::size_t first_largest(std::span<const double> values) {
  return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

}  // namespace

TypeTable::TypeTable(std::int64_t type_count, std::int64_t people_count, double fill)
    : types(type_count), people(people_count), value(index(type_count * people_count), fill) {}

std::vector<double> TypeTable::of_person(std::int64_t person) const {
  std::vector<double> column(index(types));
  for (std::int64_t type = 0; type < types; ++type)
    column[index(type)] = at(type, person);
  return column;
}

void add_evidence(TypeTable& evidence, std::span<const double> loss, std::span<const std::int64_t> user,
                  std::span<const double> weight) {
  const std::size_t count = user.size();
  check(loss.size() == count * index(evidence.types) && weight.size() == count, "a loss of every type and comparison");
  for (std::int64_t type = 0; type < evidence.types; ++type) {
    const std::span<const double> of_type = loss.subspan(index(type) * count, count);
    for (std::size_t i = 0; i < count; ++i) {
      if (weight[i] != 0)
        evidence.at(type, user[i]) -= weight[i] * of_type[i];
    }
  }
}

std::vector<double> posterior_of(std::span<const double> evidence, std::span<const double> share,
                                 TypeAssignment assignment) {
  if (assignment == TypeAssignment::soft) {
    std::vector<double> posterior = joint_logs(evidence, share);
    normalise(posterior);
    return posterior;
  }
  if (std::any_of(evidence.begin(), evidence.end(), [](double value) { return std::isnan(value); }))
    return std::vector<double>(share.size(), std::numeric_limits<double>::quiet_NaN());
  std::vector<double> posterior(share.size(), 0.0);
  posterior[first_largest(evidence)] = 1;
  return posterior;
}

TypeTable posteriors_of(const TypeTable& evidence, std::span<const double> share, const std::vector<bool>& heard,
                        TypeAssignment assignment) {
  TypeTable posterior(evidence.types, evidence.people);
  for (std::int64_t person = 0; person < evidence.people; ++person) {
    const std::vector<double> own = heard[index(person)] ? posterior_of(evidence.of_person(person), share, assignment)
                                                         : std::vector<double>(share.begin(), share.end());
    for (std::int64_t type = 0; type < evidence.types; ++type)
      posterior.at(type, person) = own[index(type)];
  }
  return posterior;
}

std::vector<std::vector<double>> posteriors_by_comparisons(std::span<const double> loss, std::span<const double> weight,
                                                           std::span<const double> share, TypeAssignment assignment) {
  const std::size_t count = weight.size();
  check(loss.size() == count * share.size(), "a loss of every type and comparison");
  std::vector<double> evidence(share.size(), 0.0);
  std::vector<std::vector<double>> posteriors = {{share.begin(), share.end()}};
  posteriors.reserve(count + 1);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = 0; k < share.size(); ++k)
      evidence[k] -= weight[i] * loss[k * count + i];
    posteriors.push_back(posterior_of(evidence, share, assignment));
  }
  return posteriors;
}

std::vector<double> shares_of(const TypeTable& posterior, const std::vector<bool>& heard) {
  std::vector<double> share(index(posterior.types), 0.0);
  double people = 0;
  for (std::int64_t person = 0; person < posterior.people; ++person) {
    if (!heard[index(person)])
      continue;
    people += 1;
    for (std::int64_t type = 0; type < posterior.types; ++type)
      share[index(type)] += posterior.at(type, person);
  }
  for (double& one : share)
    one /= people;
  return share;
}

std::vector<double> log_likelihoods_by_person(const TypeTable& evidence, std::span<const double> share,
                                              const std::vector<bool>& heard) {
  std::vector<double> likelihoods;
  likelihoods.reserve(heard.size());
  for (std::int64_t person = 0; person < evidence.people; ++person) {
    if (!heard[index(person)])
      continue;
    std::vector<double> logs = joint_logs(evidence.of_person(person), share);
    likelihoods.push_back(normalise(logs));
  }
  return likelihoods;
}

double log_likelihood_of(const TypeTable& evidence, std::span<const double> share, const std::vector<bool>& heard) {
  const std::vector<double> of_people = log_likelihoods_by_person(evidence, share, heard);
  return std::accumulate(of_people.begin(), of_people.end(), 0.0);
}

double error_of_sum(std::span<const double> of_people) {
  const auto count = static_cast<double>(of_people.size());
  if (of_people.size() < 2)
    return 0;
  const double mean = std::accumulate(of_people.begin(), of_people.end(), 0.0) / count;
  double squares = 0;
  for (const double value : of_people)
    squares += (value - mean) * (value - mean);
  return std::sqrt(count * squares / (count - 1));
}

std::vector<std::int64_t> likeliest_types(const TypeTable& posterior) {
  std::vector<std::int64_t> types;
  types.reserve(index(posterior.people));
  for (std::int64_t person = 0; person < posterior.people; ++person)
    types.push_back(static_cast<std::int64_t>(first_largest(posterior.of_person(person))));
  return types;
}

double moved_share(const TypeTable& before, const TypeTable& after, const std::vector<bool>& heard) {
  const std::vector<std::int64_t> from = likeliest_types(before);
  const std::vector<std::int64_t> to = likeliest_types(after);
  double moved = 0, people = 0;
  for (std::size_t person = 0; person < heard.size(); ++person) {
    if (!heard[person])
      continue;
    people += 1;
    moved += from[person] == to[person] ? 0 : 1;
  }
  return people > 0 ? moved / people : 0;
}

}  // namespace fairsweep
