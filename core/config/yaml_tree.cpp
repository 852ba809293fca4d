#include "core/config/yaml_tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>
#include <utility>

#include "core/config/config_errors.hpp"
#include "core/config/utf8_text.hpp"

namespace fairsweep {
namespace {

/// Ends the reading of a text at its first mistake of form.
struct Refusal {
  Place place;
  Mistake mistake;
};

/// What yaml-cpp would accept, misread or report badly, looked for before it sees the text.
void scan(std::string_view text, int source) {
  if (text.size() > k_most_bytes)
    throw Refusal{{source, 0, 0}, config_errors::too_large()};
  Place place{source, 1, 1};
  bool in_indentation = true;
  std::optional<Place> tab;
  for (std::size_t i = 0; i < text.size();) {
    const auto character = character_at(text, i);
    if (!character)
      throw Refusal{place, config_errors::not_utf8()};
    const std::uint32_t code = character->code;
    if (is_control(code) && code != '\r')
      throw Refusal{place, config_errors::control_character(code)};
    if (code == '\n') {
      ++place.line;
      place.column = 0;
      in_indentation = true;
      tab.reset();
    } else if (in_indentation && code == '\t') {
      if (!tab)
        tab = place;
    } else if (code != ' ' && code != '\r') {
      // Blank lines and comments may begin as they like.
      if (in_indentation && tab && code != '#')
        throw Refusal{*tab, config_errors::tab_in_indentation()};
      in_indentation = false;
    }
    i += character->bytes;
    place.column += static_cast<int>(character->bytes);
  }
}

/// Builds the tree from the parser's events, so that nothing is lost on the way: yaml-cpp's own nodes hide duplicate
/// keys, follow aliases and convert on access.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(int source) : source_(source) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_extras(mark, "", anchor);
    place_node(node(YamlNode::Kind::nothing, mark));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { throw Refusal{at(mark), config_errors::anchor()}; }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_extras(mark, tag, anchor);
    YamlNode scalar = node(YamlNode::Kind::scalar, mark);
    scalar.plain = tag != "!";  // yaml-cpp's mark for quoted and block scalars
    scalar.text = value;
    place_node(std::move(scalar));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::sequence, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::mapping, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

  [[nodiscard]] Place at(const YAML::Mark& mark) const {
    if (mark.is_null())
      return {source_, 0, 0};
    return {source_, mark.line + 1, mark.column + 1};
  }
  [[nodiscard]] std::optional<YamlNode> take() { return std::move(root_); }

 private:
  [[nodiscard]] YamlNode node(YamlNode::Kind kind, const YAML::Mark& mark) const {
    YamlNode made;
    made.kind = kind;
    made.place = at(mark);
    return made;
  }

  void refuse_extras(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) const {
    if (anchor != YAML::NullAnchor)
      throw Refusal{at(mark), config_errors::anchor()};
    if (!tag.empty() && tag != "?" && tag != "!")
      throw Refusal{at(mark), config_errors::tag(tag)};
  }

  void open(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    refuse_extras(mark, tag, anchor);
    if (open_.size() >= k_most_levels)
      throw Refusal{at(mark), config_errors::too_deep()};
    open_.push_back(node(kind, mark));
  }

  void close() {
    YamlNode done = std::move(open_.back());
    open_.pop_back();
    place_node(std::move(done));
  }

  void place_node(YamlNode done) {
    if (open_.empty()) {
      root_ = std::move(done);
      return;
    }
    YamlNode& parent = open_.back();
    const bool is_key = parent.kind == YamlNode::Kind::mapping && parent.keys.size() == parent.items.size();
    // The parser finds out at the next token, maybe lines below, that there is no value.
    if (!is_key && done.kind == YamlNode::Kind::nothing && !parent.keys.empty())
      done.place = parent.keys.back().place;
    (is_key ? parent.keys : parent.items).push_back(std::move(done));
  }

  int source_;
  std::vector<YamlNode> open_;
  std::optional<YamlNode> root_;
};

Place without_position(Place place, int source) {
  // The value of a --set is one line that the message repeats anyway.
  return source == 0 ? place : Place{source, 0, 0};
}

void forget_positions(YamlNode& node, int source) {
  node.place = {source, 0, 0};
  for (YamlNode& key : node.keys)
    forget_positions(key, source);
  for (YamlNode& item : node.items)
    forget_positions(item, source);
}

}  // namespace

std::optional<YamlNode> parse_yaml(const std::string& text, int source, MistakeList& mistakes) {
  TreeBuilder builder(source);
  try {
    scan(text, source);
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    const bool found = parser.HandleNextDocument(builder);
    std::optional<YamlNode> root = builder.take();
    if (found) {
      TreeBuilder rest(source);
      if (parser.HandleNextDocument(rest)) {
        const auto more = rest.take();
        throw Refusal{more ? more->place : Place{source, 0, 0}, config_errors::several_documents()};
      }
    }
    if (!root)
      root = YamlNode{};
    if (source != 0)
      forget_positions(*root, source);
    return root;
  } catch (const Refusal& refusal) {
    mistakes.add(without_position(refusal.place, source), refusal.mistake);
  } catch (const YAML::Exception& error) {
    mistakes.add(without_position(builder.at(error.mark), source), config_errors::not_yaml(error.msg));
  }
  return std::nullopt;
}

}  // namespace fairsweep
