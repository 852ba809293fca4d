#include "workers/trainer/mapped_tensors.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <limits>
#include <random>
#include <sstream>
#include <string>

#include "core/diagnostics/errors.hpp"
#include "tests/workers/trainer_session/temporary_folder.hpp"

namespace fairsweep {
namespace {

MappedTensors some_tensors() {
  return {{"floats", at::arange(15, at::kFloat).view({3, 5}) / 7},
          {"doubles", at::full({2}, std::numeric_limits<double>::quiet_NaN(), at::kDouble)},
          {"longs", at::arange(-2, 3, at::kLong)},
          {"ints", at::arange(9, at::kInt).view({3, 1, 3})},
          {"flags", at::arange(5, at::kLong) > 2},
          {"nobody", at::empty({0, 4}, at::kFloat)},
          {"one", at::full({}, 3.0F)}};
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

void put(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

class MappedTensorsTest : public testing::Test {
 protected:
  testing_data::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "set.data";
};

TEST_F(MappedTensorsTest, ComeBackAsTheyWere) {
  const MappedTensors before = some_tensors();
  write_mapped_tensors(path_, before);
  const auto after = map_tensors(path_);
  ASSERT_TRUE(after);
  ASSERT_EQ(after->size(), before.size());
  for (const auto& [name, tensor] : before) {
    const at::Tensor& found = after->at(name);
    EXPECT_EQ(found.scalar_type(), tensor.scalar_type()) << name;
    EXPECT_EQ(found.sizes(), tensor.sizes()) << name;
    EXPECT_EQ(std::string(static_cast<const char*>(found.data_ptr()), found.nbytes()),
              std::string(static_cast<const char*>(tensor.contiguous().data_ptr()), tensor.nbytes()))
        << name;
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(found.data_ptr()) % (found.numel() > 0 ? 64 : 1), 0U) << name;
  }
}

TEST_F(MappedTensorsTest, AreMappedReadOnlyAndOutliveTheFile) {
  write_mapped_tensors(path_, some_tensors());
  auto tensors = map_tensors(path_);
  ASSERT_TRUE(tensors);
  EXPECT_NE(bytes_of("/proc/self/maps").find(path_.string()), std::string::npos);
  const at::Tensor floats = tensors->at("floats");
  tensors.reset();
  std::filesystem::remove(path_);
  EXPECT_TRUE(floats.equal(at::arange(15, at::kFloat).view({3, 5}) / 7));
  EXPECT_DEATH(floats.data_ptr<float>()[0] = 1, "");
}

TEST_F(MappedTensorsTest, AreUnmappedWithTheLastOfThem) {
  write_mapped_tensors(path_, some_tensors());
  { const auto tensors = map_tensors(path_); }
  EXPECT_EQ(bytes_of("/proc/self/maps").find(path_.string()), std::string::npos);
}

TEST_F(MappedTensorsTest, AFileThatIsNotThereIsNothing) { EXPECT_FALSE(map_tensors(path_)); }

TEST_F(MappedTensorsTest, AFileCutAnywhereIsNothing) {
  write_mapped_tensors(path_, some_tensors());
  const std::string whole = bytes_of(path_);
  std::size_t whole_files = 0;
  for (std::size_t length = 0; length < whole.size(); ++length) {
    put(path_, whole.substr(0, length));
    whole_files += map_tensors(path_).has_value() ? 1 : 0;
  }
  // What follows the last tensor's values is padding, and that tensor's neighbours in the header have none.
  EXPECT_LT(whole_files, 64U);
}

TEST_F(MappedTensorsTest, ADamagedHeaderIsNothing) {
  write_mapped_tensors(path_, some_tensors());
  const std::string whole = bytes_of(path_);
  const std::uint32_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const std::size_t header_end = 80 + std::stoull(whole.substr(64, 16), nullptr, 16);
  for (int i = 0; i < 300; ++i) {
    std::string damaged = whole;
    const std::size_t place = random() % header_end;
    damaged[place] = static_cast<char>(static_cast<unsigned char>(damaged[place]) ^ (1U << (random() % 8)));
    put(path_, damaged);
    EXPECT_FALSE(map_tensors(path_)) << "byte " << place;
  }
}

TEST_F(MappedTensorsTest, OtherTensorsAreRefused) {
  EXPECT_THROW(write_mapped_tensors(path_, {{"half", at::empty({2}, at::kHalf)}}), InternalError);
  EXPECT_THROW(write_mapped_tensors(path_, {{"turned", at::empty({2, 3}, at::kFloat).t()}}), InternalError);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(MappedTensorsTest, AFolderThatIsNotThereIsNamed) {
  try {
    write_mapped_tensors(folder_.path() / "nowhere" / "set.data", some_tensors());
    FAIL() << "it was written";
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::environment);
    EXPECT_NE(std::string(error.what()).find("nowhere"), std::string::npos);
  }
}

}  // namespace
}  // namespace fairsweep
