// The parsed lines of a script.
#pragma once

#include <cstdint>
#include <forward_list>
#include <list>
#include <string>
#include <string_view>

#include "call.h"

namespace script {

/// One line: a step, and the calls of its callback in which it is taken.
struct Line {
  Call call;
  uint32_t nth = 0;  ///< The number of the callback's call, from 1; 0: every call.
  bool atEnd = false;

  bool applies(std::string_view callback, uint32_t count, bool endOfStream) const {
    return call.callback == callback && (nth == 0 || nth == count) && (!atEnd || endOfStream);
  }
};

/// The added lines, in order. script.h describes the syntax.
class Lines {
 public:
  /// Adds the lines of `text` that have a step.
  void add(std::string_view text);

  /// Whether any line applies to the nth call of a callback.
  bool counts() const { return counts_; }

  auto begin() const { return lines_.begin(); }
  auto end() const { return lines_.end(); }

 private:
  void addLine(std::string_view line);
  std::string_view unescaped(std::string_view word);

  std::forward_list<std::string> texts_;  // The lines refer to these.
  std::list<Line> lines_;                 // A nested callback may add lines.
  bool counts_ = false;
};

}  // namespace script
