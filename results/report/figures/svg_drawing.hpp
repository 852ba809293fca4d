#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairsweep::report {

/// How something is painted. Empty: not at all.
struct Paint {
  std::string fill;
  std::string stroke;
  double width = 0.6;  ///< of the stroke, in points
  std::string dash;    ///< lengths in points, "3 2"; empty: drawn through
  double opacity = 1;
};

enum class Anchor { start, middle, end };
enum class Mark { circle, square, triangle, diamond };

/// A picture in points (1/72 inch), y downwards, with a white ground. Text is 7 pt, of whatever sans serif there is.
/// Coordinates are written to a hundredth of a point; those that are not finite are an InternalError.
class SvgDrawing {
 public:
  SvgDrawing(double width, double height, std::string title);

  void line(double x1, double y1, double x2, double y2, const Paint& paint);
  void path(const std::vector<std::pair<double, double>>& points, const Paint& paint);
  void rectangle(double x, double y, double width, double height, const Paint& paint);
  /// @param degrees  turned clockwise around its centre
  void ellipse(double x, double y, double radius_x, double radius_y, double degrees, const Paint& paint);
  void mark(Mark mark, double x, double y, double size, const Paint& paint);
  void text(double x, double y, std::string_view text, Anchor anchor = Anchor::start, double degrees = 0);
  /// What is drawn until end_clip() is cut at this rectangle.
  void begin_clip(double x, double y, double width, double height);
  void end_clip();

  /// The file's text.
  [[nodiscard]] std::string svg() const;

 private:
  double width_;
  double height_;
  std::string title_;
  std::string body_;
  int clips_ = 0;
};

/// `text` as it can stand in an SVG file.
[[nodiscard]] std::string svg_text(std::string_view text);

}  // namespace fairsweep::report
