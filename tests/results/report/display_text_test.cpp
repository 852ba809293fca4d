#include "results/report/display_text.hpp"

#include <gtest/gtest.h>

#include "core/diagnostics/errors.hpp"
#include "results/report/text_table.hpp"

namespace fairsweep::report {
namespace {

const std::string k_mark = "\xEF\xBF\xBD";

TEST(DisplayText, CountsColumnsNotBytes) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("Gr\xC3\xBC\xC3\x9F"
                          "e"),
            5U);
  EXPECT_EQ(display_width("\xE6\x97\xA5\xE6\x9C\xAC"), 4U);  // two Japanese characters
  EXPECT_EQ(display_width("e\xCC\x81"), 1U);                 // e and a combining accent
  EXPECT_EQ(display_width("\xF0\x9F\x98\x80"), 2U);
  EXPECT_EQ(display_width("0.5 \xC2\xB1 0.1"), 9U);
}

TEST(DisplayText, NothingActsOnTheTerminal) {
  EXPECT_EQ(printable("a\x1b[31mb"), "a" + k_mark + "[31mb");
  EXPECT_EQ(printable("a\nb\tc\r"), "a" + k_mark + "b" + k_mark + "c" + k_mark);
  EXPECT_EQ(printable("\xC2\x9B"), k_mark);  // the eight-bit escape
  EXPECT_EQ(printable("\xE2\x80\xAE"
                      "x"),
            k_mark + "x");  // right-to-left override
  EXPECT_EQ(printable("\xC3"), k_mark);
  EXPECT_EQ(printable("\xC0\xAF"), k_mark + k_mark);
  EXPECT_EQ(printable("\xED\xA0\x80"), k_mark + k_mark + k_mark);
  EXPECT_EQ(printable("Gr\xC3\xBC\xC3\x9F"
                      "e \xF0\x9F\x98\x80"),
            "Gr\xC3\xBC\xC3\x9F"
            "e \xF0\x9F\x98\x80");
}

TEST(DisplayText, PadsToColumns) {
  EXPECT_EQ(padded("\xC3\xBC", 3), "\xC3\xBC  ");
  EXPECT_EQ(padded("\xC3\xBC", 3, Align::right), "  \xC3\xBC");
  EXPECT_EQ(padded("long", 2), "long");
}

TEST(DisplayText, ProseIsWrappedAtBlanks) {
  EXPECT_EQ(wrapped("one two three", 7), "one two\nthree");
  EXPECT_EQ(wrapped("one two three", 8), "one two\nthree");
  EXPECT_EQ(wrapped("one\n  two three\n", 20), "one\ntwo three\n");
  EXPECT_EQ(wrapped("a longest b", 4), "a\nlongest\nb");
  EXPECT_EQ(wrapped("\xC3\xBC\xC3\xBC \xC3\xBC\xC3\xBC", 5),
            "\xC3\xBC\xC3\xBC \xC3\xBC\xC3\xBC");  // columns, not bytes
  EXPECT_EQ(wrapped("", 5), "");
}

TEST(TextTable, AlignsColumnsAndHeaders) {
  TextTable table;
  table.add_column("name");
  table.add_column("two\nlines", Align::right);
  table.add_row({"\xC3\xBC", "1"});
  table.add_row({"longer", "12345678"});
  EXPECT_EQ(table.text(1),
            "              two\n"
            " name       lines\n"
            " ------  --------\n"
            " \xC3\xBC              1\n"
            " longer  12345678\n");
  EXPECT_EQ(table.row_count(), 2U);
}

TEST(TextTable, ACellStaysOnItsLine) {
  TextTable table;
  table.add_column("x");
  table.add_row({"a\nb"});
  EXPECT_EQ(table.text(), "x\n---\na" + k_mark + "b\n");
  EXPECT_THROW(table.add_row({"1", "2"}), InternalError);
  EXPECT_THROW(table.add_column("late"), InternalError);
}

}  // namespace
}  // namespace fairsweep::report
