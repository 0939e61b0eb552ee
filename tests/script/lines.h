// The lines of a script, read.
#pragma once

#include <cstdint>
#include <forward_list>
#include <string>
#include <string_view>
#include <vector>

#include "call.h"

namespace script {

/// One line: a call, and in which calls of its callback it is made.
struct Line {
  Call call;
  uint32_t nth = 0;  ///< The first call is 1; 0: each.
  bool atEnd = false;

  bool applies(std::string_view callback, uint32_t count, bool endOfStream) const {
    return call.callback == callback && (nth == 0 || nth == count) && (!atEnd || endOfStream);
  }
};

/// The lines that were added, in order. script.h says how they are written.
class Lines {
 public:
  /// Adds the lines of `text`; those without a step are left out.
  void add(std::string_view text);

  /// Whether a line wants a callback's nth call.
  bool counts() const { return counts_; }

  auto begin() const { return lines_.begin(); }
  auto end() const { return lines_.end(); }

 private:
  void addLine(std::string_view line);
  std::string_view unescaped(std::string_view word);

  std::forward_list<std::string> texts_;  // The lines refer to these.
  std::vector<Line> lines_;
  bool counts_ = false;
};

}  // namespace script
