#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "results/pareto/measured_means.hpp"
#include "results/pareto/random_source.hpp"
#include "results/pareto/small_matrix.hpp"

namespace fairsweep::pareto {

/// Draws of what the configurations' means would be with endless replicates, given the few there are.
///
/// The front picks winners, and winners were lucky: a measured mean must be shrunk towards what the other
/// configurations show is usual, or the claims are too bold. The model, sampled by Gibbs:
///
///     value of replicate r of configuration i  ~  normal(mean_i, spread_i x noise)
///     mean_i    ~  mixture of normals: how the configurations of this sweep lie, learnt from all of them
///     spread_i  ~  inverse gamma of mean near 1: some configurations are noisier; how much they differ is learnt
///     noise     ~  inverse Wishart about the pooled variances, axes may be correlated
///
/// Sources: C. Morris, JASA 78 (1983) on shrinkage; S. Richardson, P. Green, JRSS B 59 (1997) and M. Stephens (thesis,
/// 2000) on the mixture and its priors; G. Smyth, SAGMB 3 (2004) on pooled variances. Everything is in the units of
/// MeasuredMeans.
class MeanModel {
 public:
  /// @param rows  whose means are drawn, in this order; the first `teaching` of them, at least one, are also what the
  ///              rest of the model is learnt from and should be like all configurations of the sweep
  MeanModel(const MeasuredMeans& measured, std::span<const std::size_t> rows, std::size_t teaching,
            RandomSource& random);

  /// Moves everything on by one step of the chain. O(rows x (components + dimensions) x dimensions^2).
  void step();
  /// The same without the rows that teach nothing: they follow from the rest, so that they may wait while it settles.
  /// O(teaching rows).
  void learn();
  /// From now on draws these of the rows alone; those that teach have to be among them.
  /// @param places  of the rows now, ascending
  void keep(std::span<const std::size_t> places);
  /// The means now, [rows, dimensions].
  [[nodiscard]] std::span<const double> means() const { return means_; }

 private:
  struct Component {
    double share = 0;
    std::vector<double> centre;
    SmallMatrix precision;
    double log_weight = 0;  ///< logarithm of its share and its density's constant
  };
  void step_with(std::size_t drawn);
  void draw_spreads(std::size_t drawn);
  void draw_noise();
  void draw_components();
  void draw_shape();
  void draw_means(std::size_t drawn);
  void draw_covariance(Component& component, std::size_t number, double count);
  void draw_centre(Component& component, std::size_t number, double count);
  void draw_mean(std::size_t place, const Component& component);
  [[nodiscard]] std::size_t draw_component(std::span<const double> mean);
  [[nodiscard]] std::size_t pick(std::span<double> log_weights);
  [[nodiscard]] std::span<double> mean_at(std::size_t place) { return std::span(means_).subspan(place * size_, size_); }
  [[nodiscard]] std::span<const double> measured_at(std::size_t place) const {
    return std::span(measured_.means).subspan(rows_[place] * size_, size_);
  }
  /// How many numbers the replicates of a row are, and what they spread about its mean now, in units of the noise.
  [[nodiscard]] double facts(std::size_t place) const;
  [[nodiscard]] double distance(std::size_t place);

  const MeasuredMeans& measured_;
  std::vector<std::size_t> rows_;
  std::size_t teaching_;
  RandomSource& random_;
  std::size_t size_;
  std::vector<double> means_;
  std::vector<double> spreads_;
  std::vector<std::size_t> component_of_;
  std::vector<double> distances_;  ///< [rows] room
  std::vector<double> off_;        ///< [dimensions] room for differences
  SmallMatrix precision_;          ///< room for a row's
  std::vector<Component> components_;
  SmallMatrix noise_precision_;
  SmallMatrix shape_;  ///< scale of the components' inverse Wishart
  double evenness_;    ///< degrees of freedom of the spreads; large: all alike
};

}  // namespace fairsweep::pareto
