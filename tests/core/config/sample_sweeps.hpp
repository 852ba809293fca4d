#pragma once

#include <string>
#include <string_view>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::samples {

/// Nothing but what is required.
inline constexpr std::string_view k_smallest = R"(sweep: small
declaration: {use_case: a, population: b, groups: c, fairness: pareto}
data: {file: d.h5, groups: {attribute: g}}
method: {name: pooled}
front: [{metric: accuracy, each: group}]
search: {configurations: 4}
)";

/// Every section, every kind of distribution, conditional options.
inline constexpr std::string_view k_rich = R"(# a comment
sweep: rich-1_a
declaration:
  use_case: "choice: of transport"
  population: |
    people,
    in two lines
  groups: 'by their "own" words'
  fairness: max_min
data:
  file: data/some file.h5
  groups: {attribute: rail_pass}
  split: {by: user, train: 0.6, validation: 0.2, test: 0.2, history: 3}
model:
  head: {choice: [linear, mlp]}
  width: {choice: [32, 128]}
  depth: {uniform: [1, 3]}
  user: {choice: [none, embedding]}
  embedding_size: {log_uniform: [2, 64]}
method:
  name: {choice: [pooled, reweighted, group_dro]}
  reweighted: {strength: {uniform: [0, 1]}}
  group_dro:
    step_size: 1.0e-3
training:
  epochs: 12
  batch: 128
  learning_rate: {log_uniform: [1.0e-4, 0.1]}
  weight_decay: {choice: [0, 0.01]}
  schedule: linear
  early_stopping: {patience: 0, watch: worst_group}
front:
  - {metric: accuracy, each: group}
  - metric: log_loss
    each: all
search: {strategy: random, configurations: 48, replicates: 2, seed: 7}
schedule: {name: none}
resources: {trials_per_pack: 16, heartbeat_seconds: 0.5, lease_seconds: 10, retries: 0}
trainer: {command: [python3, "my trainer.py", --fast, 3]}
)";

/// `text` with one part, which must be there once, replaced.
inline std::string changed(std::string_view text, std::string_view part, std::string_view by) {
  const auto at = text.find(part);
  check(at != std::string_view::npos && text.find(part, at + 1) == std::string_view::npos, "the part is there once");
  return std::string(text.substr(0, at)) + std::string(by) + std::string(text.substr(at + part.size()));
}

}  // namespace fairsweep::samples
