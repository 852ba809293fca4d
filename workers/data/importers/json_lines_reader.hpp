#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "workers/data/importers/record_reader.hpp"

namespace fairsweep {

/// Lines of JSON objects (JSON Lines), plain or gzip. Empty lines are skipped. A line that is no JSON object, is not
/// UTF-8 or says a key twice is refused by itself; the lines behind it can still be read.
class JsonLinesReader final : public RecordReader {
 public:
  explicit JsonLinesReader(const std::filesystem::path& file);
  ~JsonLinesReader() override;

  [[nodiscard]] const std::vector<std::string>& names() const override;
  [[nodiscard]] std::size_t field(const std::string& name) override;
  [[nodiscard]] bool next() override;
  [[nodiscard]] std::string_view text(std::size_t field) override;
  [[nodiscard]] std::vector<Message> messages(std::size_t field) override;
  [[nodiscard]] std::int64_t line() const override;
  [[nodiscard]] double share_read() const override;
  [[nodiscard]] std::string place() const override;
  [[nodiscard]] bool has(std::size_t field) override;
  [[nodiscard]] const std::vector<std::string>& late_names() const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fairsweep
