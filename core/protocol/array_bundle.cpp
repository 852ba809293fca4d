#include "core/protocol/array_bundle.hpp"

#include <bit>
#include <cerrno>
#include <cstring>  // for memcpy
#include <fstream>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>

#include "core/diagnostics/digest.hpp"
#include "core/diagnostics/durable_file.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/protocol/cbor_writer.hpp"
#include "core/protocol/codec.hpp"
#include "core/protocol/message_tree.hpp"

namespace fairsweep {

namespace {

// Values are stored little-endian and copied as they are.
static_assert(std::endian::native == std::endian::little, "array bundles need a little-endian machine");

// {format: "fairsweep-arrays", version: 1, attributes: {name: text},
//  arrays: {name: {type: "float32", shape: [n, ...], data: bytes}}}
constexpr std::string_view k_format = "fairsweep-arrays";
constexpr std::uint64_t k_version = 1;

std::string_view type_name(const NamedArray& array) {
  constexpr std::string_view k_names[] = {"float32", "float64", "int32", "int64"};
  return k_names[array.values.index()];
}

/// Values the shape asks for; nothing where that number is too large to be true.
std::optional<std::uint64_t> value_count(const std::vector<std::uint64_t>& shape) {
  std::uint64_t count = 1;
  for (const std::uint64_t extent : shape) {
    if (__builtin_mul_overflow(count, extent, &count)) {
      return std::nullopt;
    }
  }
  return count;
}

void write_array(CborWriter& writer, const std::string& name, const NamedArray& array) {
  std::visit(
      [&](const auto& values) {
        check(value_count(array.shape) == values.size(), "array \"" + name + "\" has another size than its shape");
        const std::span<const std::byte> bytes = std::as_bytes(std::span(values));
        writer.begin_record();
        writer.key("type");
        writer.text(type_name(array));
        writer.key("shape");
        writer.begin_list(array.shape.size());
        for (const std::uint64_t extent : array.shape) {
          writer.unsigned_integer(extent);
        }
        writer.end_list();
        writer.key("data");
        writer.binary({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
        writer.end_record();
      },
      array.values);
}

/// Reads a bundle's tree. Every problem is a BadMessage.
class BundleReader {
 public:
  explicit BundleReader(const MessageTree& tree) : tree_(tree) {}

  ArrayBundle read() const {
    if (tree_.node(field(MessageTree::k_root, "format", MessageNode::Kind::text)).text != k_format) {
      throw BadMessage("the format is another");
    }
    const std::uint64_t version =
        tree_.node(field(MessageTree::k_root, "version", MessageNode::Kind::unsigned_integer)).unsigned_integer;
    if (version != k_version) {
      throw BadMessage("version " + std::to_string(version) + " of the format; this program reads " +
                       std::to_string(k_version));
    }
    ArrayBundle bundle;
    for_each_child(field(MessageTree::k_root, "attributes", MessageNode::Kind::object), [&](std::uint32_t at) {
      const MessageNode& node = tree_.node(at);
      expect(node.kind == MessageNode::Kind::text, "attribute \"" + std::string(node.key) + "\" is no text");
      const bool added = bundle.attributes.emplace(node.key, node.text).second;
      expect(added, "attribute \"" + std::string(node.key) + "\" stands twice");
    });
    for_each_child(field(MessageTree::k_root, "arrays", MessageNode::Kind::object), [&](std::uint32_t at) {
      const std::string name(tree_.node(at).key);
      expect(tree_.node(at).kind == MessageNode::Kind::object, "array \"" + name + "\" is no map");
      const bool added = bundle.arrays.emplace(name, read_array(at, name)).second;
      expect(added, "array \"" + name + "\" stands twice");
    });
    return bundle;
  }

 private:
  static void expect(bool holds, const std::string& otherwise) {
    if (!holds) {
      throw BadMessage(otherwise);
    }
  }

  template <typename Visit>
  void for_each_child(std::uint32_t parent, Visit visit) const {
    const std::uint32_t end = tree_.node(parent).end;
    for (std::uint32_t child = parent + 1; child < end; child = tree_.node(child).end) {
      visit(child);
    }
  }

  std::uint32_t field(std::uint32_t object, std::string_view name, MessageNode::Kind kind) const {
    std::uint32_t found = object;
    for_each_child(object, [&](std::uint32_t child) {
      if (tree_.node(child).key == name) {
        found = child;
      }
    });
    expect(found != object, "the field \"" + std::string(name) + "\" is missing");
    expect(tree_.node(found).kind == kind, "the field \"" + std::string(name) + "\" should be " +
                                               std::string(describe(kind)) + " and is " +
                                               std::string(describe(tree_.node(found).kind)));
    return found;
  }

  NamedArray read_array(std::uint32_t object, const std::string& name) const {
    const std::string_view type = tree_.node(field(object, "type", MessageNode::Kind::text)).text;
    const std::string_view data = tree_.node(field(object, "data", MessageNode::Kind::bytes)).text;
    NamedArray array;
    for_each_child(field(object, "shape", MessageNode::Kind::array), [&](std::uint32_t at) {
      expect(tree_.node(at).kind == MessageNode::Kind::unsigned_integer, "array \"" + name + "\" has a strange shape");
      array.shape.push_back(tree_.node(at).unsigned_integer);
    });
    if (type == "float32") {
      array.values = values<float>(array.shape, data, name);
    } else if (type == "float64") {
      array.values = values<double>(array.shape, data, name);
    } else if (type == "int32") {
      array.values = values<std::int32_t>(array.shape, data, name);
    } else if (type == "int64") {
      array.values = values<std::int64_t>(array.shape, data, name);
    } else {
      throw BadMessage("array \"" + name + "\" has the unknown type \"" + std::string(type) + "\"");
    }
    return array;
  }

  template <typename Number>
  static std::vector<Number> values(const std::vector<std::uint64_t>& shape, std::string_view data,
                                    const std::string& name) {
    const std::optional<std::uint64_t> count = value_count(shape);
    expect(count.has_value() && data.size() % sizeof(Number) == 0 && *count == data.size() / sizeof(Number),
           "array \"" + name + "\" has another size than its shape");
    std::vector<Number> numbers(data.size() / sizeof(Number));
    if (!data.empty()) {
      std::memcpy(numbers.data(), data.data(), data.size());
    }
    return numbers;
  }

  const MessageTree& tree_;
};

std::string digest_of(std::span<const std::uint8_t> bytes) {
  return sha256({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::filesystem::path artefact_file(const std::filesystem::path& directory, const std::string& digest) {
  return directory / (digest + ".cbor");
}

bool is_digest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

std::vector<std::uint8_t> encode(const ArrayBundle& bundle) {
  CborWriter writer;
  writer.begin_record();
  writer.key("format");
  writer.text(k_format);
  writer.key("version");
  writer.unsigned_integer(k_version);
  writer.key("attributes");
  writer.begin_map(bundle.attributes.size());
  for (const auto& [name, text] : bundle.attributes) {
    writer.key(name);
    writer.text(text);
  }
  writer.end_map();
  writer.key("arrays");
  writer.begin_map(bundle.arrays.size());
  for (const auto& [name, array] : bundle.arrays) {
    writer.key(name);
    write_array(writer, name, array);
  }
  writer.end_map();
  writer.end_record();
  return writer.take();
}

ArrayBundle decode_bundle(const std::vector<std::uint8_t>& bytes, const std::string& source) {
  try {
    return BundleReader(MessageTree::from_cbor(bytes)).read();
  } catch (const BadMessage& error) {
    throw UserError(ExitCode::file, source + ": not an array bundle: " + error.what());
  }
}

std::string write_artefact(const std::filesystem::path& directory, const ArrayBundle& bundle) {
  const std::vector<std::uint8_t> bytes = encode(bundle);
  std::string digest = digest_of(bytes);
  const std::filesystem::path file = artefact_file(directory, digest);
  if (!std::filesystem::exists(file)) {
    replace_file(file, std::as_bytes(std::span(bytes)));
  }
  return digest;
}

ArrayBundle read_artefact(const std::filesystem::path& directory, const std::string& digest) {
  if (!is_digest(digest)) {  // never a path of somebody's choosing
    throw UserError(ExitCode::file, "artefact \"" + digest + "\": a digest is 64 lower-case hexadecimal digits");
  }
  const std::filesystem::path file = artefact_file(directory, digest);
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    throw UserError(ExitCode::file, file.string() + ": cannot be read (" + std::generic_category().message(errno) +
                                        "); copy the run directory with its artefacts");
  }
  const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (digest_of(bytes) != digest) {
    throw UserError(ExitCode::file, file.string() +
                                        ": its bytes do not have the digest of its name; it is damaged, "
                                        "restore it from a copy");
  }
  return decode_bundle(bytes, file.string());
}

}  // namespace fairsweep
