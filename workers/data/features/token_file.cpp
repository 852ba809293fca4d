#include "workers/data/features/token_file.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <unordered_set>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"
#include "workers/data/features/npy_file.hpp"
#include "workers/data/features/text_lines.hpp"

namespace fairsweep {

namespace {

using nlohmann::json;

/// One text. Says what is wrong with it, or nothing.
std::string append(TokenisedTexts& texts, std::span<const std::int64_t> tokens, std::span<const std::int64_t> mask) {
  std::size_t length = tokens.size();
  while (length > 0 && !mask.empty() && mask[length - 1] == 0) {
    --length;
  }
  if (length == 0) {
    return tokens.empty() ? "has no token" : "has an attention mask of zeros alone";
  }
  for (std::size_t at = 0; at < length; ++at) {
    if (tokens[at] < 0) {
      return "token " + std::to_string(at) + " (from 0) is " + std::to_string(tokens[at]) + "; tokens are at least 0";
    }
    if (!mask.empty() && mask[at] != 0 && mask[at] != 1) {
      return "its attention mask has a " + std::to_string(mask[at]) + "; it must be of 0 and 1";
    }
    texts.tokens.push_back(tokens[at]);
    texts.mask.push_back(mask.empty() ? 1 : static_cast<std::uint8_t>(mask[at]));
  }
  texts.offset.push_back(texts.tokens.size());
  return "";
}

/// Whole numbers in a list, and nothing else.
std::vector<std::int64_t> integers(const TextLines& lines, const json& object, const std::string& key) {
  const json& list = object.at(key);
  const auto whole = [](const json& value) {
    return value.is_number_integer() && (!value.is_number_unsigned() || value.get<std::uint64_t>() <= INT64_MAX);
  };
  if (!list.is_array() || !std::all_of(list.begin(), list.end(), whole)) {
    lines.refuse("\"" + key + "\" must be a list of whole numbers");
  }
  return list.get<std::vector<std::int64_t>>();
}

json read_object(const TextLines& lines, const std::string& line) {
  const std::vector<std::string> known{"id", "input_ids", "attention_mask"};
  std::vector<std::string> keys;
  bool twice = false;
  // The parser itself would keep the last of two equal keys in silence.
  const json object = json::parse(
      line,
      [&](int depth, json::parse_event_t event, json& parsed) {
        if (event == json::parse_event_t::key && depth == 1) {
          twice = twice || std::find(keys.begin(), keys.end(), parsed.get<std::string>()) != keys.end();
          keys.push_back(parsed.get<std::string>());
        }
        return true;
      },
      false);
  if (!object.is_object()) {
    lines.refuse("is not a JSON object, {\"id\": ..., \"input_ids\": [...]}");
  }
  if (twice) {
    lines.refuse("has a key twice");
  }
  for (const std::string& key : keys) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      lines.refuse("unknown key \"" + key + "\"" + did_you_mean(key, known) +
                   "; an encoder is given \"input_ids\" and \"attention_mask\"");
    }
  }
  for (const char* key : {"id", "input_ids"}) {
    if (!object.contains(key)) {
      lines.refuse(std::string("\"") + key + "\" is missing");
    }
  }
  return object;
}

std::string id_of(const TextLines& lines, const json& value) {
  if (value.is_number_integer()) {
    return value.dump();
  }
  if (!value.is_string() || value.get_ref<const std::string&>().empty()) {
    lines.refuse("\"id\" must be a text that is not empty, or a whole number");
  }
  if (value.get_ref<const std::string&>().find('\0') != std::string::npos) {
    lines.refuse("\"id\" holds a NUL character");
  }
  return value.get<std::string>();
}

TokenisedTexts read_lines(const std::filesystem::path& file) {
  TextLines lines(file);
  TokenisedTexts texts;
  std::unordered_set<std::string> seen;
  for (std::string line; lines.next(line);) {
    if (line.find_first_not_of(" \t") == std::string::npos) {
      continue;
    }
    const json object = read_object(lines, line);
    const std::string id = id_of(lines, object.at("id"));
    if (!seen.insert(id).second) {
      lines.refuse("the id \"" + id + "\" was used before");
    }
    const std::vector<std::int64_t> tokens = integers(lines, object, "input_ids");
    std::vector<std::int64_t> mask;
    if (object.contains("attention_mask")) {
      mask = integers(lines, object, "attention_mask");
      if (mask.size() != tokens.size()) {
        lines.refuse("\"input_ids\" has " + std::to_string(tokens.size()) + " entries, \"attention_mask\" " +
                     std::to_string(mask.size()));
      }
    }
    const std::string problem = append(texts, tokens, mask);
    if (!problem.empty()) {
      lines.refuse("text \"" + id + "\": " + problem);
    }
    texts.ids.push_back(id);
  }
  if (texts.count() == 0) {
    throw UserError(ExitCode::file, file.string() + ": is empty; it must hold one JSON object a line");
  }
  return texts;
}

TokenisedTexts read_arrays(const std::filesystem::path& file, const std::filesystem::path& mask_file) {
  const NpyTable<std::int64_t> tokens = read_npy_integers(file);
  NpyTable<std::int64_t> mask;
  if (!mask_file.empty()) {
    mask = read_npy_integers(mask_file);
    if (mask.rows != tokens.rows || mask.columns != tokens.columns) {
      throw UserError(ExitCode::file, mask_file.string() + ": is " + std::to_string(mask.rows) + " x " +
                                          std::to_string(mask.columns) + ", but " + file.string() + " is " +
                                          std::to_string(tokens.rows) + " x " + std::to_string(tokens.columns));
    }
  }
  TokenisedTexts texts;
  const auto length = static_cast<std::size_t>(tokens.columns);
  for (std::size_t row = 0; row < static_cast<std::size_t>(tokens.rows); ++row) {
    const auto row_mask =
        mask.values.empty() ? std::span<const std::int64_t>() : std::span(mask.values).subspan(row * length, length);
    const std::string problem = append(texts, std::span(tokens.values).subspan(row * length, length), row_mask);
    if (!problem.empty()) {
      throw UserError(ExitCode::file, file.string() + ": row " + std::to_string(row) + " (from 0): " + problem);
    }
  }
  return texts;
}

}  // namespace

TokenisedTexts read_tokens(const std::filesystem::path& file, const std::filesystem::path& mask) {
  const std::string name = file.filename().string();
  if (name.ends_with(".npy")) {
    return read_arrays(file, mask);
  }
  if (!name.ends_with(".jsonl") && !name.ends_with(".jsonl.gz")) {
    throw UserError(ExitCode::configuration,
                    file.string() + ": tokens must be in a file that ends in .jsonl, .jsonl.gz or .npy");
  }
  if (!mask.empty()) {
    throw UserError(ExitCode::configuration, mask.string() + ": a mask of its own goes with tokens in .npy; in " +
                                                 file.string() + " it is \"attention_mask\"");
  }
  return read_lines(file);
}

std::string name_of(const TokenisedTexts& texts, std::size_t text) {
  return texts.ids.empty() ? "text " + std::to_string(text) + " (from 0)" : "text \"" + texts.ids[text] + "\"";
}

}  // namespace fairsweep
