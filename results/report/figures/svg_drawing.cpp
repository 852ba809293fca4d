#include "results/report/figures/svg_drawing.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/diagnostics/errors.hpp"
#include "results/report/display_text.hpp"

namespace fairsweep::report {
namespace {

/// A coordinate: a hundredth of a point, without "-0".
std::string number(double value) {
  check(std::isfinite(value), "a drawing has finite coordinates");
  const double rounded = std::round(value * 100) / 100;
  return fmt::format("{}", rounded == 0 ? 0.0 : rounded);
}

std::string painted(const Paint& paint) {
  std::string text = fmt::format(R"( fill="{}")", paint.fill.empty() ? "none" : paint.fill);
  if (!paint.stroke.empty())
    text += fmt::format(R"( stroke="{}" stroke-width="{}")", paint.stroke, number(paint.width));
  if (!paint.dash.empty())
    text += fmt::format(R"( stroke-dasharray="{}")", paint.dash);
  if (paint.opacity < 1)
    text += fmt::format(R"( opacity="{}")", number(paint.opacity));
  return text;
}

const char* anchor_name(Anchor anchor) {
  return anchor == Anchor::start ? "start" : anchor == Anchor::middle ? "middle" : "end";
}

}  // namespace

std::string svg_text(std::string_view text) {
  std::string result;
  for (const char sign : printable(text)) {
    if (sign == '<') {
      result += "&lt;";
    } else if (sign == '>') {
      result += "&gt;";
    } else if (sign == '&') {
      result += "&amp;";
    } else {
      result += sign;
    }
  }
  return result;
}

SvgDrawing::SvgDrawing(double width, double height, std::string title)
    : width_(width), height_(height), title_(std::move(title)) {}

void SvgDrawing::line(double x1, double y1, double x2, double y2, const Paint& paint) {
  body_ += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"{}/>\n", number(x1), number(y1), number(x2),
                       number(y2), painted(paint));
}

void SvgDrawing::path(const std::vector<std::pair<double, double>>& points, const Paint& paint) {
  std::string places;
  for (const auto& [x, y] : points)
    places += (places.empty() ? "M" : "L") + number(x) + " " + number(y);
  body_ += fmt::format("<path d=\"{}\"{}/>\n", places, painted(paint));
}

void SvgDrawing::rectangle(double x, double y, double width, double height, const Paint& paint) {
  body_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{}/>\n", number(x), number(y), number(width),
                       number(height), painted(paint));
}

void SvgDrawing::ellipse(double x, double y, double radius_x, double radius_y, double degrees, const Paint& paint) {
  body_ += fmt::format("<ellipse cx=\"{0}\" cy=\"{1}\" rx=\"{2}\" ry=\"{3}\" transform=\"rotate({4} {0} {1})\"{5}/>\n",
                       number(x), number(y), number(radius_x), number(radius_y), number(degrees), painted(paint));
}

void SvgDrawing::mark(Mark mark, double x, double y, double size, const Paint& paint) {
  switch (mark) {
    case Mark::circle:
      body_ += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\"{}/>\n", number(x), number(y), number(size / 2),
                           painted(paint));
      return;
    case Mark::square:
      rectangle(x - 0.44 * size, y - 0.44 * size, 0.88 * size, 0.88 * size, paint);
      return;
    case Mark::triangle:
      path({{x, y - 0.58 * size},
            {x + 0.55 * size, y + 0.42 * size},
            {x - 0.55 * size, y + 0.42 * size},
            {x, y - 0.58 * size}},
           paint);
      return;
    case Mark::diamond:
      path({{x, y - 0.62 * size},
            {x + 0.62 * size, y},
            {x, y + 0.62 * size},
            {x - 0.62 * size, y},
            {x, y - 0.62 * size}},
           paint);
      return;
  }
}

void SvgDrawing::text(double x, double y, std::string_view text, Anchor anchor, double degrees) {
  const std::string turned =
      degrees == 0 ? std::string()
                   : fmt::format(" transform=\"rotate({} {} {})\"", number(degrees), number(x), number(y));
  body_ += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"{}\"{}>{}</text>\n", number(x), number(y),
                       anchor_name(anchor), turned, svg_text(text));
}

void SvgDrawing::begin_clip(double x, double y, double width, double height) {
  ++clips_;
  body_ += fmt::format(
      "<clipPath id=\"clip{0}\"><rect x=\"{1}\" y=\"{2}\" width=\"{3}\" height=\"{4}\"/></clipPath>\n"
      "<g clip-path=\"url(#clip{0})\">\n",
      clips_, number(x), number(y), number(width), number(height));
}

void SvgDrawing::end_clip() { body_ += "</g>\n"; }

std::string SvgDrawing::svg() const {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}pt\" height=\"{1}pt\" viewBox=\"0 0 {0} {1}\" "
      "font-family=\"Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif\" font-size=\"7\">\n"
      "<title>{2}</title>\n<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n{3}</svg>\n",
      number(width_), number(height_), svg_text(title_), body_);
}

}  // namespace fairsweep::report
