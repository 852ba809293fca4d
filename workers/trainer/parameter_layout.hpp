#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <string>
#include <vector>

#include "workers/trainer/trial_settings.hpp"

namespace fairsweep {

/// One matrix of a trial inside its row of parameters. Matrices map row vectors: y = x M.
struct ParameterBlock {
  std::string name;
  std::int64_t offset = 0;   ///< first element in the trial's row
  std::int64_t rows = 0;     ///< as stored
  std::int64_t columns = 0;  ///< as stored: hidden units are padded to a multiple of 32; the padding stays 0
  std::int64_t used_rows = 0;
  std::int64_t used_columns = 0;
  double deviation = 0;           ///< of the normal start values; 0: starts at zero
  bool last_row_is_bias = false;  ///< starts at zero whatever `deviation`
  bool of_people = false;         ///< a row a person: no map between layers
  [[nodiscard]] std::int64_t count() const { return rows * columns; }
};

/// Where the parameters of a trial are: all of a trial's parameters are one row of a [K, size] tensor, so that the
/// optimiser, compaction and checkpoints handle one tensor. Depends on the model settings and the data's sizes only.
///
///   embedding    [U, P]              a person's own numbers, one row a user (user = embedding and the user models)
///   generic      [1, E]              the generic person (user = offset and linked)
///   influence    [links + 1, 1]      what is special about each link, then what all have in common (user = linked)
///   encoder.*                        of user = variational (EncoderBlocks); its `embedding` is 0 and never trained: to
///                                    score, people's means are put there
///   user         [Z + 1, D or H]     maps (z_u, 1): what the user adds to the first layer, and its bias; for a linear
///                                    head it gives the user's weight vector, the last row being everybody's
///   input        [D, H]              mlp: first layer
///   hidden.i     [H, H], bias.i [1, H]   mlp: further layers, i = 1 .. depth - 1
///   output       [H, 1]              mlp: the score; it has no bias, which would cancel
///   head.*                           the matrices of a user head, which scores in place of `output` and, in a linear
///                                    head, of `user`
///   spread       [1, D or H]         the logarithm of a candidate's deviation, where the likelihood reads one, is its
///                                    product with phi(x): the last hidden layer, or of a linear head the features
///   likelihood   [1, p]              last, where the likelihood learns p numbers
struct ParameterLayout {
  std::vector<ParameterBlock> blocks;
  std::int64_t size = 0;  ///< of a row; a multiple of 32

  /// How many blocks, the last ones, are of the likelihood: `spread` and `likelihood`.
  [[nodiscard]] std::size_t of_likelihood() const;
  /// Numbers that a model learns, without padding, of this many people where they have numbers of their own.
  [[nodiscard]] std::int64_t learned_numbers(std::int64_t people) const;
  /// Index in `blocks`, -1 where there is none.
  [[nodiscard]] std::int64_t find(const std::string& name) const;
};

/// @param features D    @param users U    @param user_features F of the data (user = features needs F > 0)
/// @param links     between users (user = linked)
/// @throws UserError (configuration) where user = features and the data have no user features.
[[nodiscard]] ParameterLayout make_layout(const ModelSettings& model, std::int64_t features, std::int64_t users,
                                          std::int64_t user_features, std::int64_t links = 0);

/// What start values are multiplied by so that the scores of a fresh model have a deviation of about 1: linear heads
/// start near indifference, but for those with embeddings of users; an mlp does not. @param features D
[[nodiscard]] double apart_factor(const ModelSettings& model, std::int64_t features);

/// The blocks as views [K, rows, columns] of the rows [K, size], in the order of `layout.blocks`.
[[nodiscard]] std::vector<at::Tensor> block_views(const ParameterLayout& layout, const at::Tensor& rows);

}  // namespace fairsweep
