#include "report/costs_svg.h"

#include <algorithm>
#include <cstdint>
#include <iomanip>
#include <set>
#include <sstream>
#include <string_view>

#include "report/html.h"

namespace sluice::cli {
namespace {

// Lengths in the image's units, which are pixels unless it is scaled.
constexpr int kMargin = 16;
constexpr int kWidth = 900;
constexpr int kLineHeight = 20;
constexpr int kBarHeight = 10;
constexpr int kFirstPanel = 290;  // Where the bars of instructions begin; the callbacks' names are left of them.
constexpr int kSecondPanel = 610;
constexpr int kPanelWidth = 190;  // Of the longest bar; its number follows.
constexpr size_t kNameShown = 40;

constexpr std::string_view kStyle = R"(<style>
  svg { background: #fbfbfa; font: 12px system-ui, sans-serif; }
  text { fill: #1c1e21; } .title { font-size: 14px; font-weight: 600; } .dim { fill: #63686f; }
  .number { font-variant-numeric: tabular-nums; } .mine { fill: #4c83d6; } .other { fill: #d98a3d; }
  line { stroke: #d9dbde; }
  @media (prefers-color-scheme: dark) {
    svg { background: #16181b; } text { fill: #e4e6e9; } .dim { fill: #9aa1aa; } line { stroke: #33373d; }
  }
</style>
)";

// The end of a long name is what tells it from others.
std::string shortened(const std::string& text, size_t most) {
  return text.size() <= most ? text : "..." + text.substr(text.size() - (most - 3));
}

uint64_t instructionsOf(const host::Counts& counts) { return counts.instructions; }
uint64_t crossingsOf(const host::Counts& counts) { return counts.crossings; }

host::Counts countsOf(const BenchResult& result, const std::string& callback) {
  const auto found = result.costs.find(callback);
  return found == result.costs.end() ? host::Counts() : found->second;
}

class Picture {
 public:
  void add(const BenchResult& result, const BenchResult* other) {
    std::set<std::string> callbacks;
    for (const auto* each : {&result, other}) {
      if (each == nullptr) continue;
      for (const auto& [callback, counts] : each->costs) callbacks.insert(callback);
    }
    y_ += kLineHeight;
    text(kMargin, "title", shortened(result.scenario, 110));
    y_ += kLineHeight;
    text(kMargin, "dim", legend(result, other));
    text(kFirstPanel, "dim", "instructions");
    text(kSecondPanel, "dim", "crossings");
    y_ += 6;
    out_ << "<line x1=\"" << kMargin << "\" x2=\"" << kWidth - kMargin << "\" y1=\"" << y_ << "\" y2=\"" << y_
         << "\"/>\n";
    panel(kFirstPanel, callbacks, result, other, instructionsOf);
    panel(kSecondPanel, callbacks, result, other, crossingsOf);
    for (const auto& callback : callbacks) {
      y_ += kLineHeight;
      text(kMargin, "", shortened(callback, kNameShown));
      if (other != nullptr) y_ += kBarHeight;
    }
    y_ += kLineHeight;
  }

  [[nodiscard]] std::string finish() const {
    std::ostringstream whole;
    const int height = y_ + kMargin;
    whole << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" << kWidth
          << "\" height=\"" << height << "\" viewBox=\"0 0 " << kWidth << ' ' << height << "\" role=\"img\">\n"
          << "<title>Costs by callback</title>\n"
          << kStyle << out_.str() << "</svg>\n";
    return whole.str();
  }

 private:
  using Get = uint64_t (*)(const host::Counts&);

  static std::string modules(const BenchResult& result) {
    std::string list;
    for (const auto& [name, bytes] : result.modules) list += (list.empty() ? "" : ", ") + name;
    return shortened(list, kNameShown / 2);
  }

  static std::string legend(const BenchResult& result, const BenchResult* other) {
    return other == nullptr ? modules(result) : modules(result) + " above " + modules(*other);
  }

  void text(int x, std::string_view kind, const std::string& content) {
    out_ << "<text x=\"" << x << "\" y=\"" << y_ << '"';
    if (!kind.empty()) out_ << " class=\"" << kind << '"';
    out_ << '>' << escaped(content) << "</text>\n";
  }

  // The bars of one count; the longest has the panel's width.
  void panel(int x, const std::set<std::string>& callbacks, const BenchResult& result, const BenchResult* other,
             Get get) {
    uint64_t longest = 1;
    for (const auto& callback : callbacks) {
      longest = std::max(longest, get(countsOf(result, callback)));
      if (other != nullptr) longest = std::max(longest, get(countsOf(*other, callback)));
    }
    int y = y_;
    for (const auto& callback : callbacks) {
      y += kLineHeight;
      bar(x, y, "mine", get(countsOf(result, callback)), longest);
      if (other == nullptr) continue;
      y += kBarHeight;
      bar(x, y, "other", get(countsOf(*other, callback)), longest);
    }
  }

  void bar(int x, int y, std::string_view kind, uint64_t value, uint64_t longest) {
    const double width = kPanelWidth * static_cast<double>(value) / static_cast<double>(longest);
    out_ << "<rect x=\"" << x << "\" y=\"" << y - kBarHeight + 1 << "\" width=\"" << std::fixed << std::setprecision(1)
         << width << "\" height=\"" << kBarHeight - 1 << "\" class=\"" << kind << "\"/>\n<text x=\"" << x + width + 5
         << "\" y=\"" << y << "\" class=\"number\" font-size=\"11\">" << value << "</text>\n";
  }

  std::ostringstream out_;
  int y_ = kMargin / 2;
};

}  // namespace

std::string costsAsSvg(const std::vector<BenchResult>& results, const std::vector<BenchResult>& others) {
  Picture picture;
  for (size_t i = 0; i < results.size(); ++i) picture.add(results[i], i < others.size() ? &others[i] : nullptr);
  return picture.finish();
}

}  // namespace sluice::cli
