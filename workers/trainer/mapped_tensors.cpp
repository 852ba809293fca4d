#include "workers/trainer/mapped_tensors.hpp"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "core/diagnostics/digest.hpp"
#include "core/diagnostics/durable_file.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/protocol/array_bundle.hpp"

namespace fairsweep {
namespace {

constexpr std::size_t k_digest_length = 64;
constexpr std::size_t k_length_length = 16;
constexpr std::size_t k_before_header = k_digest_length + k_length_length;
constexpr std::int64_t k_alignment = 64;  // the widest vector register
constexpr const char* k_format = "fairsweep mapped tensors 1";

// Position in this list is what the file says.
constexpr std::array k_types{at::kFloat, at::kDouble, at::kInt, at::kLong, at::kBool};

std::int64_t aligned(std::int64_t place) { return (place + k_alignment - 1) / k_alignment * k_alignment; }

std::int64_t bytes_of(const at::Tensor& tensor) {
  return tensor.numel() * static_cast<std::int64_t>(tensor.element_size());
}

/// Type, place after the header, sizes.
NamedArray describe(const at::Tensor& tensor, std::int64_t place) {
  const auto* const type = std::find(k_types.begin(), k_types.end(), tensor.scalar_type());
  check(type != k_types.end(), "a tensor to be mapped is float, double, int32, int64 or bool");
  check(tensor.is_cpu() && tensor.is_contiguous(), "a tensor to be mapped is on the CPU, and contiguous");
  std::vector<std::int64_t> numbers{type - k_types.begin(), place};
  numbers.insert(numbers.end(), tensor.sizes().begin(), tensor.sizes().end());
  const std::uint64_t count = numbers.size();
  return {{count}, std::move(numbers)};
}

class Mapping {
 public:
  /// No bytes where the file is not there or cannot be mapped.
  explicit Mapping(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
      return;
    struct stat status{};
    if (::fstat(descriptor, &status) == 0 && status.st_size > 0) {
      const auto size = static_cast<std::size_t>(status.st_size);
      void* const place = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
      if (place != MAP_FAILED)
        bytes_ = {static_cast<const std::byte*>(place), size};
    }
    ::close(descriptor);
  }
  ~Mapping() {
    if (!bytes_.empty())
      ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

[[noreturn]] void refuse(const std::string& what) { throw UserError(ExitCode::file, what); }

std::string text_in(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The header's bytes, whose digest is right.
std::vector<std::uint8_t> header_of(std::span<const std::byte> bytes) {
  if (bytes.size() < k_before_header)
    refuse("it ends before its header");
  const std::string length_text = text_in(bytes.subspan(k_digest_length, k_length_length));
  if (length_text.find_first_not_of("0123456789abcdef") != std::string::npos)
    refuse("the length of its header is no number");
  const std::size_t length = std::stoull(length_text, nullptr, 16);
  if (length > bytes.size() - k_before_header)
    refuse("it ends before its header does");
  const auto header = bytes.subspan(k_before_header, length);
  Sha256 digest;
  digest.update(header);
  if (digest.finish() != text_in(bytes.first(k_digest_length)))
    refuse("its header does not have the digest it opens with");
  const auto* const first = reinterpret_cast<const std::uint8_t*>(header.data());
  return {first, first + header.size()};
}

at::Tensor tensor_at(const std::shared_ptr<const Mapping>& mapping, std::int64_t values_begin,
                     const std::vector<std::int64_t>& numbers) {
  if (numbers.size() < 2 || numbers[0] < 0 || numbers[0] >= static_cast<std::int64_t>(k_types.size()))
    refuse("it has a tensor of an unknown type");
  const at::ScalarType type = k_types.at(static_cast<std::size_t>(numbers[0]));
  const at::IntArrayRef sizes(numbers.data() + 2, numbers.size() - 2);
  std::int64_t bytes = static_cast<std::int64_t>(c10::elementSize(type));
  for (const std::int64_t size : sizes) {
    if (size < 0 || __builtin_mul_overflow(bytes, size, &bytes))
      refuse("it has a tensor of an impossible size");
  }
  const std::int64_t end = static_cast<std::int64_t>(mapping->bytes().size()) - values_begin;
  if (numbers[1] < 0 || numbers[1] % k_alignment != 0 || numbers[1] > end || bytes > end - numbers[1])
    refuse("it ends before its values do");
  if (bytes == 0)
    return at::empty(sizes, type);
  const std::byte* const place = mapping->bytes().data() + values_begin + numbers[1];
  // The const is not written through: the pages are read-only, so whoever tries dies at once.
  return at::from_blob(const_cast<std::byte*>(place), sizes, [mapping](void*) {}, at::TensorOptions(type));
}

}  // namespace

void write_mapped_tensors(const std::filesystem::path& path, const MappedTensors& tensors) {
  ArrayBundle header;
  header.attributes["format"] = k_format;
  std::int64_t place = 0;
  for (const auto& [name, tensor] : tensors) {
    header.arrays[name] = describe(tensor, place);
    place = aligned(place + bytes_of(tensor));
  }
  const std::vector<std::uint8_t> body = encode(header);
  Sha256 digest;
  digest.update(std::as_bytes(std::span(body)));
  const std::string opening = digest.finish() + fmt::format("{:016x}", body.size());

  static constexpr std::array<std::byte, k_alignment> k_padding{};
  std::vector<std::span<const std::byte>> pieces{std::as_bytes(std::span(opening)), std::as_bytes(std::span(body))};
  const auto pad = [&pieces](std::int64_t written) {
    pieces.emplace_back(k_padding.data(), static_cast<std::size_t>(aligned(written) - written));
  };
  pad(static_cast<std::int64_t>(opening.size() + body.size()));
  for (const auto& [name, tensor] : tensors) {
    pieces.emplace_back(static_cast<const std::byte*>(tensor.data_ptr()), static_cast<std::size_t>(bytes_of(tensor)));
    pad(bytes_of(tensor));
  }
  replace_file(path, pieces);
}

std::optional<MappedTensors> map_tensors(const std::filesystem::path& path) {
  const auto mapping = std::make_shared<const Mapping>(path);
  if (mapping->bytes().empty())
    return std::nullopt;
  try {
    const std::vector<std::uint8_t> header = header_of(mapping->bytes());
    const ArrayBundle bundle = decode_bundle(header, path.string());
    if (bundle.attributes.count("format") == 0 || bundle.attributes.at("format") != k_format)
      refuse("it is of another version");
    const std::int64_t values_begin = aligned(static_cast<std::int64_t>(k_before_header + header.size()));
    if (values_begin > static_cast<std::int64_t>(mapping->bytes().size()))
      refuse("it ends before its values");
    MappedTensors tensors;
    for (const auto& [name, array] : bundle.arrays) {
      const auto* const numbers = std::get_if<std::vector<std::int64_t>>(&array.values);
      if (numbers == nullptr)
        refuse("its header is no list of tensors");
      tensors[name] = tensor_at(mapping, values_begin, *numbers);
    }
    return tensors;
  } catch (const UserError& error) {
    spdlog::warn("{} is damaged and not used: {}; what it held is made again", path.string(), error.what());
    return std::nullopt;
  }
}

}  // namespace fairsweep
