#include "core/protocol/array_bundle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

using ::testing::HasSubstr;

ArrayBundle example() {
  ArrayBundle bundle;
  bundle.attributes = {{"split", "test"}, {"what", "per user"}};
  bundle.arrays["accuracy"] = {{2, 2}, std::vector<float>{0.5F, 1.0F, -0.0F, 3.25F}};
  bundle.arrays["loss"] = {{3}, std::vector<double>{0.1, 1e300, -5e-324}};
  bundle.arrays["user"] = {{2}, std::vector<std::int32_t>{-1, 2147483647}};
  bundle.arrays["comparison"] = {{1}, std::vector<std::int64_t>{-9000000000}};
  bundle.arrays["empty"] = {{0, 4}, std::vector<float>{}};
  bundle.arrays["scalar"] = {{}, std::vector<double>{2.5}};
  return bundle;
}

class ArrayBundleFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("fairsweep_bundle_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
};

std::string error_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::file);
    return error.what();
  }
  return "no error";
}

TEST(ArrayBundle, ReadsBackEqualAndEqualBundlesGiveEqualBytes) {
  const std::vector<std::uint8_t> bytes = encode(example());
  EXPECT_EQ(decode_bundle(bytes, "here"), example());
  EXPECT_EQ(encode(decode_bundle(bytes, "here")), bytes);
}

// The layout people read with any CBOR library: pinned through another implementation.
TEST(ArrayBundle, IsPlainCbor) {
  const nlohmann::json read = nlohmann::json::from_cbor(encode(example()));
  EXPECT_EQ(read.at("format"), "fairsweep-arrays");
  EXPECT_EQ(read.at("version"), 1);
  EXPECT_EQ(read.at("attributes").at("split"), "test");
  EXPECT_EQ(read.at("arrays").at("user").at("type"), "int32");
  EXPECT_EQ(read.at("arrays").at("user").at("shape"), nlohmann::json::array({2}));
  const std::vector<std::uint8_t>& data = read.at("arrays").at("user").at("data").get_binary();
  EXPECT_EQ(data, (std::vector<std::uint8_t>{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}));
}

TEST(ArrayBundle, RefusesASizeThatIsNotItsShape) {
  ArrayBundle bundle;
  bundle.arrays["a"] = {{3}, std::vector<float>{1, 2}};
  EXPECT_THROW(static_cast<void>(encode(bundle)), InternalError);

  nlohmann::json tree = nlohmann::json::from_cbor(encode(example()));
  tree["arrays"]["user"]["shape"] = {3};
  EXPECT_EQ(error_of([&] { static_cast<void>(decode_bundle(nlohmann::json::to_cbor(tree), "a.cbor")); }),
            "a.cbor: not an array bundle: array \"user\" has another size than its shape");
  tree["arrays"]["user"]["shape"] = {1ULL << 63, 4};
  EXPECT_THAT(error_of([&] { static_cast<void>(decode_bundle(nlohmann::json::to_cbor(tree), "a.cbor")); }),
              HasSubstr("another size than its shape"));
}

TEST(ArrayBundle, RefusesWhatIsNoBundle) {
  EXPECT_THAT(error_of([] { static_cast<void>(decode_bundle({}, "a.cbor")); }),
              HasSubstr("a.cbor: not an array bundle: "));
  nlohmann::json tree = nlohmann::json::from_cbor(encode(example()));
  tree["version"] = 2;
  EXPECT_EQ(error_of([&] { static_cast<void>(decode_bundle(nlohmann::json::to_cbor(tree), "a.cbor")); }),
            "a.cbor: not an array bundle: version 2 of the format; this program reads 1");
  tree["version"] = 1;
  tree["arrays"]["user"]["type"] = "uint8";
  EXPECT_THAT(error_of([&] { static_cast<void>(decode_bundle(nlohmann::json::to_cbor(tree), "a.cbor")); }),
              HasSubstr("unknown type \"uint8\""));
}

TEST_F(ArrayBundleFiles, AreNamedByTheirBytes) {
  const std::string digest = write_artefact(folder_, example());
  EXPECT_EQ(digest.size(), 64U);
  EXPECT_EQ(read_artefact(folder_, digest), example());
  EXPECT_EQ(write_artefact(folder_, example()), digest);
  const auto files = std::distance(std::filesystem::directory_iterator(folder_), {});
  EXPECT_EQ(files, 1) << "no temporary file stays";
}

TEST_F(ArrayBundleFiles, SayWhatIsMissingOrDamaged) {
  EXPECT_THAT(error_of([&] { static_cast<void>(read_artefact(folder_, std::string(64, 'a'))); }),
              HasSubstr("cannot be read (No such file"));
  EXPECT_THAT(error_of([&] { static_cast<void>(read_artefact(folder_, "../secret")); }), HasSubstr("64 lower-case"));
  const std::string digest = write_artefact(folder_, example());
  std::ofstream(folder_ / (digest + ".cbor"), std::ios::app) << 'x';
  EXPECT_THAT(error_of([&] { static_cast<void>(read_artefact(folder_, digest)); }),
              HasSubstr("do not have the digest of its name"));
}

}  // namespace
}  // namespace fairsweep
