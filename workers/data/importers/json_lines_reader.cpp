#include "workers/data/importers/json_lines_reader.hpp"

#include <simdjson.h>

#include <type_traits>

#include <algorithm>
#include <deque>

#include "workers/data/importers/json_fields.hpp"
#include "workers/data/importers/text_source.hpp"

namespace fairsweep {

namespace {

constexpr std::size_t k_longest_line = std::size_t{64} << 20U;
constexpr std::size_t k_deepest = 64;

}  // namespace

struct JsonLinesReader::State {
  explicit State(const std::filesystem::path& file) : name(file.string()), source(file) {}

  std::string name;
  TextSource source;
  simdjson::dom::parser parser{k_longest_line};
  simdjson::dom::object record;
  JsonFields fields;
  std::vector<std::string> names;
  std::int64_t next_line = 1;
  std::int64_t line = 0;
  std::size_t taken = 0;          ///< bytes of the window the current record lies in
  bool waits = false;             ///< the first record, read for its keys
  std::deque<RecordError> wrong;  ///< before it

  // The next line that is not empty, in the window; false at the end.
  bool next_in_window(std::string_view& found) {
    source.take(taken);
    taken = 0;
    for (;;) {
      std::string_view window = source.window();
      std::size_t size = window.find('\n');
      for (bool more = true; more && size == std::string_view::npos && window.size() <= k_longest_line;) {
        const std::size_t searched = window.size();
        more = source.more(next_line);
        window = source.window();  // at the end of the file, too, it may lie elsewhere now
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
    simdjson::dom::element root;
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
    with_place([this] { fields.read_keys(record); });
    return true;
  }

  // The first good record tells the keys. Wrong ones before it wait to be refused in their turn.
  void read_first() {
    constexpr std::size_t k_most_wrong = 1000;
    while (wrong.size() < k_most_wrong) {
      try {
        waits = read();
        break;
      } catch (const RecordError& error) {
        wrong.push_back(error);
      }
    }
    if (!waits && wrong.empty()) {
      source.refuse(1, "the file is empty; it must have one JSON object a line");
    }
    if (!waits) {
      throw RecordError(wrong.front());
    }
  }

  /// Does the work, and gives what is wrong with a field the place.
  template <typename Work>
  std::invoke_result_t<Work> with_place(Work work) const {
    try {
      return work();
    } catch (const JsonFields::FieldError& error) {
      refuse(error.what);
    }
  }
};

JsonLinesReader::JsonLinesReader(const std::filesystem::path& file) : state_(std::make_unique<State>(file)) {
  if (state_->parser.allocate(std::size_t{1} << 16U, k_deepest) != simdjson::SUCCESS) {
    throw UserError(ExitCode::environment, "there is no memory left to read " + file.string());
  }
  state_->read_first();
  state_->names = JsonFields::names_of(state_->record);
}

JsonLinesReader::~JsonLinesReader() = default;

const std::vector<std::string>& JsonLinesReader::names() const { return state_->names; }

std::size_t JsonLinesReader::field(const std::string& name) { return state_->fields.field(name); }

bool JsonLinesReader::next() {
  if (!state_->wrong.empty()) {
    const RecordError error = state_->wrong.front();
    state_->wrong.pop_front();
    throw RecordError(error);
  }
  if (state_->waits) {
    state_->waits = false;
    return true;
  }
  return state_->read();
}

std::string_view JsonLinesReader::text(std::size_t field) {
  return state_->with_place([&] { return state_->fields.text(state_->record, field); });
}

std::vector<Message> JsonLinesReader::messages(std::size_t field) {
  return state_->with_place([&] { return state_->fields.messages(state_->record, field); });
}

bool JsonLinesReader::has(std::size_t field) { return state_->fields.has(state_->record, field); }

const std::vector<std::string>& JsonLinesReader::late_names() const { return state_->fields.late_names(); }

std::int64_t JsonLinesReader::line() const { return state_->line; }

double JsonLinesReader::share_read() const {
  return static_cast<double>(state_->source.bytes_read()) /
         static_cast<double>(std::max<std::uint64_t>(1, state_->source.bytes_total()));
}

std::string JsonLinesReader::place() const { return state_->name + ":" + std::to_string(state_->line); }

}  // namespace fairsweep
