#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace fairsweep {

// Who is of which hidden type, given what each type says of what they answered. Plain C++ in double, one person after
// another, so it is the same in every pack and on every device. With gamma[k, u] the posterior, eta[k] the share of
// type k and l_k(i) the negative log-likelihood of comparison i under it,
//
//   evidence[k, u] = - sum over comparisons i of person u of weight_i l_k(i)
//   gamma[., u]    = softmax over k of (log eta[k] + evidence[k, u]),    eta[k] = mean over people of gamma[k, u]
//
// Source: Chidambaram et al., arXiv 2510.15716 (soft); Chakraborty et al., arXiv 2402.08925, algorithm 2 (hard).

enum class TypeAssignment : std::uint8_t {
  soft,  ///< the posterior itself
  hard,  ///< all on the type with the most evidence, whatever the shares; of equal ones the first
};

/// A number for every type and person.
struct TypeTable {
  std::int64_t types = 0, people = 0;
  std::vector<double> value;  ///< [types, people], row-major

  TypeTable() = default;
  TypeTable(std::int64_t type_count, std::int64_t people_count, double fill = 0);
  [[nodiscard]] double& at(std::int64_t type, std::int64_t person) { return value[place(type, person)]; }
  [[nodiscard]] double at(std::int64_t type, std::int64_t person) const { return value[place(type, person)]; }
  /// What is said of one person, [types].
  [[nodiscard]] std::vector<double> of_person(std::int64_t person) const;

 private:
  [[nodiscard]] std::size_t place(std::int64_t type, std::int64_t person) const {
    return static_cast<std::size_t>(type * people + person);
  }
};

/// Subtracts weight times loss of each comparison from its person's evidence; weight 0 leaves a comparison out.
/// @param loss [types, m], row-major    @param user, weight [m]. O(types x m).
void add_evidence(TypeTable& evidence, std::span<const double> loss, std::span<const std::int64_t> user,
                  std::span<const double> weight);

/// The posterior of one person, [types]; without evidence the shares themselves, soft or hard. NaN where the evidence
/// of a type with a share is.
[[nodiscard]] std::vector<double> posterior_of(std::span<const double> evidence, std::span<const double> share,
                                               TypeAssignment assignment);
/// Of everybody. @param heard [people] of whom something was answered; the others have the shares
[[nodiscard]] TypeTable posteriors_of(const TypeTable& evidence, std::span<const double> share,
                                      const std::vector<bool>& heard, TypeAssignment assignment);

/// How a person's posterior comes about: after 0, 1, 2, ... of their comparisons, [m + 1][types].
/// @param loss [types, m], row-major, in the order in which they were answered
[[nodiscard]] std::vector<std::vector<double>> posteriors_by_comparisons(std::span<const double> loss,
                                                                         std::span<const double> weight,
                                                                         std::span<const double> share,
                                                                         TypeAssignment assignment);

/// Mean of the posteriors of the people heard, [types].
[[nodiscard]] std::vector<double> shares_of(const TypeTable& posterior, const std::vector<bool>& heard);

/// How likely all they answered is, of the people heard, in their order: log sum_k eta_k exp(evidence[k, u]).
[[nodiscard]] std::vector<double> log_likelihoods_by_person(const TypeTable& evidence, std::span<const double> share,
                                                            const std::vector<bool>& heard);

/// sum over the people heard of log sum_k eta_k exp(evidence[k, u]).
[[nodiscard]] double log_likelihood_of(const TypeTable& evidence, std::span<const double> share,
                                       const std::vector<bool>& heard);

/// Standard error of the sum of numbers of people who are a sample of all: sqrt(n) times their deviation; 0 of one.
[[nodiscard]] double error_of_sum(std::span<const double> of_people);

/// Type with the highest posterior, [people]; of equal ones the first.
[[nodiscard]] std::vector<std::int64_t> likeliest_types(const TypeTable& posterior);

/// Share of the people heard whose likeliest type is another.
[[nodiscard]] double moved_share(const TypeTable& before, const TypeTable& after, const std::vector<bool>& heard);

}  // namespace fairsweep
