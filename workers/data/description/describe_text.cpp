#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics/counted.hpp"
#include "workers/data/description/describe_data.hpp"

namespace fairsweep {
namespace {

constexpr std::size_t k_longest_line = 110;
constexpr std::size_t k_most_conflict_lines = 6;  // of four groups; more groups are a table

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t at = 0; at < names.size(); ++at) {
    if (text.size() + names[at].size() > k_longest_line - 25) {
      return text + fmt::format(", ... ({} more)", names.size() - at);
    }
    text += (at == 0 ? "" : ", ") + names[at];
  }
  return text;
}

/// Lines of at most k_longest_line, broken at spaces and indented as values are.
std::string wrapped(const std::string& value) {
  constexpr std::size_t k_indent = 15;
  std::string text;
  std::size_t begin = 0;
  while (value.size() - begin > k_longest_line - k_indent) {
    const std::size_t space = value.rfind(' ', begin + k_longest_line - k_indent);
    if (space == std::string::npos || space <= begin) {
      break;
    }
    text += value.substr(begin, space - begin) + '\n' + std::string(k_indent, ' ');
    begin = space + 1;
  }
  return text + value.substr(begin);
}

std::string percent(double share) { return fmt::format("{:.1f} %", 100 * share); }

std::string percent(std::int64_t part, std::int64_t whole) {
  return percent(static_cast<double>(part) / static_cast<double>(whole));
}

// Multi-line values (a mapping file) would drown the page: their first line stands for them.
std::string first_line(const std::string& value) {
  const auto end = value.find('\n');
  return end == std::string::npos ? value : value.substr(0, end) + " ...";
}

std::string judged_text(const VoteCounts& votes) {
  return votes.pairs == 0
             ? "none"
             : fmt::format("{} pairs of candidates, votes a pair: {} least, {:g} median, {} most; {} by two or more",
                           votes.pairs, votes.least_per_pair, votes.median_per_pair, votes.most_per_pair, votes.by_two);
}

std::string unanimity_text(const VoteCounts& votes) {
  return votes.ordered_by_two == 0
             ? "not measurable: no pair was put in order by two people"
             : fmt::format("{} of the {} pairs that two or more people put in order ({})", votes.unanimous,
                           votes.ordered_by_two, percent(votes.unanimous, votes.ordered_by_two));
}

std::string disagreement_text(const Disagreement& disagreement) {
  if (disagreement.answer_pairs == 0) {
    return "not measurable: no pair was put in order by two people";
  }
  std::string pooled = percent(disagreement.pooled) + " of all pairs of answers are opposite";
  if (disagreement.people_pairs == 0) {
    return pooled;
  }
  return fmt::format("two people order {} of what both judged oppositely, on average ({} pairs of people{}); {}",
                     percent(disagreement.between_people), disagreement.people_pairs,
                     disagreement.sampled ? fmt::format(" among {} drawn at random", disagreement.people) : "", pooled);
}

std::string ceiling_text(const SingleModelCeiling& ceiling) {
  if (ceiling.pairs == 0) {
    return fmt::format("not measurable: no pair has {} votes that say an order", ceiling.minimum_votes);
  }
  return fmt::format("at best {} (leave-one-out, too low) to {} (plug-in, too high) right; {} pairs, {} votes",
                     percent(ceiling.leave_one_out), percent(ceiling.plug_in), ceiling.pairs, ceiling.votes);
}

std::string headroom_text(const SingleModelCeiling& ceiling) {
  return fmt::format("personalisation can gain {} to {} over one model", percent(1 - ceiling.plug_in),
                     percent(1 - ceiling.leave_one_out));
}

std::string flips_text(const TopAnswerFlips& flips) {
  if (flips.contexts == 0) {
    return "nothing to flip: no context has three candidates";
  }
  const std::string possible =
      fmt::format("{} of {} contexts of three or more have every pair judged", flips.judged_whole, flips.contexts);
  const std::int64_t clear = flips.judged_whole - flips.tied;
  if (clear == 0) {
    return possible + (flips.judged_whole == 0 ? "" : ", none with one top answer");
  }
  return fmt::format("{}; other shares of opponents flip {} of {} ({}){}", possible, flips.flippable, clear,
                     percent(flips.flippable, clear),
                     flips.flippable == 0
                         ? ""
                         : fmt::format("; median distance {:.3f} over these, least {:.3f}", flips.median, flips.least));
}

std::string support_text(const SupportSummary& support) {
  if (support.users == 0) {
    return "not measurable: no pair was put in order by two people";
  }
  return fmt::format("least {:.2f}, quartiles {:.2f} {:.2f} {:.2f}, most {:.2f} of the others agree ({})",
                     support.values[0], support.values[2], support.values[3], support.values[4], support.values[6],
                     counted(support.users, "person", "people"));
}

std::string links_text(const LinkAgreement& links, std::int64_t users) {
  std::string text =
      fmt::format("{}{} from {} ({})", counted(links.links, "link", "links"), links.weighted ? ", weighted," : "",
                  counted(links.people, "person", "people"), percent(links.people, users));
  if (links.linked_answer_pairs == 0) {
    return text + "; whether linked people agree is not measurable: no two of them judged one pair";
  }
  text += fmt::format("; linked people agree on {} of what both judged ({} pairs of answers)",
                      percent(links.linked_agreement), links.linked_answer_pairs);
  return links.unlinked_answer_pairs == 0 ? text
                                          : text + fmt::format(", others on {} ({})", percent(links.unlinked_agreement),
                                                               links.unlinked_answer_pairs);
}

std::string classes_text(const ClassCounts& classes, std::int64_t people, std::int64_t comparisons) {
  std::string text;
  for (std::size_t at = k_label_classes; at-- > 0;) {
    if (classes.people[at] > 0) {
      std::string name(to_text(static_cast<LabelClass>(at)));
      std::replace(name.begin(), name.end(), '_', '-');
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, percent(classes.people[at], people));
      text += comparisons == 0 ? "" : fmt::format(" ({})", percent(classes.comparisons[at], comparisons));
    }
  }
  return text;
}

std::string again_text(std::int64_t pairs, std::int64_t agreements, const std::string& how) {
  if (pairs == 0) {
    return "";
  }
  const double rate = static_cast<double>(agreements) / static_cast<double>(pairs);
  return fmt::format("{} of answers {}, {} alike (stable share {}, noise {})", counted(pairs, "pair", "pairs"), how,
                     percent(rate), percent(stable_share(rate)), percent(label_noise(rate)));
}

bool anybody_judged(const ClassCounts& classes) {
  return std::any_of(classes.people.begin() + 1, classes.people.end(), [](std::int64_t people) { return people > 0; });
}

bool consistency_known(const SelfConsistency& consistency) {
  return consistency.repeat_pairs > 0 || consistency.changed_pairs > 0;
}

std::string group_line(const GroupDescription& group) {
  std::string line =
      fmt::format("    {:<16} {:>7} {} {:>9} {:<11}", group.label, group.users, group.users == 1 ? "person" : "people",
                  group.comparisons, group.comparisons == 1 ? "comparison" : "comparisons");
  for (const auto& [alternative, part] : group.choice_shares) {
    line += fmt::format("  {} {:.1f} %", alternative, 100 * part);
  }
  if (group.ceiling) {
    line += fmt::format("  ceiling {:.4f}", *group.ceiling);
  }
  if (group.support.users > 0) {
    line += fmt::format("  support {:.3f}", group.support.mean);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

std::string conflict_line(const Conflict& conflict) {
  const std::string pair = conflict.first + " and " + conflict.second;
  if (conflict.shared == 0) {
    return fmt::format("    conflict of {}: not measurable: no pair judged by both with a clear majority\n", pair);
  }
  return fmt::format("    conflict of {}: {} opposite majorities ({} of {} pairs judged by both)\n", pair,
                     percent(conflict.opposite, conflict.shared), conflict.opposite, conflict.shared);
}

/// Per cent opposite, and the pairs that both judged, for every two groups.
std::string conflict_table(const AttributeDescription& attribute) {
  std::string text = "    conflict, per cent opposite majorities (pairs judged by both)\n";
  const std::size_t groups = attribute.groups.size();
  std::size_t at = 0;
  for (std::size_t first = 0; first + 1 < groups; ++first) {
    text += fmt::format("    {:<16}", attribute.groups[first].label);
    for (std::size_t second = first + 1; second < groups; ++second, ++at) {
      const Conflict& conflict = attribute.conflicts[at];
      text += conflict.shared == 0
                  ? fmt::format("  {}: -", conflict.second)
                  : fmt::format("  {}: {:.1f} ({})", conflict.second,
                                100 * static_cast<double>(conflict.opposite) / static_cast<double>(conflict.shared),
                                conflict.shared);
    }
    text += '\n';
  }
  return text;
}

std::string attribute_text(const AttributeDescription& attribute, bool judged) {
  std::string text =
      fmt::format("attribute {}{}\n", attribute.name, attribute.of_comparisons ? " (of single comparisons)" : "");
  for (const GroupDescription& group : attribute.groups) {
    text += group_line(group);
    if (judged && group.users > 0) {
      text += "        answers: " + classes_text(group.classes, group.users, group.comparisons) + '\n';
    }
  }
  if (attribute.unknown_users > 0) {
    text += fmt::format("    not known: {}, {}\n", counted(attribute.unknown_users, "person", "people"),
                        counted(attribute.unknown_comparisons, "comparison", "comparisons"));
  } else if (attribute.unknown_comparisons > 0) {
    text += fmt::format("    not known: {}\n", counted(attribute.unknown_comparisons, "comparison", "comparisons"));
  }
  if (attribute.groups.size() > k_most_conflict_groups) {
    text += fmt::format("    conflict: not worked out between {} groups, at most {}\n", attribute.groups.size(),
                        k_most_conflict_groups);
  } else if (attribute.conflicts.size() > k_most_conflict_lines) {
    text += conflict_table(attribute);
  } else {
    for (const Conflict& conflict : attribute.conflicts) {
      text += conflict_line(conflict);
    }
  }
  if (attribute.ceiling.pairs > 0 && attribute.groups.size() > 1) {
    text += "    one model, groups weighing the same: " + ceiling_text(attribute.ceiling) + '\n';
  }
  return text;
}

}  // namespace

std::string describe_text(const DataDescription& d) {
  std::string text;
  const auto line = [&text](std::string_view name, const std::string& value) {
    text += fmt::format("{:<14} {}\n", name, wrapped(value));
  };
  line("people", fmt::format("{}{}", d.users,
                             d.users_without_comparisons == 0
                                 ? ""
                                 : fmt::format(" ({} without comparisons)", d.users_without_comparisons)));
  line("contexts", std::to_string(d.contexts));
  line("candidates", std::to_string(d.candidates));
  line("comparisons",
       fmt::format("{} ({}, {}, {}, {}){}", d.comparisons, counted(d.pairs, "pair", "pairs"),
                   counted(d.choices, "choice", "choices"), counted(d.rankings, "ranking", "rankings"),
                   counted(d.ties, "tie", "ties"), d.weighted ? "; weighted in training, not here" : ""));
  line("per person",
       fmt::format("{} least, {:g} median, {} most", d.least_per_user, d.median_per_user, d.most_per_user));
  line("features", fmt::format("{}: {}", d.features.size(), joined(d.features)));
  line("user features",
       d.user_features.empty() ? "none" : fmt::format("{}: {}", d.user_features.size(), joined(d.user_features)));
  line("judged", judged_text(d.votes));
  line("unanimous", unanimity_text(d.votes));
  line("disagreement", disagreement_text(d.disagreement));
  line("one model", ceiling_text(d.ceiling));
  if (d.ceiling.pairs > 0) {
    line("", headroom_text(d.ceiling));
  }
  line("support", support_text(d.support));
  if (d.links) {
    line("links", links_text(*d.links, d.users));
  }
  line("top answer", flips_text(d.flips));
  line("hidden types", fmt::format("at most {} (median {:g} ordered answers a person; K types need 2 K - 1)",
                                   d.identifiability.most_types, d.identifiability.median_votes));
  for (const Identifiability::Warning& warning : d.identifiability.warnings) {
    line("", "warning: " + warning.sentence);
  }
  const SelfConsistency& again = d.consistency;
  const bool known = consistency_known(again);
  if (!known) {
    line("consistency", "cannot be known: nobody put the same two candidates in order twice");
  }
  if (again.repeat_pairs > 0) {
    line("consistency", again_text(again.repeat_pairs, again.repeat_agreements, "to the same question"));
  }
  if (again.changed_pairs > 0) {
    line(again.repeat_pairs > 0 ? "" : "consistency",
         again_text(again.changed_pairs, again.changed_agreements, "in another order or other words"));
  }
  const bool judged = anybody_judged(d.classes);
  if (judged) {
    line("", fmt::format("people (and comparisons): {}", classes_text(d.classes, d.users, d.comparisons)));
  } else if (known) {
    line("",
         fmt::format("too little to judge a single person by: nobody has {} such pairs", d.options.rules.least_pairs));
  }
  for (const AttributeDescription& attribute : d.attributes) {
    text += attribute_text(attribute, judged);
  }
  for (const auto& [key, value] : d.about) {
    if (!value.empty()) {  // an option that was left as it is may be empty
      line(key, first_line(value));
    }
  }
  line("digest", d.digest);
  return text;
}

}  // namespace fairsweep
