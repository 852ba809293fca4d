#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace fairsweep {

/// Writes one JSON object as a line of text, without building a tree first. Reals are the shortest decimal that reads
/// back to the same double and always look like reals (3.0, 1e-05); NaN is null, infinities are "Infinity" and
/// "-Infinity", since JSON has neither.
class JsonWriter {
 public:
  JsonWriter() { text_.reserve(256); }
  void begin_record() { open('{'); }
  void end_record() { close('}'); }
  void begin_map(std::size_t /*size*/) { open('{'); }
  void end_map() { close('}'); }
  void begin_list(std::size_t /*size*/) { open('['); }
  void end_list() { close(']'); }
  void key(std::string_view name);
  void boolean(bool value);
  void integer(std::int64_t value);
  void unsigned_integer(std::uint64_t value);
  void real(double value);
  /// Bytes that are no UTF-8 become U+FFFD.
  void text(std::string_view value);
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void open(char bracket);
  void close(char bracket);
  void separate();
  void quote(std::string_view value);

  std::string text_;
  bool first_ = true;  ///< nothing needs a comma before it
};

}  // namespace fairsweep
