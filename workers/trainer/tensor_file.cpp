#include "workers/trainer/tensor_file.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <span>
#include <vector>

#include "core/diagnostics/digest.hpp"
#include "core/diagnostics/durable_file.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/protocol/array_bundle.hpp"

namespace fairsweep {
namespace {

constexpr std::size_t k_digest_length = 64;

template <typename Number>
std::vector<Number> numbers_in(const at::Tensor& tensor) {
  const at::Tensor flat = tensor.contiguous();
  return {flat.data_ptr<Number>(), flat.data_ptr<Number>() + flat.numel()};
}

NamedArray to_array(const at::Tensor& tensor) {
  NamedArray array;
  for (const std::int64_t size : tensor.sizes())
    array.shape.push_back(static_cast<std::uint64_t>(size));
  check(tensor.is_cpu(), "a tensor to be stored is on the CPU");
  switch (tensor.scalar_type()) {
    case at::kFloat:
      array.values = numbers_in<float>(tensor);
      break;
    case at::kDouble:
      array.values = numbers_in<double>(tensor);
      break;
    case at::kLong:
      array.values = numbers_in<std::int64_t>(tensor);
      break;
    default:
      check(false, "a tensor to be stored is float, double or int64");
  }
  return array;
}

at::Tensor to_tensor(const NamedArray& array) {
  std::vector<std::int64_t> sizes;
  for (const std::uint64_t size : array.shape)
    sizes.push_back(static_cast<std::int64_t>(size));
  return std::visit(
      [&sizes](const auto& values) {
        using Number = typename std::decay_t<decltype(values)>::value_type;
        at::Tensor tensor = at::empty(sizes, c10::CppTypeToScalarType<Number>::value);
        if (tensor.numel() != static_cast<std::int64_t>(values.size())) {
          throw UserError(ExitCode::file, "an array has another size than its shape");
        }
        std::copy(values.begin(), values.end(), tensor.data_ptr<Number>());
        return tensor;
      },
      array.values);
}

std::string digest_bytes(std::span<const std::uint8_t> bytes) {
  Sha256 digest;
  digest.update(std::as_bytes(bytes));
  return digest.finish();
}

}  // namespace

void write_tensor_file(const std::filesystem::path& path, const TensorFile& file) {
  ArrayBundle bundle;
  bundle.attributes = file.words;
  for (const auto& [name, tensor] : file.tensors)
    bundle.arrays[name] = to_array(tensor);
  const std::vector<std::uint8_t> body = encode(bundle);
  const std::string digest = digest_bytes(body);
  std::vector<std::uint8_t> bytes(digest.begin(), digest.end());
  bytes.insert(bytes.end(), body.begin(), body.end());
  replace_file(path, std::as_bytes(std::span<const std::uint8_t>(bytes)));
}

std::optional<TensorFile> read_tensor_file(const std::filesystem::path& path) {
  std::ifstream input(path, std::ios::binary);
  if (!input)
    return std::nullopt;
  const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(input), std::istreambuf_iterator<char>()};
  try {
    const std::size_t head = std::min(bytes.size(), k_digest_length);
    const std::vector<std::uint8_t> body(bytes.begin() + static_cast<std::ptrdiff_t>(head), bytes.end());
    if (std::string(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(head)) != digest_bytes(body)) {
      throw UserError(ExitCode::file, "its bytes do not have the digest it opens with");
    }
    const ArrayBundle bundle = decode_bundle(body, path.string());
    TensorFile file;
    file.words = bundle.attributes;
    for (const auto& [name, array] : bundle.arrays)
      file.tensors[name] = to_tensor(array);
    return file;
  } catch (const UserError& error) {
    spdlog::warn("{} is damaged and not used: {}; what it held is computed again", path.string(), error.what());
    return std::nullopt;
  }
}

}  // namespace fairsweep
