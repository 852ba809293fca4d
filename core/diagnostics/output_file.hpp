#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace fairsweep {

/// The place of a file that a command is going to write, found fit before the work begins rather than after it. Folders
/// that are not there are made; those in which nothing was written go again with this object.
class OutputFile {
 public:
  /// @param inputs  files that the command reads, which the output must not replace; none of them has to exist
  /// @param example  a name such files have, for the message where a folder was named
  /// @throws UserError (configuration) where the output is one of the inputs, also by another name or through a link;
  ///         (environment) where it is a folder, or its folder cannot be made, or no file can be made in it
  explicit OutputFile(const std::filesystem::path& file, const std::vector<std::filesystem::path>& inputs = {},
                      std::string_view example = "data.h5");
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// The file, without names that lead nowhere: "new/../x.h5" is "x.h5" and makes no folder.
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  void make_folders(const std::filesystem::path& folder);

  std::filesystem::path path_;
  std::vector<std::filesystem::path> made_;  ///< outer ones first
};

/// @param option  that names the folder, as the user writes it
/// @throws UserError (configuration) where `folder` is something else than a folder; it need not be there.
void require_output_folder(const std::filesystem::path& folder, std::string_view option);

}  // namespace fairsweep
