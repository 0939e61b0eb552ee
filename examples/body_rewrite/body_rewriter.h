// The interface for rewriting a body while it streams.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// The result for a piece of a body.
enum class Rewritten : uint8_t {
  Unchanged,  ///< The piece stays unchanged.
  Changed,    ///< The output replaces the piece.
  Malformed,  ///< The body is malformed and must not go on.
};

/// Rewrites one body that comes in pieces. The result does not depend on how the body is cut.
class BodyRewriter {
 public:
  virtual ~BodyRewriter() = default;

  /// Processes the next piece; `last` says that no more pieces follow. If the piece changes, appends its replacement to
  /// `out`.
  virtual Rewritten next(std::string_view piece, bool last, std::string& out) = 0;

  /// Whether some bytes of the pieces so far are held back until more bytes arrive.
  virtual bool holds() const { return false; }
};
