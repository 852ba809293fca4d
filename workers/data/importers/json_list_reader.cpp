#include "workers/data/importers/json_list_reader.hpp"

#include <simdjson.h>

#include <algorithm>
#include <type_traits>

#include "workers/data/importers/json_fields.hpp"
#include "workers/data/importers/json_mistake.hpp"
#include "workers/data/importers/text_source.hpp"

namespace fairsweep {

namespace {

constexpr std::size_t k_largest = std::size_t{1} << 30U;
constexpr std::size_t k_deepest = 64;

}  // namespace

struct JsonListReader::State {
  explicit State(const std::filesystem::path& file) : name(file.string()), source(file) {}

  std::string name;
  TextSource source;
  simdjson::dom::parser parser;
  simdjson::dom::array list;
  simdjson::dom::array::iterator at;
  simdjson::dom::object record;
  JsonFields fields;
  std::vector<std::string> names;
  std::int64_t entry = 0;
  std::int64_t entries = 0;

  [[nodiscard]] std::string place() const { return name + ": entry " + std::to_string(entry); }
  [[noreturn]] void refuse(const std::string& what) const { throw RecordError(place() + ": " + what); }

  template <typename Work>
  std::invoke_result_t<Work> with_place(Work work) const {
    try {
      return work();
    } catch (const JsonFields::FieldError& error) {
      refuse(error.what);
    }
  }

  [[noreturn]] void refuse_text(const std::string& what) const {
    const std::string_view text = source.window();
    const auto byte = first_json_mistake(text);
    if (!byte) {
      source.refuse(1, what);
    }
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(*byte), '\n');
    const bool cut_off = text.find_first_not_of(" \t\r\n", *byte) == std::string_view::npos;
    source.refuse(line, what + " (at byte " + std::to_string(*byte + 1) + " of the file)" +
                            (cut_off ? "; the file ends before its list does, and seems to be cut off: get it again"
                                     : "; a list is read whole or not at all: mend it there"));
  }

  void parse() {
    while (source.more(1)) {
      if (source.window().size() > k_largest) {
        source.refuse(1, "the list has more than 1 GiB; write one object a line (JSON lines) instead");
      }
    }
    simdjson::dom::element root;
    const auto problem = parser.allocate(source.window().size() + 1, k_deepest) == simdjson::SUCCESS
                             ? parser.parse(source.window().data(), source.window().size(), false).get(root)
                             : simdjson::MEMALLOC;
    if (problem != simdjson::SUCCESS) {
      refuse_text(problem == simdjson::UTF8_ERROR ? "is not UTF-8"
                                                  : std::string("is not JSON: ") + simdjson::error_message(problem));
    }
    if (root.get(list) != simdjson::SUCCESS || list.size() == 0) {
      source.refuse(1, "must be a list of JSON objects with at least one entry");
    }
    at = list.begin();
    for (auto entry_at = list.begin(); entry_at != list.end(); ++entry_at) {
      ++entries;  // size() saturates
    }
  }
};

JsonListReader::JsonListReader(const std::filesystem::path& file) : state_(std::make_unique<State>(file)) {
  state_->parse();
  simdjson::dom::object first;
  for (const simdjson::dom::element entry : state_->list) {
    if (entry.get(first) == simdjson::SUCCESS) {
      state_->names = JsonFields::names_of(first);
      break;
    }
  }
}

JsonListReader::~JsonListReader() = default;

const std::vector<std::string>& JsonListReader::names() const { return state_->names; }

std::size_t JsonListReader::field(const std::string& name) { return state_->fields.field(name); }

bool JsonListReader::next() {
  if (state_->at == state_->list.end()) {
    return false;
  }
  const simdjson::dom::element element = *state_->at;
  ++state_->at;
  ++state_->entry;
  if (element.get(state_->record) != simdjson::SUCCESS) {
    state_->refuse("is not a JSON object");
  }
  state_->with_place([this] { state_->fields.read_keys(state_->record); });
  return true;
}

std::string_view JsonListReader::text(std::size_t field) {
  return state_->with_place([&] { return state_->fields.text(state_->record, field); });
}

std::vector<Message> JsonListReader::messages(std::size_t field) {
  return state_->with_place([&] { return state_->fields.messages(state_->record, field); });
}

bool JsonListReader::has(std::size_t field) { return state_->fields.has(state_->record, field); }

const std::vector<std::string>& JsonListReader::late_names() const { return state_->fields.late_names(); }

std::int64_t JsonListReader::line() const { return state_->entry; }

double JsonListReader::share_read() const {
  return static_cast<double>(state_->entry) / static_cast<double>(state_->entries);
}

std::string JsonListReader::place() const { return state_->place(); }

bool begins_as_list(const std::filesystem::path& file) {
  try {
    TextSource source(file);
    (void)source.more(1);
    std::string_view window = source.window();
    constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";
    if (window.starts_with(k_byte_order_mark)) {
      window.remove_prefix(k_byte_order_mark.size());
    }
    const std::size_t first = window.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && window[first] == '[';
  } catch (const UserError&) {
    return false;
  }
}

}  // namespace fairsweep
