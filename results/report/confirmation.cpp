#include "results/report/confirmation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/hypervolume.hpp"
#include "results/report/front_report.hpp"

namespace fairsweep::report {
namespace {

using nlohmann::json;

constexpr const char* k_run = "confirms.run";
constexpr const char* k_digest = "confirms.digest";
constexpr const char* k_reference = "confirms.reference";

std::string fact_of_member(std::size_t place) { return fmt::format("confirms.front.{:05}", place); }

json estimates_json(const std::vector<Estimate>& estimates) {
  json array = json::array();
  for (const Estimate& estimate : estimates)
    array.push_back(to_json(estimate));
  return array;
}

double number_in(const json& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

std::vector<Estimate> estimates_in(const json& array, std::size_t objectives) {
  std::vector<Estimate> estimates;
  estimates.reserve(objectives);
  for (const json& each : array) {
    estimates.push_back(
        {number_in(each.at("mean")), number_in(each.at("standard_error")), each.at("replicates").get<std::uint32_t>()});
  }
  if (estimates.size() != objectives)
    throw json::other_error::create(501, "not one estimate an objective", &array);
  return estimates;
}

Confirmation read_facts(const RunSummary& run) {
  const auto& facts = run.record.provenance;
  const std::size_t objectives = run.front.objectives.size();
  Confirmation confirmation;
  confirmation.run = facts.at(k_run);
  confirmation.digest = facts.at(k_digest);
  for (const json& value : json::parse(facts.at(k_reference)))
    confirmation.reference.push_back(number_in(value));
  if (confirmation.reference.size() != objectives)
    throw json::other_error::create(501, "not one value an objective", nullptr);
  for (std::size_t place = 0; facts.contains(fact_of_member(place)); ++place) {
    const json fact = json::parse(facts.at(fact_of_member(place)));
    ConfirmedMember member;
    member.there = {fact.at("configuration").get<std::uint32_t>()};
    member.first_validation = estimates_in(fact.at("validation"), objectives);
    member.first_test = estimates_in(fact.at("test"), objectives);
    const auto point = std::ranges::find_if(
        run.front.points, [place](const FrontPoint& each) { return each.configuration.value == place; });
    if (point != run.front.points.end())
      member.point = static_cast<std::size_t>(point - run.front.points.begin());
    confirmation.members.push_back(std::move(member));
  }
  return confirmation;
}

/// NaN where a mean is missing.
double volume_of(const Front& front, const std::vector<double>& reference,
                 const std::vector<const std::vector<Estimate>*>& points) {
  std::vector<double> values, corner;
  values.reserve(points.size() * reference.size());
  for (std::size_t axis = 0; axis < reference.size(); ++axis)
    corner.push_back(front.objectives[axis].to_minimisation(reference[axis]));
  for (const std::vector<Estimate>* point : points) {
    for (std::size_t axis = 0; axis < reference.size(); ++axis)
      values.push_back(front.objectives[axis].to_minimisation((*point)[axis].mean));
  }
  const bool whole = std::ranges::all_of(values, [](double value) { return std::isfinite(value); });
  return whole ? pareto::hypervolume({values, reference.size()}, corner) : std::numeric_limits<double>::quiet_NaN();
}

void compare(const Front& front, Confirmation& confirmation) {
  std::vector<const std::vector<Estimate>*> first_validation, fresh_validation, first_test, fresh_test;
  for (const ConfirmedMember& member : confirmation.members) {
    if (!member.fresh(front))
      continue;
    ++confirmation.fresh;
    confirmation.stay += member.stays(front) ? 1 : 0;
    first_validation.push_back(&member.first_validation);
    first_test.push_back(&member.first_test);
    fresh_validation.push_back(&front.points[*member.point].validation);
    fresh_test.push_back(&front.points[*member.point].test);
  }
  const std::vector<double>& reference = confirmation.reference;
  confirmation.first_validation_volume = volume_of(front, reference, first_validation);
  confirmation.fresh_validation_volume = volume_of(front, reference, fresh_validation);
  confirmation.first_test_volume = volume_of(front, reference, first_test);
  confirmation.fresh_test_volume = volume_of(front, reference, fresh_test);
}

}  // namespace

std::map<std::string, std::string> facts_of_front(const RunSummary& first) {
  json reference = json::array();
  for (const double value : first.front.reference)
    reference.push_back(number_json(value));
  std::map<std::string, std::string> facts = {
      {k_run, first.name}, {k_digest, first.record.configuration_digest}, {k_reference, reference.dump()}};
  for (std::size_t place = 0; place < first.front.members.size(); ++place) {
    const FrontPoint& point = first.front.points[first.front.members[place]];
    facts[fact_of_member(place)] = json{
        {"configuration", point.configuration.value},
        {"validation", estimates_json(point.validation)},
        {"test",
         estimates_json(point.test)}}.dump();
  }
  return facts;
}

std::optional<Confirmation> confirmation_of(const RunSummary& run) {
  if (!run.record.provenance.contains(k_run))
    return std::nullopt;
  try {
    Confirmation confirmation = read_facts(run);
    compare(run.front, confirmation);
    return confirmation;
  } catch (const std::exception& error) {  // of the parser, or a fact that is not there
    throw UserError(ExitCode::file, fmt::format("{}: what it keeps of the run it confirms cannot be read ({}); make it "
                                                "again with `fairsweep confirm`",
                                                run.name, error.what()));
  }
}

json confirmation_json(const RunSummary& run, const Confirmation& confirmation) {
  json members = json::array();
  for (std::size_t i = 0; i < confirmation.members.size(); ++i) {
    const ConfirmedMember& member = confirmation.members[i];
    json fresh = nullptr;
    if (member.fresh(run.front)) {
      const FrontPoint& point = run.front.points[*member.point];
      fresh = {{"validation", estimates_json(point.validation)},
               {"test", estimates_json(point.test)},
               {"replicates", point.replicates},
               {"non_dominated", point.on_front}};
    }
    members.push_back(
        {{"configuration", i},
         {"there", member.there.value},
         {"first",
          {{"validation", estimates_json(member.first_validation)}, {"test", estimates_json(member.first_test)}}},
         {"fresh", std::move(fresh)}});
  }
  const auto volumes = [](double first, double fresh) {
    return json{{"first", number_json(first)}, {"fresh", number_json(fresh)}};
  };
  return {{"run", confirmation.run},
          {"configuration_digest", confirmation.digest},
          {"members", std::move(members)},
          {"with_fresh_values", confirmation.fresh},
          {"stay_non_dominated", confirmation.stay},
          {"reference", confirmation.reference},
          {"hypervolume",
           {{"validation", volumes(confirmation.first_validation_volume, confirmation.fresh_validation_volume)},
            {"test", volumes(confirmation.first_test_volume, confirmation.fresh_test_volume)}}}};
}

}  // namespace fairsweep::report
