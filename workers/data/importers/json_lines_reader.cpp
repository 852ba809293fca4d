#include "workers/data/importers/json_lines_reader.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "workers/data/importers/text_source.hpp"

namespace fairsweep {

namespace {

using Element = simdjson::dom::element;

constexpr std::size_t k_longest_line = std::size_t{64} << 20U;
constexpr std::size_t k_deepest = 64;

struct Field {
  std::string name;
  std::vector<std::string> path;  ///< between the dots of the name
  std::string number;             ///< a number of the current record as text
};

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

struct JsonLinesReader::State {
  explicit State(const std::filesystem::path& file) : name(file.string()), source(file) {}

  std::string name;
  TextSource source;
  simdjson::dom::parser parser{k_longest_line};
  simdjson::dom::object record;
  std::vector<std::string_view> keys;  ///< of the record
  std::vector<Field> fields;
  std::vector<std::string> names;
  std::int64_t next_line = 1;
  std::int64_t line = 0;
  std::size_t taken = 0;  ///< bytes of the window the current record lies in
  bool waits = false;     ///< the first record, read for its keys

  // The next line that is not empty, in the window; false at the end.
  bool next_in_window(std::string_view& found) {
    source.take(taken);
    taken = 0;
    for (;;) {
      std::string_view window = source.window();
      std::size_t size = window.find('\n');
      while (size == std::string_view::npos && window.size() <= k_longest_line && source.more(next_line)) {
        const std::size_t searched = window.size();
        window = source.window();
        size = window.find('\n', searched);
      }
      if (size == std::string_view::npos && window.size() > k_longest_line) {
        source.refuse(next_line, "is a line of more than 64 MiB; this format has one object a line");
      }
      if (size == std::string_view::npos && window.empty()) {
        return false;
      }
      const bool ended = size != std::string_view::npos;
      std::string_view text = window.substr(0, ended ? size : window.size());
      const std::size_t whole = text.size() + (ended ? 1 : 0);
      line = next_line;
      next_line += ended ? 1 : 0;
      constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";
      if (line == 1 && text.starts_with(k_byte_order_mark)) {
        text.remove_prefix(k_byte_order_mark.size());
      }
      if (text.find_first_not_of(" \t\r") != std::string_view::npos) {
        taken = whole;
        found = text;
        return true;
      }
      source.take(whole);
    }
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw RecordError(name + ":" + std::to_string(line) + ": " + what);
  }

  bool read() {
    std::string_view text;
    if (!next_in_window(text)) {
      return false;
    }
    Element root;
    // The window has the padding the parser wants behind it.
    const simdjson::error_code problem = parser.parse(text.data(), text.size(), false).get(root);
    if (problem == simdjson::UTF8_ERROR) {
      refuse("is not UTF-8");
    }
    if (problem != simdjson::SUCCESS) {
      refuse(std::string("is not JSON: ") + simdjson::error_message(problem));
    }
    if (root.get(record) != simdjson::SUCCESS) {
      refuse("is not a JSON object; this format has one object a line, in { }");
    }
    refuse_repeated_keys();
    return true;
  }

  // The parser would take the first of two in silence.
  void refuse_repeated_keys() {
    keys.clear();
    for (const auto& member : record) {
      keys.push_back(member.key);
    }
    std::sort(keys.begin(), keys.end());
    const auto twice = std::adjacent_find(keys.begin(), keys.end());
    if (twice != keys.end()) {
      refuse("says the key \"" + std::string(*twice) + "\" twice");
    }
  }

  std::optional<Element> find(const Field& wanted) const {
    std::optional<Element> found;
    Element child;
    if (record.at_key(wanted.name).get(child) == simdjson::SUCCESS) {  // a key may have a dot in it
      return child;
    }
    if (record.at_key(wanted.path.front()).get(child) != simdjson::SUCCESS) {
      return std::nullopt;
    }
    found = child;
    for (std::size_t part = 1; part < wanted.path.size() && found; ++part) {
      found = child_of(*found, wanted.path[part]);
    }
    return found;
  }
};

JsonLinesReader::JsonLinesReader(const std::filesystem::path& file) : state_(std::make_unique<State>(file)) {
  if (state_->parser.allocate(std::size_t{1} << 16U, k_deepest) != simdjson::SUCCESS) {
    throw UserError(ExitCode::environment, "there is no memory left to read " + file.string());
  }
  if (!state_->read()) {
    state_->source.refuse(1, "the file is empty; it must have one JSON object a line");
  }
  state_->waits = true;
  for (const auto& member : state_->record) {
    state_->names.emplace_back(member.key);
  }
}

JsonLinesReader::~JsonLinesReader() = default;

const std::vector<std::string>& JsonLinesReader::names() const { return state_->names; }

std::size_t JsonLinesReader::field(const std::string& name) {
  state_->fields.push_back({name, parts_of(name), {}});
  return state_->fields.size() - 1;
}

bool JsonLinesReader::next() {
  if (state_->waits) {
    state_->waits = false;
    return true;
  }
  return state_->read();
}

std::string_view JsonLinesReader::text(std::size_t field) {
  Field& wanted = state_->fields[field];
  const auto found = state_->find(wanted);
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
  refuse("\"" + wanted.name + "\" is a list or an object; it must be a text or a number");
}

std::vector<Message> JsonLinesReader::messages(std::size_t field) {
  const Field& wanted = state_->fields[field];
  const auto found = state_->find(wanted);
  if (!found || found->is_null()) {
    return {};
  }
  std::string_view text;
  if (found->get(text) == simdjson::SUCCESS) {
    return {{"", std::string(text)}};
  }
  simdjson::dom::array list;
  if (found->get(list) != simdjson::SUCCESS) {
    refuse("\"" + wanted.name + "\" must be a text, or a list of messages with role and content");
  }
  std::vector<Message> messages;
  for (const Element entry : list) {
    const auto role = text_at(entry, {"role", "from"});
    const auto content = text_at(entry, {"content", "value"});
    if (!role || !content) {
      refuse("an entry of \"" + wanted.name + "\" must be an object with the texts role and content");
    }
    messages.push_back({*role, *content});
  }
  return messages;
}

std::int64_t JsonLinesReader::line() const { return state_->line; }

double JsonLinesReader::share_read() const {
  return static_cast<double>(state_->source.bytes_read()) /
         static_cast<double>(std::max<std::uint64_t>(1, state_->source.bytes_total()));
}

std::string JsonLinesReader::place() const { return state_->name + ":" + std::to_string(state_->line); }

}  // namespace fairsweep
