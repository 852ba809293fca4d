#include <nlohmann/json.hpp>

#include "core/protocol/codec.hpp"
#include "core/protocol/message_tree.hpp"
#include "core/protocol/node_list.hpp"

namespace fairsweep {

namespace {

/// Receives the parser's events. Every callback answers whether to go on.
class JsonEvents final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit JsonEvents(std::size_t bytes) : nodes_(8 + bytes / 12) {
    characters_.reserve(bytes);  // text is never longer than its JSON, so the views into it stay valid
  }

  bool null() override {
    nodes_.add(MessageNode::Kind::null);
    return true;
  }
  bool boolean(bool value) override {
    nodes_.add(MessageNode::Kind::boolean).boolean = value;
    return true;
  }
  bool number_integer(number_integer_t value) override {
    if (value >= 0) {  // "-0"
      return number_unsigned(static_cast<number_unsigned_t>(value));
    }
    nodes_.add(MessageNode::Kind::negative).negative = value;
    return true;
  }
  bool number_unsigned(number_unsigned_t value) override {
    nodes_.add(MessageNode::Kind::unsigned_integer).unsigned_integer = value;
    return true;
  }
  bool number_float(number_float_t value, const string_t& /*text*/) override {
    nodes_.add(MessageNode::Kind::real).real = value;
    return true;
  }
  bool string(string_t& value) override {
    const std::string_view text = keep(value);
    nodes_.add(MessageNode::Kind::text).text = text;
    return true;
  }
  bool binary(binary_t& /*value*/) override { return false; }  // JSON has none
  bool key(string_t& value) override {
    nodes_.key(keep(value));
    return true;
  }
  bool start_object(std::size_t /*size*/) override { return open(MessageNode::Kind::object); }
  bool start_array(std::size_t /*size*/) override { return open(MessageNode::Kind::array); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    problem_ = "not JSON at byte " + std::to_string(position) + " (NaN and Infinity are not JSON: write null)";
    return false;
  }

  NodeList& nodes() { return nodes_; }
  std::vector<char>& characters() { return characters_; }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  std::string_view keep(const std::string& text) {
    const std::size_t start = characters_.size();
    characters_.insert(characters_.end(), text.begin(), text.end());
    return {characters_.data() + start, text.size()};
  }
  bool open(MessageNode::Kind kind) {
    const bool allowed = nodes_.open(kind);
    if (!allowed) {
      problem_ = "a message nested deeper than " + std::to_string(k_deepest_message) + " levels";
    }
    return allowed;
  }
  bool close() {
    nodes_.close();
    return true;
  }

  NodeList nodes_;
  std::vector<char> characters_;
  std::string problem_;
};

}  // namespace

MessageTree MessageTree::from_json(std::string_view json) {
  JsonEvents events(json.size());
  const char* begin = json.data();
  if (!nlohmann::json::sax_parse(begin, begin + json.size(), &events)) {
    throw BadMessage(events.problem());
  }
  if (!events.nodes().starts_with_object()) {
    throw BadMessage("expected a JSON object");
  }
  return {events.nodes().take(), std::move(events.characters())};
}

}  // namespace fairsweep
