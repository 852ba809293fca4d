#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/mistakes.hpp"
#include "core/config/schema.hpp"

/// Every message of the configuration reader, one function for each kind of mistake. Tests compare the exact texts.
namespace fairsweep::config_errors {

/// Text of the user inside a message: in quotes, shortened where it is long, control characters written as escapes.
[[nodiscard]] std::string in_quotes(std::string_view text);

// The text as a whole.
[[nodiscard]] Mistake too_large();
[[nodiscard]] Mistake not_utf8();
[[nodiscard]] Mistake control_character(std::uint32_t code);
[[nodiscard]] Mistake tab_in_indentation();
[[nodiscard]] Mistake too_deep();
[[nodiscard]] Mistake not_yaml(std::string_view reason);
[[nodiscard]] Mistake anchor();
[[nodiscard]] Mistake tag(std::string_view tag);
[[nodiscard]] Mistake several_documents();
[[nodiscard]] Mistake empty_file();
[[nodiscard]] Mistake not_a_sweep(std::string_view found);
[[nodiscard]] Mistake more_mistakes(std::size_t count);

// Keys.
/// @param hint  what was meant, from where it is known
[[nodiscard]] Mistake unknown_key(std::string_view section, std::string_view key, std::string hint);
[[nodiscard]] Mistake duplicate_key(const std::string& path, std::string_view first_place);
[[nodiscard]] Mistake key_is_no_name(std::string_view section);
/// In a record of a list.
[[nodiscard]] Mistake unknown_column(const Field& list, std::string_view key);
[[nodiscard]] Mistake missing(const Field& field);
[[nodiscard]] Mistake not_a_section(const std::string& path, std::string_view found);

// Values. `found` says what is there: "a list", "\"ten\"".
[[nodiscard]] Mistake no_value(const Field& field);
[[nodiscard]] Mistake wrong_type(const Field& field, std::string_view found, std::string hint = {});
[[nodiscard]] Mistake out_of_range(const Field& field, std::string_view found);
[[nodiscard]] Mistake not_one_of(const Field& field, std::string_view found);
[[nodiscard]] Mistake bad_name(const Field& field, std::string_view found);
[[nodiscard]] Mistake empty_text(const Field& field);
[[nodiscard]] Mistake control_in_text(const Field& field);

// Distributions.
[[nodiscard]] Mistake not_tunable(const Field& field);
[[nodiscard]] Mistake no_distribution(const Field& field);
[[nodiscard]] Mistake unknown_distribution(const Field& field, std::string_view key);
[[nodiscard]] Mistake several_distributions(const Field& field);
[[nodiscard]] Mistake range_of_words(const Field& field, std::string_view distribution);
[[nodiscard]] Mistake empty_choice(const Field& field);
[[nodiscard]] Mistake repeated_choice(const Field& field, std::string_view value);
[[nodiscard]] Mistake not_two_bounds(const Field& field, std::string_view distribution);
[[nodiscard]] Mistake bounds_out_of_order(const Field& field, std::string_view distribution);
[[nodiscard]] Mistake logarithm_of_zero(const Field& field);

// Options that depend on each other.
/// @param condition the field's own, or that of a field it depends on
[[nodiscard]] Mistake only_with(const Field& field, const Condition& condition, std::string_view actual);
[[nodiscard]] Mistake undefined_fairness(std::string_view what);
[[nodiscard]] Mistake shares_do_not_sum(double sum);
[[nodiscard]] Mistake few_shot_without_history();
[[nodiscard]] Mistake stratified_by_unknown_groups(std::string_view by);
[[nodiscard]] Mistake membership_of_hard_groups(std::string_view path);
[[nodiscard]] Mistake condition_of_pafo_alone(std::string_view condition);
/// @param likelihood  one without ties
[[nodiscard]] Mistake ties_without_likelihood(std::string_view likelihood);
/// @param likelihood  one with ties
[[nodiscard]] Mistake likelihood_without_ties(std::string_view likelihood);
[[nodiscard]] Mistake method_reads_scores(std::string_view method, std::string_view likelihood);
[[nodiscard]] Mistake method_reads_margins(std::string_view method, std::string_view likelihood);
[[nodiscard]] Mistake calibration_with_ties();
[[nodiscard]] Mistake combination_of_one();
[[nodiscard]] Mistake combination_with_itself(std::string_view attribute);
[[nodiscard]] Mistake no_proportion(std::string_view text);
[[nodiscard]] Mistake imbalance_of_one();
[[nodiscard]] Mistake lease_too_short(double lease, double heartbeat);
[[nodiscard]] Mistake configurations_needed(std::string_view strategy);
[[nodiscard]] Mistake too_many_trials(std::int64_t configurations, std::int64_t replicates);
[[nodiscard]] Mistake empty_list(const Field& field);
[[nodiscard]] Mistake no_setting(const Field& list, std::string_view key);
[[nodiscard]] Mistake empty_front(const Field& field);
[[nodiscard]] Mistake repeated_axis(std::string_view metric, std::string_view each);

// --set.
[[nodiscard]] Mistake unknown_override(std::string_view path);
[[nodiscard]] Mistake section_override(std::string_view path);
[[nodiscard]] Mistake repeated_override(const std::string& path);

/// "model.head is mlp", "method.name is a or b".
[[nodiscard]] std::string condition_text(const Condition& condition);

}  // namespace fairsweep::config_errors
