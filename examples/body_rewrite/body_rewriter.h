// What rewrites a body while it passes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// What became of a piece of a body.
enum class Rewritten : uint8_t {
  Unchanged,  ///< The piece stays as it is.
  Changed,    ///< Something else takes its place.
  Malformed,  ///< The body is not what it should be, and must not go on.
};

/// Rewrites one body that comes in pieces: the result is the same wherever they are cut.
class BodyRewriter {
 public:
  virtual ~BodyRewriter() = default;

  /// Takes in the next piece; no other follows the `last`. When that changes it, appends what takes its place to `out`.
  virtual Rewritten next(std::string_view piece, bool last, std::string& out) = 0;

  /// Whether bytes of the pieces so far wait for those that follow.
  virtual bool holds() const { return false; }
};
