#include "results/store/stored_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

#include "results/store/stored_value.hpp"

namespace fairsweep::store {
namespace {

const std::string k_mark = "\xEF\xBF\xBD";

TEST(StoredText, GoodTextStays) {
  for (const char* text : {"", "plain",
                           "Gr\xC3\xBC\xC3\x9F"
                           "e",
                           "\xF0\x9F\x98\x80", "tab\tand\nline"}) {
    EXPECT_EQ(storable(std::string_view(text)), text);
  }
}

TEST(StoredText, BadBytesAreMarkedOneByOne) {
  EXPECT_EQ(storable(std::string_view("a\xff"
                                      "b")),
            "a" + k_mark + "b");
  EXPECT_EQ(storable(std::string_view("\xC3")), k_mark);                            // cut short
  EXPECT_EQ(storable(std::string_view("\xED\xA0\x80")), k_mark + k_mark + k_mark);  // a surrogate
  EXPECT_EQ(storable(std::string_view("a\0b", 3)), "a" + k_mark + "b");
  EXPECT_EQ(storable(std::string_view("\xC3\xBC\xff\xC3\xBC")), "\xC3\xBC" + k_mark + "\xC3\xBC");
}

TEST(StoredValue, TypesStayApart) {
  const std::vector<Value> values = {std::int64_t{3},
                                     3.0,
                                     std::string("3"),
                                     true,
                                     false,
                                     -0.0,
                                     0.1 + 0.2,
                                     5e-324,
                                     std::numeric_limits<std::int64_t>::min(),
                                     std::string("a \"b\"\n")};
  EXPECT_EQ(values_from_json(values_to_json(values)), values);
  EXPECT_EQ(values_to_json({std::int64_t{3}, 3.0}), "[3,3.0]");
}

TEST(StoredValue, RefusesWhatIsNoSetting) {
  for (const char* json : {"", "{", "3", "{}", "[null]", "[[1]]", "[18446744073709551615]"}) {
    EXPECT_THROW((void)values_from_json(json), std::invalid_argument) << json;
  }
}

}  // namespace
}  // namespace fairsweep::store
