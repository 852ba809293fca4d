#include "core/diagnostics/digest.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

// Known answers of FIPS 180-2, appendix B, and of the empty text.
TEST(Sha256, GivesThePublishedAnswers) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256, DoesNotDependOnThePieces) {
  Sha256 digest;
  for (int i = 0; i < 1000; ++i)
    digest.update(std::string(1000, 'a'));
  EXPECT_EQ(digest.finish(), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");  // a million times a
}

TEST(Sha256, MovesWithItsState) {
  Sha256 first;
  first.update("ab");
  Sha256 second = std::move(first);
  second.update("c");
  EXPECT_EQ(second.finish(), sha256("abc"));
}

TEST(Sha256, IsNotFedAfterItsEnd) {
  Sha256 digest;
  digest.update("abc");
  EXPECT_EQ(digest.finish().size(), 64U);
  EXPECT_THROW(digest.update("d"), InternalError);
  EXPECT_THROW(static_cast<void>(digest.finish()), InternalError);
}

// RFC 3720, appendix B.4, and the usual check value.
TEST(Crc32c, GivesThePublishedAnswers) {
  const auto of = [](const std::string& text) { return crc32c(std::as_bytes(std::span(text))); };
  EXPECT_EQ(of("123456789"), 0xE3069283U);
  EXPECT_EQ(of(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(of(std::string(32, '\xFF')), 0x62A8AB43U);
  EXPECT_EQ(of(""), 0U);
}

}  // namespace
}  // namespace fairsweep
