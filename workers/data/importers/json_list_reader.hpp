#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "workers/data/importers/record_reader.hpp"

namespace fairsweep {

/// One JSON list of objects, plain or gzip, read whole: at most 1 GiB. A place is "file: entry 17", from 1.
class JsonListReader final : public RecordReader {
 public:
  explicit JsonListReader(const std::filesystem::path& file);
  ~JsonListReader() override;

  [[nodiscard]] const std::vector<std::string>& names() const override;
  [[nodiscard]] std::size_t field(const std::string& name) override;
  [[nodiscard]] bool next() override;
  [[nodiscard]] std::string_view text(std::size_t field) override;
  [[nodiscard]] std::vector<Message> messages(std::size_t field) override;
  [[nodiscard]] std::int64_t line() const override;  ///< number of the entry
  [[nodiscard]] double share_read() const override;
  [[nodiscard]] std::string place() const override;
  [[nodiscard]] bool has(std::size_t field) override;
  [[nodiscard]] const std::vector<std::string>& late_names() const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Does the file begin with "["? False where it cannot be read.
[[nodiscard]] bool begins_as_list(const std::filesystem::path& file);

}  // namespace fairsweep
