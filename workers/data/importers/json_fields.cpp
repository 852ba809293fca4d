#include "workers/data/importers/json_fields.hpp"

#include <algorithm>
#include <charconv>

namespace fairsweep {

namespace {

using Element = simdjson::dom::element;

std::vector<std::string> parts_of(const std::string& name) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0;;) {
    const std::size_t dot = name.find('.', begin);
    parts.push_back(name.substr(begin, dot - begin));
    if (dot == std::string::npos) {
      return parts;
    }
    begin = dot + 1;
  }
}

std::optional<Element> child_of(const Element& parent, const std::string& part) {
  simdjson::dom::object object;
  Element child;
  if (parent.get(object) == simdjson::SUCCESS) {
    return object.at_key(part).get(child) == simdjson::SUCCESS ? std::optional(child) : std::nullopt;
  }
  simdjson::dom::array array;
  std::size_t place = 0;
  const auto [rest, problem] = std::from_chars(part.data(), part.data() + part.size(), place);
  if (parent.get(array) == simdjson::SUCCESS && problem == std::errc() && rest == part.data() + part.size() &&
      array.at(place).get(child) == simdjson::SUCCESS) {
    return child;
  }
  return std::nullopt;
}

std::optional<std::string> text_at(const Element& parent, std::initializer_list<const char*> keys) {
  simdjson::dom::object object;
  std::string_view text;
  for (const char* key : keys) {
    if (parent.get(object) == simdjson::SUCCESS && object.at_key(key).get(text) == simdjson::SUCCESS) {
      return std::string(text);
    }
  }
  return std::nullopt;
}

}  // namespace

std::size_t JsonFields::field(const std::string& name) {
  fields_.push_back({name, parts_of(name), {}});
  return fields_.size() - 1;
}

std::optional<Element> JsonFields::find(const simdjson::dom::object& record, const Field& wanted) {
  Element child;
  if (record.at_key(wanted.name).get(child) == simdjson::SUCCESS) {  // a key may have a dot in it
    return child;
  }
  if (wanted.path.size() == 1 || record.at_key(wanted.path.front()).get(child) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  std::optional<Element> found = child;
  for (std::size_t part = 1; part < wanted.path.size() && found; ++part) {
    found = child_of(*found, wanted.path[part]);
  }
  return found;
}

std::string_view JsonFields::text(const simdjson::dom::object& record, std::size_t field) {
  Field& wanted = fields_[field];
  const auto found = find(record, wanted);
  if (!found || found->is_null()) {
    return "";
  }
  std::string_view text;
  if (found->get(text) == simdjson::SUCCESS) {
    return text;
  }
  bool truth = false;
  if (found->get(truth) == simdjson::SUCCESS) {
    return truth ? "true" : "false";
  }
  if (found->is_number()) {
    wanted.number = simdjson::minify(*found);
    return wanted.number;
  }
  throw FieldError{"\"" + wanted.name + "\" is a list or an object; it must be a text or a number"};
}

std::vector<Message> JsonFields::messages(const simdjson::dom::object& record, std::size_t field) const {
  const Field& wanted = fields_[field];
  const auto found = find(record, wanted);
  if (!found || found->is_null()) {
    return {};
  }
  std::string_view text;
  if (found->get(text) == simdjson::SUCCESS) {
    return {{"", std::string(text)}};
  }
  simdjson::dom::array list;
  if (found->get(list) != simdjson::SUCCESS) {
    throw FieldError{"\"" + wanted.name + "\" must be a text, or a list of messages with role and content"};
  }
  std::vector<Message> messages;
  for (const Element entry : list) {
    const auto role = text_at(entry, {"role", "from"});
    const auto content = text_at(entry, {"content", "value"});
    if (!role || !content) {
      throw FieldError{"an entry of \"" + wanted.name + "\" must be an object with the texts role and content"};
    }
    messages.push_back({*role, *content});
  }
  return messages;
}

std::vector<std::string> JsonFields::names_of(const simdjson::dom::object& record) {
  std::vector<std::string> names;
  for (const auto& member : record) {
    const std::string key(member.key);
    names.push_back(key);
    simdjson::dom::object object;
    simdjson::dom::array array;
    if (member.value.get(object) == simdjson::SUCCESS) {
      for (const auto& inner : object) {
        names.push_back(key + "." + std::string(inner.key));
      }
    } else if (member.value.get(array) == simdjson::SUCCESS) {
      for (std::size_t place = 0; place < array.size(); ++place) {
        names.push_back(key + "." + std::to_string(place));
      }
    }
  }
  return names;
}

bool JsonFields::has(const simdjson::dom::object& record, std::size_t field) const {
  return find(record, fields_[field]).has_value();
}

void JsonFields::note(const std::string& name) {
  if (!is_first_) {
    late_names_.push_back(name);
  }
  ++known_count_;
}

void JsonFields::read_keys(const simdjson::dom::object& record) {
  keys_.clear();
  late_names_.clear();
  for (const auto& member : record) {
    keys_.push_back(member.key);
  }
  std::sort(keys_.begin(), keys_.end());
  const auto twice = std::adjacent_find(keys_.begin(), keys_.end());
  if (twice != keys_.end()) {
    throw FieldError{"says the key \"" + std::string(*twice) + "\" twice"};
  }
  for (const auto& member : record) {
    auto known = known_.find(member.key);
    simdjson::dom::object inner;
    const bool is_object = member.value.get(inner) == simdjson::SUCCESS;
    if (known == known_.end()) {
      note(std::string(member.key));
      if (known_count_ > k_most_known) {
        continue;
      }
      known = known_.try_emplace(std::string(member.key)).first;
    }
    if (!is_object) {
      continue;
    }
    for (const auto& entry : inner) {
      if (!known->second.contains(entry.key)) {
        note(known->first + "." + std::string(entry.key));
        if (known_count_ <= k_most_known) {
          known->second.emplace(entry.key);
        }
      }
    }
  }
  is_first_ = false;
}

}  // namespace fairsweep
